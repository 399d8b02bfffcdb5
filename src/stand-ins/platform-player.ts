// A game platform in small: delivers callbacks as the platform does (again, at once, with follow-ups) and
// keeps its own book of what it was told. It stands for the other side of the wire, so it imports nothing of
// the bridge and must never read the wallet.
import { parseCents } from './cents.js';
import { expectedCents, foldAnswers, type BookEntry, type Heard, type MoneyCallback } from './platform-book.js';
import type { Callback } from './platform-callback.js';
import { PlatformLine, type Delivered, type DeliveryOptions } from './platform-line.js';
import type { Answer } from './platform-post.js';

export class PlatformPlayer extends PlatformLine {
  readonly #heard: Heard[] = [];
  readonly #openings = new Map<string, bigint>();

  /**
   * One delivery. Its answer goes into the book, unless the sign was tampered with: then it was not the
   * platform's.
   */
  override async deliver(callback: Callback, how: DeliveryOptions = {}): Promise<Answer> {
    const answer = await super.deliver(callback, how);
    const isOurs = how.sign === undefined;
    if (isOurs && callback.operation !== 'GetBalance') this.#heard.push({ callback, code: answer.code });
    return answer;
  }

  /** The very same delivery many times at once, in turn to every address. */
  atOnce(callback: Callback, copies: number): Promise<Answer[]> {
    return Promise.all(Array.from({ length: copies }, (_, base) => this.deliver(callback, { base })));
  }

  /** A money callback with all its follow-ups, each to the next address. */
  play(callback: MoneyCallback): Promise<Delivered<MoneyCallback>[]> {
    return this.seeThrough(callback, (current, base) => this.deliver(current, { base }));
  }

  /** Notes a player's first balance, from which the expected one is counted. */
  open(userID: string, balance: string): void {
    this.#openings.set(userID, parseCents(balance));
  }

  /** The book so far. */
  book(): BookEntry[] {
    return foldAnswers(this.#heard);
  }

  /** What a player must own by what was told so far, in cents. */
  expectedCents(userID: string): bigint {
    return expectedCents(this.#openings.get(userID) ?? 0n, userID, this.book());
  }
}
