// What an unfinished record counts as. The journal keeps these counts with the record's own write, so that
// nobody has to read all that is unfinished to know how much there is.

import { Money } from './money.js';
import { isOnTrust, isUnfinished, type Goal, type State, type Transaction } from './transaction.js';

/** What a record is counted among. */
export interface Standing {
  readonly state: State;
  readonly goal: Goal | undefined;
  /** It was told as done, and the wallet has not got it. */
  readonly onTrust: boolean;
}

/** Undefined where it is finished: nobody counts those. */
export function standingOf(t: Transaction): Standing | undefined {
  return isUnfinished(t.state) ? { state: t.state, goal: t.goal, onTrust: isOnTrust(t) } : undefined;
}

/** All that still has to move, whichever way: a bet and a win do not cancel out. */
export function outstanding({ goal, legs }: Transaction): Money {
  return legs
    .filter(({ effect }) => (goal === 'void' ? effect === 'applied' || effect === 'unknown' : effect !== 'applied'))
    .flatMap(({ bet, win }) => [bet, win])
    .reduce<Money>((sum, amount) => (amount === undefined ? sum : sum.plus(amount)), Money.zero);
}
