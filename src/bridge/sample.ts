// Counts now and then what is unfinished, for those who watch and for the bounds of `accept`. It only reads.

import type { Journal } from '../domain/ports.js';
import type { State } from '../domain/transaction.js';
import type { Acceptance } from './acceptance.js';

export interface UnfinishedCount {
  readonly operator: string;
  readonly state: State;
  readonly count: number;
  /** Age of the oldest (ms). */
  readonly oldest: number;
}

/** More than this many unfinished records are counted as this many: far past any bound, and past any operator's sleep. */
const most = 10_000;

export async function sampleUnfinished(
  journal: Journal,
  operatorOf: (agentID: string) => { readonly name: string } | undefined,
  acceptance: Acceptance,
): Promise<UnfinishedCount[]> {
  const found = (await journal.unfinished(most)).map(({ transaction }) => ({
    operator: operatorOf(transaction.agentID)?.name ?? 'none',
    transaction,
  }));
  acceptance.recount(found);
  const now = journal.now();
  const counts = new Map<string, UnfinishedCount>();
  for (const { operator, transaction } of found) {
    const { state, since } = transaction;
    const { count, oldest } = counts.get(`${operator} ${state}`) ?? { count: 0, oldest: 0 };
    counts.set(`${operator} ${state}`, { operator, state, count: count + 1, oldest: Math.max(oldest, now - since) });
  }
  return [...counts.values()];
}
