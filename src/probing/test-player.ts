// The player a probe plays as: movements sent through the operator's own mapping, each followed by a look at
// the balance. It judges nothing; it knows what the player has, and how to give all of it back.

import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { legsOf } from '../bridge/legs.js';
import { newTrace } from '../bridge/new-trace.js';
import type { Content } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type { Verdict } from '../domain/outcome.js';
import type { Wallet } from '../domain/ports.js';
import type { Terms } from '../domain/terms.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import type { Agent } from '../protocol/agent.js';

export type ProbedKind = 'withdraw' | 'deposit';
export type ProbedCall = 'send' | 'undo' | 'lookup';

/** How the wallet answered; `said` is the reply itself, short, where there was one. */
export interface Answer {
  readonly verdict: Verdict;
  readonly said: string | undefined;
}

/** One step: how each reply was read, and what the player's balance changed by. */
export interface Observed {
  readonly answers: readonly Answer[];
  readonly moved: Money;
  /** What it was about. */
  readonly amount: Money;
}

export interface ProbeSubject {
  readonly wallet: Wallet;
  readonly terms: Terms;
  readonly agent: Agent;
  readonly userID: string;
  /** Where the platform would name one. */
  readonly gameID: string | undefined;
  /** What else a callback says; of a win, which bet it is of. */
  readonly besides: (kind: ProbedKind, money: Money, refTransactionID: string) => Partial<Content>;
  readonly saidOf: (verdict: object) => string | undefined;
}

export interface Movement {
  readonly transaction: Transaction;
  readonly leg: Leg;
}

export class CannotProbe extends Error {}

const patient = { within: 60_000, mayStillSend: () => true, trace: newTrace() };
const mostTries = 40;
const looks = 3;
const betweenLooks = 500;

