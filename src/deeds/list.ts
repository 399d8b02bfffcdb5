// Which records somebody still has to see to, the oldest first.

import type { Journal, Listed } from '../domain/ports.js';
import { rowOf, type Listing } from '../domain/transaction-rows.js';
import { keyOf, Oldest, stateOf } from './oldest.js';

export interface ListOptions {
  readonly state?: 'held' | 'open' | 'claimed' | 'unreadable';
  /** Only records of these agents. */
  readonly agents?: ReadonlySet<string>;
  readonly limit: number;
  /** So many are read and no more, for whoever may not work for long; absent: all. */
  readonly most?: number;
}

/** The oldest first; those that cannot be read, whose age nobody knows, before them. Every one is counted. */
export async function listTransactions(
  journal: Journal,
  { state, agents, limit, most = Infinity }: ListOptions,
): Promise<Listing> {
  let unfinished = 0;
  const oldest = new Oldest<Listed>(limit);
  let isCut = false;
  for await (const found of journal.unfinished()) {
    isCut = unfinished >= most;
    if (isCut) break;
    unfinished += 1;
    if (state !== undefined && state !== stateOf(found)) continue;
    if (agents?.has(keyOf(found).agentID) === false) continue;
    oldest.add(found);
  }
  const transactions = oldest.all().map((found) => rowOf(found, found.due, journal.now()));
  return { transactions, more: oldest.count - transactions.length, unfinished, isCut };
}
