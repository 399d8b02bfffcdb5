// The promise, as two tables and a plan. Pure: the same functions run in production and are explored by tests. Nothing here
// sends, stores or waits; every row only says what the record becomes and what is to be done.
//   onDelivery / onRollback   a callback meets the record               (table 1)
//   learn                     the wallet has answered                   (table 2)
//   plan                      the next wallet call towards the goal

import type { MoneyCallback, RollbackCallback } from './callback.js';
import type { Money } from './money.js';
import { assertNever, type Refusal, type Reply, type Verdict } from './outcome.js';
import type { LegTerms, Terms, WhenUnresolved } from './terms.js';
import {
  anyOrigin,
  conclude,
  hold,
  leaseIsLive,
  refuse,
  sendsInDoubt,
  toVoid,
  undosInDoubt,
  withLeg,
  withoutLease,
  type Home,
  type Leg,
  type Transaction,
} from './transaction.js';

/** `settled` and `undoSettled`: it left late enough after every earlier send, or undo, for a "no" to prove something. */
export interface WalletStep {
  /** `lookup` asks after the movement, `lookupUndo` after its undo. */
  readonly kind: 'send' | 'lookup' | 'undo' | 'lookupUndo';
  readonly leg: number;
  readonly settled: boolean;
  readonly undoSettled: boolean;
  /** That the wallet does not find an undo proves that it was not made. */
  readonly absenceProves: boolean;
  /** Epoch ms: the last instant an earlier send, or undo, of the leg may have left; 0: there was none. */
  readonly earlier: number;
}
export type Step =
  WalletStep | { readonly kind: 'wait'; readonly until: number } | { readonly kind: 'hold'; readonly because: string };

export type Decision =
  | {
      readonly kind: 'answer';
      readonly reply: Reply;
      readonly store?: Transaction;
      readonly alarm?: string;
      /** It would have been told as done, were there a balance to tell, or a place among what may be owed. */
      readonly wouldAccept?: true;
    }
  /** Somebody else is at work on it: leave him the goal, if there is one to leave, and look again when the record has changed. */
  | { readonly kind: 'wait'; readonly store?: Transaction }
  /** Take the lease and work on it. */
  | { readonly kind: 'drive'; readonly transaction: Transaction };

export interface Situation {
  readonly now: number;
  /** Nothing more can be tried within this callback's deadline. */
  readonly expired: boolean;
  /** This very callback is the one being worked on, so a success is its first. */
  readonly joined: boolean;
  /** Last known balance moved by this transaction; undefined where none is known or no more may be accepted. */
  readonly projected: Money | undefined;
}

type Answer = Extract<Decision, { kind: 'answer' }>;
const answer = (reply: Reply, store?: Transaction): Answer => ({
  kind: 'answer',
  reply,
  ...(store ? { store } : {}),
});
const failure = (result: Extract<Reply, { kind: 'failure' }>['result']): Reply => ({ kind: 'failure', result });
const mismatch = (reply: Reply, alarm: string): Decision => ({ kind: 'answer', reply, alarm });

/** Table 1, a Withdraw, Deposit or BetWin that finds a record under its transactionID. */
export function onDelivery(t: Transaction, callback: MoneyCallback, terms: Terms, at: Situation): Decision {
  // A tombstone knows only whose rollback made it.
  if (t.fingerprint === '' ? t.userID !== callback.userID : t.fingerprint !== callback.fingerprint)
    return mismatch(failure('wrongInput'), 'the same transactionID came with other content');
  const told = failure(t.refusal ?? 'generalError');
  switch (t.state) {
    case 'applied':
      return answer({ kind: 'success', duplicate: !at.joined, balance: t.balance });
    case 'refused':
      return answer(told);
    case 'reversed':
    case 'cancelled':
      return answer(t.rolledBack ? failure('alreadyRolledBack') : told);
    case 'writtenOff':
      if (t.goal === 'deliver') return answer({ kind: 'success', duplicate: !at.joined, balance: t.balance });
      return answer(t.rolledBack ? failure('alreadyRolledBack') : told);
    case 'claimed':
    case 'open':
    case 'held': {
      const when = terms.whenUnresolved[unresolvedAs(t)];
      // What was told is told again, never weighed again. A void nobody was told of may be told, unless nothing unproven may be.
      if (t.goal === 'void' && (t.promised || when !== 'askAgain')) return answer(told, promise(t));
      if (t.goal === 'deliver' && t.promised)
        return answer({ kind: 'success', duplicate: !at.joined, balance: t.balance });
      if (at.expired || t.state === 'held') return bind(t, when, at);
      return leaseIsLive(t, at.now) ? { kind: 'wait' } : deliverFree(t, told, at);
    }
    default:
      return assertNever(t.state);
  }
}

