// The shapes made-up callbacks come in: with and without each thing that may be absent. Rows, because a
// platform or a launch may come to tell more: whoever adds something optional adds its row.

import type { MoneyKind } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import { minorUnitDecimals } from '../domain/currency.js';
import type { Transaction } from '../domain/transaction.js';
import type { Agent } from '../protocol/agent.js';
import type { Dialect } from '../protocol/dialects/dialect.js';
import type { Known, Subject } from '../wallet/compiled-wallet.js';
import { fitting, identifiers, madeUp } from './made-up.js';
import type { OperatorFile } from './schema/operator-file.js';

/** What a call must be told of, to be told of it. */
type ToldTo = 'movement' | 'player' | 'round' | 'original';

/** What may be absent, how it is called, and which calls are told of it; left out: all. */
const optionals = {
  gameID: { words: 'a gameID' },
  freeSpin: { words: 'freeSpin', toldTo: 'movement' },
  freeSpinID: { words: 'a freeSpinID', toldTo: 'movement' },
  isBonusBuy: { words: 'isBonusBuy', toldTo: 'movement' },
  receipt: { words: 'a receipt', toldTo: 'movement' },
  session: { words: 'a session of the player', toldTo: 'player' },
  launchGame: { words: 'a game of the launch', toldTo: 'player' },
  launchCurrency: { words: 'a currency of the launch', toldTo: 'player' },
  bet: { words: 'the bet of the round', toldTo: 'round' },
  betReceipt: { words: 'a receipt of the bet of the round', toldTo: 'round' },
  sentWith: { words: 'a session of the original', toldTo: 'original' },
} as const satisfies Record<string, { words: string; toldTo?: ToldTo }>;
type Optional = keyof typeof optionals;
const names = Object.keys(optionals).filter((name): name is Optional => name in optionals);

export interface Shape {
  readonly has: ReadonlySet<Optional>;
  /** What is said of it where it stands out: "without a gameID". */
  readonly words: string;
  /** The call was sent before. */
  readonly repeat?: true;
}

/** What a call is told of. */
export interface Told {
  readonly movement: boolean;
  readonly player: boolean;
  readonly round: boolean;
  /** The session of what it is about. */
  readonly original: boolean;
  /** Its request may be another one when it is sent again. */
  readonly repeat: boolean;
  /** Left out where it is for free spins and others alike. */
  readonly freeSpin?: boolean | undefined;
  /** What the dialect's callbacks always say is not open, and what they never say neither. */
  readonly dialect: Dialect;
}

/** With all there is, which comes first; without each; with nothing that may be absent; and both ends again. */
export function shapesOf({ freeSpin, dialect, repeat, ...told }: Told): readonly Shape[] {
  const open = names.filter((name) => {
    if (name === 'gameID' && dialect.signsGameID) return false;
    if ((name === 'freeSpinID' || name === 'isBonusBuy') && !dialect.brings.has(name)) return false;
    const row: { words: string; toldTo?: ToldTo } = optionals[name];
    return (row.toldTo === undefined || told[row.toldTo]) && (name !== 'freeSpin' || freeSpin === undefined);
  });
  const fixed: Optional[] = [
    ...(freeSpin === true ? (['freeSpin'] as const) : []),
    ...(dialect.signsGameID ? (['gameID'] as const) : []),
  ];
  const shape = (has: readonly Optional[], words: string): Shape => ({ has: new Set([...fixed, ...has]), words });
  const again: readonly Shape[] = [
    { ...shape(open, 'when it is sent again'), repeat: true },
    { ...shape([], 'when it is sent again and brings nothing it may leave out'), repeat: true },
  ];
  return [
    shape(open, 'of a callback that brings all there is'),
    ...open.map((name) => shape(without(open, name), `without ${optionals[name].words}`)),
    shape([], 'of a callback that brings nothing it may leave out'),
    ...(repeat ? again : []),
  ];
}

/** What stands without its owner is not told: a bet's receipt is no receipt without the bet. */
const owners: Partial<Record<Optional, Optional>> = {
  launchGame: 'session',
  launchCurrency: 'session',
  betReceipt: 'bet',
};
const without = (all: readonly Optional[], name: Optional): Optional[] =>
  all.filter((other) => other !== name && owners[other] !== name);

/** One choice of all that a made-up callback names. */
export interface Values {
  readonly userID: string;
  readonly transactionID: string;
  readonly roundID: string;
  readonly refTransactionID: string;
  readonly gameID: string;
  readonly session: string;
  readonly receipt: string;
  /** As many as the platform's amounts and the wallet's unit both have. */
  readonly decimals: number;
}

const sessions = ['session-1', '1234567890', 'aaaa.bbbb.cccc'];
const receipts = ['receipt-1', '1234567890'];

