// Lets the resolver look at a record at once, instead of when its pause is over; or at all of an operator, the
// oldest first.

import type { Journal, TransactionKey } from '../domain/ports.js';
import { isUnfinished, leaseIsLive, type Transaction } from '../domain/transaction.js';
import { cannotRead, notDone, notMoved, type Deed } from './deed.js';
import { look } from './look.js';

export async function tryNow(journal: Journal, key: TransactionKey): Promise<Deed> {
  const stored = await look(journal, key);
  if (stored === undefined) return { kind: 'unknown' };
  if ('unreadable' in stored) return cannotRead(stored);
  const { transaction } = stored;
  const now = journal.now();
  if (!isUnfinished(transaction.state)) return notMoved({ kind: 'finished' }, stored);
  if (isForAPerson(transaction)) return notDone('it is held: nothing but your word moves it on (resolve)');
  if (transaction.lease !== undefined && leaseIsLive(transaction, now))
    return notMoved({ kind: 'inHand', until: transaction.lease.until }, stored);
  await journal.postpone(key, now);
  return { kind: 'done', what: 'due now: the next replica that looks takes it up' };
}

const isForAPerson = ({ state, elsewhere }: Transaction): boolean => state === 'held' && elsewhere !== true;

/** How many of an operator's records are due now, and how many there are that this moves on in no way. */
export interface Tried {
  readonly due: number;
  readonly held: number;
  readonly unreadable: number;
  /** There are more than were looked at. */
  readonly isCut: boolean;
}

const postponedAtOnce = 64;

/** All of these agents, of so many unfinished records at most: those that are in hand, or due already, are left as they are. */
export async function tryAllNow(journal: Journal, agents: ReadonlySet<string>, most = Infinity): Promise<Tried> {
  const waiting: { readonly key: TransactionKey; readonly since: number }[] = [];
  let [due, held, unreadable] = [0, 0, 0];
  let isCut = false;
  let read = 0;
  for await (const found of journal.unfinished()) {
    isCut = ++read > most;
    if (isCut) break;
    const { agentID, transactionID } = 'unreadable' in found ? found.key : found.transaction;
    if (!agents.has(agentID)) continue;
    if ('unreadable' in found) unreadable += 1;
    else if (isForAPerson(found.transaction)) held += 1;
    else if (found.due <= journal.now()) due += 1;
    else if (!leaseIsLive(found.transaction, journal.now()))
      waiting.push({ key: { agentID, transactionID }, since: found.transaction.since });
  }
  waiting.sort((a, b) => a.since - b.since);
  for (let i = 0; i < waiting.length; i += postponedAtOnce) {
    const now = journal.now();
    await Promise.all(waiting.slice(i, i + postponedAtOnce).map(({ key }) => journal.postpone(key, now)));
  }
  return { due: due + waiting.length, held, unreadable, isCut };
}
