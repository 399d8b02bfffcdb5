// The wire's shape as data: which operation a path means, and what each one signs, in the order it is signed. A further
// dialect is one more table. The operation comes from the path alone: two operations may carry the same fields and sign.

import type { Operation } from '../domain/callback.js';

/** The last segment of a callback's path, exactly as the platform writes it. */
export const callbackPaths = ['GetBalance', 'Withdraw', 'Deposit', 'BetWin', 'RollbackTransaction'] as const;
export type CallbackPath = (typeof callbackPaths)[number];

type AmountField = 'amount' | 'betAmount' | 'winAmount';
/** Every field that is signed in some operation. */
export type SignedField = 'agentID' | 'userID' | 'transactionID' | 'roundID' | AmountField;

export interface CallbackShape {
  /** All of them are required. */
  readonly signed: readonly SignedField[];
  /** Which amount is the player's stake, and which is paid to him. */
  readonly bet?: AmountField;
  readonly win?: AmountField;
}

/** What a path means, in every dialect. */
export const operations = {
  GetBalance: 'getBalance',
  Withdraw: 'withdraw',
  Deposit: 'deposit',
  BetWin: 'betWin',
  RollbackTransaction: 'rollback',
} as const satisfies Record<CallbackPath, Operation>;

export const dialects = {
  seamless: {
    GetBalance: { signed: ['agentID', 'userID'] },
    Withdraw: { signed: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'], bet: 'amount' },
    Deposit: { signed: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'], win: 'amount' },
    BetWin: {
      signed: ['agentID', 'userID', 'betAmount', 'winAmount', 'transactionID', 'roundID'],
      bet: 'betAmount',
      win: 'winAmount',
    },
    RollbackTransaction: { signed: ['agentID', 'userID', 'transactionID'] },
  },
} as const satisfies Record<string, Record<CallbackPath, CallbackShape>>;
