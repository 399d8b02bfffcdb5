// A person's word about what the wallet did. It is put on record only if the record is still the one that was
// looked at; the resolver does what follows.

import { markApplied, markNotApplied, markSameWallet, writeOff } from '../domain/person.js';
import type { Journal, Stored, TransactionKey } from '../domain/ports.js';
import { isOnTrust, isUnfinished, type Transaction } from '../domain/transaction.js';
import { cannotRead, notDone, notMoved, type Deed } from './deed.js';
import { look } from './look.js';

export const sayings = ['applied', 'notApplied', 'sameWallet', 'writtenOff'] as const;
export type Saying = (typeof sayings)[number];

/** What becomes of the record then. */
const words = { applied: markApplied, notApplied: markNotApplied, sameWallet: markSameWallet, writtenOff: writeOff };

export interface Resolution {
  readonly said: Saying;
  readonly reason: string;
  /** Of a betWin made by two calls: which. */
  readonly leg?: 'bet' | 'win';
  /** The revision that was looked at, where the record may have changed since. */
  readonly seen?: number;
}

const longestReason = 500;
const changedMeanwhile = notDone('the record changed in the meantime: look at it again');
/** What was written off is listed for finance longer than any retention. */
const writtenOffFor = 400 * 86_400_000;

export async function resolveTransaction(journal: Journal, key: TransactionKey, said: Resolution): Promise<Deed> {
  const stored = await look(journal, key);
  if (stored === undefined) return { kind: 'unknown' };
  if ('unreadable' in stored) return cannotRead(stored);
  if (said.seen !== undefined && said.seen !== stored.revision) return changedMeanwhile;
  if (said.reason.length > longestReason) return notDone(`the reason is longer than ${longestReason} characters`);
  const leg = said.leg === undefined ? undefined : legNamed(stored.transaction, said.leg);
  if (leg === -1) return notDone(`it has no separate ${said.leg ?? 'leg'}`);
  const word = { now: journal.now(), reason: said.reason, ...(leg === undefined ? {} : { leg }) };
  const moved = words[said.said](stored.transaction, word);
  return moved.kind === 'moved' ? await record(journal, stored, moved.transaction) : notMoved(moved, stored);
}

function legNamed({ legs }: Transaction, name: 'bet' | 'win'): number {
  return legs.findIndex(({ kind }) => kind === (name === 'bet' ? 'withdraw' : 'deposit'));
}

async function record(journal: Journal, before: Stored, transaction: Transaction): Promise<Deed> {
  const trust = isOnTrust(transaction) ? 'on' : isOnTrust(before.transaction) ? 'off' : undefined;
  const { kind } = await journal.put({
    transaction,
    expected: before.revision,
    ...(isUnfinished(transaction.state)
      ? { due: transaction.state === 'held' ? Infinity : journal.now() }
      : { lifetime: writtenOffFor }),
    ...(trust && { trust: { kind: trust } }),
  });
  if (kind !== 'done') return changedMeanwhile;
  return { kind: 'done', what: `recorded; ${whatFollows(transaction)}` };
}

function whatFollows({ state, goal, legs }: Transaction): string {
  if (state === 'writtenOff') return 'it ends as a difference that reconcile lists as explained, and nothing is sent';
  if (state === 'held') return 'it is still held for another reason';
  if (goal === 'void')
    return legs.some(({ effect }) => effect === 'applied' || effect === 'unknown')
      ? 'the bridge undoes it in the wallet now'
      : 'it ends without effect, and nothing is sent';
  return legs.some(({ effect }) => effect !== 'applied')
    ? 'the bridge sends it to the wallet now, under the same reference'
    : 'it ends as done, and nothing is sent';
}
