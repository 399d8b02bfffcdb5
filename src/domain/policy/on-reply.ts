// Table 2 of the promise: the wallet has answered, and what that proves is put on record. Only an explicit
// yes is a yes and only an explicit no is a no, and a no counts only where it came late enough after
// everything that may still land.

import type { Money } from '../money.js';
import { assertNever, type Refusal, type Verdict } from '../outcome.js';
import { movedBack, movedBy } from '../moved-balance.js';
import {
  conclude,
  hold,
  refuse,
  sendsInDoubt,
  undosInDoubt,
  withLeg,
  withoutLease,
  type Leg,
  type Transaction,
} from '../transaction.js';
import { undoUnknown, type WalletStep } from './plan.js';

/**
 * Table 2: what the wallet's reply to `step`, heard at `now`, makes of the record. A verdict that proves
 * nothing leaves it as it was.
 */
export function learn(t: Transaction, step: WalletStep, verdict: Verdict, now: number): Transaction {
  const leg = t.legs[step.leg];
  if (leg === undefined) throw new Error(`transaction ${t.transactionID} has no leg ${step.leg}`);
  const heard = over(t, step, verdict);
  const next = learnBy(heard, step, leg, verdict, now);
  const state = next.state === 'claimed' && next.goal !== undefined ? 'open' : next.state;
  const reported = 'balance' in verdict ? verdict.balance : undefined;
  // The balance that was told with a duty has what is still to be delivered in it already.
  const isTold = t.goal === 'deliver' && t.promised === true;
  const balance = isTold ? (state === 'applied' ? reported : undefined) : (reported ?? movedBalance(heard, next));
  return { ...next, state, ...(balance && { balance }) };
}

function learnBy(t: Transaction, step: WalletStep, leg: Leg, verdict: Verdict, now: number): Transaction {
  switch (step.kind) {
    case 'send':
    case 'lookup':
      return learnEffect(t, step, leg, verdict, now);
    case 'undo':
      return learnUndo(t, step, leg, verdict, now);
    case 'lookupUndo':
      return learnOfUndo(t, step, leg, verdict, now);
    default:
      return assertNever(step.kind);
  }
}

/** The balance on record, moved by what is known to have moved since it was reported. */
function movedBalance(before: Transaction, after: Transaction): Money | undefined {
  return before.legs.reduce((balance, leg, i) => {
    const effect = after.legs[i]?.effect;
    if (effect === leg.effect) return balance;
    if (effect === 'applied') return movedBy(balance, leg);
    return effect === 'undone' ? movedBack(balance, leg) : balance;
  }, before.balance);
}

/**
 * A call the wallet has answered, or never got, cannot land any more: what is still awaited left before it.
 * Otherwise a platform that repeats itself would keep the wallet's no from ever being proven, because each
 * repeat begins the waiting anew.
 */
function over(t: Transaction, { kind, leg, earlier }: WalletStep, verdict: Verdict): Transaction {
  if (verdict.kind === 'unknown' || earlier === 0) return t;
  return withLeg(t, leg, kind === 'send' ? { lastSend: earlier } : { lastUndo: earlier });
}

function learnEffect(t: Transaction, step: WalletStep, leg: Leg, verdict: Verdict, now: number): Transaction {
  const first = step.kind === 'send' && sendsInDoubt(leg) === 1;
  switch (verdict.kind) {
    case 'applied': {
      const receipt = verdict.receipt === undefined ? {} : { receipt: verdict.receipt };
      return conclude(withLeg(t, step.leg, { effect: 'applied', absentSince: 0, ...receipt }));
    }
    case 'refused':
      return first || step.settled ? refused(t, step.leg, leg, verdict) : t;
    case 'duplicate':
      // Without an earlier send of ours on record it may be somebody else's movement: never taken for ours,
      // never undone.
      if (first) return hold(t, 'the wallet says this reference was used before the bridge ever sent it');
      return conclude(withLeg(t, step.leg, { effect: 'applied', absentSince: 0 }));
    case 'alreadyRolledBack':
      return first ? endedByWallet(withLeg(t, step.leg, { effect: 'none' })) : t;
    case 'notFound':
      if (first) return leg.kind === 'deposit' ? refused(t, step.leg, leg, { result: 'generalError' }) : t;
      return step.settled ? absent(t, step.leg, leg, now) : t;
    case 'notApplied': {
      // A connection that failed on a second send says nothing about the first.
      if (!first) return t;
      const sends = verdict.reached ? { vainSends: leg.sends } : { sends: leg.vainSends };
      const unsent = conclude(withLeg(t, step.leg, { effect: 'none', ...sends }));
      return unsent.goal === undefined && unsent.state === 'claimed' && leg.kind !== 'deposit'
        ? refuse(unsent, 'generalError')
        : unsent;
    }
    case 'unknown':
      return t;
    default:
      return assertNever(verdict);
  }
}

