// Brings unfinished records to their goal: one loop in every replica, one lease for each record, so that two never act on the
// same one and a stuck one never stands in another's way. It uses today's mapping and the references on record.

import { isElsewhere, onLook } from '../domain/policy.js';
import { JournalUnavailable, type Clock, type Journal, type Operator, type TransactionKey } from '../domain/ports.js';
import {
  conclude,
  hold,
  isUnfinished,
  leaseIsLive,
  letGo,
  withoutLease,
  type Transaction,
} from '../domain/transaction.js';
import { createDrive, type Workshop } from './drive.js';
import { get, type Work } from './effects.js';
import type { Performer } from './perform.js';

export interface ResolverSettings {
  /** Milliseconds between two looks at what is due. */
  readonly every: number;
  /** Records worked on at once. */
  readonly atOnce: number;
}

const putOffFor = 60_000;

/** No operator answers for the record's agent: it waits until one does. */
export class AgentGone extends Error {}

export interface Resolver {
  start(): void;
  /** One round over what is due now; resolves when each record taken was worked on once. */
  round(): Promise<void>;
  /** Ends the loop when what is in hand is done. */
  stop(): Promise<void>;
}

type OperatorOf = (agentID: string) => Operator | undefined;

/** What the resolver does with one record that is due. */
export function createResolve(shop: Workshop, operatorOf: OperatorOf): (key: TransactionKey) => Work<void> {
  const { drive, save } = createDrive(shop);
  return function* (key) {
    const stored = yield* get(key);
    if (stored === undefined) throw new Error(`the record of ${key.agentID} ${key.transactionID} is listed, but gone`);
    if (leaseIsLive(stored.transaction, shop.now())) return;
    const operator = operatorOf(key.agentID);
    if (operator === undefined) throw new AgentGone();
    const isBack = stored.transaction.elsewhere === true && !isElsewhere(stored.transaction, operator.homes);
    const looked = onLook(isBack ? letGo(stored.transaction) : stored.transaction, shop.now());
    // A person's word may have been all that was missing.
    const free = looked.lease === undefined ? looked : withoutLease(looked);
    const before = free.state === 'open' ? conclude(free) : free;
    const start = {
      transaction: before,
      revision: stored.revision,
      stored: stored.transaction,
      dirty: before !== stored.transaction,
    };
    const since = before.resumed ?? before.since;
    if (before.state === 'open' && shop.now() - since > operator.terms.giveUpAfter) {
      yield* save(start, hold(before, 'it could not be brought to its end in time'), operator);
      return;
    }
    const after = yield* drive(start, operator, shop.monotonic() + operator.terms.lease);
    // Another replica may have been faster: then what is there is its business.
    if (!after.dirty && (after.revision !== stored.revision || after.transaction.lease !== undefined)) return;
    const tries = moved(before, after.transaction) ? 0 : before.tries + 1;
    const next = { ...withoutLease(after.transaction), tries };
    const { saved } = yield* save(after, next, operator);
    if (saved && !isUnfinished(next.state)) shop.observer.moved({ operator: operator.name, transaction: next });
  };
}

export function createResolver(
  resolve: (key: TransactionKey) => Work<void>,
  performer: Performer,
  journal: Journal,
  clock: Clock,
  settings: ResolverSettings,
  failed: (error: unknown, key?: TransactionKey) => void,
): Resolver {
  const active = new Map<string, Promise<void>>();
  function take(key: TransactionKey): Promise<void> {
    const name = JSON.stringify([key.agentID, key.transactionID]);
    const done = performer
      .run(resolve(key), key)
      .catch(async (error: unknown) => {
        failed(error, key);
        // It goes to the back, so that what cannot be worked on never stands before the others.
        if (!(error instanceof JournalUnavailable)) await journal.postpone(key, journal.now() + putOffFor);
      })
      .catch((error: unknown) => failed(error, key))
      .finally(() => active.delete(name));
    active.set(name, done);
    return done;
  }

  /** Takes what is due and not yet in hand, up to the limit; `done` when each was worked on once. */
  async function begin(): Promise<{ done: Promise<unknown> }> {
    const due = await journal.due(settings.atOnce);
    const free = due.filter((key) => !active.has(JSON.stringify([key.agentID, key.transactionID])));
    return { done: Promise.all(free.slice(0, settings.atOnce - active.size).map(take)) };
  }

  let running: Promise<void> | undefined;
  const loop = { ends: false };
  async function go(): Promise<void> {
    while (!loop.ends) {
      try {
        await begin();
      } catch (error) {
        if (!(error instanceof JournalUnavailable)) failed(error);
      }
      await clock.sleep(settings.every);
    }
    await Promise.all(active.values());
  }

  return {
    start() {
      running ??= go();
    },
    async round() {
      const { done } = await begin();
      await done;
    },
    async stop() {
      loop.ends = true;
      await running;
    },
  };
}

function moved(before: Transaction, after: Transaction): boolean {
  return before.legs.some(
    (leg, i) => leg.effect !== after.legs[i]?.effect || leg.absentSince !== after.legs[i].absentSince,
  );
}
