// Which movements a callback really makes in the wallet. What is skipped here is recorded, answered, and
// never sent.

import type { Content, MoneyKind } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type { Terms } from '../domain/terms.js';
import type { Leg } from '../domain/transaction.js';

/**
 * The legs of one transaction, in the order they are sent and undone: the bet before the win. The plain
 * reference belongs to the first movement the transaction stands for, `-w` to the win of a betWin; an undo
 * adds `-r`.
 */
export function legsOf(
  content: Content,
  transactionID: string,
  terms: Terms,
  reference: (id: string) => string,
): Leg[] {
  const moves = (kind: MoneyKind, amount: Money | undefined): amount is Money =>
    amount !== undefined && (terms.zeroAmounts[kind] === 'forward' || !amount.isZero());
  // A free spin's stake is the house's: no real money is taken for it, while its win is real. A wallet that is
  // told of free spins is told of those whose stake the platform writes as 0.00, too.
  const isFree = content.freeSpin === true;
  const bet = isFree && terms.freeSpins === 'skip' ? undefined : content.bet;
  const win = content.win;
  const leg = (kind: MoneyKind, id: string, own: Pick<Leg, 'bet' | 'win' | 'winReference'>): Leg => ({
    kind,
    reference: reference(id),
    undoReference: reference(`${id}-r`),
    effect: 'none',
    sends: 0,
    lastSend: 0,
    undos: 0,
    lastUndo: 0,
    vainSends: 0,
    vainUndos: 0,
    absentSince: 0,
    ...own,
  });

  if (content.kind === 'betWin' && !terms.betWinAsLegs && bet !== undefined)
    return isFree || moves('betWin', bet) || moves('betWin', win)
      ? [leg('betWin', transactionID, { bet, win: win ?? Money.zero, winReference: reference(`${transactionID}-w`) })]
      : [];
  const winID = content.kind === 'betWin' ? `${transactionID}-w` : transactionID;
  return [
    ...(bet !== undefined && (isFree || moves('withdraw', bet)) ? [leg('withdraw', transactionID, { bet })] : []),
    ...(moves('deposit', win) ? [leg('deposit', winID, { win })] : []),
  ];
}
