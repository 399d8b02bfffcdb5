// Balances moved by what is known to have moved since they were reported. For display only.

import type { Money } from './money.js';
import type { Leg } from './transaction.js';

/** A balance after a leg's movement, and after its undo. */
export function movedBy(balance: Money | undefined, { bet, win }: Pick<Leg, 'bet' | 'win'>): Money | undefined {
  const less = bet === undefined ? balance : balance?.minus(bet);
  return win === undefined ? less : less?.plus(win);
}
export const movedBack = (balance: Money | undefined, { bet, win }: Leg): Money | undefined =>
  movedBy(balance, { ...(win && { bet: win }), ...(bet && { win: bet }) });
