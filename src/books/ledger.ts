// What the wallet's ledger has under each reference, in each currency it was booked in.

import type { Money } from '../domain/money.js';

/** What stands under one reference in one currency. */
export interface Booked {
  readonly rows: number;
  /** Signed: what the rows add to players' balances. */
  readonly total: Money;
  /** Of the first row. */
  readonly line: number;
  /** Absent where the ledger has no such column. */
  readonly currency?: string;
}

export class Ledger {
  /** By reference; mostly there is one currency, and it stands first. */
  private readonly booked = new Map<string, readonly Booked[]>();

  add(reference: string, amount: Money, line: number, currency?: string): void {
    const all = this.booked.get(reference) ?? [];
    const before = all.find((one) => one.currency === currency);
    const now = before
      ? { ...before, rows: before.rows + 1, total: before.total.plus(amount) }
      : { rows: 1, total: amount, line, ...(currency !== undefined && { currency }) };
    this.booked.set(reference, before ? all.map((one) => (one === before ? now : one)) : [...all, now]);
  }

  has(reference: string): boolean {
    return this.booked.has(reference);
  }

  /** In that currency; where the ledger, or the caller, does not know of any, what was booked first. */
  under(reference: string, currency: string | undefined): Booked | undefined {
    const all = this.booked.get(reference) ?? [];
    return currency === undefined ? all[0] : all.find((one) => (one.currency ?? currency) === currency);
  }

  /** The same reference in other currencies than `under` takes it in. */
  besides(reference: string, currency: string | undefined): readonly Booked[] {
    const meant = this.under(reference, currency);
    return (this.booked.get(reference) ?? []).filter((one) => one !== meant);
  }

  *all(): Generator<readonly [reference: string, booked: Booked]> {
    for (const [reference, all] of this.booked) for (const one of all) yield [reference, one];
  }
}
