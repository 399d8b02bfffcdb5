// The journal of a bridge without Redis, for trying things out and for tests. It keeps the same promises, but only as long as
// the process lives, and it grows with what it remembers: never for real money.

import type { Player } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { Journal, Stored, TransactionKey, Write, Written } from '../domain/ports.js';
import { balanceKey, balanceLifetime, keyOf, memberOf, signKey } from './keys.js';
import { requireListed } from './listed.js';

export interface MemoryJournalOptions {
  readonly now: () => number;
  /** Milliseconds a sign stays bound to its transaction. */
  readonly signLifetime: number;
}

interface Kept<T> {
  readonly value: T;
  /** Epoch ms. */
  readonly until: number;
}

export class MemoryJournal implements Journal {
  readonly now: () => number;
  private readonly records = new Map<string, Kept<Stored>>();
  private readonly listed = new Map<string, number>();
  private readonly signs = new Map<string, Kept<string>>();
  private readonly balances = new Map<string, Kept<Money>>();

  constructor(private readonly options: MemoryJournalOptions) {
    this.now = options.now;
  }

  put(write: Write): Promise<Written> {
    return new Promise((resolve) => resolve(this.write(write)));
  }

  private write(write: Write): Written {
    requireListed(write);
    const { transaction, expected, due, lifetime = Infinity, sign } = write;
    const member = memberOf(transaction);
    const signed = sign === undefined ? undefined : signKey(transaction.agentID, sign);
    if (signed !== undefined && (this.live(this.signs, signed) ?? member) !== member) return { kind: 'signTaken' };
    const stored = this.live(this.records, member);
    if (stored === undefined && expected !== 0) return { kind: 'gone' };
    if (signed !== undefined) this.signs.set(signed, { value: member, until: this.now() + this.options.signLifetime });
    if (stored !== undefined && stored.revision !== expected) return { kind: 'there', stored };
    const revision = expected + 1;
    this.records.set(member, { value: { transaction, revision }, until: this.now() + lifetime });
    if (due === undefined) this.listed.delete(member);
    else this.listed.set(member, due);
    return { kind: 'done', revision };
  }

  get(key: TransactionKey): Promise<Stored | undefined> {
    return Promise.resolve(this.live(this.records, memberOf(key)));
  }

  getSafely(key: TransactionKey): Promise<Stored | undefined> {
    return this.get(key);
  }

  due(most: number): Promise<TransactionKey[]> {
    const now = this.now();
    const members = this.earliest().filter(([, due]) => due <= now);
    return Promise.resolve(members.slice(0, most).map(([member]) => keyOf(member)));
  }

  postpone(key: TransactionKey, due: number): Promise<void> {
    const member = memberOf(key);
    if (this.listed.has(member)) this.listed.set(member, due);
    return Promise.resolve();
  }

  nextLook(key: TransactionKey): Promise<number | undefined> {
    return Promise.resolve(this.listed.get(memberOf(key)));
  }

  unfinished(most: number): Promise<Stored[]> {
    const members = this.earliest().slice(0, most);
    return Promise.resolve(members.flatMap(([member]) => this.live(this.records, member) ?? []));
  }

  private earliest(): [member: string, due: number][] {
    return [...this.listed].sort(([, a], [, b]) => (a === b ? 0 : a - b));
  }

  lastBalance(player: Player): Promise<Money | undefined> {
    return Promise.resolve(this.live(this.balances, balanceKey(player)));
  }

  rememberBalance(player: Player, balance: Money): void {
    this.balances.set(balanceKey(player), { value: balance, until: this.now() + balanceLifetime });
  }

  isReachable(): boolean {
    return true;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private live<T>(kept: Map<string, Kept<T>>, key: string): T | undefined {
    const found = kept.get(key);
    if (found === undefined || this.now() < found.until) return found?.value;
    kept.delete(key);
    return undefined;
  }
}