/** Nobody is at work on it: what a person's word has ended is at its end, the rest is worked on while there is time. */
function deliverFree(t: Transaction, told: Reply, at: Situation): Decision {
  const ended = conclude(t);
  if (ended.state === 'applied') return answer({ kind: 'success', duplicate: !at.joined, balance: t.balance }, ended);
  if (ended.state === 'cancelled' || ended.state === 'reversed')
    return answer(t.rolledBack ? failure('alreadyRolledBack') : told, ended);
  return { kind: 'drive', transaction: t };
}

/** Table 1, a RollbackTransaction that finds a record under the transactionID it names. */
export function onRollback(t: Transaction, callback: RollbackCallback, terms: Terms, at: Situation): Decision {
  if (t.userID !== callback.userID)
    return mismatch(failure('transactionNotFound'), 'a rollback named another player’s transaction');
  const done: Reply = { kind: 'success', duplicate: false, balance: t.balance };
  switch (t.state) {
    case 'refused':
      return answer(failure('transactionNotFound'));
    case 'cancelled':
      return answer(at.joined ? done : failure('transactionNotFound'));
    case 'reversed':
      return answer(at.joined ? done : failure('alreadyRolledBack'));
    case 'writtenOff':
      // A person ended the void, whatever the wallet still has; what was to be delivered is taken back as far as it came.
      if (t.goal === 'void') return answer(failure('alreadyRolledBack'));
      return rollBackFree(conclude(toVoid({ ...t, state: 'open' }, true)), terms, at);
    case 'applied':
      if (t.undoRefusal !== undefined) return answer(failure(t.undoRefusal));
      return { kind: 'drive', transaction: conclude(toVoid(t, true)) };
    case 'held':
      return bindRollback(toVoid(t, true), terms.whenUnresolved.rollback, at);
    case 'claimed':
    case 'open':
      if (leaseIsLive(t, at.now)) {
        if (at.expired) return bindRollback(toVoid(t, true), terms.whenUnresolved.rollback, at);
        return t.goal === 'void' ? { kind: 'wait' } : { kind: 'wait', store: toVoid(t, true) };
      }
      return rollBackFree(conclude(toVoid(t, true)), terms, at);
    default:
      return assertNever(t.state);
  }
}

/** Nobody is at work on it: what provably had no effect is undone already, the rest is worked on while there is time. */
function rollBackFree(t: Transaction, terms: Terms, at: Situation): Decision {
  if (t.state === 'cancelled' || t.state === 'reversed')
    return answer({ kind: 'success', duplicate: false, balance: undefined }, t);
  return at.expired ? bindRollback(t, terms.whenUnresolved.rollback, at) : { kind: 'drive', transaction: t };
}

/** A rollback of something unknown: 8 ends it for the platform, so the late original must find that it may not move money. */
export function tombstone(callback: RollbackCallback, now: number): Transaction {
  const { agentID, userID, transactionID } = callback;
  return {
    agentID,
    userID,
    transactionID,
    fingerprint: '',
    state: 'cancelled',
    rolledBack: true,
    legs: [],
    since: now,
    tries: 0,
  };
}

/** The resolver's first look at a claim nobody finished: nobody was told anything, so it goes the way its kind is safe. */
export function onLook(t: Transaction, now: number): Transaction {
  if (t.state !== 'claimed' || leaseIsLive(t, now)) return t;
  const goal = t.goal ?? (t.content?.kind === 'deposit' ? 'deliver' : 'void');
  return conclude({ ...withoutLease(t), state: 'open', goal });
}

