// What a comparison adds up: both sides by day, currency and kind, and what the journal does not know. Amounts of
// two currencies are never added.

import { Money } from '../domain/money.js';
import { isUnfinished, type Transaction } from '../domain/transaction.js';

interface Counted {
  readonly transactions: number;
  readonly unfinished: number;
  /** Of what is finished: by the journal, and by the wallet. */
  readonly due: Money;
  readonly found: Money;
}

/** Per agent, because each has one currency. */
export interface Totals extends Counted {
  readonly agentID: string;
}

/** Of the transactions first heard of on one day (UTC). */
export interface Sum extends Counted {
  readonly day: string;
  /** Null where no operator file says what the agent's players play in. */
  readonly currency: string | null;
  readonly kind: string;
}

/** What stands in a book and in no record. */
export interface Unknown {
  readonly book: 'wallet' | 'platform';
  readonly currency: string | null;
  readonly rows: number;
  readonly sum: Money;
}

export interface AllSums {
  readonly totals: readonly Totals[];
  /** By day, then currency, then kind. */
  readonly sums: readonly Sum[];
  readonly unknown: readonly Unknown[];
}

/** With two decimals at least. */
export const shown = (amount: Money, currency?: string | null): string =>
  [amount.plus(Money.zero).toString(), ...(currency ? [currency] : [])].join(' ');

export class Sums {
  private readonly totals = new Map<string, Totals>();
  private readonly sums = new Map<string, Sum>();
  private readonly unknowns = new Map<string, Unknown>();

  add(t: Transaction, currency: string | undefined, seen: Both): void {
    const { agentID } = t;
    this.totals.set(agentID, { agentID, ...added(this.totals.get(agentID), t, seen) });
    const day = new Date(t.since).toISOString().slice(0, 10);
    const of = { day, currency: currency ?? null, kind: t.content?.kind ?? 'rollback' };
    const name = Object.values(of).join(' ');
    this.sums.set(name, { ...of, ...added(this.sums.get(name), t, seen) });
  }

  addUnknown(book: Unknown['book'], code: string | undefined, rows: number, amount: Money): void {
    const currency = code ?? null;
    const name = `${book} ${currency ?? ''}`;
    const before = this.unknowns.get(name) ?? { rows: 0, sum: Money.zero };
    this.unknowns.set(name, { book, currency, rows: before.rows + rows, sum: before.sum.plus(amount) });
  }

  all(): AllSums {
    return {
      totals: inOrderOfNames(this.totals),
      sums: inOrderOfNames(this.sums),
      unknown: inOrderOfNames(this.unknowns),
    };
  }
}

type Both = Pick<Counted, 'due' | 'found'>;

function added(before: Counted | undefined, { state }: Transaction, { due, found }: Both): Counted {
  return {
    transactions: (before?.transactions ?? 0) + 1,
    unfinished: (before?.unfinished ?? 0) + (isUnfinished(state) ? 1 : 0),
    due: due.plus(before?.due ?? Money.zero),
    found: found.plus(before?.found ?? Money.zero),
  };
}

const inOrderOfNames = <T>(byName: ReadonlyMap<string, T>): T[] =>
  [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
