// Which wallet a record was begun with: its references mean something else, or nothing, to another one.

import { anyOrigin, type Home, type Transaction } from './transaction.js';

/** The wallet an operator has today, and the origins it is known to have had before. */
export interface Homes {
  readonly today: Home;
  readonly formerly: ReadonlySet<string>;
}

/**
 * It was begun with another wallet, in which its references mean something else or nothing: no call may be
 * made for it.
 */
export function isElsewhere({ home }: Pick<Transaction, 'home'>, { today, formerly }: Homes): boolean {
  if (home === undefined || home.origin === anyOrigin || formerly.has(home.origin)) return false;
  return home.operator !== today.operator || home.origin !== today.origin;
}
