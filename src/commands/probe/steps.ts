// What a wallet really does when it is asked twice, early, or in vain: movements of one test player, sent
// through the operator's own mapping, each followed by a look at the balance. It records what the wallet said
// and what happened, and judges neither. Its steps stand in one file, in the order in which they run.

import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { legsOf } from '../../bridge/legs.js';
import { Money } from '../../domain/money.js';
import type { Verdict } from '../../domain/outcome.js';
import type { Wallet } from '../../domain/ports.js';
import type { Terms } from '../../domain/terms.js';
import type { Leg, Transaction } from '../../domain/transaction.js';
import type { Agent } from '../../protocol/agent.js';
import { toldBesides } from '../samples/sample-callback.js';

export type ProbedKind = 'withdraw' | 'deposit';

/** One step: how each reply was read, and what the player's balance changed by. */
export interface Observed {
  readonly verdicts: readonly Verdict[];
  readonly moved: Money;
}

export interface KindObserved {
  readonly first: Observed;
  /** The same reference again. */
  readonly again: Observed;
  readonly atOnce: Observed;
  readonly lookup?: { readonly known: Observed; readonly unsent: Observed };
  readonly undo?: { readonly once: Observed; readonly again: Observed };
  /**
   * The undo of what was never sent, then the original, then the undo again. Not asked of an inverse, which
   * knows no original.
   */
  readonly early?: { readonly undo: Observed; readonly original: Observed; readonly undoAgain: Observed };
}

export interface RefusalObserved {
  readonly first: Observed;
  readonly again: Observed;
  /** Once more, when there was money for it; absent where that could not be brought about. */
  readonly covered?: Observed;
}

export interface Observations {
  readonly withdraw: KindObserved;
  readonly refusal: RefusalObserved;
  readonly deposit: KindObserved;
}

/**
 * `missing`: what the player has less than before, after all that could be put back was; absent where nobody
 * knows.
 */
export type Probed =
  | { readonly kind: 'probed'; readonly observations: Observations; readonly missing?: Money }
  | { readonly kind: 'cannot'; readonly because: string; readonly missing?: Money };

export interface ProbeSubject {
  readonly wallet: Wallet;
  readonly terms: Terms;
  readonly agent: Agent;
  readonly userID: string;
  /** The game it is played in, where the platform would name one. */
  readonly gameID: string | undefined;
  readonly amount: Money;
  /** Kinds whose undo names its original. */
  readonly undoesByName: ReadonlySet<ProbedKind>;
}

export const copiesAtOnce = 20;
/** The player must have so many times the amount. */
export const coverNeeded = 5n;

const patient = { within: 60_000, mayStillSend: () => true };
type Movement = { readonly transaction: Transaction; readonly leg: Leg };

class CannotProbe extends Error {}

