// Brings unfinished records to their goal: one loop in every replica, one lease for each record, so that two
// replicas never act on the same record and a stuck record never stands in another's way. Each operator has a
// queue and places of its own, as many as its wallet bears, so that no operator's bad day is another's. It uses
// today's mapping and the references on record.

import { gaveUpBecause } from '../domain/alarms.js';
import { isElsewhere } from '../domain/home.js';
import { onLook } from '../domain/policy/on-callback.js';
import {
  JournalUnavailable,
  UnreadableRecord,
  type Clock,
  type Due,
  type Journal,
  type Operator,
  type TransactionKey,
} from '../domain/ports.js';
import { conclude, hold, isUnfinished, leaseIsLive, letGo, withoutLease } from '../domain/transaction.js';
import { createDrive, sameKnowledge } from './drive.js';
import { get, type Work } from './effects.js';
import { leavingAlone } from './left-alone.js';
import { newTrace } from './new-trace.js';
import type { Performer } from './perform.js';
import { Queue } from './queue.js';
import { readAtOnce, readingAll, readingNews } from './reading-on.js';
import { watchSight, type SightEvents } from './sight.js';
import type { Workshop } from './workshop.js';

export interface ResolverSettings {
  /** Milliseconds between two looks at what is due. */
  readonly every: number;
  /** Records of all operators worked on at once. */
  readonly atOnce: number;
  /** The share of its time (0 to 1) the process was busy since it was asked last; absent: nobody measures it. */
  readonly busy?: () => number;
}

const blindAfter = 30_000;
/** Of the process's time; the rest is free, so that no callback waits long for its turn. */
const mostBusy = 0.6;
/** Records worked on at once however busy it is, or a backlog would never end. */
const leastAtOnce = 8;
/** So many more at each look, while there is time to spare. */
const widensBy = 8;
/** No operator answers for the record's agent: it waits until one does. */
export class AgentGone extends Error {}

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
    if (!isUnfinished(stored.transaction.state)) return;
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
      yield* save(start, hold(before, gaveUpBecause), operator);
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

/**
 * Four times a second it looks at what has become due, and puts it into its operator's queue. From there each
 * operator is worked on beside the others, as many records at once as its wallet bears.
 */
export function createResolver(
  resolve: (key: TransactionKey) => Work<void>,
  operatorOf: OperatorOf,
  performer: Performer,
  journal: Journal,
  clock: Clock,
  settings: ResolverSettings,
  told: ResolverEvents,
): Resolver {
  const queues = new Map<string, Queue>();
  const active = new Set<Promise<void>>();
  const leftAlone = leavingAlone(clock, (error, key) => told.failed(error, key));
  const sight = watchSight(clock, told, blindAfter);
  let failures = 0;
  /** Fewer where they leave callbacks too little of the process's time. */
  let atOnce = settings.atOnce;

  /** Puts a record that is due into its operator's queue; one nobody here can work on is not even read. */
  function place(key: Due): void {
    if (leftAlone.has(key)) return;
    const operator = operatorOf(key.agentID);
    if (operator === undefined) leftAlone.add(key, new AgentGone());
    else queueOf(operator.name).offer(key);
  }

  function queueOf(operator: string): Queue {
    const queue = queues.get(operator) ?? new Queue(journal);
    queues.set(operator, queue);
    return queue;
  }

  /** Begins whatever there is room for. */
  function begin(): void {
    for (const queue of queues.values())
      for (const [name, key] of queue.waiting) {
        const operator = operatorOf(key.agentID);
        if (operator !== undefined && queue.active.size >= roomFor(operator)) break;
        queue.waiting.delete(name);
        if (operator === undefined) leftAlone.add(key, new AgentGone());
        else work(queue, name, key);
      }
  }

  /** No operator takes more than it leaves for the others; each has one place, however busy they are. */
  function roomFor(operator: Operator): number {
    if (loop.ends) return 0;
    return Math.min(operator.wallet.bears(), Math.max(1, atOnce - active.size));
  }

  function work(queue: Queue, name: string, key: Due): void {
    queue.active.add(name);
    const done = performer
      .run(resolve(key), key, { lane: 'backlog', trace: newTrace() })
      .then(
        () => {
          leftAlone.forget(key);
          sight.seen();
        },
        (error: unknown) => {
          if (!(error instanceof JournalUnavailable)) {
            leftAlone.add(key, error);
            return sight.seen();
          }
          told.failed(error, key);
          queue.startOver(key);
          failures += 1;
          return sight.unseen(error);
        },
      )
      .finally(() => {
        queue.active.delete(name);
        active.delete(done);
        begin();
      });
    active.add(done);
  }

  const news = readingNews(journal, place);
  const all = readingAll(journal, clock, place);

  /** What is read at each look for one queue alone. */
  const behind = () =>
    [...queues]
      .filter(([, queue]) => queue.wantsMore())
      .map(
        ([name, queue]) =>
          () =>
            queue.catchUp(readAtOnce, ({ agentID }) => operatorOf(agentID)?.name === name),
      );

  /** Each reading gives what it can before it rejects: a part of the journal that is away hides no other. */
  async function look(): Promise<void> {
    const failed: unknown[] = [];
    for (const read of [news.read, all.read, ...behind()]) await read().catch((error: unknown) => failed.push(error));
    begin();
    if (failed.length > 0) {
      if (failed[0] instanceof JournalUnavailable) sight.unseen(failed[0]);
      throw failed[0];
    }
    // Otherwise what is worked on tells.
    if (active.size === 0) sight.seen();
  }

  const isMore = (): boolean => news.isMore() || all.isDue() || behind().length > 0;
  const isBusy = (): boolean => (settings.busy?.() ?? 0) > mostBusy;

  let running: Promise<void> | undefined;
  const loop = { ends: false };
  async function go(): Promise<void> {
    while (!loop.ends) {
      try {
        await look();
      } catch (error) {
        if (!(error instanceof JournalUnavailable)) told.failed(error);
      }
      await clock.sleep(settings.every);
      // Of those at work, or it would take seconds until there are fewer.
      const fewer = Math.floor(Math.min(atOnce, active.size) * 0.75);
      atOnce = isBusy() ? Math.max(leastAtOnce, fewer) : Math.min(settings.atOnce, atOnce + widensBy);
    }
    await Promise.all(active);
  }

  return {
    start() {
      running ??= go();
    },
    async round() {
      all.begin();
      const before = failures;
      do {
        await look();
        while (active.size > 0) await Promise.all(active);
      } while (isMore() && failures === before);
    },
    async stop() {
      loop.ends = true;
      await running;
    },
  };
}
