// Works on one record: plan, store the intent, call the wallet, learn, and again, until the record rests or
// nothing more fits into the time. It never sends what is not stored, never sends without a live lease, and
// never starts what cannot end in time. It is one loop, and stands in one file because its order is the
// promise.

import { kindOfHeld } from '../domain/alarms.js';
import { assertNever, type Verdict } from '../domain/outcome.js';
import { isElsewhere } from '../domain/home.js';
import { learn } from '../domain/policy/on-reply.js';
import { intend, plan, type WalletStep } from '../domain/policy/plan.js';
import type { Operator, TrustBound, Write } from '../domain/ports.js';
import { remember, storyOf } from '../domain/story.js';
import {
  hold,
  holdElsewhere,
  isOnTrust,
  isUnfinished,
  withLeg,
  withoutLease,
  type Lease,
  type Transaction,
} from '../domain/transaction.js';
import { countIn } from './told-balance.js';
import { callWallet, put, sleep, type Work } from './effects.js';
import { isOver, openWindow, type SendWindow } from './send-window.js';
import type { Workshop } from './workshop.js';

/** A record while one handler works on it. */
export interface WorkingCopy {
  readonly transaction: Transaction;
  /** The revision in the journal this copy was decided on; 0 before the claim. */
  readonly revision: number;
  /** What the journal holds at that revision. */
  readonly stored: Transaction | undefined;
  /** `transaction` says more than the journal does. */
  readonly dirty: boolean;
  /** What the wallet said last, as long as the journal has not heard it. */
  readonly news?: {
    readonly step: WalletStep;
    readonly verdict: Verdict;
    readonly owner: string;
    /** Epoch ms at which it was heard. */
    readonly at: number;
    /** How long that took. */
    readonly ms: number;
  };
}

/** A wallet step whose intent is stored, and how long its lease lets it leave. */
export interface Begun {
  readonly step: WalletStep;
  readonly owner: string;
  readonly window: SendWindow;
}

/** What a write lays claim to besides its record. */
interface Claims {
  /** The sign that came with the callback. */
  readonly sign?: string | undefined;
  /** It tells of something as done that the wallet has not got, of which there may be only so much. */
  readonly accepts?: boolean;
}

/**
 * `full`: the bound by which no more may be told as done before the wallet has it, so that nothing was
 * stored.
 */
export interface Saved {
  readonly saved: boolean;
  readonly copy: WorkingCopy;
  readonly full?: keyof TrustBound;
}

const firstPause = 100;
const mostRepeats = 3;
const firstBackOff = 500;
/** Of one record. Where the wallet is away no record is tried, so that none waits long once it is well. */
const longestBackOff = 120_000;
/** Milliseconds after which it is looked again whether a record's wallet is back. */
const elsewhereFor = 60_000;

