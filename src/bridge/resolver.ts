// Brings unfinished records to their goal: one loop in every replica, one lease for each record, so that two
// replicas never act on the same record and a stuck record never stands in another's way. It uses today's
// mapping and the references on record.

import { isElsewhere } from '../domain/home.js';
import { onLook } from '../domain/policy/on-callback.js';
import {
  JournalUnavailable,
  UnreadableRecord,
  type Clock,
  type Journal,
  type Operator,
  type TransactionKey,
} from '../domain/ports.js';
import { conclude, hold, isUnfinished, leaseIsLive, letGo, withoutLease } from '../domain/transaction.js';
import { createDrive, sameKnowledge } from './drive.js';
import { get, type Work } from './effects.js';
import type { Performer } from './perform.js';
import { watchSight, type SightEvents } from './sight.js';
import type { Workshop } from './workshop.js';

export interface ResolverSettings {
  /** Milliseconds between two looks at what is due. */
  readonly every: number;
  /** Records worked on at once. */
  readonly atOnce: number;
}

const leaveAloneFor = 60_000;
const tellAgainAfter = 3_600_000;
/** Of more, those known longest are forgotten, and looked at again sooner. */
const mostLeftAlone = 100_000;
const blindAfter = 30_000;

/** No operator answers for the record's agent: it waits until one does. */
export class AgentGone extends Error {}

interface LeftAlone {
  /** Monotonic ms; so is `told`, when it was told. */
  readonly until: number;
  readonly told: number;
  readonly because: string;
}

/** `looked` is told when the resolver could look at what is due, and work on it. */
export interface ResolverEvents extends SightEvents {
  /** A record could not be worked on, told once in an hour; or a look ended in an exception. */
  failed(error: unknown, key?: TransactionKey): void;
}

export interface Resolver {
  start(): void;
  /**
   * One round over what is due now; resolves when each record taken was worked on once. Rejects as the
   * journal does.
   */
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
    if (stored === undefined)
      throw new UnreadableRecord(`the record of ${key.agentID} ${key.transactionID} is listed, but gone`, 'gone');
    if (leaseIsLive(stored.transaction, shop.now())) return;
    const operator = operatorOf(key.agentID);
    if (operator === undefined) throw new AgentGone();
    const isBack = stored.transaction.elsewhere === true && !isElsewhere(stored.transaction, operator.homes);
    const looked = onLook(isBack ? letGo(stored.transaction) : stored.transaction, shop.now());
    // It may have been only a person's word that was missing.
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
    // Another replica may have been faster: then the record is that one's business.
    if (!after.dirty && (after.revision !== stored.revision || after.transaction.lease !== undefined)) return;
    const tries = sameKnowledge(before, after.transaction) ? before.tries + 1 : 0;
    const next = { ...withoutLease(after.transaction), tries };
    const { saved } = yield* save(after, next, operator);
    if (saved && !isUnfinished(next.state)) shop.observer.recordChanged({ operator: operator.name, transaction: next });
  };
}

export function createResolver(
  resolve: (key: TransactionKey) => Work<void>,
  performer: Performer,
  journal: Journal,
  clock: Clock,
  settings: ResolverSettings,
  told: ResolverEvents,
): Resolver {
  const active = new Map<string, Promise<void>>();
  /** Records that cannot be worked on here. They stay listed as they are, for a replica that can. */
  const leftAlone = new Map<string, LeftAlone>();
  const sight = watchSight(clock, told, blindAfter);
  const nameOf = ({ agentID, transactionID }: TransactionKey): string => JSON.stringify([agentID, transactionID]);

  function leaveAlone(name: string, key: TransactionKey, error: unknown): void {
    const now = clock.monotonic();
    const because = String(error);
    const before = leftAlone.get(name);
    const isKnown = before?.because === because && now - before.told < tellAgainAfter;
    if (!isKnown) told.failed(error, key);
    leftAlone.delete(name);
    leftAlone.set(name, { until: now + leaveAloneFor, because, told: isKnown ? before.told : now });
    for (const [longest] of leftAlone) {
      if (leftAlone.size <= mostLeftAlone) return;
      leftAlone.delete(longest);
    }
  }

  function take(key: TransactionKey): Promise<void> {
    const name = nameOf(key);
    const done = performer
      .run(resolve(key), key, 'backlog')
      .then(
        () => {
          leftAlone.delete(name);
          sight.seen();
        },
        (error: unknown) => {
          if (!(error instanceof JournalUnavailable)) {
            leaveAlone(name, key, error);
            return sight.seen();
          }
          told.failed(error, key);
          return sight.unseen(error);
        },
      )
      .finally(() => active.delete(name));
    active.set(name, done);
    return done;
  }

  /**
   * Takes each record that is due, unless it is in hand or left alone, as long as there is room; returns how
   * many were left alone.
   */
  async function look(begun: Promise<void>[]): Promise<number> {
    let passed = 0;
    for await (const key of journal.due()) {
      const name = nameOf(key);
      if (active.has(name)) continue;
      if (clock.monotonic() < (leftAlone.get(name)?.until ?? -Infinity)) {
        passed += 1;
        continue;
      }
      // A record that cannot be worked on makes room at once, and so keeps none behind it waiting.
      if (active.size >= settings.atOnce) await Promise.race([...active.values(), clock.sleep(settings.every)]);
      if (active.size >= settings.atOnce || loop.ends) return passed;
      begun.push(take(key));
    }
    if (begun.length === 0) sight.seen();
    return passed;
  }

  let running: Promise<void> | undefined;
  const loop = { ends: false };
  async function go(): Promise<void> {
    while (!loop.ends) {
      let passed = 0;
      try {
        passed = await look([]);
      } catch (error) {
        if (error instanceof JournalUnavailable) sight.unseen(error);
        else told.failed(error);
      }
      // Reading past records left alone costs Redis something: the more there are, the longer the rest.
      await clock.sleep(settings.every + passed / 10);
    }
    await Promise.all(active.values());
  }

  return {
    start() {
      running ??= go();
    },
    async round() {
      const begun: Promise<void>[] = [];
      try {
        await look(begun);
      } catch (error) {
        if (error instanceof JournalUnavailable) sight.unseen(error);
        throw error;
      }
      await Promise.all(begun);
    },
    async stop() {
      loop.ends = true;
      await running;
    },
  };
}