/**
 * A proven no. It ends a void, contradicts a duty to deliver, and is told where nothing was told yet – except
 * a win, which is never given up.
 */
function refused(
  t: Transaction,
  index: number,
  leg: Leg,
  { result, unmade = false }: { readonly result: Refusal; readonly unmade?: boolean },
): Transaction {
  const next = withLeg(t, index, { effect: 'none', absentSince: 0 });
  if (t.goal === 'void') return conclude(next);
  if (t.goal === 'deliver') return hold(next, `the wallet refused (${result}) what the platform was told is done`);
  if (leg.kind === 'deposit' && (result !== 'userNotFound' || index > 0))
    return hold(
      next,
      unmade ? `the file can make no request of a win (${result})` : `the wallet refused a win (${result})`,
    );
  return refuse(next, result);
}

function endedByWallet(t: Transaction): Transaction {
  if (t.goal === 'void') return conclude(t);
  if (t.goal === 'deliver') return hold(t, 'the wallet has rolled back what the platform was told is done');
  if (t.legs.some((leg) => leg.effect === 'applied'))
    return hold(t, 'the wallet has rolled back the win of a bet it took');
  return refuse(t, 'alreadyRolledBack');
}

/**
 * Twice, both times late enough, and `settle` apart, as `plan` sees to: the wallet has not got it and never
 * will.
 */
function absent(t: Transaction, index: number, leg: Leg, now: number): Transaction {
  if (leg.absentSince === 0) return withLeg(t, index, { absentSince: now });
  const next = withLeg(t, index, { effect: 'none', absentSince: 0 });
  if (t.goal === 'void') return conclude(next);
  return t.goal === undefined && leg.kind !== 'deposit' ? conclude({ ...next, goal: 'void' }) : next;
}

function learnUndo(t: Transaction, step: WalletStep, leg: Leg, verdict: Verdict, now: number): Transaction {
  const first = undosInDoubt(leg) === 1;
  switch (verdict.kind) {
    case 'applied':
    case 'alreadyRolledBack':
      return undone(t, step);
    case 'duplicate':
      // A wallet that takes the undo's reference for the movement's own says this of a bet it has kept.
      return first
        ? hold(t, 'the wallet says the reference of the undo was used before the bridge ever sent it')
        : undone(t, step);
    case 'refused':
      return first || step.undoSettled ? undoRefused(t, verdict.result) : t;
    case 'notFound': {
      const vain = step.absenceProves ? { vainUndos: leg.vainUndos + 1 } : {};
      if (!step.settled || !step.undoSettled) return withLeg(t, step.leg, vain);
      if (leg.absentSince === 0) return withLeg(t, step.leg, { absentSince: now, ...vain });
      if (leg.effect === 'applied') return hold(t, 'the wallet applied it, but does not find it when asked to undo it');
      return conclude(withLeg(t, step.leg, { effect: 'none', absentSince: 0 }));
    }
    case 'notApplied':
      if (!first) return t;
      return withLeg(t, step.leg, verdict.reached ? { vainUndos: leg.undos } : { undos: leg.vainUndos });
    case 'unknown':
      return t;
    default:
      return assertNever(verdict);
  }
}

const undone = (t: Transaction, { leg }: WalletStep): Transaction =>
  conclude(withLeg(t, leg, { effect: 'undone', absentSince: 0 }));

function undoRefused(t: Transaction, result: Refusal): Transaction {
  if (t.promised || t.legs.some((leg) => leg.effect !== 'applied'))
    return hold(t, `the wallet refused the undo (${result})`);
  // Nobody was promised the undo: it stays as the wallet has it, and this code answers the rollback from now
  // on.
  const { goal: _goal, rolledBack: _rolledBack, ...rest } = withoutLease(t);
  return { ...rest, state: 'applied', undoRefusal: result };
}

/** What a lookup says of an undo nobody answered. */
function learnOfUndo(t: Transaction, step: WalletStep, leg: Leg, verdict: Verdict, now: number): Transaction {
  switch (verdict.kind) {
    case 'applied':
      return verdict.receipt !== undefined && verdict.receipt === leg.receipt
        ? hold(t, 'asked after the undo, the wallet shows the movement itself')
        : undone(t, step);
    case 'refused':
      return step.undoSettled ? undoRefused(t, verdict.result) : t;
    case 'notFound':
      if (!step.undoSettled) return t;
      if (leg.absentSince === 0) return withLeg(t, step.leg, { absentSince: now });
      return step.absenceProves ? withLeg(t, step.leg, { vainUndos: leg.undos, absentSince: 0 }) : hold(t, undoUnknown);
    case 'duplicate':
    case 'alreadyRolledBack':
    case 'notApplied':
    case 'unknown':
      return t;
    default:
      return assertNever(verdict);
  }
}
