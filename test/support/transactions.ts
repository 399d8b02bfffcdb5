// Records and callbacks for tests, with only what a test cares about spelled out.

import type { MoneyCallback, MoneyKind, RollbackCallback } from '../../src/domain/callback.js';
import { Money } from '../../src/domain/money.js';
import type { Homes } from '../../src/domain/home.js';
import type { LegTerms, Terms } from '../../src/domain/terms.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';

export const eur = (text: string): Money => {
  const money = Money.parse(text);
  if (money === undefined) throw new Error(`not an amount: ${text}`);
  return money;
};

const always: LegTerms = {
  repeatable: 'always',
  settle: 60_000,
  lookup: false,
  undo: { repeatable: 'always', settle: 60_000, cancelFirst: false, lookup: 'no' },
};

export function someTerms(change: Partial<Terms> = {}, leg: Partial<LegTerms> = {}): Terms {
  const terms = { ...always, ...leg };
  return {
    legs: { withdraw: terms, deposit: terms, betWin: terms },
    betWinAsLegs: true,
    whenUnresolved: { withdraw: 'fail', deposit: 'accept', betWin: 'fail', win: 'accept', rollback: 'accept' },
    whenJournalDown: 'askAgain',
    duplicates: 'success',
    zeroAmounts: { withdraw: 'skip', deposit: 'skip', betWin: 'skip' },
    freeSpins: 'skip',
    accept: { most: 1000, maxAge: 259_200_000 },
    giveUpAfter: 259_200_000,
    retention: 2_592_000_000,
    rememberUnknown: 2_592_000_000,
    findByPlayer: true,
    deadline: 9_000,
    lease: 15_000,
    storing: 250,
    ...change,
  };
}

/** A wallet nobody has moved. */
export const someHomes: Homes = { today: { operator: 'northstar', origin: 'aB3-_x' }, formerly: new Set() };

export const player = { agentID: 'NORTHSTAR01', userID: 'player_1' };

export function someLeg(change: Partial<Leg> = {}): Leg {
  return {
    kind: 'withdraw',
    bet: eur('12.30'),
    reference: 'gsp-t1',
    undoReference: 'gsp-t1-r',
    effect: 'unknown',
    sends: 1,
    lastSend: 1_000,
    undos: 0,
    lastUndo: 0,
    vainSends: 0,
    vainUndos: 0,
    absentSince: 0,
    ...change,
  };
}

export function someTransaction(change: Partial<Transaction> = {}): Transaction {
  const kind: MoneyKind = change.content?.kind ?? 'withdraw';
  return {
    ...player,
    transactionID: 't1',
    fingerprint: `${kind} player_1 t1`,
    content: { kind, roundID: 'r1', bet: eur('12.30') },
    state: 'claimed',
    legs: [someLeg()],
    since: 1_000,
    tries: 0,
    ...change,
  };
}

export function bet(change: Partial<MoneyCallback> = {}): MoneyCallback {
  const transactionID = change.transactionID ?? 't1';
  return {
    ...player,
    kind: 'withdraw',
    transactionID,
    content: { kind: 'withdraw', roundID: 'r1', bet: eur('12.30') },
    fingerprint: `withdraw player_1 ${transactionID}`,
    ...change,
  };
}

export function win(change: Partial<MoneyCallback> = {}): MoneyCallback {
  const transactionID = change.transactionID ?? 't1';
  return {
    ...player,
    kind: 'deposit',
    transactionID,
    content: { kind: 'deposit', roundID: 'r1', win: eur('20.00') },
    fingerprint: `deposit player_1 ${transactionID}`,
    ...change,
  };
}

export function betWin(change: Partial<MoneyCallback> = {}): MoneyCallback {
  const transactionID = change.transactionID ?? 't1';
  return {
    ...player,
    kind: 'betWin',
    transactionID,
    content: { kind: 'betWin', roundID: 'r1', bet: eur('12.30'), win: eur('20.00') },
    fingerprint: `betWin player_1 ${transactionID}`,
    ...change,
  };
}

export function undo(change: Partial<RollbackCallback> = {}): RollbackCallback {
  return { ...player, kind: 'rollback', transactionID: 't1', ...change };
}
