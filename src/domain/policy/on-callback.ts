// Table 1 of the promise: a callback meets the record. Pure, like all of the policy: the same functions run
// in production and are explored by tests; nothing here sends, stores or waits, and a row only says what the
// record becomes and what is to be done.

import type { OperatorAlarm } from '../alarms.js';
import type { MoneyCallback, RollbackCallback } from '../callback.js';
import type { Money } from '../money.js';
import { assertNever, type Reply } from '../outcome.js';
import type { Terms, WhenUnresolved } from '../terms.js';
import { conclude, leaseIsLive, refuse, toVoid, withoutLease, type Transaction } from '../transaction.js';

export type Decision =
  | {
      readonly kind: 'answer';
      readonly reply: Reply;
      readonly store?: Transaction;
      readonly alarm?: { readonly kind: OperatorAlarm; readonly what: string };
      /** It would have been told as done, were there a balance to tell, or a place among what may be owed. */
      readonly wouldAccept?: true;
    }
  /**
   * Somebody else is at work on it: leave the goal with it, if there is one to leave, and look again when the
   * record has changed.
   */
  | { readonly kind: 'wait'; readonly store?: Transaction }
  /** Take the lease and work on it. */
  | { readonly kind: 'drive'; readonly transaction: Transaction };

export interface Situation {
  readonly now: number;
  /** Nothing more can be tried within this callback's deadline. */
  readonly expired: boolean;
  /** This very callback is the one being worked on, so a success is its first. */
  readonly joined: boolean;
  /**
   * Last known balance moved by this transaction; undefined where none is known or no more may be accepted.
   */
  readonly projected: Money | undefined;
}

type AnswerDecision = Extract<Decision, { kind: 'answer' }>;
const answer = (reply: Reply, store?: Transaction): AnswerDecision => ({
  kind: 'answer',
  reply,
  ...(store ? { store } : {}),
});
const failure = (result: Extract<Reply, { kind: 'failure' }>['result']): Reply => ({ kind: 'failure', result });
const alarming = (reply: Reply, kind: OperatorAlarm, what: string): Decision => ({
  kind: 'answer',
  reply,
  alarm: { kind, what },
});

/** Table 1, a Withdraw, Deposit or BetWin that finds a record under its transactionID. */
export function onDelivery(t: Transaction, callback: MoneyCallback, terms: Terms, at: Situation): Decision {
  // A tombstone knows only whose rollback made it.
  if (t.fingerprint === '' ? t.userID !== callback.userID : t.fingerprint !== callback.fingerprint)
    return alarming(failure('wrongInput'), 'mismatch', 'the same transactionID came with other content');
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
      // What was told is told again, never weighed again. A void nobody was told of may be told, unless
      // nothing unproven may be.
      if (t.goal === 'void' && (t.promised || when !== 'askAgain')) return answer(told, promise(t));
      if (t.goal === 'deliver' && t.promised)
        return answer({ kind: 'success', duplicate: !at.joined, balance: t.balance });
      if (at.expired || t.state === 'held') return bindDelivery(t, when, at);
      return leaseIsLive(t, at.now) ? { kind: 'wait' } : deliverFree(t, told, at);
    }
    default:
      return assertNever(t.state);
  }
}

/**
 * Nobody is at work on it: what a person's word has ended is at its end, the rest is worked on while there is
 * time.
 */
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
    return alarming(
      failure('transactionNotFound'),
      'otherPlayersRollback',
      'a rollback named another player’s transaction',
    );
  const done: Reply = { kind: 'success', duplicate: false, balance: t.balance };
  switch (t.state) {
    case 'refused':
      return answer(failure('transactionNotFound'));
    case 'cancelled':
      return answer(at.joined ? done : failure('transactionNotFound'));
    case 'reversed':
      return answer(at.joined ? done : failure('alreadyRolledBack'));
    case 'writtenOff':
      // A person ended the void, whatever the wallet still has; what was to be delivered is taken back as far
      // as it came.
      if (t.goal === 'void') return answer(failure('alreadyRolledBack'));
      return rollBackFree(conclude(toVoid({ ...t, state: 'open' }, 'rollback')), terms, at);
    case 'applied':
      if (t.undoRefusal !== undefined) return answer(failure(t.undoRefusal));
      return { kind: 'drive', transaction: conclude(toVoid(t, 'rollback')) };
    case 'held':
      return bindRollback(toVoid(t, 'rollback'), terms.whenUnresolved.rollback, at);
    case 'claimed':
    case 'open':
      if (leaseIsLive(t, at.now)) {
        if (at.expired) return bindRollback(toVoid(t, 'rollback'), terms.whenUnresolved.rollback, at);
        return t.goal === 'void' ? { kind: 'wait' } : { kind: 'wait', store: toVoid(t, 'rollback') };
      }
      return rollBackFree(conclude(toVoid(t, 'rollback')), terms, at);
    default:
      return assertNever(t.state);
  }
}

