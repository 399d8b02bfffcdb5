// What a wallet really does when it is asked twice, early, or in vain. The steps are in the order they are
// made; what each showed is kept at once, so that a probe that must stop still says what it has learned. It
// records what the wallet said and what happened, and judges neither.

import { Money } from '../domain/money.js';
import {
  CannotProbe,
  createTestPlayer,
  landedBy,
  wordsOf,
  type Movement,
  type Observed,
  type ProbedCall,
  type ProbedKind,
  type ProbeSubject,
} from './test-player.js';
import { shownMoney, readAs } from './wording.js';

/** Of a bet or win. */
export type KindStep =
  | 'first'
  /** Asks after it. */
  | 'lookup'
  /** The same reference again. */
  | 'again'
  | 'atOnce'
  | 'lookupUnsent'
  | 'undo'
  | 'undoAgain'
  /**
   * The undo of what was never sent, then the original, then the undo again. Not asked of an inverse, which
   * knows no original.
   */
  | 'earlyUndo'
  | 'lateOriginal'
  | 'lateUndo';

/** Of bets that take all the player has, or more. */
export type FundsStep =
  | 'all'
  | 'allAgain'
  | 'above'
  | 'aboveAgain'
  /** The refused one once more, when there was money for it. */
  | 'covered'
  /** The same amount under a new reference: what refuses this, too, remembers nothing. */
  | 'control';

export type Seen<Step extends string> = Readonly<Partial<Record<Step, Observed>>>;
/** What is absent was not done. */
export interface Observations {
  readonly withdraw: Seen<KindStep>;
  readonly funds: Seen<FundsStep>;
  readonly deposit: Seen<KindStep>;
}

export interface Probed {
  readonly seen: Observations;
  /** Why it ended before its time. */
  readonly stopped?: string;
  /** What the player has less than before, after all that could be put back was; absent where nobody knows. */
  readonly missing?: Money;
}

export interface ProbeOrder extends ProbeSubject {
  readonly amount: Money;
  /** Kinds whose undo names its original. */
  readonly undoesByName: ReadonlySet<ProbedKind>;
  /** Asked before each step: whether somebody wants it to end. */
  readonly mustEnd: () => boolean;
}

export const copiesAtOnce = 20;
/** The player must have so many times the amount. */
export const coverNeeded = 5n;

type Filled<Step extends string> = Partial<Record<Step, Observed>>;

/** Runs all steps, then puts back what they moved. Never rejects for anything the wallet does. */
export async function probeWallet(order: ProbeOrder): Promise<Probed> {
  const { terms, amount, undoesByName, mustEnd } = order;
  const player = createTestPlayer(order);
  const needed = Money.of(amount.units * coverNeeded, amount.decimals);
  const seen = { withdraw: {}, funds: {}, deposit: {} } satisfies Observations;

  /** The step, made and kept. */
  function keeping<Step extends string>(kept: Filled<Step>) {
    return async (step: Step, call: ProbedCall, movement: Movement, copies = 1): Promise<Observed> => {
      if (mustEnd()) throw new CannotProbe('it was told to end');
      const observed = await player.make(call, movement, copies);
      kept[step] = observed;
      return observed;
    };
  }

  const begin = async (kind: ProbedKind): Promise<Movement> =>
    kind === 'withdraw' ? player.movement(kind, amount) : player.winOf(() => amount, amount);

  /** Must be seen to happen: without that nothing else would mean anything. */
  function landed(kind: ProbedKind, movement: Movement, observed: Observed): Movement {
    const [answer] = observed.answers;
    const expected = kind === 'withdraw' ? amount.negated() : amount;
    if (answer?.verdict.kind !== 'applied' || observed.moved.compare(expected) !== 0)
      throw new CannotProbe(
        `a simple ${kind} of ${shownMoney(amount)} was read as ${answer === undefined ? 'nothing' : readAs(answer.verdict)}, and the balance changed by ${shownMoney(observed.moved)}${wordsOf(answer?.said)}`,
      );
    return landedBy(movement, observed);
  }

  async function probeKind(kind: ProbedKind, kept: Filled<KindStep>): Promise<void> {
    const { lookup, undo } = terms.legs[kind];
    const step = keeping(kept);
    const fresh = await begin(kind);
    const known = landed(kind, fresh, await step('first', 'send', fresh));
    if (lookup) await step('lookup', 'lookup', known);
    await step('again', 'send', known);
    await step('atOnce', 'send', await begin(kind), copiesAtOnce);
    const unsent = await begin(kind);
    if (lookup) await step('lookupUnsent', 'lookup', unsent);
    if (undo === undefined) return;

    const another = await begin(kind);
    const undone = landed(kind, another, await player.make('send', another));
    // Its undo is to take all there is: a wallet may look for the money before it looks whether that is done.
    if (kind === 'deposit') await player.bringTo(amount, amount);
    await step('undo', 'undo', undone);
    await step('undoAgain', 'undo', undone);
    if (!undoesByName.has(kind)) return;
    await step('earlyUndo', 'undo', unsent);
    const original = await step('lateOriginal', 'send', unsent);
    await step('lateUndo', 'undo', landedBy(unsent, original));
  }

  /** With little money, so that no limit of a bet is in the way. */
  async function probeFunds(kept: Filled<FundsStep>): Promise<void> {
    const step = keeping(kept);
    await player.bringTo(needed, amount);
    const all = player.movement('withdraw', player.balance());
    await step('all', 'send', all);
    await step('allAgain', 'send', all);
    await player.bringTo(needed, amount);

    const tooMuch = player.balance().plus(amount);
    const above = player.movement('withdraw', tooMuch);
    const first = await step('above', 'send', above);
    const again = await step('aboveAgain', 'send', above);
    if (!first.moved.isZero() || !again.moved.isZero()) return;
    await player.bringTo(tooMuch, amount);
    if (player.balance().compare(tooMuch) !== 0) return;
    const covered = await step('covered', 'send', above);
    if (covered.moved.isZero()) await step('control', 'send', player.movement('withdraw', tooMuch));
  }

  async function putBack(before: Money): Promise<Money | undefined> {
    try {
      await player.lookPatiently();
      await player.bringTo(before, amount);
      return before.minus(player.balance());
    } catch (error) {
      if (error instanceof CannotProbe) return undefined;
      throw error;
    }
  }

  let before: Money | undefined;
  async function stoppedBy(): Promise<string | undefined> {
    try {
      const has = await player.look();
      if (has.compare(needed) < 0) return `the player has ${shownMoney(has)}; the probe needs ${shownMoney(needed)}`;
      before = has;
      await probeKind('withdraw', seen.withdraw);
      await player.bringTo(before, amount);
      await probeFunds(seen.funds);
      await player.bringTo(before, amount);
      await probeKind('deposit', seen.deposit);
      return undefined;
    } catch (error) {
      if (error instanceof CannotProbe) return error.message;
      throw error;
    }
  }
  const stopped = await stoppedBy();
  const missing = before === undefined ? Money.zero : await putBack(before);
  return { seen, ...(stopped !== undefined && { stopped }), ...(missing !== undefined && { missing }) };
}
