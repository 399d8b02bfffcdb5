// Works on one record: plan, store the intent, call the wallet, learn, and again, until the record rests or nothing more fits
// into the time. It never sends what is not stored, never sends without a live lease, and never starts what cannot end in time.

import { assertNever, type Verdict } from '../domain/outcome.js';
import { intend, learn, plan, type WalletStep } from '../domain/policy.js';
import type { Clock, Journal, Observer, Operator } from '../domain/ports.js';
import { hold, isUnfinished, withLeg, withoutLease, type Lease, type Transaction } from '../domain/transaction.js';

export interface Workshop {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly observer: Observer;
  /** A token no other lease has. */
  readonly newOwner: () => string;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
}

/** A record as one handler holds it. */
export interface Position {
  readonly transaction: Transaction;
  /** The revision in the journal this position was decided on; 0 before the claim. */
  readonly revision: number;
  /** `transaction` says more than the journal does. */
  readonly dirty: boolean;
  /** What the wallet said last, as long as the journal has not heard it. */
  readonly news?: { readonly step: WalletStep; readonly verdict: Verdict; readonly owner: string };
}

/** A wallet step whose intent is stored, and until when (monotonic ms) its lease lets it leave. */
export interface Begun {
  readonly step: WalletStep;
  readonly owner: string;
  readonly leaseEnds: number;
}

/** Milliseconds kept back for the last write and the answer. */
export const storing = 250;
/** A lease is left this early (ms), so that no send of ours leaves when others already see it as over. */
const leaseMargin = 250;
const firstPause = 100;
const mostRepeats = 3;
const firstBackOff = 500;
const longestBackOff = 3_600_000;

