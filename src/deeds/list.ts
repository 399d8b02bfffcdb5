// Which records somebody still has to see to, the oldest first.

import type { Journal, Listed } from '../domain/ports.js';
import type { State } from '../domain/transaction.js';
import { rowOf, type Listing } from '../domain/transaction-rows.js';

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
  let matching = 0;
  let oldest: Listed[] = [];
  let isCut = false;
  for await (const found of journal.unfinished()) {
    isCut = unfinished >= most;
    if (isCut) break;
    unfinished += 1;
    if (state !== undefined && state !== stateOf(found)) continue;
    if (agents?.has(agentOf(found)) === false) continue;
    matching += 1;
    oldest.push(found);
    // Only what is shown is kept, because there may be any number of them.
    if (oldest.length >= 2 * limit + 1000) oldest = oldestOf(oldest, limit);
  }
  const transactions = oldestOf(oldest, limit).map((found) => rowOf(found, found.due, journal.now()));
  return { transactions, more: matching - transactions.length, unfinished, isCut };
}

const stateOf = (found: Listed): ListOptions['state'] | State =>
  'unreadable' in found ? 'unreadable' : found.transaction.state;
const agentOf = (found: Listed): string => ('unreadable' in found ? found.key : found.transaction).agentID;
const sinceOf = (found: Listed): number => ('unreadable' in found ? 0 : found.transaction.since);
const oldestOf = (records: readonly Listed[], most: number): Listed[] =>
  [...records].sort((a, b) => sinceOf(a) - sinceOf(b)).slice(0, most);
