// Made-up callbacks for looking at a mapping: `check` runs a file's examples with them, `explain` shows what
// the wallet would get. They go through the same rendering as real ones, and never leave the process.

import { legsOf } from '../../bridge/legs.js';
import type { Content, MoneyKind } from '../../domain/callback.js';
import { Money } from '../../domain/money.js';
import type { BalanceVerdict, Verdict } from '../../domain/outcome.js';
import type { Leg, Transaction } from '../../domain/transaction.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { fitting, madeUp, type Identifier } from '../../operators/made-up.js';
import type { Agent } from '../../protocol/agent.js';
import type { Dialect } from '../../protocol/dialects/dialect.js';
import { didYouMean } from '../../yaml/did-you-mean.js';
import { callFor } from '../../wallet/call-for.js';
import type { Known, Subject } from '../../wallet/compiled-wallet.js';
import type { MappedCall } from '../../mapping/mapping.js';

export const sampleOperations = [
  'getBalance',
  'withdraw',
  'deposit',
  'betWin',
  'freeSpin',
  'closeRound',
  'rollback',
  'lookup',
] as const;
export interface SampleRequest {
  readonly operation: (typeof sampleOperations)[number];
  /** Of a rollback or lookup: what it is about. */
  readonly of?: MoneyKind | undefined;
  /**
   * The callback's fields, as text; what is not given is made up. `session`, `bet`: what is known of the
   * player and of the round. `repeat`: "true" where the call was sent before.
   */
  readonly fields: Readonly<Record<string, string>>;
}
export interface SampleCall {
  /** "withdraw", "undo of a withdraw", … */
  readonly title: string;
  readonly subject: Subject;
  readonly call: MappedCall<Verdict | BalanceVerdict>;
}
export type Sampled =
  | {
      readonly calls: readonly SampleCall[];
      /** The clock, epoch ms. */
      readonly now: number;
      readonly uuid: () => string;
    }
  | { readonly because: string };

/** What `uuid()` is here, so that a reply which must echo an id can be written down. */
export const sampleUuid = (): string => '11111111-2222-4333-8444-555555555555';

/** An id of the kind in a shape the agent takes, as far as there is one here. */
export function madeUpID({ formats }: Agent, name: Identifier): string {
  return fitting(name, formats)[0] ?? madeUp[name][0];
}

const known: readonly string[] = [
  'agentID',
  'userID',
  'transactionID',
  'roundID',
  'amount',
  'betAmount',
  'winAmount',
  'gameID',
  'freeSpin',
  'receipt',
  'repeat',
  'session',
  'original.session',
  'bet',
  'round.bet.reference',
  'round.bet.receipt',
  'round.bet.amount',
  'now',
  'uuid',
];

/**
 * The wallet calls of one made-up callback, or why there are none. `now`: the clock where the fields give
 * none.
 */
export function sampleCalls(operator: CompiledOperator, request: SampleRequest, now = 0): Sampled {
  const called = callsFor(operator, request);
  if ('because' in called) return called;
  const { now: clock, uuid = sampleUuid() } = request.fields;
  const moment = clock === undefined ? now : momentOf(clock);
  if (moment === undefined) return { because: 'now is no time; expected epoch milliseconds or 2026-01-31T12:00:00Z' };
  return { ...called, now: moment, uuid: () => uuid };
}

