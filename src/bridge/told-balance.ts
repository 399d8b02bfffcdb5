// The balance that goes with a success. It is for display: no movement ever depends on it, and a journal or
// wallet that is away costs the figure and never the answer. The balance told must count in the transaction
// it is told with, and what is still to come of it.

import { movedBack, movedBy } from '../domain/moved-balance.js';
import type { MoneyCallback, Player, RollbackCallback } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { Reply } from '../domain/outcome.js';
import { JournalUnavailable, type Operator } from '../domain/ports.js';
import { isUnfinished, type Transaction } from '../domain/transaction.js';
import { askBalance, lastBalance, type Work } from './effects.js';
import type { Workshop } from './workshop.js';

/** Milliseconds a balance call may take that only refreshes what a replay would answer anyway. */
const refreshing = 500;

type RecordCallback = MoneyCallback | RollbackCallback;

function* lastKnown(player: Player): Work<Money | undefined> {
  try {
    return yield* lastBalance(player);
  } catch (error) {
    if (error instanceof JournalUnavailable) return undefined;
    throw error;
  }
}

/**
 * Counts into the last known balance what the wallet did to a leg without telling one. Whoever hears it from the
 * wallet does, once; so it is in there for everybody, however many copies of a callback wait.
 */
export function* countIn(
  { rememberBalance }: Pick<Workshop, 'rememberBalance'>,
  before: Transaction,
  after: Transaction,
  index: number,
): Work<void> {
  const [was, leg] = [before.legs[index], after.legs[index]];
  if (was === undefined || leg === undefined || was.effect === leg.effect) return;
  const isUndone = leg.effect === 'undone' && was.effect === 'applied';
  if (leg.effect !== 'applied' && !isUndone) return;
  const balance = (isUndone ? movedBack : movedBy)(yield* lastKnown(after), leg);
  if (balance !== undefined) rememberBalance(after, balance);
}

export function createToldBalance({ monotonic, rememberBalance }: Pick<Workshop, 'monotonic' | 'rememberBalance'>) {
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
      return leg.effect === 'applied' ? balance : movedBy(balance, leg);
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
    return { ...reply, balance: reply.balance ?? (yield* lastKnown(callback)) };
  }

  return { project, withBalance };
}
