// The next wallet call that brings an unfinished record towards its goal, and the record as it must be stored
// before that call leaves.

import { assertNever } from '../outcome.js';
import type { LegTerms, Terms } from '../terms.js';
import { sendsInDoubt, undosInDoubt, withLeg, type Leg, type Transaction } from '../transaction.js';

/**
 * `settled` and `undoSettled`: it left late enough after every earlier send, or undo, for a "no" to prove
 * something.
 */
export interface WalletStep {
  /** `lookup` asks after the movement, `lookupUndo` after its undo. */
  readonly kind: 'send' | 'lookup' | 'undo' | 'lookupUndo';
  readonly leg: number;
  readonly settled: boolean;
  readonly undoSettled: boolean;
  /**
   * That the wallet does not find an undo proves that it was not made; of an undo: that it does not find what
   * is to be undone proves that this undo did nothing.
   */
  readonly absenceProves: boolean;
  /** Epoch ms: the last instant an earlier send, or undo, of the leg may have left; 0: there was none. */
  readonly earlier: number;
}
export type Step =
  WalletStep | { readonly kind: 'wait'; readonly until: number } | { readonly kind: 'hold'; readonly because: string };

export const undoUnknown = 'nobody knows whether the wallet undid it, and the undo cannot be repeated';

/**
 * The next wallet call that brings an unfinished record towards its goal, or how long to wait, or why only a
 * person can.
 */
export function plan(t: Transaction, terms: Terms, now: number): Step {
  for (const [index, leg] of t.legs.entries()) {
    const own = terms.legs[leg.kind];
    const step = t.goal === 'void' ? voiding(leg, index, own, now) : delivering(leg, index, own, now);
    if (step !== undefined) return spaced(step, leg, own, now);
  }
  throw new Error(`transaction ${t.transactionID} is ${t.state} with nothing left to do`);
}

/**
 * The wallet has once said that it does not know the reference: what it says next counts only if it is asked
 * so much later.
 */
function spaced(step: Step, { absentSince }: Leg, { settle, undo }: LegTerms, now: number): Step {
  if (absentSince === 0 || step.kind === 'wait' || step.kind === 'hold') return step;
  const free = absentSince + (step.kind === 'send' || step.kind === 'lookup' ? settle : (undo?.settle ?? settle));
  return now < free ? { kind: 'wait', until: free } : step;
}

function delivering(leg: Leg, index: number, terms: LegTerms, now: number): Step | undefined {
  if (leg.effect === 'applied') return undefined;
  if (leg.effect === 'undone') return { kind: 'hold', because: 'part of it is undone already' };
  if (leg.effect === 'none') return call('send', leg, index, terms, now);
  if (terms.repeatable === 'always') return call('send', leg, index, terms, now);
  if (terms.lookup) return call('lookup', leg, index, terms, now);
  return again(leg, index, terms, now);
}

function voiding(leg: Leg, index: number, terms: LegTerms, now: number): Step | undefined {
  if (leg.effect === 'none' || leg.effect === 'undone') return undefined;
  if (leg.effect === 'applied' || undosInDoubt(leg) > 0 || terms.undo?.cancelFirst)
    return undoing(leg, index, terms, now);
  if (terms.undo === undefined) return { kind: 'hold', because: 'the wallet has no way to undo it' };
  if (terms.lookup) return call('lookup', leg, index, terms, now);
  if (terms.undo.knows) {
    // An undo of what may still land is never asked for: its "never seen" may be remembered, and said again of
    // what has landed since.
    const free = leg.lastSend + terms.settle;
    return now < free ? { kind: 'wait', until: free } : undoing(leg, index, terms, now);
  }
  // Undoing what the wallet has not seen yet finds nothing, and then the delayed original lands: so once more
  // forward first.
  return again(leg, index, terms, now);
}

/** The same send once more, where the wallet's habits allow it. */
function again(leg: Leg, index: number, terms: LegTerms, now: number): Step {
  switch (terms.repeatable) {
    case 'always':
      return call('send', leg, index, terms, now);
    case 'successes':
      return now < leg.lastSend + terms.settle
        ? { kind: 'wait', until: leg.lastSend + terms.settle }
        : call('send', leg, index, terms, now);
    case 'no':
      return {
        kind: 'hold',
        because: 'nobody knows whether the wallet applied it, and the wallet can neither be asked nor asked again',
      };
    default:
      return assertNever(terms.repeatable);
  }
}

function undoing(leg: Leg, index: number, terms: LegTerms, now: number): Step {
  if (terms.undo === undefined) return { kind: 'hold', because: 'the wallet has no way to undo it' };
  if (undosInDoubt(leg) === 0 || terms.undo.repeatable === 'always') return call('undo', leg, index, terms, now);
  if (terms.undo.lookup !== 'no') return call('lookupUndo', leg, index, terms, now);
  if (terms.undo.repeatable === 'no') return { kind: 'hold', because: undoUnknown };
  const free = leg.lastUndo + terms.undo.settle;
  return now < free ? { kind: 'wait', until: free } : call('undo', leg, index, terms, now);
}

function call(kind: WalletStep['kind'], leg: Leg, index: number, terms: LegTerms, now: number): WalletStep {
  return {
    kind,
    leg: index,
    settled: sendsInDoubt(leg) === 0 || now >= leg.lastSend + terms.settle,
    undoSettled: undosInDoubt(leg) === 0 || now >= leg.lastUndo + (terms.undo?.settle ?? 0),
    absenceProves: kind === 'undo' ? terms.undo?.knows === true : terms.undo?.lookup === 'proves',
    earlier: kind === 'undo' ? leg.lastUndo : kind === 'send' ? leg.lastSend : 0,
  };
}

/**
 * The record as it must be stored before `step` leaves: from here on it may have been sent, whatever happens
 * to us.
 */
export function intend(t: Transaction, step: WalletStep, lease: { owner: string; until: number }): Transaction {
  const leg = t.legs[step.leg];
  if (leg === undefined) throw new Error(`transaction ${t.transactionID} has no leg ${step.leg}`);
  const leased = { ...t, lease };
  switch (step.kind) {
    case 'send':
      return withLeg(leased, step.leg, { effect: 'unknown', sends: leg.sends + 1, lastSend: lease.until });
    case 'undo':
      return withLeg(leased, step.leg, { undos: leg.undos + 1, lastUndo: lease.until });
    case 'lookup':
    case 'lookupUndo':
      return leased;
    default:
      return assertNever(step.kind);
  }
}
