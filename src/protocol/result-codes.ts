// The platform's result codes. The texts are for people who read a capture; they are fixed, so that no answer
// can carry anything of a request, a wallet or an error.

import type { ResultName } from '../domain/outcome.js';

export const resultCodes = {
  success: { code: 0, message: 'success' },
  generalError: { code: 1, message: 'general error' },
  wrongInput: { code: 2, message: 'wrong input parameters' },
  invalidSign: { code: 3, message: 'invalid sign' },
  invalidAgent: { code: 4, message: 'invalid agent' },
  userNotFound: { code: 5, message: 'user not found' },
  insufficientFunds: { code: 6, message: 'insufficient funds' },
  transactionNotFound: { code: 8, message: 'transaction not found' },
  alreadyRolledBack: { code: 9, message: 'already rolled back' },
  duplicate: { code: 11, message: 'duplicate transaction' },
} as const satisfies Record<ResultName, { readonly code: number; readonly message: string }>;

/** The number for the log: the platform's, or the 503 that no code stands for. */
export const codeOf = (result: ResultName | 'askAgain'): number =>
  result === 'askAgain' ? 503 : resultCodes[result].code;
