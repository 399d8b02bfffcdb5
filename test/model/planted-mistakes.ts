// The mistakes bridges like this one are known for, each planted where it would be made. Should one of them
// not be found, the exploration proves nothing.

import type * as sendWindows from '../../src/bridge/send-window.js';
import type { MoneyCallback } from '../../src/domain/callback.js';
import type * as home from '../../src/domain/home.js';
import type * as onCallback from '../../src/domain/policy/on-callback.js';
import type * as onReply from '../../src/domain/policy/on-reply.js';
import type * as plans from '../../src/domain/policy/plan.js';
import type { LegTerms, Terms } from '../../src/domain/terms.js';
import type * as moves from '../../src/domain/transaction.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';
import { legsOf } from '../../src/bridge/legs.js';
import type { Put } from './journal.js';
import {
  askAgain,
  nothingLeft,
  scenario,
  type Budgets,
  type Operation,
  type Scenario,
  type ScenarioChange,
} from './scenario.js';
import type { WalletKind } from './wallet-kinds.js';

export type Policy = typeof onCallback & typeof onReply & typeof plans & typeof home;
type Moves = typeof moves;
type SendWindows = typeof sendWindows;

export interface PlantedMistake {
  readonly name: string;
  /** Where it shows. */
  readonly where: Scenario;
  /** The promise it breaks first. */
  readonly breaks: string;
  readonly policy?: (real: Policy) => Partial<Policy>;
  readonly moves?: (real: Moves) => Partial<Moves>;
  readonly clocks?: (real: SendWindows) => Partial<SendWindows>;
  readonly journal?: (real: Put) => Put;
}

/** No more may come and go wrong than the mistake needs to show. */
const where = (
  kind: WalletKind,
  budgets: Partial<Budgets>,
  { operation = 'withdraw', ...change }: ScenarioChange & { operation?: Operation } = {},
): Scenario =>
  scenario(kind, operation, {
    ...change,
    budgets: {
      ...nothingLeft,
      originals: 2,
      rollbacks: 1,
      faults: 1,
      ...budgets,
    },
    mostTasks: 2,
  });