/** The wallet an operator has today, and the origins it is known to have had before. */
export interface Homes {
  readonly today: Home;
  readonly formerly: ReadonlySet<string>;
}

/** It was begun with another wallet, in which its references mean something else or nothing: no call may be made for it. */
export function isElsewhere({ home }: Pick<Transaction, 'home'>, { today, formerly }: Homes): boolean {
  if (home === undefined || home.origin === anyOrigin || formerly.has(home.origin)) return false;
  return home.operator !== today.operator || home.origin !== today.origin;
}

/** A betWin whose bet is taken (or has none) owes a win; until then it is a bet. */
function unresolvedAs(t: Transaction): keyof Terms['whenUnresolved'] {
  const kind = t.content?.kind ?? 'withdraw';
  if (kind !== 'betWin') return kind;
  return t.legs.some((leg) => leg.kind !== 'deposit' && leg.effect !== 'applied') ? 'betWin' : 'win';
}

function promise(t: Transaction): Transaction | undefined {
  if (t.promised) return undefined;
  const promised = { ...t, promised: true as const };
  // A person may have said meanwhile that there is nothing left to undo.
  return t.state === 'open' ? conclude(promised) : promised;
}

/** The deadline has come with no end: what the platform hears now becomes the goal, in one write with the record. */
function bind(t: Transaction, when: WhenUnresolved, at: Situation): Answer {
  const state = t.state === 'held' ? 'held' : 'open';
  switch (when) {
    case 'fail': {
      // The bridge is at work on paying it already, and only a rollback turns that round.
      if (t.goal === 'deliver') return bind(t, 'accept', at);
      // Proven that nothing ever left: the no is final at once.
      if (state === 'open' && t.legs.every((leg) => leg.effect === 'none'))
        return answer(failure('generalError'), refuse(t, 'generalError'));
      return answer(failure('generalError'), { ...toVoid(t, false), state, promised: true });
    }
    case 'accept':
      if (at.projected === undefined) return { ...bind(t, 'askAgain', at), wouldAccept: true };
      return answer(
        { kind: 'success', duplicate: !at.joined, balance: at.projected },
        { ...t, state, goal: 'deliver', promised: true, balance: at.projected },
      );
    case 'askAgain':
      return answer({ kind: 'askAgain', because: 'the wallet has not said what became of it' }, t);
    default:
      return assertNever(when);
  }
}

function bindRollback(t: Transaction, when: WhenUnresolved, at: Situation): Answer {
  switch (when) {
    case 'fail':
      return answer(failure('generalError'), { ...t, promised: true });
    case 'accept':
      if (at.projected === undefined) return { ...bindRollback(t, 'askAgain', at), wouldAccept: true };
      return answer(
        { kind: 'success', duplicate: false, balance: at.projected },
        { ...t, promised: true, balance: at.projected },
      );
    case 'askAgain':
      return answer({ kind: 'askAgain', because: 'the undo is not proven yet' }, t);
    default:
      return assertNever(when);
  }
}

/** Table 2: what the wallet's reply to `step`, heard at `now`, makes of the record. A verdict that proves nothing leaves it as it was. */
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

/** A balance after a leg's movement, and after its undo. */
export function movedBy(balance: Money | undefined, { bet, win }: Pick<Leg, 'bet' | 'win'>): Money | undefined {
  const less = bet === undefined ? balance : balance?.minus(bet);
  return win === undefined ? less : less?.plus(win);
}
export const movedBack = (balance: Money | undefined, { bet, win }: Leg): Money | undefined =>
  movedBy(balance, { ...(win && { bet: win }), ...(bet && { win: bet }) });