function momentOf(text: string): number | undefined {
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT.*Z$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function callsFor(
  { agents, terms, wallet }: CompiledOperator,
  { operation, of, fields }: SampleRequest,
): { readonly calls: readonly SampleCall[] } | { readonly because: string } {
  const agent = agents.find(({ agentID }) => fields['agentID'] === undefined || agentID === fields['agentID']);
  if (agent === undefined) return { because: 'the file has no agent with this agentID' };
  const expected = [...known, ...agent.dialect.brings];
  const stranger = Object.keys(fields).find((name) => !expected.includes(name));
  if (stranger !== undefined)
    return {
      because: `unknown field "${stranger}"${didYouMean(stranger, expected)}; expected one of ${expected.join(', ')}`,
    };
  const identifier = (name: Identifier): string => fields[name] ?? madeUpID(agent, name);
  const { gameID: given, receipt } = fields;
  if (fields['repeat'] !== undefined && !['true', 'false'].includes(fields['repeat']))
    return { because: 'repeat is neither yes nor no; expected true or false' };
  const gameID = given ?? (agent.dialect.signsGameID ? identifier('gameID') : undefined);
  const player = { agentID: agent.agentID, userID: identifier('userID'), ...(gameID === undefined ? {} : { gameID }) };
  // Only who says a session has one: a made-up one would show a request that no player without it gets.
  const launched = fields['session'] === '' ? undefined : fields['session'];
  const session =
    launched === undefined ? {} : { session: { session: launched, ...(given === undefined ? {} : { gameID: given }) } };
  if (operation === 'getBalance')
    return { calls: [{ title: operation, subject: { player, known: session }, call: wallet.balance }] };

  const kind = kindOf(operation, of);
  if (operation === 'freeSpin' && wallet.freeSpin === undefined) return { because: 'the file has no freeSpin' };
  const made = contentOf(kind, agent.dialect, {
    ...fields,
    ...(operation === 'freeSpin' && { freeSpin: 'true' }),
    roundID: identifier('roundID'),
    refTransactionID: identifier('refTransactionID'),
  });
  if ('because' in made) return made;
  const content: Content = gameID === undefined ? made : { ...made, gameID };
  const transactionID = identifier('transactionID');
  const times = fields['repeat'] === 'true' ? 2 : 1;
  const legs = legsOf(content, transactionID, terms, (id) => wallet.reference(id)).map((leg) => ({
    ...leg,
    ...(receipt !== undefined && { receipt }),
    ...(operation === 'rollback' ? { sends: 1, undos: times } : { sends: times }),
  }));
  const transaction: Transaction = {
    ...player,
    transactionID,
    fingerprint: 'sample',
    content,
    state: 'claimed',
    legs,
    since: 0,
    tries: 0,
  };
  const which = operation === 'rollback' ? 'undo' : operation === 'lookup' ? 'lookup' : 'send';
  const closing = operation === 'closeRound';
  // Where nothing else is said the player still has it.
  const before = fields['original.session'] ?? launched;
  const sentWith = before === undefined || before === '' ? {} : { sentWith: before };
  const calls: SampleCall[] = [];
  for (const leg of legs) {
    const call = closing ? wallet.closeRound?.call : callFor(wallet, which, transaction, leg);
    const title = closing ? operation : which === 'send' ? leg.kind : `${which} of a ${leg.kind}`;
    if (call === undefined) return { because: `the file has no ${title}` };
    const bet = knownBet(
      legs.find((other) => other !== leg && other.bet !== undefined),
      fields,
    );
    calls.push({ title, subject: { transaction, leg, known: { ...session, ...bet, ...sentWith } }, call });
  }
  return calls.length > 0 ? { calls } : { because: 'no money moves, so the wallet is not called' };
}

function kindOf(operation: Exclude<SampleRequest['operation'], 'getBalance'>, of: MoneyKind | undefined): MoneyKind {
  switch (operation) {
    case 'rollback':
    case 'lookup':
      return of ?? 'withdraw';
    case 'closeRound':
      return of ?? 'deposit';
    case 'freeSpin':
      return 'withdraw';
    case 'withdraw':
    case 'deposit':
    case 'betWin':
      return operation;
  }
}

/** The bet a win belongs to: its own transaction's, else one under the reference that is given. */
function knownBet(own: Leg | undefined, fields: Readonly<Record<string, string>>): Known {
  const { bet, betAmount } = fields;
  const amount = own?.bet ?? Money.parse(fields['round.bet.amount'] ?? betAmount ?? '12.30');
  const named = own?.reference ?? fields['round.bet.reference'] ?? bet;
  const receipt = fields['round.bet.receipt'];
  return amount === undefined || named === undefined
    ? {}
    : { bet: { reference: named, amount, ...(receipt !== undefined && { receipt }) } };
}

/** What a callback of the dialect with these fields would say. */
function contentOf(
  kind: MoneyKind,
  dialect: Dialect,
  fields: Readonly<Record<string, string>> & { readonly roundID: string; readonly refTransactionID: string },
): Content | { because: string } {
  const { roundID, freeSpin } = fields;
  const bet = Money.parse((kind === 'betWin' ? fields['betAmount'] : fields['amount']) ?? '12.30');
  const win = Money.parse((kind === 'betWin' ? fields['winAmount'] : fields['amount']) ?? '12.30');
  if (bet === undefined || win === undefined)
    return { because: 'an amount that cannot be read; expected plain decimals such as 12.30' };
  if (bet.units < 0n || win.units < 0n)
    return { because: 'an amount below zero, which no callback has; expected plain decimals such as 12.30' };
  return {
    kind,
    roundID,
    ...(kind === 'deposit' ? {} : { bet }),
    ...(kind === 'withdraw' ? {} : { win }),
    ...toldBesides(dialect, kind, bet, fields),
    ...(freeSpin === undefined ? {} : { freeSpin: freeSpin === 'true' }),
  };
}

/** What only some dialects tell, by fields as a callback has them; a win that says nothing ends its round. */
export function toldBesides(
  { brings, besides }: Dialect,
  kind: MoneyKind,
  bet: Money,
  fields: Readonly<Record<string, string>> & { readonly refTransactionID: string },
): Partial<Content> {
  const { refTransactionID } = fields;
  const truths: Readonly<Record<string, boolean>> = { true: true, false: false };
  const members = Object.entries({ isBonusBuy: 'false', endRound: 'true', ...fields });
  return {
    ...(kind === 'deposit' && brings.has('refTransactionID') && { refTransactionID }),
    ...besides(kind, Object.fromEntries(members.map(([name, text]) => [name, truths[text] ?? text])), bet),
  };
}
