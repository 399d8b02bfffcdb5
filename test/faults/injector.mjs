// Why: carries out the planned faults of processes and links, and notes each with its time.
// Never: leaves anything down, frozen or deaf when it ends: what is wrong after that is the bridge's own.
/** @import { AimingAt } from './aimed-faults.mjs' */
/** @import { openFaultLog } from './fault-log.mjs' */
/** @import { Link } from './fault-link.mjs' */
/** @import { LinkFault, ProcessFault, ProcessFaultName } from './plan.mjs' */
/** @import { Fsync, Stage, StagedReplica } from './stage.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { createAimedFaults } from './aimed-faults.mjs';
import { emptyRedis, putDataBack, startRedis, walletIn } from './stage.mjs';

const BEHIND_AT_MOST = 5;
const STARTS_AT_MOST = 20;
const STARTS_AGAIN_AFTER_MS = 250;

/**
 * What carries a fault out: it has begun once this resolves, with what ends it; undefined where it never came.
 * @typedef {(fault: Inflicted) => Promise<(() => unknown) | undefined>} Inflict
 */
/**
 * What is noted of a planned fault, and what was found out while it was carried out.
 * @typedef {Omit<ProcessFault, 'at' | 'after' | 'how'> & { how?: LinkFault | Fsync, transactionID?: string }} Inflicted
 */

/**
 * `aimingAt`: what lets faults be aimed at single writes.
 * @param {Stage} stage
 * @param {readonly ProcessFault[]} planned
 * @param {ReturnType<typeof openFaultLog>} faultLog
 * @param {AimingAt} aimingAt
 */
export function createInjector(stage, planned, faultLog, aimingAt) {
  const waiting = [...planned];
  /** @type {Map<string, Promise<unknown>>} */
  const queues = new Map();
  let pending = 0;
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
      fault.how = stage.data.fsync;
      await stage.redis.kill9();
      return async () => {
        await pause(fault.ms);
        await startRedis(stage);
      };
    },
    'redis-emptied': async ({ ms }) => {
      await emptyRedis(stage);
      return async () => {
        await pause(ms);
        await putDataBack(stage);
      };
    },
    'wallet-link': (fault) => breakLinks([walletIn(stage, fault.kind).link], fault),
    'redis-link': (fault) => breakLinks(linksToRedis(fault), fault),
    ...aimed,
  };

  /**
   * Of one replica, or of all.
   * @param {Inflicted} fault
   */
  const linksToRedis = ({ replica }) =>
    stage.replicas.filter((_, i) => replica === undefined || i === replica).map(({ redisLink }) => redisLink);

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
    const at = Date.now();
    const end = await carryOut[fault.what](fault);
    // What it was aimed at never came.
    if (end === undefined) return;
    await end();
    faultLog.note({ at, until: Date.now(), ...fault });
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
        const sort = fault.kind ?? (fault.what === 'redis-emptied' ? 'redis-kill' : fault.what);
        // What waits for traffic must not hold the traffic.
        const counts = Object.hasOwn(aimed, fault.what) ? 0 : 1;
        pending += counts;
        const done = (queues.get(sort) ?? Promise.resolve()).then(() => inject(fault));
        queues.set(
          sort,
          done.catch((error) => (failed ??= error)).finally(() => (pending -= counts)),
        );
      }
    },

    /** Holds a run that is faster than its faults. Rejects when one could not be carried out. */
    async keepPace() {
      while (pending > BEHIND_AT_MOST && failed === undefined) await pause(20);
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

/**
 * A replica may refuse to start while Redis is away or empty; whoever runs replicas starts them again then.
 * @param {StagedReplica} replica
 */
async function startAsSupervised(replica) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await replica.start();
      return;
    } catch (error) {
      if (attempt === STARTS_AT_MOST || replica.isRunning) throw error;
      await pause(STARTS_AGAIN_AFTER_MS);
    }
  }
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
