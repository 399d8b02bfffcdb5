// One callback from claim to answer. What is answered about a transaction is read off a record that is
// stored; when another handler was faster, the answer is what its record says then. Without a record the
// bridge says no only where it is certain that nothing was begun: the sign was used before, no reference can
// be made of the transactionID, or the journal certainly did not store the claim. A balance query has no
// record.

import type { BalanceCallback, Callback, MoneyCallback, RollbackCallback } from '../domain/callback.js';
import { assertNever, type Reply } from '../domain/outcome.js';
import { onDelivery, onRollback, tombstone, type Decision, type Situation } from '../domain/policy/on-callback.js';
import { intend, plan } from '../domain/policy/plan.js';
import { JournalUnavailable, type Operator } from '../domain/ports.js';
import type { Terms } from '../domain/terms.js';
import type { Trace } from '../domain/trace.js';
import { conclude, leaseIsLive, type Leg, type Transaction } from '../domain/transaction.js';
import { createDrive, SignTaken, type Begun, type WorkingCopy } from './drive.js';
import { askBalance, get, sleep, type Work } from './effects.js';
import { legsOf } from './legs.js';
import { createToldBalance } from './told-balance.js';
import type { Workshop } from './workshop.js';

const firstLook = 20;
const longestLook = 200;

/** Answers one verified callback within its operator's deadline, counted from `startedAt` (monotonic ms). */
export type HandleCallback = (
  callback: Callback,
  operator: Operator,
  startedAt: number,
  trace?: Trace,
) => Promise<Reply>;

/** The same as work to be done: `Performer.run` makes it happen. */
export type WorkOnCallback = (callback: Callback, operator: Operator, startedAt: number) => Work<Reply>;

type RecordCallback = MoneyCallback | RollbackCallback;
type Claimed = { kind: 'tried'; saved: boolean; copy: WorkingCopy } | { kind: 'refusal'; reply: Reply };

function decideOn(t: Transaction, callback: RecordCallback, terms: Terms, situation: Situation): Decision {
  return callback.kind === 'rollback'
    ? onRollback(t, callback, terms, situation)
    : onDelivery(t, callback, terms, situation);
}