/**
 * Nobody is at work on it: what provably had no effect is undone already, the rest is worked on while there
 * is time.
 */
function rollBackFree(t: Transaction, terms: Terms, at: Situation): Decision {
  if (t.state === 'cancelled' || t.state === 'reversed')
    return answer({ kind: 'success', duplicate: false, balance: undefined }, t);
  return at.expired ? bindRollback(t, terms.whenUnresolved.rollback, at) : { kind: 'drive', transaction: t };
}

/**
 * A rollback of something unknown: 8 ends it for the platform, so the late original must find that it may not
 * move money.
 */
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

/**
 * The resolver's first look at a claim nobody finished: nobody was told anything, so it goes the way its kind
 * is safe.
 */
export function onLook(t: Transaction, now: number): Transaction {
  if (t.state !== 'claimed' || leaseIsLive(t, now)) return t;
  const goal = t.goal ?? (t.content?.kind === 'deposit' ? 'deliver' : 'void');
  return conclude({ ...withoutLease(t), state: 'open', goal });
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

/**
 * One thing that may be told while nothing is proven, and what each choice of the operator makes of the
 * record then.
 */
interface Binding {
  readonly duplicate: boolean;
  /** The record once the platform takes it for done. */
  readonly accepted: Transaction;
  /** What is told, and stored, where it is to count as failed. */
  readonly failed: () => AnswerDecision;
  readonly unproven: string;
}

/** The deadline has come with no end: what the platform hears now is bound in one write with the record. */
function bind(t: Transaction, when: WhenUnresolved, at: Situation, binding: Binding): AnswerDecision {
  const again = answer({ kind: 'askAgain', because: binding.unproven }, t);
  switch (when) {
    case 'fail':
      return binding.failed();
    case 'accept':
      if (at.projected === undefined) return { ...again, wouldAccept: true };
      return answer(
        { kind: 'success', duplicate: binding.duplicate, balance: at.projected },
        { ...binding.accepted, promised: true, balance: at.projected },
      );
    case 'askAgain':
      return again;
    default:
      return assertNever(when);
  }
}

/** What is told becomes the goal. */
function bindDelivery(t: Transaction, when: WhenUnresolved, at: Situation): AnswerDecision {
  const state = t.state === 'held' ? 'held' : 'open';
  // What the bridge is at work on paying already only a rollback turns round.
  return bind(t, when === 'fail' && t.goal === 'deliver' ? 'accept' : when, at, {
    duplicate: !at.joined,
    accepted: { ...t, state, goal: 'deliver' },
    unproven: 'the wallet has not said what became of it',
    failed: () =>
      // Proven that nothing ever left: the no is final at once.
      state === 'open' && t.legs.every((leg) => leg.effect === 'none')
        ? answer(failure('generalError'), refuse(t, 'generalError'))
        : answer(failure('generalError'), { ...toVoid(t, 'failure'), state, promised: true }),
  });
}

/** Of a record whose goal is `void` already. */
function bindRollback(t: Transaction, when: WhenUnresolved, at: Situation): AnswerDecision {
  return bind(t, when, at, {
    duplicate: false,
    accepted: t,
    unproven: 'the undo is not proven yet',
    failed: () => answer(failure('generalError'), { ...t, promised: true }),
  });
}
