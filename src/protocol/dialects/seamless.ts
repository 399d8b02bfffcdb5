// The dialect that is published, `seamless`. A deposit has the same fields and the same sign as a withdraw,
// and a rollback may have the sign of a balance query: only the path tells them apart.

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
  tells: [],
  // A literal true, and nothing like it.
  besides: (kind, members) => (kind === 'withdraw' && members['freeSpin'] === true ? { freeSpin: true } : {}),
  // The platform would take a reference of ours too, but needs none.
  answer: { code: 'result', balance: 'balance', currency: 'currency', reference: undefined },
});