export function createHandleCallback(shop: Workshop): WorkOnCallback {
  const { now, monotonic, observer } = shop;
  const { drive, save, begin } = createDrive(shop);
  const { project, withBalance } = createToldBalance(shop);

  function* getBalance(callback: BalanceCallback, operator: Operator, deadline: number): Work<Reply> {
    if (callback.sign !== undefined) shop.bindToNone(callback.agentID, callback.sign);
    const verdict = yield* askBalance(operator, callback, deadline - monotonic());
    switch (verdict.kind) {
      case 'balance':
        shop.rememberBalance(callback, verdict.balance);
        return { kind: 'success', duplicate: false, balance: verdict.balance };
      case 'refused':
        return { kind: 'failure', result: verdict.result };
      case 'unknown':
        return { kind: 'failure', result: 'generalError' };
      default:
        return assertNever(verdict);
    }
  }

  /**
   * What the policy says. The last known balance is looked up only where something may be told as done that the
   * wallet has not got.
   */
  function* decide(
    t: Transaction,
    callback: RecordCallback,
    operator: Operator,
    situation: Omit<Situation, 'projected'>,
    isFull: boolean,
  ): Work<Decision> {
    const { terms } = operator;
    const decision = decideOn(t, callback, terms, { ...situation, projected: undefined });
    if (decision.kind !== 'answer' || !decision.wouldAccept || isFull) return decision;
    const projected = yield* project(t, callback);
    if (projected === undefined) observer.notAccepted({ operator: operator.name, because: 'balanceUnknown' });
    return decideOn(t, callback, terms, { ...situation, projected });
  }

  /**
   * Asks the policy, does what it says, and asks again, until it gives an answer and the record behind that
   * is stored.
   */
  function* answer(
    start: WorkingCopy,
    callback: RecordCallback,
    operator: Operator,
    deadline: number,
    begun?: Begun,
  ): Work<Reply> {
    let at = begun === undefined ? start : yield* drive(start, operator, deadline, begun);
    let joined = begun !== undefined;
    let expired = begun !== undefined;
    let isFull = false;
    let pause = firstLook;
    for (;;) {
      const t = at.transaction;
      const decision = yield* decide(t, callback, operator, { now: now(), expired, joined }, isFull);
      switch (decision.kind) {
        case 'answer': {
          if (decision.alarm !== undefined)
            observer.alarm({
              ...decision.alarm,
              operator: operator.name,
              agentID: t.agentID,
              transactionID: t.transactionID,
            });
          const next = decision.store ?? t;
          if (next !== t || at.dirty) {
            const accepts = decision.reply.kind === 'success';
            const { saved, copy, full } = yield* save(at, next, operator, { accepts });
            at = copy;
            if (full !== undefined) {
              observer.notAccepted({ operator: operator.name, because: full });
              isFull = true;
            }
            if (!saved) continue;
          }
          return yield* withBalance(decision.reply, next, callback, operator, deadline);
        }
        case 'wait': {
          joined = true;
          const left = deadline - monotonic() - operator.terms.storing;
          if (decision.store !== undefined) at = (yield* save(at, decision.store, operator)).copy;
          else if (left <= 0) expired = true;
          else {
            yield* sleep(Math.min(pause, left), t);
            at = yield* lookAgain(t);
            pause = Math.min(pause * 2, longestLook);
          }
          break;
        }
        case 'drive':
          joined = true;
          at = yield* drive(
            { ...at, transaction: decision.transaction, dirty: at.dirty || decision.transaction !== t },
            operator,
            deadline,
          );
          // Where somebody else has the lease now, they are waited for. Otherwise nothing more can be tried
          // in this callback's time.
          expired = !leaseIsLive(at.transaction, now()) || monotonic() + operator.terms.storing >= deadline;
          break;
        default:
          return assertNever(decision);
      }
    }
  }

  function* lookAgain(t: Transaction): Work<WorkingCopy> {
    const stored = yield* get(t);
    if (stored === undefined)
      throw new Error(`the record of ${t.transactionID} vanished from the journal while a redelivery waited for it`);
    return { ...stored, stored: stored.transaction, dirty: false };
  }

  /** The first write of a callback: it claims the transactionID, or finds who has it. */
  function* claim(first: Transaction, callback: RecordCallback, operator: Operator): Work<Claimed> {
    try {
      const { saved, copy } = yield* save(
        { transaction: first, revision: 0, stored: undefined, dirty: true },
        first,
        operator,
        { sign: callback.sign },
      );
      if (!saved) observer.redelivered({ operator: operator.name, operation: callback.kind });
      return { kind: 'tried', saved, copy };
    } catch (error) {
      if (error instanceof SignTaken) {
        const { agentID, transactionID } = callback;
        const what = 'another callback came with the same sign';
        observer.alarm({ kind: 'signReuse', operator: operator.name, agentID, transactionID, what });
        return { kind: 'refusal', reply: { kind: 'failure', result: 'invalidSign' } };
      }
      const bet = callback.kind === 'withdraw' || callback.kind === 'betWin';
      // "Failed" is only true where it is certain that nothing was claimed, and told only for what the
      // platform then drops.
      if (
        error instanceof JournalUnavailable &&
        error.nothingWritten &&
        bet &&
        operator.terms.whenJournalDown === 'fail'
      )
        return { kind: 'refusal', reply: { kind: 'failure', result: 'generalError' } };
      throw error;
    }
  }

  function* money(callback: MoneyCallback, operator: Operator, deadline: number): Work<Reply> {
    const { agentID, transactionID, userID, fingerprint, content } = callback;
    let legs: Leg[];
    try {
      legs = legsOf(content, transactionID, operator.terms, (id) => operator.wallet.reference(id));
    } catch {
      // A record has its references already, whatever the mapping makes of the id today.
      const stored = yield* get(callback);
      if (stored === undefined) return { kind: 'failure', result: 'wrongInput' };
      return yield* answer({ ...stored, stored: stored.transaction, dirty: false }, callback, operator, deadline);
    }
    const fresh: Transaction = {
      agentID,
      transactionID,
      userID,
      fingerprint,
      content,
      home: operator.homes.today,
      state: 'claimed',
      legs,
      since: now(),
      tries: 0,
    };
    if (legs.length === 0) {
      const claimed = yield* claim(conclude(fresh), callback, operator);
      if (claimed.kind === 'refusal') return claimed.reply;
      if (!claimed.saved) return yield* answer(claimed.copy, callback, operator, deadline);
      const done: Reply = { kind: 'success', duplicate: false, balance: undefined };
      return yield* withBalance(done, claimed.copy.transaction, callback, operator, deadline);
    }
    const step = plan(fresh, operator.terms, fresh.since);
    if (step.kind === 'wait' || step.kind === 'hold') throw new Error('a fresh transaction has nothing to send');
    const { lease, begun } = begin(operator, step);
    const claimed = yield* claim(intend(fresh, step, lease), callback, operator);
    if (claimed.kind === 'refusal') return claimed.reply;
    return yield* answer(claimed.copy, callback, operator, deadline, claimed.saved ? begun : undefined);
  }

  function* rollback(callback: RollbackCallback, operator: Operator, deadline: number): Work<Reply> {
    const claimed = yield* claim(tombstone(callback, now()), callback, operator);
    if (claimed.kind === 'refusal') return claimed.reply;
    if (claimed.saved) return { kind: 'failure', result: 'transactionNotFound' };
    return yield* answer(claimed.copy, callback, operator, deadline);
  }

  return function* (callback, operator, startedAt) {
    const deadline = startedAt + operator.terms.deadline;
    try {
      switch (callback.kind) {
        case 'getBalance':
          return yield* getBalance(callback, operator, deadline);
        case 'rollback':
          return yield* rollback(callback, operator, deadline);
        case 'withdraw':
        case 'deposit':
        case 'betWin':
          return yield* money(callback, operator, deadline);
        default:
          return assertNever(callback);
      }
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      return { kind: 'askAgain', because: error.message };
    }
  };
}