/** Choices of ids an agent may see, the usual one first, and the same for each game a table of the file lists. */
export function choicesOf(
  { formats, currency }: Agent,
  { settings, wallet }: Pick<OperatorFile, 'settings' | 'wallet'>,
): {
  readonly ids: readonly Values[];
  readonly games: readonly Values[];
  /** False where the formats allow nothing that is made up here. */
  readonly areFitting: boolean;
} {
  const fit = identifiers.map((name) => fitting(name, formats));
  const [users = [], transactions = [], rounds = [], fittingGames = []] = fit;
  const pick = (from: readonly string[], at: number, otherwise: string): string => from[at % from.length] ?? otherwise;
  const decimals = Math.min(2, wallet.currencies[currency] ?? minorUnitDecimals(currency) ?? 2);
  const tables = Object.values(settings).filter((value) => typeof value === 'object' && value !== null);
  const listed = new Set(tables.flatMap((table) => Object.keys(table).slice(0, 3)));
  const unlisted = fittingGames.find((gameID) => !listed.has(gameID));
  const bets = fitting('refTransactionID', formats);
  const ids = Array.from({ length: Math.max(1, ...fit.map(({ length }) => length)) }, (_, at): Values => ({
    userID: pick(users, at, madeUp.userID[0]),
    transactionID: pick(transactions, at, madeUp.transactionID[0]),
    roundID: pick(rounds, at, madeUp.roundID[0]),
    refTransactionID: pick(bets, at, madeUp.refTransactionID[0]),
    gameID: unlisted ?? madeUp.gameID[0],
    session: pick(sessions, at, 'session-1'),
    receipt: pick(receipts, at, 'receipt-1'),
    decimals,
  }));
  const [usual] = ids;
  const games = [...listed].flatMap((gameID) => (usual === undefined ? [] : [{ ...usual, gameID }]));
  return { ids, games, areFitting: fit.every(({ length }) => length > 0) };
}

/** What a call is about; without `kind` it is a balance. */
export function subjectOf(
  { agentID, currency, dialect }: Agent,
  kind: MoneyKind | undefined,
  { has, repeat }: Shape,
  values: Values,
  reference: (id: string) => string,
): Subject {
  const { userID, transactionID, roundID } = values;
  const gameID = has.has('gameID') ? { gameID: values.gameID } : {};
  const player = { agentID, userID, ...gameID };
  const known = knownOf(has, values, currency, reference);
  if (kind === undefined) return { player, known };
  const amounts = {
    ...(kind !== 'deposit' && { bet: Money.of(1234n, values.decimals) }),
    ...(kind !== 'withdraw' && { win: Money.of(5678n, values.decimals) }),
  };
  const besides = {
    ...(has.has('freeSpin') && { freeSpin: true }),
    ...(has.has('freeSpinID') && { freeSpinID: 'free-spins-1' }),
    ...(has.has('isBonusBuy') && kind === 'withdraw' && { isBonusBuy: true }),
    ...(kind === 'deposit' && dialect.brings.has('refTransactionID') && { refTransactionID: values.refTransactionID }),
    ...(kind === 'deposit' && dialect.brings.has('endRound') && { endRound: true }),
  };
  const transaction: Transaction = {
    ...player,
    transactionID,
    fingerprint: 'made up',
    content: { kind, roundID, ...amounts, ...gameID, ...besides },
    state: 'claimed',
    legs: [],
    since: 0,
    tries: 0,
  };
  const leg = {
    kind,
    ...amounts,
    reference: reference(transactionID),
    ...(kind === 'betWin' && { winReference: reference(`${transactionID}-w`) }),
    undoReference: reference(`${transactionID}-r`),
    effect: 'none' as const,
    ...(repeat ? { sends: 2, undos: 2 } : { sends: 1, undos: 1 }),
    ...{ lastSend: 0, lastUndo: 0, vainSends: 0, vainUndos: 0, absentSince: 0 },
    ...(has.has('receipt') && { receipt: values.receipt }),
  };
  return { transaction, leg, known };
}

function knownOf(
  has: Shape['has'],
  { session, gameID, receipt, transactionID, decimals }: Values,
  currency: string,
  reference: (id: string) => string,
): Known {
  const launch = {
    ...(has.has('launchGame') && { gameID }),
    ...(has.has('launchCurrency') && { currency }),
  };
  const bet = {
    reference: reference(`${transactionID}-b`),
    ...(has.has('betReceipt') && { receipt }),
    amount: Money.of(1234n, decimals),
  };
  return {
    ...(has.has('session') && { session: { session, ...launch } }),
    ...(has.has('bet') && { bet }),
    ...(has.has('sentWith') && { sentWith: session }),
  };
}
