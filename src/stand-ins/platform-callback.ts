// The platform's side of the wire, written a second time from the platform's rules: what a callback holds,
// how each dialect writes and signs it. The bridge's own code for this must never be used here, or a mistake
// in it would verify itself.
import { createHmac } from 'node:crypto';
import { LosslessNumber, stringify } from 'lossless-json';

export interface MoneyFields {
  readonly agentID: string;
  readonly userID: string;
  readonly transactionID: string;
  readonly roundID: string;
}

/** What only some callbacks say, or only some dialects. */
export interface Besides {
  readonly gameID?: string;
  /** The bet a Deposit pays for. */
  readonly refTransactionID?: string;
  /** Set on the bet, or on the win, of a free spin. */
  readonly freeSpinID?: string;
  readonly isBonusBuy?: boolean;
  readonly endRound?: boolean;
}

/**
 * One callback, unsigned, the same in every dialect. Amounts are decimal texts with two decimals. A
 * rollback's transactionID is that of what it takes back.
 */
export type Callback = Besides &
  (
    | { readonly operation: 'GetBalance'; readonly agentID: string; readonly userID: string }
    | (MoneyFields & { readonly operation: 'Withdraw' | 'Deposit'; readonly amount: string })
    | (MoneyFields & { readonly operation: 'BetWin'; readonly betAmount: string; readonly winAmount: string })
    | (Omit<MoneyFields, 'roundID'> & { readonly operation: 'RollbackTransaction' })
  );

type Members = Readonly<Record<string, unknown>>;

/** How one dialect writes callbacks, and what it looks for in an answer. */
export interface Wire {
  /** The fields that are signed, in the order in which they are. */
  readonly signed: (callback: Callback) => Readonly<Record<string, string>>;
  /** The body without its sign. */
  readonly members: (callback: Callback) => Members;
  /** The names in an answer: of the result code, and of what only one dialect asks for. */
  readonly code: string;
  readonly currency?: string;
  readonly reference?: string;
  /** Whether a free spin's bet names what the spin is worth, or zero. */
  readonly freeSpinsNameTheirBet: boolean;
}

const seamless: Wire = {
  signed(callback) {
    const { agentID, userID } = callback;
    switch (callback.operation) {
      case 'GetBalance':
        return { agentID, userID };
      case 'Withdraw':
      case 'Deposit': {
        const { amount, transactionID, roundID } = callback;
        return { agentID, userID, amount, transactionID, roundID };
      }
      case 'BetWin': {
        const { betAmount, winAmount, transactionID, roundID } = callback;
        return { agentID, userID, betAmount, winAmount, transactionID, roundID };
      }
      case 'RollbackTransaction':
        return { agentID, userID, transactionID: callback.transactionID };
    }
  },
  members(callback) {
    const isFree = callback.operation === 'Withdraw' && callback.freeSpinID !== undefined;
    return { ...this.signed(callback), ...(isFree && { freeSpin: true }) };
  },
  code: 'result',
  currency: 'currency',
  freeSpinsNameTheirBet: true,
};

const AMOUNTS: ReadonlySet<string> = new Set(['amount', 'betAmount', 'winAmount']);
/** The game of every callback that names none, where the dialect must name one. */
const USUAL_GAME = '2001';

/** `signsGameID`: not every vendor's signs have the game in them; all of them send it. */
const v2 = (signsGameID: boolean): Wire => ({
  signed(callback) {
    const { gameID = USUAL_GAME } = callback;
    const game = signsGameID ? { gameID } : {};
    if (callback.operation === 'RollbackTransaction') {
      const { agentID, userID, transactionID } = callback;
      return { agentID, userID, refTransactionID: transactionID, ...game };
    }
    if (callback.operation !== 'Deposit') return { ...seamless.signed(callback), ...game };
    const { agentID, userID, amount, transactionID, roundID } = callback;
    // A win whose bet nobody names is of one that nobody has heard of, and looks like any other id.
    const { refTransactionID = transactionID } = callback;
    return { agentID, userID, amount, refTransactionID, transactionID, roundID, ...game };
  },
  members(callback) {
    const { operation, gameID = USUAL_GAME, freeSpinID = null, isBonusBuy = false, endRound = true } = callback;
    const members = Object.entries(this.signed(callback)).map(([name, value]): [string, unknown] => [
      name,
      AMOUNTS.has(name) ? shortNumber(value) : value,
    ]);
    return {
      ...Object.fromEntries(members),
      gameID: /^(0|[1-9]\d*)$/.test(gameID) ? new LosslessNumber(gameID) : gameID,
      ...((operation === 'Withdraw' || operation === 'Deposit' || operation === 'BetWin') && { freeSpinID }),
      ...(operation === 'Withdraw' && { isBonusBuy: isBonusBuy ? 1 : 0 }),
      ...(operation === 'Deposit' && { endRound }),
    };
  },
  code: 'code',
  reference: 'platformTransactionID',
  freeSpinsNameTheirBet: false,
});

/** An amount as a JSON number, as short as the platform writes one: `12.3`, `10`, `0.0`. */
function shortNumber(amount: string): LosslessNumber {
  return new LosslessNumber(/^0+\.00$/.test(amount) ? '0.0' : amount.replace(/\.?0+$/, ''));
}

/** Each dialect by its name; the last is `v2` of a vendor that leaves the game out of its signs. */
export const wires = { seamless, v2: v2(true), 'v2-noGameID': v2(false) } as const;

/** How a dialect is spoken by a vendor whose signs have the game in them, or leave it out. */
export const wireOf = (dialect: 'seamless' | 'v2', signsGameID: boolean): Wire =>
  dialect === 'v2' && !signsGameID ? wires['v2-noGameID'] : wires[dialect];

/** The values that are signed, in their order and as they are, with nothing between. */
export function signedText(callback: Callback, wire: Wire = seamless): string {
  return Object.values(wire.signed(callback)).join('');
}

/** The sign of a callback under a key: upper-case hex of the HMAC-SHA256 of its signed text. */
export function signCallback(callback: Callback, key: string, wire: Wire = seamless): string {
  return createHmac('sha256', key).update(signedText(callback, wire), 'utf8').digest('hex').toUpperCase();
}

/** The JSON body of a signed callback. */
export function callbackBody(callback: Callback, sign: string, wire: Wire = seamless): string {
  return stringify({ ...wire.members(callback), sign }) ?? '';
}
