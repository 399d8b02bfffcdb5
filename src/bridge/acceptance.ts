// How much an operator has on trust: told done, not yet in the wallet. It exists so that `accept` stays bounded; the count is
// taken from the journal now and then, and counted on by hand in between.

import type { Terms } from '../domain/terms.js';
import type { Transaction } from '../domain/transaction.js';

export interface Acceptance {
  /** May one more be answered "done" before the wallet has it? */
  allows(operator: string, terms: Terms, now: number): boolean;
  accepted(operator: string): void;
  /** Replaces the counts by what the journal lists. */
  recount(unfinished: Iterable<{ operator: string; transaction: Transaction }>): void;
}

/** Told done, not yet in the wallet; a void that a rollback was told is done is such a duty too. */
export const isOnTrust = ({ goal, rolledBack, promised }: Transaction): boolean =>
  goal === 'deliver' || (goal === 'void' && rolledBack === true && promised === true);

export function createAcceptance(): Acceptance {
  let counts = new Map<string, { count: number; oldest: number }>();
  const of = (operator: string) => counts.get(operator) ?? { count: 0, oldest: Infinity };
  return {
    allows(operator, { accept }, now) {
      const { count, oldest } = of(operator);
      return count < accept.most && now - oldest < accept.maxAge;
    },
    accepted(operator) {
      const { count, oldest } = of(operator);
      counts.set(operator, { count: count + 1, oldest });
    },
    recount(unfinished) {
      counts = new Map();
      for (const { operator, transaction } of unfinished) {
        if (!isOnTrust(transaction)) continue;
        const { count, oldest } = of(operator);
        counts.set(operator, { count: count + 1, oldest: Math.min(oldest, transaction.since) });
      }
    },
  };
}