export function createDrive(shop: Workshop) {
  const { journal, clock, observer } = shop;

  /** When the resolver is to look at it: at the end of a lease, when a planned wait is over, or after a growing pause. */
  function dueOf(t: Transaction, operator: Operator): number | undefined {
    const now = journal.now();
    switch (t.state) {
      case 'held':
        return Infinity;
      case 'claimed':
        // A claim given back is left to the next delivery for as long as a claim may last.
        return t.lease?.until ?? now + operator.terms.lease;
      case 'open': {
        if (t.lease !== undefined) return t.lease.until;
        const next = plan(t, operator.terms, now);
        const pause = Math.min(firstBackOff * 2 ** t.tries, longestBackOff) * (0.5 + shop.random());
        return next.kind === 'wait' ? Math.max(next.until, now) : now + pause;
      }
      case 'applied':
      case 'refused':
      case 'reversed':
      case 'cancelled':
        return undefined;
      default:
        return assertNever(t.state);
    }
  }

  /**
   * Stores `next`. When the record changed meanwhile nothing is written and the position becomes what is there now, with our
   * news applied to it if the lease was still ours. `saved` tells which.
   */
  async function save(at: Position, next: Transaction, operator: Operator, sign?: string): Promise<{ saved: boolean; position: Position }> {
    const due = dueOf(next, operator);
    const written = await journal.put({
      transaction: next,
      expected: at.revision,
      ...(due === undefined ? {} : { due }),
      ...(isUnfinished(next.state) ? {} : { lifetime: operator.terms.retention }),
      ...(sign === undefined ? {} : { sign }),
    });
    switch (written.kind) {
      case 'done':
        if (next.state === 'held' && at.dirty)
          observer.alarm({ operator: operator.name, agentID: next.agentID, transactionID: next.transactionID, what: next.heldBecause ?? 'held' });
        if ((next.state === 'open' || next.state === 'held') && next.lease === undefined) observer.moved({ operator: operator.name, transaction: next });
        return { saved: true, position: { transaction: next, revision: written.revision, dirty: false } };
      case 'there': {
        const { transaction, revision } = written.stored;
        if (at.news === undefined || transaction.lease?.owner !== at.news.owner) return { saved: false, position: { transaction, revision, dirty: false } };
        // Others may only have left a goal or a flag while the lease was ours.
        const learned = withoutLease(learn(sentBy(transaction, at.news.step, journal.now()), at.news.step, at.news.verdict));
        return { saved: false, position: { transaction: learned, revision, dirty: true, news: at.news } };
      }
      case 'gone':
        throw new Error(`the record of ${next.transactionID} vanished from the journal while it was worked on`);
      case 'signTaken':
        throw new SignTaken();
      default:
        return assertNever(written);
    }
  }

  function wallet(operator: Operator, t: Transaction, step: WalletStep, within: number, mayStillSend: () => boolean): Promise<Verdict> {
    const leg = t.legs[step.leg];
    if (leg === undefined) throw new Error(`transaction ${t.transactionID} has no leg ${step.leg}`);
    if (within <= 0) return Promise.resolve({ kind: 'notApplied', because: 'no time left' });
    return operator.wallet[step.kind](t, leg, { within, mayStillSend });
  }

  function begin(operator: Operator, step: WalletStep): { lease: Lease; begun: Begun } {
    const lease = { owner: shop.newOwner(), until: journal.now() + operator.terms.lease };
    return { lease, begun: { step, owner: lease.owner, leaseEnds: clock.monotonic() + operator.terms.lease - leaseMargin } };
  }

  /**
   * Takes the record as far as it goes before `deadline` (monotonic ms). The position returned holds no lease of ours; when it
   * is dirty the caller stores it, together with what he answers. `begun`: the step whose intent is already stored.
   */
  async function drive(start: Position, operator: Operator, deadline: number, begun?: Begun): Promise<Position> {
    let at = start;
    let pending = begun;
    let pause = firstPause;
    for (let repeats = 0; ; ) {
      if (pending === undefined) {
        const t = at.transaction;
        if (t.state !== 'claimed' && t.state !== 'open') return at;
        const next = plan(t, operator.terms, journal.now());
        if (next.kind === 'hold') return t.goal === undefined ? at : { ...at, transaction: hold(t, next.because), dirty: true };
        if (next.kind === 'wait') {
          const ms = next.until - journal.now();
          if (clock.monotonic() + ms + storing >= deadline) return at;
          if (at.dirty) at = (await save(at, t, operator)).position;
          await clock.sleep(ms);
          continue;
        }
        const leg = t.legs[next.leg];
        if (clock.monotonic() + operator.wallet.patience(next.kind, leg) + storing > deadline) return at;

        const { lease, begun: started } = begin(operator, next);
        const { saved, position } = await save(at, intend(t, next, lease), operator);
        at = position;
        if (!saved && !at.dirty) return at;
        if (!saved) continue;
        pending = started;
      }

      const { step, owner, leaseEnds } = pending;
      pending = undefined;
      const within = Math.min(deadline, leaseEnds) - clock.monotonic() - storing;
      const verdict = await wallet(operator, at.transaction, step, within, () => clock.monotonic() < leaseEnds);
      if ('balance' in verdict && verdict.balance !== undefined) journal.rememberBalance(at.transaction, verdict.balance);
      const before = at.transaction;
      const learned = learn(sentBy(before, step, journal.now()), step, verdict);
      at = { transaction: withoutLease(learned), revision: at.revision, dirty: true, news: { step, verdict, owner } };
      if (verdict.kind === 'notApplied') return at;
      if (verdict.kind === 'unknown' || sameKnowledge(before, learned)) {
        if (++repeats > mostRepeats || clock.monotonic() + pause >= deadline) return at;
        await clock.sleep(pause);
        pause *= 2;
      }
    }
  }

  return { drive, save, begin };
}

/** The callback's sign was accepted before for another transactionID. */
export class SignTaken extends Error {}

export type Drive = ReturnType<typeof createDrive>;

/** The reply is here (or given up), so nothing of this send can leave later than now: nearer than the end of the lease. */
function sentBy(t: Transaction, step: WalletStep, now: number): Transaction {
  const leg = t.legs[step.leg];
  if (leg === undefined || step.kind === 'lookup') return t;
  return withLeg(t, step.leg, step.kind === 'send' ? { lastSend: Math.min(leg.lastSend, now) } : { lastUndo: Math.min(leg.lastUndo, now) });
}

/** True when a reply proved nothing about any leg. */
function sameKnowledge(before: Transaction, after: Transaction): boolean {
  return before.legs.every((leg, i) => leg.effect === after.legs[i]?.effect && leg.absences === after.legs[i]?.absences);
}
