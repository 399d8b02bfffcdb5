// The mistakes bridges like this one are known for, each planted where it would be made. Should one of them not be found, the
// exploration proves nothing.

import type { MoneyCallback } from '../../src/domain/callback.js';
import type * as policy from '../../src/domain/policy.js';
import type { LegTerms, Terms } from '../../src/domain/terms.js';
import type * as moves from '../../src/domain/transaction.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';
import { legsOf } from '../../src/bridge/legs.js';
import type { Put } from './journal.js';
import { askAgain, scenario, type Budgets, type Scenario } from './scenario.js';
import type { WalletKind } from './wallet-kinds.js';

type Policy = typeof policy;
type Moves = typeof moves;

export interface PlantedMistake {
  readonly name: string;
  /** Where it shows. */
  readonly where: Scenario;
  /** The promise it breaks first. */
  readonly breaks: string;
  readonly policy?: (real: Policy) => Partial<Policy>;
  readonly moves?: (real: Moves) => Partial<Moves>;
  readonly journal?: (real: Put) => Put;
}

/** No more may come and go wrong than the mistake needs to show. */
const where = (kind: WalletKind, budgets: Partial<Budgets>, terms: Partial<Terms> = {}): Scenario =>
  scenario(kind, 'withdraw', {
    budgets: { faults: 1, crashes: 0, pauses: 0, journalFaults: 0, walletFaults: 0, refusals: 0, ...budgets },
    mostTasks: 2,
    terms,
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
      learn: (t, step, verdict) =>
        learn(t, step, verdict.kind === 'unknown' ? { kind: 'notApplied', because: verdict.because } : verdict),
    }),
  },
  {
    name: 'a write is not checked against the revision it was decided on',
    where: where('always', { pauses: 1 }),
    breaks: 'I5: told failed after it was told done',
    journal: (real) => (world, write) =>
      real(world, write.expected === 0 ? write : { ...write, expected: world.stored?.revision ?? write.expected }),
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
    where: where('none', { rollbacks: 0, walletFaults: 1 }, askAgain),
    breaks: 'I6: the wallet has an effect without a record',
    journal: (real) => (world, write) => {
      const { legs, lease } = write.transaction;
      if (lease !== undefined || legs.every(({ effect }) => effect !== 'unknown')) return real(world, write);
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
      learn(t, step, verdict) {
        const { goal: _goal, rolledBack: _rolledBack, ...forgetful } = t;
        return learn(t.state === 'claimed' ? forgetful : t, step, verdict);
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
];

/** As if nothing of it had ever been sent. */
function asNew({ since }: Transaction, callback: MoneyCallback, legs: readonly Leg[]): Transaction {
  const { agentID, transactionID, userID, fingerprint, content } = callback;
  const unsent = { effect: 'none', sends: 0, lastSend: 0, undos: 0, lastUndo: 0, absences: 0 } as const;
  return {
    agentID,
    transactionID,
    userID,
    fingerprint,
    content,
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
  return (real) => (world, write) => {
    const { written } = real(world, write);
    return isLate(write.transaction) ? { world, written } : real(world, write);
  };
}