export function createDrive(shop: Workshop) {
  const { now, monotonic, observer } = shop;

  /**
   * When the resolver is to look at the record: at the end of a lease, when a planned wait is over, or after
   * a growing pause.
   */
  function dueOf(t: Transaction, operator: Operator): number | undefined {
    const at = now();
    switch (t.state) {
      case 'held':
        return t.elsewhere ? at + elsewhereFor : Infinity;
      case 'claimed':
        // A claim given back is left to the next delivery for as long as a claim may last.
        return t.lease?.until ?? at + operator.terms.lease;
      case 'open': {
        if (t.lease !== undefined) return t.lease.until;
        const next = plan(t, operator.terms, at);
        const pause = Math.min(firstBackOff * 2 ** t.tries, longestBackOff) * (0.5 + shop.random());
        return next.kind === 'wait' ? Math.max(next.until, at) : at + pause;
      }
      case 'applied':
      case 'refused':
      case 'reversed':
      case 'cancelled':
      case 'writtenOff':
        return undefined;
      default:
        return assertNever(t.state);
    }
  }

  /** Where the write changes what the operator has on trust. */
  function trustOf(stored: Transaction | undefined, next: Transaction, bound: TrustBound | undefined): Write['trust'] {
    const wasOnTrust = stored !== undefined && isOnTrust(stored);
    if (!isOnTrust(next)) return wasOnTrust ? { kind: 'off' } : undefined;
    return wasOnTrust || bound === undefined ? { kind: 'on' } : { kind: 'on', bound };
  }

  /**
   * Stores what was `decided`. When the record changed meanwhile, nothing is written: the copy returned is
   * then what is there now, with our news applied to it if the lease was still ours. `saved` tells which.
   */
  function* save(
    at: WorkingCopy,
    decided: Transaction,
    operator: Operator,
    { sign, accepts = false }: Claims = {},
  ): Work<Saved> {
    const next = remember(decided, storyOf(at.stored, decided, at.news), now());
    const due = dueOf(next, operator);
    // What never came is rolled back before anything else is known of it.
    const isTombstone = at.stored === undefined && next.state === 'cancelled';
    const { retention, rememberUnknown } = operator.terms;
    const trust = trustOf(at.stored, next, accepts ? operator.terms.accept : undefined);
    const written = yield* put({
      transaction: next,
      expected: at.revision,
      due,
      lifetime: isUnfinished(next.state) ? undefined : isTombstone ? rememberUnknown : retention,
      sign,
      indexed: at.revision === 0 && operator.terms.findByPlayer ? true : undefined,
      trust,
    });
    switch (written.kind) {
      case 'done':
        if (isTombstone) observer.unknownRolledBack({ operator: operator.name, agentID: next.agentID });
        if (next.state === 'held' && at.stored?.state !== 'held')
          observer.alarm({
            kind: kindOfHeld(next),
            operator: operator.name,
            agentID: next.agentID,
            transactionID: next.transactionID,
            what: next.heldBecause ?? 'held',
          });
        if ((next.state === 'open' || next.state === 'held') && next.lease === undefined)
          observer.recordChanged({ operator: operator.name, transaction: next });
        return { saved: true, copy: { transaction: next, revision: written.revision, stored: next, dirty: false } };
      case 'there': {
        const { transaction, revision } = written.stored;
        if (at.news === undefined || transaction.lease?.owner !== at.news.owner)
          return { saved: false, copy: { transaction, revision, stored: transaction, dirty: false } };
        // Others may only have left a goal or a flag while the lease was ours.
        const { step, verdict, at: heard } = at.news;
        const learned = withoutLease(learn(sentBy(transaction, step, heard), step, verdict, heard));
        return {
          saved: false,
          copy: { transaction: learned, revision, stored: transaction, dirty: true, news: at.news },
        };
      }
      case 'gone':
        throw new Error(`the record of ${next.transactionID} vanished from the journal while it was worked on`);
      case 'signTaken':
        throw new SignTaken();
      case 'full':
        return { saved: false, copy: at, full: written.bound };
      default:
        return assertNever(written);
    }
  }

  /** The step's call, for as long as the lease and the deadline let it. */
  function* call(operator: Operator, t: Transaction, { step, window }: Begun, deadline: number): Work<Verdict> {
    const leg = t.legs[step.leg];
    if (leg === undefined) throw new Error(`transaction ${t.transactionID} has no leg ${step.leg}`);
    const within = Math.min(deadline, window.monotonic) - monotonic() - operator.terms.storing;
    // A slow journal may have taken the time: what could not be waited for would only be in doubt.
    if (within < operator.wallet.patience(step.kind, leg)) return { kind: 'notApplied', because: 'no time left' };
    return yield* callWallet({ operator, kind: step.kind, transaction: t, leg, within, window });
  }

  function begin(operator: Operator, step: WalletStep): { lease: Lease; begun: Begun } {
    const lease = { owner: shop.newOwner(), until: now() + operator.terms.lease };
    const window = openWindow(shop, operator.terms.lease - operator.terms.storing);
    return { lease, begun: { step, owner: lease.owner, window } };
  }

  /**
   * Takes the record as far as it goes before `deadline` (monotonic ms). The copy returned holds no lease of
   * ours; when it is dirty the caller stores it, together with its answer. `begun`: the step whose
   * intent is already stored.
   */
  function* drive(start: WorkingCopy, operator: Operator, deadline: number, begun?: Begun): Work<WorkingCopy> {
    let at = start;
    let pending = begun;
    let pause = firstPause;
    for (let repeats = 0; ;) {
      if (pending === undefined) {
        const t = at.transaction;
        if (t.state !== 'claimed' && t.state !== 'open') return at;
        if (isElsewhere(t, operator.homes))
          return t.goal === undefined ? at : { ...at, transaction: holdElsewhere(t), dirty: true };
        const next = plan(t, operator.terms, now());
        if (next.kind === 'hold')
          return t.goal === undefined ? at : { ...at, transaction: hold(t, next.because), dirty: true };
        if (next.kind === 'wait') {
          const ms = next.until - now();
          if (monotonic() + ms + operator.terms.storing >= deadline) return at;
          if (at.dirty) at = (yield* save(at, t, operator)).copy;
          yield* sleep(ms);
          continue;
        }
        const leg = t.legs[next.leg];
        if (monotonic() + operator.wallet.patience(next.kind, leg) + operator.terms.storing > deadline) return at;

        const { lease, begun: started } = begin(operator, next);
        const { saved, copy } = yield* save(at, intend(t, next, lease), operator);
        at = copy;
        if (!saved && !at.dirty) return at;
        if (!saved) continue;
        pending = started;
      }

      const { step, owner, window } = pending;
      const began = monotonic();
      const verdict: Verdict = yield* call(operator, at.transaction, pending, deadline);
      pending = undefined;
      // The machine slept: nobody can say when this reply came, so it proves nothing. Others may have gone on
      // meanwhile.
      if (verdict.kind !== 'notApplied' && isOver(shop, window))
        return { ...at, transaction: withoutLease(at.transaction), dirty: true };
      if ('balance' in verdict) shop.rememberBalance(at.transaction, verdict.balance);
      const before = at.transaction;
      const heard = now();
      const learned = learn(sentBy(before, step, heard), step, verdict, heard);
      const { revision, stored } = at;
      const news = { step, verdict, owner, at: heard, ms: Math.round(monotonic() - began) };
      at = { transaction: withoutLease(learned), revision, stored, dirty: true, news };
      if (!('balance' in verdict)) yield* countIn(shop, before, learned, step.leg);
      if (verdict.kind === 'notApplied') return at;
      if (verdict.kind === 'unknown' || sameKnowledge(before, learned)) {
        if (++repeats > mostRepeats || monotonic() + pause >= deadline) return at;
        yield* sleep(pause);
        pause *= 2;
      }
    }
  }

  return { drive, save, begin };
}

/** The callback's sign was accepted before, for another transactionID or for a balance query. */
export class SignTaken extends Error {}

/**
 * The reply is here, or given up, so this send cannot leave later than now, which is sooner than the end of
 * the lease.
 */
function sentBy(t: Transaction, step: WalletStep, now: number): Transaction {
  const leg = t.legs[step.leg];
  if (leg === undefined || (step.kind !== 'send' && step.kind !== 'undo')) return t;
  return withLeg(
    t,
    step.leg,
    step.kind === 'send' ? { lastSend: Math.min(leg.lastSend, now) } : { lastUndo: Math.min(leg.lastUndo, now) },
  );
}

/** True when nothing more is known about any leg. */
export function sameKnowledge(before: Transaction, after: Transaction): boolean {
  return before.legs.every(
    (leg, i) => leg.effect === after.legs[i]?.effect && leg.absentSince === after.legs[i].absentSince,
  );
}
