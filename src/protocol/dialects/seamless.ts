// The dialect that is published, `seamless`. A deposit has the same fields and the same sign as a withdraw,
// and a rollback may have the sign of a balance query: only the path tells them apart.

import { longestAmount } from '../amount.js';
import { lengthsOf, type Formats } from '../formats.js';
import { dialectOf } from './dialect.js';

const player = { agentID: 'agentID', userID: 'userID' } as const;
const movement = { transactionID: 'transactionID', roundID: 'roundID' } as const;

export const seamless = dialectOf({
  operations: {
    getBalance: { path: 'GetBalance', signs: player },
    withdraw: { path: 'Withdraw', signs: { ...player, bet: 'amount', ...movement } },
    deposit: { path: 'Deposit', signs: { ...player, win: 'amount', ...movement } },
    betWin: { path: 'BetWin', signs: { ...player, bet: 'betAmount', win: 'winAmount', ...movement } },
    rollback: { path: 'RollbackTransaction', signs: { ...player, transactionID: 'transactionID' } },
  },
  sign: 'sign',
  gameID: 'gameID',
  // A literal true, and nothing like it.
  isFreeSpin: (kind, members) => kind === 'withdraw' && members['freeSpin'] === true,
  signsAreApart,
  // The platform would take a reference of ours too, but needs none.
  answer: { code: 'result', balance: 'balance', currency: 'currency', reference: undefined },
});

/**
 * An amount's only point shows where it ends: so a transactionID of one length begins and ends at one place
 * only, if neither it nor the userID can hold a point, and if it is too long to be taken for the beginning of
 * an amount. A rollback is a userID and a transactionID, and so not a userID if it is longer than any.
 */
function signsAreApart(formats: Formats): boolean {
  const userID = lengthsOf(formats.userID);
  const transactionID = lengthsOf(formats.transactionID);
  if (userID === undefined || transactionID === undefined) return false;
  const isFixed = transactionID.least === transactionID.most && transactionID.least > longestAmount;
  return isFixed && userID.least + transactionID.least > userID.most;
}
