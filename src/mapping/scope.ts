// The names an expression may read, filled for one call. What is there must be what the language promises for
// that operation: absent values are absent keys, and an undo shows what is on record, never what a callback
// says now.

import type { Content, MoneyKind } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import { isSentAgain, isUndoneAgain, type Leg, type Transaction } from '../domain/transaction.js';
import type { CharsetName } from '../codecs/charset.js';
import type { Subject } from '../wallet/compiled-wallet.js';
import { playerOf } from '../wallet/compiled-wallet.js';
import type { Scope } from '../expressions/language.js';

/**
 * Every name there is. One shape for all calls, because the engine is many times slower with objects that
 * grow.
 */
export type CallScope = Names & {
  agent: string;
  currency: string | undefined;
  minorDecimals: number | undefined;
  settings: unknown;
  secrets: unknown;
  player: unknown;
  round: unknown;
  vars: unknown;
  now: number;
  uuid: () => string;
  /** Of the wallet's bodies and parameters. */
  charset: CharsetName;
  sent: unknown;
  response: unknown;
};

/** The names that say what a call is about. */
type Names = {
  request: Scope;
  reference: string | undefined;
  winReference: string | undefined;
  repeat: boolean | undefined;
  original: Scope | undefined;
};
export type NamesOf = (subject: Subject) => Names;

export const balanceNames: NamesOf = (subject) => {
  const { userID, gameID } = playerOf(subject);
  const request = gameID === undefined ? { userID } : { userID, gameID };
  return { request, reference: undefined, winReference: undefined, repeat: false, original: undefined };
};

/** A send of `kind`. Amounts are the leg's: in a betWin of two calls each sees only its own. */
export function sendNames(kind: MoneyKind): NamesOf {
  return (subject) => {
    const { transaction, leg, content } = movementOf(subject);
    const request = requestOf(kind, transaction, content, leg);
    addBesides(request, content, kind === 'deposit' ? ofWins : ofBets);
    const { reference, winReference } = leg;
    return { request, reference, winReference, repeat: isSentAgain(leg), original: undefined };
  };
}

/**
 * The opposite operation, `kind`, called to undo a movement: its own reference, the amount that was really
 * moved.
 */
export function inverseNames(kind: 'withdraw' | 'deposit'): NamesOf {
  return (subject) => {
    const { transaction, leg, content } = movementOf(subject);
    const amount = leg.kind === 'withdraw' ? leg.bet : leg.win;
    const request = requestOf(kind, transaction, content, { bet: amount, win: amount });
    const reference = leg.undoReference;
    return { request, reference, winReference: undefined, repeat: isUndoneAgain(leg), original: undefined };
  };
}

/** The closing of a round, after the win that ends it. */
export const closeNames: NamesOf = (subject) => {
  const { transaction, leg, content } = movementOf(subject);
  const request = requestOf('deposit', transaction, content, leg);
  addBesides(request, content, [...ofWins, 'freeSpin']);
  // Whoever sent the win before may have told the wallet of its end already.
  const reference = leg.winReference ?? leg.reference;
  return { request, reference, winReference: undefined, repeat: isSentAgain(leg), original: undefined };
};

/** An undo or a lookup by a mapping of its own, with the original as it is on record. */
export function recordNames(call: 'undo' | 'lookup'): NamesOf {
  return (subject) => {
    const { transaction, leg, content } = movementOf(subject);
    const { transactionID } = transaction;
    const original: Scope = { operation: leg.kind, transactionID, roundID: content.roundID, reference: leg.reference };
    if (leg.winReference !== undefined) original['winReference'] = leg.winReference;
    if (leg.receipt !== undefined) original['receipt'] = leg.receipt;
    addSession(original, subject);
    addBesides(original, content, ofOriginals);
    addAmounts(original, leg.kind, leg);
    const own =
      call === 'undo'
        ? { reference: leg.undoReference, repeat: isUndoneAgain(leg) }
        : { reference: leg.reference, repeat: undefined };
    return { request: identityOf(transaction, content), winReference: undefined, ...own, original };
  };
}

/** A lookup of an undo: what it is about is the undo, as the operation `kind` that made it. */
export function undoLookupNames(kind: MoneyKind): NamesOf {
  return (subject) => {
    const { transaction, leg, content } = movementOf(subject);
    const { transactionID } = transaction;
    const reference = leg.undoReference;
    const original: Scope = { operation: kind, transactionID, roundID: content.roundID, reference };
    addSession(original, subject);
    addBesides(original, content, ofOriginals);
    const amount = leg.kind === 'withdraw' ? leg.bet : leg.win;
    addAmounts(original, kind, kind === leg.kind ? leg : { bet: amount, win: amount });
    const request = identityOf(transaction, content);
    return { request, reference, winReference: undefined, repeat: undefined, original };
  };
}

type Amounts = { readonly bet?: Money | undefined; readonly win?: Money | undefined };

function identityOf({ userID, transactionID }: Transaction, { gameID }: Content): Scope {
  return gameID === undefined ? { userID, transactionID } : { userID, transactionID, gameID };
}

function requestOf(kind: MoneyKind, transaction: Transaction, content: Content, amounts: Amounts): Scope {
  const request = identityOf(transaction, content);
  request['roundID'] = content.roundID;
  addAmounts(request, kind, amounts);
  return request;
}

type Besides = Exclude<keyof Content, 'kind' | 'roundID' | 'bet' | 'win'>;
const ofWins: readonly Besides[] = ['refTransactionID', 'freeSpinID', 'endRound'];
const ofBets: readonly Besides[] = ['freeSpin', 'freeSpinID', 'isBonusBuy'];
const ofOriginals: readonly Besides[] = ['gameID', 'freeSpin', 'freeSpinID', 'refTransactionID'];

/** What the platform told beside ids and amounts; a name that was not told is not there. */
function addBesides(to: Scope, content: Content, names: readonly Besides[]): void {
  for (const name of names) if (content[name] !== undefined) to[name] = content[name];
}

/** What the movement was sent with, where that is known; its undo belongs to the same session. */
function addSession(to: Scope, { known }: Subject): void {
  if (known?.sentWith !== undefined) to['session'] = known.sentWith;
}

function addAmounts(to: Scope, kind: MoneyKind, { bet, win }: Amounts): void {
  switch (kind) {
    case 'withdraw':
      to['amount'] = known(bet);
      return;
    case 'deposit':
      to['amount'] = known(win);
      return;
    case 'betWin':
      to['betAmount'] = known(bet);
      to['winAmount'] = known(win);
  }
}

function known(amount: Money | undefined): Money {
  if (amount === undefined) throw new Error('a movement without its amount');
  return amount;
}

function movementOf(subject: Subject): { transaction: Transaction; leg: Leg; content: Content } {
  if ('player' in subject) throw new Error('a movement was expected, not a player');
  const { transaction, leg } = subject;
  if (transaction.content === undefined)
    throw new Error(`transaction ${transaction.transactionID} has a leg and no content`);
  return { transaction, leg, content: transaction.content };
}
