// The platform's side of the wire, written a second time from the platform's rules: what a callback holds,
// how it is signed. The bridge's own sign code must never be used here, or a mistake in it would verify
// itself.
import { createHmac } from 'node:crypto';

export interface MoneyFields {
  readonly agentID: string;
  readonly userID: string;
  readonly transactionID: string;
  readonly roundID: string;
}

/** One callback, unsigned. Amounts are decimal texts with two decimals. */
export type Callback =
  | { readonly operation: 'GetBalance'; readonly agentID: string; readonly userID: string }
  | (MoneyFields & { readonly operation: 'Withdraw' | 'Deposit'; readonly amount: string })
  | (MoneyFields & { readonly operation: 'BetWin'; readonly betAmount: string; readonly winAmount: string })
  | (Omit<MoneyFields, 'roundID'> & { readonly operation: 'RollbackTransaction' });

/** The values that are signed, in their order and as they are, with nothing between. */
export function signedText(callback: Callback): string {
  return signedValues(callback).join('');
}

function signedValues(callback: Callback): string[] {
  const { agentID, userID } = callback;
  switch (callback.operation) {
    case 'GetBalance':
      return [agentID, userID];
    case 'Withdraw':
    case 'Deposit':
      return [agentID, userID, callback.amount, callback.transactionID, callback.roundID];
    case 'BetWin':
      return [agentID, userID, callback.betAmount, callback.winAmount, callback.transactionID, callback.roundID];
    case 'RollbackTransaction':
      return [agentID, userID, callback.transactionID];
  }
}

/** The sign of a callback under a key: upper-case hex of the HMAC-SHA256 of its signed text. */
export function signCallback(callback: Callback, key: string): string {
  return createHmac('sha256', key).update(signedText(callback), 'utf8').digest('hex').toUpperCase();
}

/** The JSON body of a signed callback. */
export function callbackBody(callback: Callback, sign: string): string {
  return JSON.stringify({ ...callback, operation: undefined, sign });
}
