// Transactions of a time, finished or not, the oldest first: those of a player by the journal's lists, or any by
// reading every record there is.

import type { Player } from '../domain/callback.js';
import type { Journal, Stored, Unreadable } from '../domain/ports.js';
import { recordResults, rowOf, type Row } from '../domain/transaction-rows.js';
import { isUnfinished, states, type State } from '../domain/transaction.js';
import { keyOf, Oldest, stateOf } from './oldest.js';

/** How a record may stand, and what the platform may have been told of one. */
export const findWords = [...states, 'unreadable', ...recordResults] as const;
export type FindWord = State | 'unreadable' | (typeof recordResults)[number];

/** Milliseconds that are looked at where nobody says from when on. */
export const findsBack = 7 * 86_400_000;

export interface FindOptions {
  /** Epoch ms of the first claim; `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly userID?: string;
  /** Only records of these agents. */
  readonly agents?: ReadonlySet<string>;
  readonly word?: FindWord;
  readonly limit: number;
  /** So many are read and no more, for whoever may not work for long; absent: all. */
  readonly most?: number;
}

export interface Findings {
  readonly transactions: readonly Row[];
  /** Meant, and not among them. */
  readonly more: number;
  /** There are more than were read. */
  readonly isCut: boolean;
}

/**
 * Those that are meant of these records, each once, the oldest first. Before them those that cannot be read: they may
 * be of any player and any time. Rejects with JournalUnavailable.
 */
export async function findAmong(
  journal: Journal,
  records: AsyncIterable<Stored | Unreadable>,
  wanted: FindOptions,
): Promise<Findings> {
  const { limit, most = Infinity } = wanted;
  const oldest = new Oldest<Stored | Unreadable>(limit);
  const seen = new Set<string>();
  let read = 0;
  for await (const found of records) {
    if (read++ >= most) break;
    const { agentID, transactionID } = keyOf(found);
    const name = JSON.stringify([agentID, transactionID]);
    if (!isMeant(found, wanted) || seen.has(name)) continue;
    seen.add(name);
    oldest.add(found);
  }
  const transactions: Row[] = [];
  for (const found of oldest.all()) {
    const isAtRest = !('unreadable' in found) && !isUnfinished(found.transaction.state);
    transactions.push(rowOf(found, isAtRest ? undefined : await journal.nextLook(keyOf(found)), journal.now()));
  }
  return { transactions, more: oldest.count - transactions.length, isCut: read > most };
}

function isMeant(found: Stored | Unreadable, { from, to, userID, agents, word }: FindOptions): boolean {
  if (agents?.has(keyOf(found).agentID) === false) return false;
  if ('unreadable' in found) return word === undefined || word === stateOf(found);
  const { transaction: t } = found;
  if (t.since < from || t.since >= to || (userID !== undefined && userID !== t.userID)) return false;
  if (word === undefined || word === t.state) return true;
  return word === rowOf(found, undefined, 0).result;
}

/**
 * What the journal lists for players, and what is unfinished of anybody: so it lacks nothing but what is finished and
 * stands in no list.
 */
export async function* listedFor(
  journal: Journal,
  players: readonly Player[],
  { from, to }: Pick<FindOptions, 'from' | 'to'>,
): AsyncGenerator<Stored | Unreadable> {
  for (const player of players) yield* journal.ofPlayer(player, from, to);
  yield* journal.unfinished();
}