/**
 * A call the wallet has answered, or never got, cannot land any more: what is still awaited left before it. Otherwise a platform that
 * repeats itself would keep the wallet's no from ever being proven, because each repeat begins the waiting anew.
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
      return first || step.settled ? refused(t, step.leg, leg, verdict.result) : t;
    case 'duplicate':
      // Without an earlier send of ours on record it may be somebody else's movement: never taken for ours, never undone.
      if (first) return hold(t, 'the wallet says this reference was used before the bridge ever sent it');
      return conclude(withLeg(t, step.leg, { effect: 'applied', absentSince: 0 }));
    case 'alreadyRolledBack':
      return first ? endedByWallet(withLeg(t, step.leg, { effect: 'none' })) : t;
    case 'notFound':
      if (first) return leg.kind === 'deposit' ? refused(t, step.leg, leg, 'generalError') : t;
      return step.settled ? absent(t, step.leg, leg, now) : t;
    case 'notApplied': {
      // A connection that failed on a second send says nothing about the first.
      if (!first) return t;
      const unsent = conclude(withLeg(t, step.leg, { effect: 'none', sends: leg.vainSends }));
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

/** A proven no. It ends a void, contradicts a duty to deliver, and is told where nothing was told yet – except a win, which is never given up. */
function refused(t: Transaction, index: number, leg: Leg, result: Refusal): Transaction {
  const next = withLeg(t, index, { effect: 'none', absentSince: 0 });
  if (t.goal === 'void') return conclude(next);
  if (t.goal === 'deliver') return hold(next, `the wallet refused (${result}) what the platform was told is done`);
  if (leg.kind === 'deposit' && (result !== 'userNotFound' || index > 0))
    return hold(next, `the wallet refused a win (${result})`);
  return refuse(next, result);
}

function endedByWallet(t: Transaction): Transaction {
  if (t.goal === 'void') return conclude(t);
  if (t.goal === 'deliver') return hold(t, 'the wallet has rolled back what the platform was told is done');
  if (t.legs.some((leg) => leg.effect === 'applied'))
    return hold(t, 'the wallet has rolled back the win of a bet it took');
  return refuse(t, 'alreadyRolledBack');
}

/** Twice, both times late enough, and `settle` apart, as `plan` sees to: the wallet has not got it and never will. */
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
    case 'notFound':
      if (!step.settled || !step.undoSettled) return t;
      if (leg.absentSince === 0) return withLeg(t, step.leg, { absentSince: now });
      if (leg.effect === 'applied') return hold(t, 'the wallet applied it, but does not find it when asked to undo it');
      return conclude(withLeg(t, step.leg, { effect: 'none', absentSince: 0 }));
    case 'notApplied':
      return first ? withLeg(t, step.leg, { undos: leg.vainUndos }) : t;
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
  // Nobody was promised the undo: it stays as the wallet has it, and this code answers the rollback from now on.
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

const undoUnknown = 'nobody knows whether the wallet undid it, and the undo cannot be repeated';

/** The next wallet call that brings an unfinished record towards its goal, or how long to wait, or why only a person can. */
export function plan(t: Transaction, terms: Terms, now: number): Step {
  for (const [index, leg] of t.legs.entries()) {
    const own = terms.legs[leg.kind];
    const step = t.goal === 'void' ? voiding(leg, index, own, now) : delivering(leg, index, own, now);
    if (step !== undefined) return spaced(step, leg, own, now);
  }
  throw new Error(`transaction ${t.transactionID} is ${t.state} with nothing left to do`);
}

/** The wallet has once said that it does not know the reference: what it says next counts only if it is asked so much later. */
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
  if (leg.effect === 'applied' || leg.undos > 0 || terms.undo?.cancelFirst) return undoing(leg, index, terms, now);
  if (terms.undo === undefined) return { kind: 'hold', because: 'the wallet has no way to undo it' };
  if (terms.lookup) return call('lookup', leg, index, terms, now);
  // Undoing what the wallet has not seen yet finds nothing, and then the delayed original lands: so once more forward first.
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
    absenceProves: terms.undo?.lookup === 'proves',
    earlier: kind === 'undo' ? leg.lastUndo : kind === 'send' ? leg.lastSend : 0,
  };
}

/** The record as it must be stored before `step` leaves: from here on it may have been sent, whatever happens to us. */
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