export const plantedMistakes: readonly PlantedMistake[] = [
  {
    name: 'a lease that ran out is taken for a free slot',
    where: where('none', { rollbacks: 0, crashes: 1 }),
    breaks: 'I1: the wallet applied one leg twice',
    policy: ({ onDelivery }) => ({
      onDelivery: (t, callback, terms, at) =>
        t.state === 'claimed' && t.lease !== undefined && t.lease.until <= at.now
          ? { kind: 'drive', transaction: asNew(t, callback, t.legs) }
          : onDelivery(t, callback, terms, at),
    }),
  },
  {
    name: 'a rollback of something unknown leaves no tombstone',
    where: where('always', {}),
    breaks: 'I4: the platform was told it has no effect, and the record says otherwise',
    policy: ({ onDelivery }) => ({
      onDelivery: (t, callback, terms, at) =>
        t.fingerprint === ''
          ? {
              kind: 'drive',
              transaction: asNew(
                t,
                callback,
                legsOf(callback.content, t.transactionID, terms, (id) => id),
              ),
            }
          : onDelivery(t, callback, terms, at),
    }),
  },
  {
    name: 'a copy is told "done" while the first is in flight',
    where: where('always', { rollbacks: 0 }),
    breaks: 'I3: told done before that was stored',
    policy: ({ onDelivery }) => ({
      onDelivery(t, callback, terms, at) {
        const decision = onDelivery(t, callback, terms, at);
        return decision.kind === 'wait'
          ? { kind: 'answer', reply: { kind: 'success', duplicate: true, balance: undefined } }
          : decision;
      },
    }),
  },
  {
    name: 'a timeout is read as "not applied"',
    where: where('always', { walletFaults: 1 }),
    breaks: 'I6: the record is refused, the wallet has an effect',
    policy: ({ learn }) => ({
      learn: (t, step, verdict, now) =>
        learn(t, step, verdict.kind === 'unknown' ? { kind: 'notApplied', because: verdict.because } : verdict, now),
    }),
  },
  {
    name: 'an undo that knows is asked for while the bet may still land, and remembers its "never seen"',
    where: where('undoKnowsAlways', { originals: 1, rollbacks: 0, walletFaults: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    policy: ({ plan }) => ({ plan: (t, terms, now) => plan(t, askedEarly(terms), now) }),
  },
  {
    name: 'an undo that knows is believed while the bet may still land',
    where: where('undoKnows', { originals: 1, rollbacks: 0, walletFaults: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    policy: ({ plan, learn }) => ({
      plan: (t, terms, now) => plan(t, askedEarly(terms), now),
      learn: (t, step, verdict, now) => {
        const once = learn(t, step.kind === 'undo' ? { ...step, settled: true } : step, verdict, now);
        const believes = step.kind === 'undo' && verdict.kind === 'notFound';
        return believes ? learn(once, { ...step, settled: true }, verdict, now) : once;
      },
    }),
  },
  {
    name: 'a write is not checked against the revision it was decided on',
    where: where('always', { pauses: 1 }),
    breaks: 'I5: told failed after it was told done',
    journal: (real) => (world, write, isFull) =>
      real(
        world,
        write.expected === 0 ? write : { ...write, expected: world.stored?.revision ?? write.expected },
        isFull,
      ),
  },
  {
    name: 'a "not found" counts before the call can have settled',
    where: where('lookup', { walletFaults: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    policy: ({ plan }) => ({
      plan: (t, terms, now) => plan(t, { ...terms, legs: atOnce(terms.legs) }, now),
    }),
  },
  {
    name: 'a rollback of a call in flight is answered "not found"',
    where: where('always', {}),
    breaks: 'I4: a rollback was answered as done, and no record of that is stored',
    policy: ({ onRollback }) => ({
      onRollback(t, callback, terms, at) {
        const decision = onRollback(t, callback, terms, at);
        return decision.kind === 'wait'
          ? { kind: 'answer', reply: { kind: 'failure', result: 'transactionNotFound' } }
          : decision;
      },
    }),
  },
  {
    name: 'the record is deleted when the call fails',
    where: where('none', { rollbacks: 0, walletFaults: 1 }, { terms: askAgain }),
    breaks: 'I6: the wallet has an effect without a record',
    journal: (real) => (world, write, isFull) => {
      const { legs, lease } = write.transaction;
      if (lease !== undefined || legs.every(({ effect }) => effect !== 'unknown')) return real(world, write, isFull);
      const { stored: _stored, due: _due, ...rest } = world;
      return { world: rest, written: { kind: 'done', revision: write.expected + 1 } };
    },
  },
  {
    name: 'a refusal is told and not stored',
    where: where('always', { rollbacks: 0, refusals: 1 }),
    breaks: 'I4: told failed before that was stored',
    journal: before(({ state }) => state === 'refused'),
  },
  {
    name: 'the owner forgets the void a rollback left him',
    where: where('always', { pauses: 1 }),
    breaks: 'I5: told done after its rollback was told done',
    policy: ({ learn }) => ({
      learn(t, step, verdict, now) {
        const { goal: _goal, rolledBack: _rolledBack, ...forgetful } = t;
        return learn(t.state === 'claimed' ? forgetful : t, step, verdict, now);
      },
    }),
  },
  {
    name: '"done" is told before it is stored',
    where: where('always', { rollbacks: 0 }),
    breaks: 'I3: told done before that was stored',
    journal: before(({ state }) => state === 'applied'),
  },
  {
    name: '"failed" is told before it is stored',
    where: where('none', { rollbacks: 0, walletFaults: 1 }),
    breaks: 'I4: told failed before that was stored',
    journal: before(({ goal, promised }) => goal === 'void' && promised === true),
  },
  {
    name: 'a delivery that comes after a void is a fresh attempt',
    where: where('always', {}),
    breaks: 'I4: the platform was told it has no effect, and the record says otherwise',
    policy: ({ onDelivery }) => ({
      onDelivery: (t, callback, terms, at) =>
        t.state === 'reversed' || (t.state === 'cancelled' && t.fingerprint !== '')
          ? { kind: 'drive', transaction: asNew(t, callback, t.legs) }
          : onDelivery(t, callback, terms, at),
    }),
  },
  {
    name: 'a held record forgets its goal',
    where: where('none', { walletFaults: 1 }),
    breaks: 'I4: the platform was told it has no effect, and the record says otherwise',
    moves: ({ hold }) => ({
      hold(t, because) {
        const { goal: _goal, ...held } = hold(t, because);
        return held;
      },
    }),
  },
  {
    name: 'an unknown send is undone before it is sent once more',
    where: where('always', { walletFaults: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    policy: ({ plan }) => ({
      plan(t, terms, now) {
        const step = plan(t, terms, now);
        return step.kind === 'send' && t.goal === 'void' ? { ...step, kind: 'undo' } : step;
      },
    }),
  },
  {
    name: 'an undo leaves before it is stored that it may have',
    where: where('none', { crashes: 1 }),
    breaks: 'I2: the wallet undid what it never applied, or undid it twice',
    policy: ({ intend }) => ({
      intend: (t, step, lease) => (step.kind === 'undo' ? { ...t, lease } : intend(t, step, lease)),
    }),
  },
  {
    name: 'evidence is counted, not spaced: two looks in a row prove that a reference is not there',
    where: where('lookup', { faults: 2, rollbacks: 0, walletFaults: 1, blinks: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    policy: ({ plan }) => ({
      plan: (t, terms, now) => plan({ ...t, legs: t.legs.map((leg) => ({ ...leg, absentSince: 0 })) }, terms, now),
    }),
  },
  {
    name: 'an undo’s first "I have that already" is taken for its being done',
    where: where('successes', { clashes: 1 }),
    breaks: 'I6: the record is reversed, the wallet has an effect',
    policy: ({ learn }) => ({
      learn: (t, step, verdict, now) =>
        learn(t, step, step.kind === 'undo' && verdict.kind === 'duplicate' ? { kind: 'applied' } : verdict, now),
    }),
  },
  {
    name: 'that a cancellation is not found is taken for its not being made',
    where: where('findsUndo', { walletFaults: 1 }),
    breaks: 'I2: the wallet undid what it never applied, or undid it twice',
    policy: ({ learn }) => ({
      learn: (t, step, verdict, now) => learn(t, { ...step, absenceProves: true }, verdict, now),
    }),
  },
  {
    name: 'a record is worked on with whatever wallet its agent has',
    where: where('always', { moves: 1 }),
    breaks: 'I6: another wallet was called than the record’s own',
    policy: () => ({ isElsewhere: () => false }),
  },
  {
    name: 'only the clock that stands still while the machine sleeps is asked whether a lease is over',
    where: where('lookup', { rollbacks: 0, suspends: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    clocks: () => ({ isOver: ({ monotonic }, window) => monotonic() >= window.monotonic }),
  },
  {
    name: 'no clock is asked before a send',
    where: where('lookup', { rollbacks: 0, pauses: 1 }),
    breaks: 'I6: the record is cancelled, the wallet has an effect',
    clocks: () => ({ isOver: () => false }),
  },
  {
    name: 'a duty the bridge took on when a lease ran out is told as done',
    where: where('always', { rollbacks: 0, crashes: 1 }, { operation: 'deposit', terms: askAgain }),
    breaks: 'I3: told done before that was stored',
    policy: ({ onDelivery }) => ({
      onDelivery: (t, callback, terms, at) =>
        onDelivery(t.goal === 'deliver' ? { ...t, promised: true } : t, callback, terms, at),
    }),
  },
  {
    name: 'more is told as done than may be owed',
    where: where('always', { rollbacks: 0, walletFaults: 1 }, { operation: 'deposit', isFull: true }),
    breaks: 'I3: told done, and no more might be owed',
    journal: (real) => (world, write) => real(world, write, false),
  },
];

/** As if nothing of it had ever been sent. */
function asNew({ since, home }: Transaction, callback: MoneyCallback, legs: readonly Leg[]): Transaction {
  const { agentID, transactionID, userID, fingerprint, content } = callback;
  const unsent = { effect: 'none', sends: 0, lastSend: 0, undos: 0, lastUndo: 0, absentSince: 0 } as const;
  return {
    agentID,
    transactionID,
    userID,
    fingerprint,
    content,
    home: home ?? { operator: 'northstar', origin: 'first' },
    state: 'claimed',
    legs: legs.map((leg) => ({ ...leg, ...unsent })),
    since,
    tries: 0,
  };
}

function atOnce(legs: Terms['legs']): Terms['legs'] {
  const impatient = (terms: LegTerms): LegTerms => ({ ...terms, settle: 0 });
  return { withdraw: impatient(legs.withdraw), deposit: impatient(legs.deposit), betWin: impatient(legs.betWin) };
}

/** A journal that says "done" to these, and writes them later or never. */
function before(isLate: (t: Transaction) => boolean): (real: Put) => Put {
  return (real) => (world, write, isFull) => {
    const { written } = real(world, write, isFull);
    return isLate(write.transaction) ? { world, written } : real(world, write, isFull);
  };
}

/** As if the wallet never applied what it was asked to undo. */
function askedEarly(terms: Terms): Terms {
  const early = (leg: LegTerms): LegTerms => (leg.undo ? { ...leg, undo: { ...leg.undo, cancelFirst: true } } : leg);
  const { withdraw, deposit, betWin } = terms.legs;
  return { ...terms, legs: { withdraw: early(withdraw), deposit: early(deposit), betWin: early(betWin) } };
}