/** Every function rejects with CannotProbe, and for nothing else the wallet does. */
export function createTestPlayer({ wallet, terms, agent, userID, gameID, besides, saidOf }: ProbeSubject) {
  const game = gameID === undefined ? {} : { gameID };
  const player = { agentID: agent.agentID, userID, ...game };
  let balance = Money.zero;
  /** Bets that were taken, stand, and have had no win: a wallet may pay a win only for one of them. */
  let open: Transaction[] = [];
  const counts = new Map<string, Pick<Leg, 'sends' | 'undos'>>();

  async function look(): Promise<Money> {
    const verdict = await wallet.balance(player, patient);
    if (verdict.kind === 'balance') return (balance = verdict.balance);
    const why = verdict.kind === 'refused' ? `it is refused (${verdict.result})` : verdict.because;
    throw new CannotProbe(`the player’s balance cannot be read: ${why}${wordsOf(saidOf(verdict))}`);
  }

  /** A wallet that is away for a moment keeps nobody's money. */
  async function lookPatiently(tries = looks): Promise<Money> {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof CannotProbe) || tries <= 1) throw error;
      await new Promise((later) => setTimeout(later, betweenLooks));
      return lookPatiently(tries - 1);
    }
  }

  /** A call counts before it leaves, as on a record: by that the mapping knows a repeat. */
  function counted(call: ProbedCall, { transaction, leg }: Movement): Movement {
    const { sends, undos } = counts.get(transaction.transactionID) ?? leg;
    const now = { sends: sends + (call === 'send' ? 1 : 0), undos: undos + (call === 'undo' ? 1 : 0) };
    counts.set(transaction.transactionID, now);
    return withLeg(transaction, { ...leg, ...now });
  }

  /** Makes the call, so many copies at once. */
  async function make(call: ProbedCall, movement: Movement, copies = 1): Promise<Observed> {
    const { transaction, leg } = movement;
    const one = () => {
      const copy = counted(call, movement);
      return wallet[call](copy.transaction, copy.leg, patient);
    };
    const verdicts = await Promise.all(Array.from({ length: copies }, one));
    const before = balance;
    const moved = (await look()).minus(before);
    const others = open.filter(({ transactionID }) => transactionID !== transaction.transactionID);
    if (leg.kind === 'withdraw' && call !== 'lookup' && !moved.isZero())
      open = call === 'send' ? [...others, transaction] : others;
    const answers = verdicts.map((verdict) => ({ verdict, said: saidOf(verdict) }));
    return { answers, moved, amount: leg.bet ?? leg.win ?? Money.zero };
  }

  function referenceFor(id: string): string {
    try {
      return wallet.reference(id);
    } catch {
      throw new CannotProbe(`wallet.reference cannot make a reference of the made-up transactionID ${id}`);
    }
  }

  /** `of`: the bet that a win is of. */
  function movement(kind: ProbedKind, money: Money, of?: Transaction): Movement {
    const transactionID = idFor(agent, 'transactionID');
    const roundID = of?.content?.roundID ?? idFor(agent, 'roundID');
    const refTransactionID = of?.transactionID ?? transactionID;
    const told = besides(kind, money, refTransactionID);
    const content = { kind, roundID, ...(kind === 'withdraw' ? { bet: money } : { win: money }), ...game, ...told };
    const [leg] = legsOf(content, transactionID, terms, referenceFor);
    if (leg === undefined) throw new CannotProbe('what it was told to bet takes no money');
    const blank = { ...player, transactionID, fingerprint: '', content, legs: [], since: 0, tries: 0 };
    return withLeg({ ...blank, state: 'claimed' }, leg);
  }

  /** The win of a round in which a bet was taken just now, as wallets expect it. */
  async function winOf(money: () => Money, stake: Money): Promise<Movement> {
    const bet = movement('withdraw', stake);
    await make('send', bet);
    open = open.filter(({ transactionID }) => transactionID !== bet.transaction.transactionID);
    return movement('deposit', money(), bet.transaction);
  }

  /** First in rounds that are open: after a bet of everything there is nothing left for another one. */
  async function winUpTo(wanted: Money, stake: Money): Promise<void> {
    for (let tries = 0; tries < mostTries && balance.compare(wanted) < 0; tries += 1) {
      const missing = () => wanted.minus(balance);
      const bet = open.pop();
      const win = bet === undefined ? await winOf(missing, stake) : movement('deposit', missing(), bet);
      const { moved } = await make('send', win);
      if (bet === undefined && moved.isZero()) return;
    }
  }

  /** In smaller bets where the wallet takes no large one. */
  async function betDownTo(wanted: Money): Promise<void> {
    let piece = balance.minus(wanted);
    for (let tries = 0; tries < mostTries && piece.compare(Money.zero) > 0; tries += 1) {
      const { moved } = await make('send', movement('withdraw', piece));
      const left = balance.minus(wanted);
      if (moved.isZero()) piece = Money.of(piece.units / 2n, piece.decimals);
      if (left.compare(piece) < 0) piece = left;
    }
  }

  return {
    look,
    lookPatiently,
    make,
    movement,
    winOf,
    balance: () => balance,
    /** Wins or loses the player what is between, as far as the wallet allows it. */
    async bringTo(wanted: Money, stake: Money): Promise<void> {
      await winUpTo(wanted, stake);
      await betDownTo(wanted);
    },
  };
}

/** The movement with what its reply taught, as a record would keep it. */
export function landedBy({ transaction, leg }: Movement, { answers: [answer] }: Observed): Movement {
  const verdict = answer?.verdict;
  const receipt = verdict?.kind === 'applied' && verdict.receipt !== undefined ? { receipt: verdict.receipt } : {};
  return withLeg(transaction, { ...leg, effect: 'applied', ...receipt });
}

/** For the end of a sentence. */
export const wordsOf = (said: string | undefined): string => (said === undefined ? '' : `; the wallet said: ${said}`);

function withLeg(transaction: Transaction, leg: Leg): Movement {
  return { transaction: { ...transaction, legs: [leg] }, leg };
}

/** As the platform's look, in whichever shape the file's patterns take. */
function idFor({ formats }: Agent, field: 'transactionID' | 'roundID'): string {
  const shapes = [
    randomBytes(16).toString('hex'),
    String(randomInt(1, 10)) + Array.from({ length: 17 }, () => randomInt(0, 10)).join(''),
    randomUUID(),
  ];
  const fitting = shapes.find((text) => formats[field]?.(text) ?? true);
  if (fitting === undefined) throw new CannotProbe(`no made-up ${field} fits its pattern in platform.formats`);
  return fitting;
}
