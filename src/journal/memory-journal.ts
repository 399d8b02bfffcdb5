// The journal of a bridge without Redis, for trying things out and for tests. It keeps the same promises, but
// only as long as the process lives, and it grows with what it remembers: never for real money.

import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type {
  Due,
  Journal,
  Listed,
  Stored,
  Tally,
  TransactionKey,
  TrustBound,
  Unreadable,
  Write,
  Written,
} from '../domain/ports.js';
import { outstanding, standingOf } from '../domain/standing.js';
import type { Transaction } from '../domain/transaction.js';
import { balanceKey, balanceLifetime, dayOf, keyOf, memberOf, noRecord, playerDay, signOf, trustOf } from './keys.js';
import { requireListed } from './listed.js';
import { together } from './standing-codec.js';

export interface MemoryJournalOptions {
  readonly now: () => number;
  /** Milliseconds a sign stays bound to its transaction, and a player's list of a day stays after it grew. */
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
  /** By operator: since when each is on trust; Infinity: held. */
  private readonly trusted = new Map<string, Map<string, number>>();
  /** By player and day: the members of what was begun then. */
  private readonly begun = new Map<string, Kept<string[]>>();
  private readonly balances = new Map<string, Kept<Money>>();

  constructor(private readonly options: MemoryJournalOptions) {
    this.now = options.now;
  }

  put(write: Write): Promise<Written> {
    return new Promise((resolve) => resolve(this.write(write)));
  }

  private write(write: Write): Written {
    requireListed(write);
    const { transaction, expected, due, lifetime = Infinity, sign, trust } = write;
    const member = memberOf(transaction);
    const signed = sign === undefined ? undefined : signOf(transaction.agentID, sign).key;
    if (signed !== undefined && (this.live(this.signs, signed) ?? member) !== member) return { kind: 'signTaken' };
    const stored = this.live(this.records, member);
    if (stored === undefined && expected !== 0) return { kind: 'gone' };
    if (signed !== undefined) this.signs.set(signed, { value: member, until: this.now() + this.options.signLifetime });
    if (stored !== undefined && stored.revision !== expected) return { kind: 'there', stored };
    const bound = this.boundInTheWay(write, member);
    if (bound !== undefined) return { kind: 'full', bound };
    const revision = expected + 1;
    this.records.set(member, { value: { transaction, revision }, until: this.now() + lifetime });
    if (write.indexed === true && expected === 0) this.listFor(transaction, member);
    if (due === undefined) this.listed.delete(member);
    else this.listed.set(member, due);
    if (trust?.kind === 'off') this.trustOf(transaction).delete(member);
    if (trust?.kind === 'on')
      this.trustOf(transaction).set(member, transaction.state === 'held' ? Infinity : transaction.since);
    return { kind: 'done', revision };
  }

  private listFor(transaction: Transaction, member: string): void {
    const { key } = playerDay(transaction, dayOf(transaction.since));
    const value = [...(this.live(this.begun, key) ?? []), member];
    this.begun.set(key, { value, until: this.now() + this.options.signLifetime });
  }

  private trustOf(transaction: Transaction): Map<string, number> {
    const { key } = trustOf(transaction.home?.operator ?? '');
    const trusted = this.trusted.get(key) ?? new Map<string, number>();
    this.trusted.set(key, trusted);
    return trusted;
  }

  private boundInTheWay({ transaction, trust }: Write, member: string): keyof TrustBound | undefined {
    const trusted = this.trustOf(transaction);
    if (trust?.kind !== 'on' || trust.bound === undefined || trusted.has(member)) return undefined;
    const { most, maxAge } = trust.bound;
    if (trusted.size >= most) return 'most';
    return Math.min(...trusted.values()) <= this.now() - maxAge ? 'maxAge' : undefined;
  }

  get(key: TransactionKey): Promise<Stored | undefined> {
    return Promise.resolve(this.live(this.records, memberOf(key)));
  }

  getSafely(key: TransactionKey): Promise<Stored | undefined> {
    return this.get(key);
  }

  async *due(from = -Infinity): AsyncGenerator<Due> {
    const now = this.now();
    const listed = [...this.listed].filter(([, due]) => from <= due && due <= now).sort(([, a], [, b]) => a - b);
    for (const [member, due] of listed) yield await Promise.resolve({ ...keyOf(member), due });
  }

  postpone(key: TransactionKey, due: number): Promise<void> {
    const member = memberOf(key);
    if (this.listed.has(member)) this.listed.set(member, due);
    return Promise.resolve();
  }

  nextLook(key: TransactionKey): Promise<number | undefined> {
    return Promise.resolve(this.listed.get(memberOf(key)));
  }

  async *unfinished(): AsyncGenerator<Listed> {
    for (const member of [...this.listed.keys()]) {
      const due = this.listed.get(member);
      const found = this.live(this.records, member) ?? { key: keyOf(member), unreadable: 'gone' as const };
      if (due !== undefined) yield await Promise.resolve({ ...found, due });
    }
  }

  async *ofPlayer(player: Player, from: number, to: number): AsyncGenerator<Stored | Unreadable> {
    const last = dayOf(Math.min(to, this.now()));
    for (let day = dayOf(Math.max(from, 0)); day <= last; day++)
      // One that was forgotten, and claimed anew, is listed twice.
      for (const member of new Set(this.live(this.begun, playerDay(player, day).key))) {
        const found = this.live(this.records, member);
        const since = found?.transaction.since ?? NaN;
        if (found !== undefined && from <= since && since < to) yield await Promise.resolve(found);
      }
  }

  count(): Promise<readonly Tally[]> {
    const rows = [...this.listed.keys()].flatMap((member): Tally[] => {
      const transaction = this.live(this.records, member)?.transaction;
      const standing = transaction && standingOf(transaction);
      if (transaction === undefined || standing === undefined) return [];
      const { agentID, since } = transaction;
      const amount = standing.onTrust ? outstanding(transaction) : Money.zero;
      return [{ ...standing, agentID, count: 1, amount, oldest: since }];
    });
    return Promise.resolve(together(rows));
  }

  lastBalance(player: Player): Promise<Money | undefined> {
    return Promise.resolve(this.live(this.balances, balanceKey(player)));
  }

  rememberBalance(player: Player, balance: Money): void {
    this.balances.set(balanceKey(player), { value: balance, until: this.now() + balanceLifetime });
  }

  bindToNone(agentID: string, sign: string): void {
    const key = signOf(agentID, sign).key;
    const value = this.live(this.signs, key) ?? noRecord;
    this.signs.set(key, { value, until: this.now() + this.options.signLifetime });
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
