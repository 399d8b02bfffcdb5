// The balance that goes with a success. It is for display: no movement ever depends on it, and a journal or
// wallet that is away costs the figure and never the answer. The balance told must count in the transaction
// it is told with, and what is still to come of it.

import { movedBack, movedBy } from '../domain/moved-balance.js';
import type { MoneyCallback, RollbackCallback } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { Reply } from '../domain/outcome.js';
import { JournalUnavailable, type Operator } from '../domain/ports.js';
import { isUnfinished, type Transaction } from '../domain/transaction.js';
import { askBalance, lastBalance, type Work } from './effects.js';
import type { Workshop } from './workshop.js';

/** Milliseconds a balance call may take that only refreshes what a replay would answer anyway. */
const refreshing = 500;

type RecordCallback = MoneyCallback | RollbackCallback;

export function createToldBalance({ monotonic, rememberBalance }: Pick<Workshop, 'monotonic' | 'rememberBalance'>) {
  function* lastKnown(callback: RecordCallback): Work<Money | undefined> {
    try {
      return yield* lastBalance(callback);
    } catch (error) {
      if (error instanceof JournalUnavailable) return undefined;
      throw error;
    }
  }

  /**
   * What the balance will be once the record's goal is reached: the last known one, moved by what is still to
   * come.
   */
  function* project(t: Transaction, callback: RecordCallback): Work<Money | undefined> {
    const undoing = callback.kind === 'rollback';
    const reported = !undoing && t.legs.some((leg) => leg.effect === 'applied') ? t.balance : undefined;
    const known = reported ?? (yield* lastKnown(callback));
    return t.legs.reduce((balance, leg) => {
      if (undoing) return leg.effect === 'applied' ? movedBack(balance, leg) : balance;
      // A bet that was taken without telling a balance is not in the last known one.
      return leg.effect === 'applied' && reported !== undefined ? balance : movedBy(balance, leg);
    }, known);
  }

  /** The reply with the balance it is to be told with, as the record behind it is stored. */
  function* withBalance(
    reply: Reply,
    t: Transaction,
    callback: RecordCallback,
    operator: Operator,
    deadline: number,
  ): Work<Reply> {
    if (reply.kind !== 'success') return reply;
    // The wallet does not have all of it yet, so what it would say now is not what was told.
    if (isUnfinished(t.state) || t.state === 'writtenOff')
      return { ...reply, balance: reply.balance ?? (yield* project(t, callback)) };
    if (!reply.duplicate && reply.balance !== undefined) return reply;
    // A replay shows today's balance where it is quickly had. An answer the wallet told none for needs one: the
    // last known may be from before it.
    const left = deadline - monotonic() - operator.terms.storing;
    const within = reply.balance === undefined ? left : Math.min(left, refreshing);
    const verdict = yield* askBalance(operator, callback, within);
    if (verdict.kind === 'balance') {
      rememberBalance(callback, verdict.balance);
      return { ...reply, balance: verdict.balance };
    }
    if (reply.balance !== undefined) return reply;
    const known = yield* lastKnown(callback);
    if (reply.duplicate) return { ...reply, balance: known };
    const balance = t.legs.reduce(
      (sum, leg) =>
        leg.effect === 'applied' ? movedBy(sum, leg) : leg.effect === 'undone' ? movedBack(sum, leg) : sum,
      known,
    );
    // What follows must count it in, too.
    if (balance !== undefined && t.legs.length > 0) rememberBalance(callback, balance);
    return { ...reply, balance };
  }

  return { project, withBalance };
}
