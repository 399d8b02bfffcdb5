// The dialect of the hosts that each vendor has for itself, `v2`. Every sign ends with the game; a win names
// the bet it pays for, and a rollback what it takes back, by a refTransactionID.

import type { MoneyKind } from '../../domain/callback.js';
import type { Money } from '../../domain/money.js';
import type { JsonMembers } from '../read-json.js';
import { readText } from '../read-text.js';
import { dialectOf } from './dialect.js';

const player = { agentID: 'agentID', userID: 'userID' } as const;
const game = { gameID: 'gameID' } as const;
const movement = { transactionID: 'transactionID', roundID: 'roundID', ...game } as const;

export const v2 = dialectOf({
  operations: {
    getBalance: { path: 'GetBalance', signs: { ...player, ...game } },
    withdraw: { path: 'Withdraw', signs: { ...player, bet: 'amount', ...movement } },
    deposit: {
      path: 'Deposit',
      signs: { ...player, win: 'amount', refTransactionID: 'refTransactionID', ...movement },
    },
    betWin: { path: 'BetWin', signs: { ...player, bet: 'betAmount', win: 'winAmount', ...movement } },
    rollback: { path: 'RollbackTransaction', signs: { ...player, transactionID: 'refTransactionID', ...game } },
  },
  sign: 'sign',
  gameID: 'gameID',
  tells: ['freeSpinID', 'isBonusBuy', 'endRound'],
  besides,
  // Our reference is the transactionID that our record has: it is the same on every replay, and there also
  // where the wallet was not asked.
  answer: { code: 'code', balance: 'balance', currency: undefined, reference: 'platformTransactionID' },
});

/**
 * A free spin's stake is 0.00: what has the id of free spins and another stake takes the player's money, as
 * it says. Of several wins of a round only one that says so ends it; a betWin is a round of its own.
 */
function besides(kind: MoneyKind, members: JsonMembers, bet: Money | undefined) {
  const freeSpinID = readText(members['freeSpinID']);
  const isBonusBuy = kind === 'withdraw' ? truths.get(members['isBonusBuy']) : undefined;
  return {
    ...(freeSpinID !== undefined && { freeSpinID }),
    ...(freeSpinID !== undefined && bet?.isZero() === true && { freeSpin: true }),
    ...(isBonusBuy !== undefined && { isBonusBuy }),
    ...(kind === 'deposit' && { endRound: truths.get(members['endRound']) === true }),
  };
}

/** Numbers are the text they were sent as. */
const truths: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['1', true],
  ['0', false],
]);
