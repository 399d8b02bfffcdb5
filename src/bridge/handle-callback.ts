// One callback from claim to answer. Every answer it gives is read off a record that is stored; when another handler was
// faster, it answers what the record says then. It must never answer a yes or a no that the journal does not hold.

import type { BalanceCallback, Callback, MoneyCallback, RollbackCallback } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import { assertNever, type Reply } from '../domain/outcome.js';
import { intend, onDelivery, onRollback, plan, tombstone, type Decision, type Situation } from '../domain/policy.js';
import { JournalUnavailable, type Operator } from '../domain/ports.js';
import { conclude, type Leg, type Transaction } from '../domain/transaction.js';
import type { Acceptance } from './acceptance.js';
import { createDrive, SignTaken, storing, type Begun, type Position, type Workshop } from './drive.js';
import { legsOf } from './legs.js';

/** Milliseconds a balance call may take that only refreshes what a replay would answer anyway. */
const refreshing = 500;
const firstLook = 20;
const longestLook = 200;

/** Answers one verified callback within its operator's deadline, counted from `startedAt` (monotonic ms). */
export type HandleCallback = (callback: Callback, operator: Operator, startedAt: number) => Promise<Reply>;

export function createHandleCallback(shop: Workshop, acceptance: Acceptance): HandleCallback {
  const { journal, clock, observer } = shop;
  const { drive, save, begin } = createDrive(shop);
  /** Who works on a record in this process: a copy that comes meanwhile waits for him instead of asking the journal. */
  const running = new Map<string, Promise<unknown>>();

  async function getBalance(callback: BalanceCallback, operator: Operator, deadline: number): Promise<Reply> {
    const within = Math.min(deadline - clock.monotonic(), operator.wallet.patience('balance'));
    const verdict = await operator.wallet.balance(callback, { within, mayStillSend: () => true });
    switch (verdict.kind) {
      case 'balance':
        journal.rememberBalance(callback, verdict.balance);
        return { kind: 'success', duplicate: false, balance: verdict.balance };
      case 'refused':
        return { kind: 'failure', result: verdict.result };
      case 'unknown':
        return { kind: 'failure', result: 'generalError' };
      default:
        return assertNever(verdict);
    }
  }

  /** The wallet's own word within `within` ms. */
  async function currentBalance(callback: MoneyCallback | RollbackCallback, operator: Operator, within: number): Promise<Money | undefined> {
    const verdict = await operator.wallet.balance(callback, { within, mayStillSend: () => true });
    if (verdict.kind !== 'balance') return undefined;
    journal.rememberBalance(callback, verdict.balance);
    return verdict.balance;
  }

  async function withBalance(reply: Reply, callback: MoneyCallback | RollbackCallback, operator: Operator, deadline: number): Promise<Reply> {
    if (reply.kind !== 'success') return reply;
    if (!reply.duplicate && reply.balance !== undefined) return reply;
    // A replay shows today's balance where it is quickly had; a first answer whose wallet reply had none needs one.
    const left = Math.min(deadline - clock.monotonic() - storing, operator.wallet.patience('balance'));
    const balance = (await currentBalance(callback, operator, reply.duplicate ? Math.min(left, refreshing) : left)) ?? reply.balance;
    return { ...reply, balance: balance ?? (await journal.lastBalance(callback)) };
  }

  /** What the balance will be once the record's goal is reached: the last known one, moved by what is still to come. */
  async function project(t: Transaction, callback: MoneyCallback | RollbackCallback, operator: Operator): Promise<Money | undefined> {
    if (!acceptance.allows(operator.name, operator.terms, journal.now())) return undefined;
    const undoing = callback.kind === 'rollback';
    const known = (!undoing && t.legs.some((leg) => leg.effect === 'applied') ? t.balance : undefined) ?? (await journal.lastBalance(callback));
    return t.legs.reduce((balance, leg) => {
      if (undoing) return leg.effect === 'applied' ? moved(balance, leg.win, leg.bet) : balance;
      return leg.effect === 'applied' ? balance : moved(balance, leg.bet, leg.win);
    }, known);
  }

  /** Waits until the record may have changed. */
  async function look(at: Position, key: string, pause: number, deadline: number): Promise<Position> {
    const left = deadline - clock.monotonic() - storing;
    const owner = running.get(key);
    await (owner === undefined ? clock.sleep(Math.min(pause, left)) : Promise.race([owner, clock.sleep(left)]));
    const stored = await journal.get(at.transaction);
    if (stored === undefined) throw new Error(`the record of ${at.transaction.transactionID} vanished from the journal while a copy waited for it`);
    return { ...stored, dirty: false };
  }

  /** Asks the table, does what it says, and asks again, until it gives an answer and the record behind it is stored. */
  async function answer(
    start: Position,
    callback: MoneyCallback | RollbackCallback,
    operator: Operator,
    deadline: number,
    decide: (t: Transaction, situation: Situation) => Decision,
    begun?: Begun,
  ): Promise<Reply> {
    const key = `${callback.agentID} ${callback.transactionID}`;
    const work = (from: Position, first?: Begun): Promise<Position> => {
      const done = drive(from, operator, deadline, first);
      const settled = done.then(
        () => running.delete(key),
        () => running.delete(key),
      );
      running.set(key, settled);
      return done;
    };

    let at = begun === undefined ? start : await work(start, begun);
    let joined = begun !== undefined;
    let expired = begun !== undefined;
    let pause = firstLook;
    for (;;) {
      const t = at.transaction;
      const projected = expired || t.state === 'held' ? await project(t, callback, operator) : undefined;
      const decision = decide(t, { now: journal.now(), expired, joined, projected });
      switch (decision.kind) {
        case 'answer': {
          if (decision.alarm !== undefined)
            observer.alarm({ operator: operator.name, agentID: t.agentID, transactionID: t.transactionID, what: decision.alarm });
          const next = decision.store ?? t;
          if (next !== t || at.dirty) {
            const { saved, position } = await save(at, next, operator);
            if (!saved) {
              at = position;
              continue;
            }
            if (next.goal === 'deliver' && t.goal !== 'deliver') acceptance.accepted(operator.name);
          }
          return withBalance(decision.reply, callback, operator, deadline);
        }
        case 'wait':
          joined = true;
          if (decision.store !== undefined) at = (await save(at, decision.store, operator)).position;
          else if (clock.monotonic() + pause + storing >= deadline) expired = true;
          else at = await look(at, key, pause, deadline);
          pause = Math.min(pause * 2, longestLook);
          break;
        case 'drive':
          joined = true;
          at = await work({ ...at, transaction: decision.transaction, dirty: at.dirty || decision.transaction !== t });
          // Whoever else holds it now is waited for; otherwise nothing more can be tried in this callback's time.
          expired = at.transaction.lease === undefined || clock.monotonic() + storing >= deadline;
          break;
        default:
          return assertNever(decision);
      }
    }
  }

  /** The first write of a callback: it claims the transactionID, or finds who has it. */
  async function claim(
    nowhere: Position,
    first: Transaction,
    callback: MoneyCallback | RollbackCallback,
    operator: Operator,
  ): Promise<{ kind: 'tried'; saved: boolean; position: Position } | { kind: 'refusal'; reply: Reply }> {
    try {
      const { saved, position } = await save(nowhere, first, operator, callback.sign);
      if (!saved) observer.redelivered({ operator: operator.name, operation: callback.kind });
      return { kind: 'tried', saved, position };
    } catch (error) {
      if (error instanceof SignTaken) return { kind: 'refusal', reply: { kind: 'failure', result: 'invalidSign' } };
      const bet = callback.kind === 'withdraw' || callback.kind === 'betWin';
      // "Failed" is only true where it is certain that nothing was claimed, and told only for what the platform then drops.
      if (error instanceof JournalUnavailable && error.neverLeft && bet && operator.terms.whenJournalDown === 'fail')
        return { kind: 'refusal', reply: { kind: 'failure', result: 'generalError' } };
      throw error;
    }
  }

  async function money(callback: MoneyCallback, operator: Operator, deadline: number): Promise<Reply> {
    const { terms, wallet } = operator;
    const decide = (t: Transaction, situation: Situation): Decision => onDelivery(t, callback, terms, situation);
    let legs: Leg[];
    try {
      legs = legsOf(callback.content, callback.transactionID, terms, (id) => wallet.reference(id));
    } catch {
      return { kind: 'failure', result: 'wrongInput' };
    }
    const { agentID, transactionID, userID, fingerprint, content } = callback;
    const fresh: Transaction = { agentID, transactionID, userID, fingerprint, content, state: 'claimed', legs, since: journal.now(), tries: 0 };
    const nowhere: Position = { transaction: fresh, revision: 0, dirty: true };
    if (legs.length === 0) {
      const claimed = await claim(nowhere, conclude(fresh), callback, operator);
      if (claimed.kind === 'refusal') return claimed.reply;
      return claimed.saved
        ? withBalance({ kind: 'success', duplicate: false, balance: undefined }, callback, operator, deadline)
        : answer(claimed.position, callback, operator, deadline, decide);
    }
    const step = plan(fresh, terms, fresh.since);
    if (step.kind === 'wait' || step.kind === 'hold') throw new Error('a fresh transaction has nothing to send');
    const { lease, begun } = begin(operator, step);
    const claimed = await claim(nowhere, intend(fresh, step, lease), callback, operator);
    if (claimed.kind === 'refusal') return claimed.reply;
    return answer(claimed.position, callback, operator, deadline, decide, claimed.saved ? begun : undefined);
  }

  async function rollback(callback: RollbackCallback, operator: Operator, deadline: number): Promise<Reply> {
    const none = tombstone(callback, journal.now());
    const claimed = await claim({ transaction: none, revision: 0, dirty: true }, none, callback, operator);
    if (claimed.kind === 'refusal') return claimed.reply;
    if (claimed.saved) return { kind: 'failure', result: 'transactionNotFound' };
    return answer(claimed.position, callback, operator, deadline, (t, situation) => onRollback(t, callback, operator.terms, situation));
  }

  return async (callback, operator, startedAt) => {
    const deadline = startedAt + operator.terms.deadline;
    try {
      switch (callback.kind) {
        case 'getBalance':
          return await getBalance(callback, operator, deadline);
        case 'rollback':
          return await rollback(callback, operator, deadline);
        case 'withdraw':
        case 'deposit':
        case 'betWin':
          return await money(callback, operator, deadline);
        default:
          return assertNever(callback);
      }
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      return { kind: 'askAgain', because: error.message };
    }
  };
}

function moved(balance: Money | undefined, less: Money | undefined, more: Money | undefined): Money | undefined {
  const after = less === undefined ? balance : balance?.minus(less);
  return more === undefined ? after : after?.plus(more);
}
