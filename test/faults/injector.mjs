// Why: carries out the planned faults of processes and links, and notes each with its time.
// Never: leaves anything down, frozen or deaf when it ends: what is wrong after that is the bridge's own.
/** @import { AimingAt } from './aimed-faults.mjs' */
/** @import { createFailovers } from './failovers.mjs' */
/** @import { openFaultLog } from './fault-log.mjs' */
/** @import { Link } from './fault-link.mjs' */
/** @import { createGate } from './gate.mjs' */
/** @import { LinkFault, ProcessFault, ProcessFaultName } from './plan.mjs' */
/** @import { Fsync } from './single-redis.mjs' */
/** @import { Stage } from './stage.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { createAimedFaults } from './aimed-faults.mjs';
import { startAsSupervised, walletIn } from './stage.mjs';

const BEHIND_AT_MOST = 5;
/** One that is under way, and no other waits for its end: what befalls a set of Redis is to befall a load. */
const FAILOVERS_AT_MOST = 1;
/** Until then one transaction at a time begins, or nobody would see when Redis is back. */
const BEGINS_EVERY_MS = 400;
/** What a replica forgets, or does not hear, by. */
const ON_REPLICAS = /^(kill|freeze|redis-link|freeze-before-send|freeze-before-reply|answer-lost|answer-late)$/;

/**
 * What carries a fault out: it has begun once this resolves, with what ends it; undefined where it never came.
 * @typedef {(fault: Inflicted) => Promise<(() => unknown) | undefined>} Inflict
 */
/**
 * What is noted of a planned fault, and what was found out while it was carried out.
 * @typedef {Omit<ProcessFault, 'at' | 'after' | 'how'> & { how?: LinkFault | Fsync | 'behind' | 'in-step', transactionID?: string }} Inflicted
 */

/**
 * `aimingAt`: what lets faults be aimed at single writes. `gate`: where what befalls replicas waits until what
 * befalls Redis is over.
 * @param {Stage} stage
 * @param {readonly ProcessFault[]} planned
 * @param {ReturnType<typeof openFaultLog>} faultLog
 * @param {AimingAt & { failovers: ReturnType<typeof createFailovers>, gate: ReturnType<typeof createGate> }} aimingAt
 */
export function createInjector(stage, planned, faultLog, { failovers, gate, ...aimingAt }) {
  const waiting = [...planned];
  /** @type {Map<string, Promise<unknown>>} */
  const queues = new Map();
  let pending = 0;
  let pendingFailovers = 0;
  let beginsAt = 0;
  let isOver = false;
  const aimed = createAimedFaults(stage, aimingAt, () => isOver);

  /** @type {Record<ProcessFaultName, Inflict>} */
  const carryOut = {
    kill: async (fault) => {
      const replica = await someReplica(fault.replica);
      await replica.kill9();
      return async () => {
        await pause(fault.ms);
        await startAsSupervised(replica);
      };
    },
    freeze: async (fault) => {
      const replica = await someReplica(fault.replica);
      replica.freeze();
      return async () => {
        await pause(fault.ms);
        replica.thaw();
      };
    },
    'redis-kill': async (fault) => {
      const redis = single();
      fault.how = redis.fsync;
      await redis.kill9();
      return async () => {
        await pause(fault.ms);
        await redis.start();
      };
    },
    'redis-emptied': async ({ ms }) => {
      const redis = single();
      await redis.empty();
      return async () => {
        await pause(ms);
        await redis.putDataBack();
      };
    },
    ...failovers.carryOut,
    'wallet-link': (fault) => breakLinks([walletIn(stage, fault.kind).link], fault),
    'redis-link': (fault) => breakLinks(linksToRedis(fault), fault),
    ...aimed,
  };

  const single = () => {
    if (stage.single === undefined) throw new Error('this befalls one server only');
    return stage.single;
  };

  /**
   * Of one replica, or of all.
   * @param {Inflicted} fault
   */
  const linksToRedis = ({ replica }) =>
    stage.replicas.filter((_, i) => replica === undefined || i === replica).flatMap(({ redisLinks }) => redisLinks);

  /**
   * One that runs, is not frozen, and is not being restarted.
   * @param {number | undefined} first
   */
  async function someReplica(first = 0) {
    const order = [...stage.replicas.slice(first), ...stage.replicas.slice(0, first)];
    for (;;) {
      const found = order.find((replica) => replica.isRunning && !replica.isPaused);
      if (found !== undefined) return found;
      await pause(20);
    }
  }

  /** @param {ProcessFault} planned */
  async function inject({ at: _at, after, ...planned }) {
    /** @type {Inflicted} */
    const fault = { ...planned };
    await pause(after);
    const happens = async () => {
      const at = Date.now();
      const end = await carryOut[fault.what](fault);
      // What it was aimed at never came.
      if (end === undefined) return;
      await end();
      faultLog.note({ at, until: Date.now(), ...fault });
    };
    await (ON_REPLICAS.test(fault.what) ? gate.beside(happens) : happens());
  }

  /** @type {unknown} */
  let failed;
  return {
    /**
     * The run has come to transaction `n`: what is planned for it happens, each thing after the one before of
     * its sort.
     * @param {number} n
     */
    reach(n) {
      while ((waiting[0]?.at ?? Infinity) <= n) {
        const fault = waiting.shift();
        if (fault === undefined) return;
        const isFailover = Object.hasOwn(failovers.carryOut, fault.what);
        const ofRedis = isFailover || fault.what === 'redis-emptied';
        const sort = fault.kind ?? (ofRedis ? 'redis-kill' : fault.what);
        // What waits for traffic must not hold the traffic.
        const counts = isFailover || Object.hasOwn(aimed, fault.what) ? 0 : 1;
        pending += counts;
        if (isFailover) pendingFailovers += 1;
        const done = (queues.get(sort) ?? Promise.resolve()).then(() =>
          failed === undefined ? inject(fault) : undefined,
        );
        queues.set(
          sort,
          done
            .catch((error) => (failed ??= error))
            .finally(() => {
              pending -= counts;
              if (isFailover) pendingFailovers -= 1;
            }),
        );
      }
    },

    /** Holds a run that is faster than its faults. Rejects when one could not be carried out. */
    async keepPace() {
      const isAhead = () => {
        if (pendingFailovers > FAILOVERS_AT_MOST) return performance.now() < beginsAt;
        return pending > BEHIND_AT_MOST && !gate.isClosed;
      };
      while (isAhead() && failed === undefined) await pause(20);
      beginsAt = performance.now() + BEGINS_EVERY_MS;
      if (failed !== undefined) throw failed;
    },

    /** Everything planned has happened and is over: all processes up, all links sound. */
    async end() {
      isOver = true;
      await Promise.all(queues.values());
      if (failed !== undefined) throw failed;
      if (waiting.length > 0) throw new Error(`${waiting.length} planned faults were never reached`);
    },
  };
}

/** @param {readonly Link[]} links @param {Inflicted} fault */
async function breakLinks(links, { how, by, ms }) {
  switch (how) {
    case 'cut':
    case 'reset':
      for (const link of links) link[how]();
      return () => undefined;
    case 'slow':
    case 'deaf':
    case 'refuse':
      for (const link of links) link.become(how, by);
      return async () => {
        await pause(ms);
        for (const link of links) link.become('pass');
      };
    default:
      throw new Error(`a link cannot be broken like this: ${how}`);
  }
}