/** Runs all steps, then puts back what they moved. Never rejects for anything the wallet does. */
export async function probeWallet(subject: ProbeSubject): Promise<Probed> {
  const { wallet, terms, agent, userID, gameID, amount, undoesByName } = subject;
  const game = gameID === undefined ? {} : { gameID };
  const player = { agentID: agent.agentID, userID, ...game };
  let balance = Money.zero;

  async function readBalance(): Promise<Money> {
    const verdict = await wallet.balance(player, patient);
    if (verdict.kind === 'balance') return verdict.balance;
    const why = verdict.kind === 'refused' ? `it is refused (${verdict.result})` : verdict.because;
    throw new CannotProbe(`the player’s balance cannot be read: ${why}`);
  }

  async function observe(...calls: readonly (() => Promise<Verdict>)[]): Promise<Observed> {
    const verdicts = await Promise.all(calls.map((call) => call()));
    const now = await readBalance();
    const moved = now.minus(balance);
    balance = now;
    return { verdicts, moved };
  }

  const send =
    ({ transaction, leg }: Movement) =>
    () =>
      wallet.send(transaction, leg, patient);
  const undo =
    ({ transaction, leg }: Movement) =>
    () =>
      wallet.undo(transaction, leg, patient);
  const lookup =
    ({ transaction, leg }: Movement) =>
    () =>
      wallet.lookup(transaction, leg, patient);

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
    const told = toldBesides(agent.dialect, kind, money, { refTransactionID: of?.transactionID ?? transactionID });
    const content = { kind, roundID, ...(kind === 'withdraw' ? { bet: money } : { win: money }), ...game, ...told };
    const [leg] = legsOf(content, transactionID, terms, referenceFor);
    if (leg === undefined) throw new CannotProbe('the amount is nothing');
    const blank = { ...player, transactionID, fingerprint: '', content, legs: [], since: 0, tries: 0 };
    return withLeg({ ...blank, state: 'claimed' }, leg);
  }

  /** A new movement of the kind; a win gets a round in which a bet was taken, as wallets expect it. */
  async function begin(kind: ProbedKind, money = () => amount): Promise<Movement> {
    if (kind === 'withdraw') return movement(kind, money());
    const stake = movement('withdraw', amount);
    await observe(send(stake));
    return movement(kind, money(), stake.transaction);
  }

  /** Sends it, and must see it happen: without that nothing else would mean anything. */
  async function land(kind: ProbedKind): Promise<{ landed: Movement; first: Observed }> {
    const fresh = await begin(kind);
    const first = await observe(send(fresh));
    const [verdict] = first.verdicts;
    const expected = kind === 'withdraw' ? amount.negated() : amount;
    if (verdict?.kind !== 'applied' || first.moved.compare(expected) !== 0)
      throw new CannotProbe(
        `a simple ${kind} of ${amount.toString()} was read as ${verdict === undefined ? 'nothing' : readAs(verdict)}, and the balance changed by ${first.moved.toString()}`,
      );
    return { landed: landedBy(fresh, first), first };
  }

  async function probeKind(kind: ProbedKind): Promise<KindObserved> {
    const { lookup: hasLookup, undo: undoTerms } = terms.legs[kind];
    const { landed, first } = await land(kind);
    const known = hasLookup ? await observe(lookup(landed)) : undefined;
    const again = await observe(send(landed));
    const many = await begin(kind);
    const atOnce = await observe(...Array.from({ length: copiesAtOnce }, () => send(many)));
    const unsent = await begin(kind);
    const strange = hasLookup ? await observe(lookup(unsent)) : undefined;
    const observed = { first, again, atOnce, ...(known && strange && { lookup: { known, unsent: strange } }) };
    if (undoTerms === undefined) return observed;

    const { landed: undone } = await land(kind);
    const undoing = { once: await observe(undo(undone)), again: await observe(undo(undone)) };
    if (!undoesByName.has(kind)) return { ...observed, undo: undoing };
    const early = await observe(undo(unsent));
    const original = await observe(send(unsent));
    const undoAgain = await observe(undo(landedBy(unsent, original)));
    return { ...observed, undo: undoing, early: { undo: early, original, undoAgain } };
  }

  async function probeRefusal(): Promise<RefusalObserved> {
    const tooMuch = balance.plus(amount);
    const above = movement('withdraw', tooMuch);
    const first = await observe(send(above));
    const again = await observe(send(above));
    if (!first.moved.isZero() || !again.moved.isZero()) return { first, again };
    await bringTo(tooMuch);
    return { first, again, ...(balance.compare(tooMuch) === 0 && { covered: await observe(send(above)) }) };
  }

  /** Wins or loses what is between, as far as the wallet lets the player. */
  async function bringTo(wanted: Money): Promise<void> {
    const way = wanted.compare(balance);
    if (way > 0) await observe(send(await begin('deposit', () => wanted.minus(balance))));
    if (way < 0) await observe(send(movement('withdraw', balance.minus(wanted))));
  }

  async function putBack(before: Money): Promise<Money | undefined> {
    try {
      balance = await readBalance();
      await bringTo(before);
      return before.minus(balance);
    } catch (error) {
      if (error instanceof CannotProbe) return undefined;
      throw error;
    }
  }

  let before: Money | undefined;
  const steps = async (): Promise<Probed> => {
    try {
      balance = await readBalance();
      const needed = Money.of(amount.units * coverNeeded, amount.decimals);
      if (balance.compare(needed) < 0)
        return {
          kind: 'cannot',
          because: `the player has ${balance.toString()}; the probe needs ${needed.toString()}`,
        };
      before = balance;
      const withdraw = await probeKind('withdraw');
      await bringTo(before);
      const refusal = await probeRefusal();
      await bringTo(before);
      return { kind: 'probed', observations: { withdraw, refusal, deposit: await probeKind('deposit') } };
    } catch (error) {
      if (error instanceof CannotProbe) return { kind: 'cannot', because: error.message };
      throw error;
    }
  };
  const probed = await steps();
  const missing = before === undefined ? Money.zero : await putBack(before);
  return missing === undefined ? probed : { ...probed, missing };
}

/** The movement with what its reply taught, as a record would keep it. */
function landedBy({ transaction, leg }: Movement, { verdicts: [verdict] }: Observed): Movement {
  const receipt = verdict?.kind === 'applied' && verdict.receipt !== undefined ? { receipt: verdict.receipt } : {};
  return withLeg(transaction, { ...leg, sends: 1, effect: 'applied', ...receipt });
}

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

/** A verdict in one phrase. */
export function readAs(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'refused':
      return `refused (${verdict.result})`;
    case 'notApplied':
    case 'unknown':
      return `${verdict.kind} (${verdict.because})`;
    case 'applied':
    case 'duplicate':
    case 'notFound':
    case 'alreadyRolledBack':
      return verdict.kind;
  }
}
