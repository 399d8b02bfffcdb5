// Why: the platform and the network before the bridge: delivers as the plan says, follows up as the platform
// does, and notes each answer with its time. What the platform heard is its book; what a copy of the network
// was answered is heard by nobody. Never: reads the wallet.
/** @import { Transaction } from '../../src/domain/transaction.js' */
/** @import { MoneyCallback } from '../../src/stand-ins/platform-book.js' */
/** @import { PlatformPlayer } from '../../src/stand-ins/platform-player.js' */
/** @import { Plan } from './plan.mjs' */
/** @import { Delivery, Duty } from './verdict.mjs' */
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { TIMES } from './wallet-kinds.mjs';

/** @param {number | null} code */
const isYes = (code) => code === 0 || code === 11;

/** @typedef {ReturnType<typeof createPlatform>} Platform */
/**
 * A delivery is of a transaction, known by its number and its wallet.
 * @typedef {Pick<Plan, 'n' | 'kind'>} Numbered
 */

/**
 * `players` and `network`: a platform player for each agent. `recordOf` reads what is stored; the answers go
 * to `file`.
 * @param {{
 *   players: ReadonlyMap<string, PlatformPlayer>, network: ReadonlyMap<string, PlatformPlayer>, file: string,
 *   recordOf: (callback: MoneyCallback) => Promise<Transaction | undefined>, endsAt: () => number }} between
 */
export function createPlatform({ players, network, recordOf, file, endsAt }) {
  /** @type {Delivery[]} */
  const deliveries = [];
  /** @type {Set<string>} */
  const settled = new Set();

  /**
   * @param {Delivery['by']} by
   * @param {Numbered} plan
   * @param {MoneyCallback} callback
   * @param {number} base
   * @param {number} [patience]
   */
  async function deliver(by, plan, callback, base, patience = TIMES.patience) {
    if (settled.has(callback.transactionID)) return null;
    const at = Date.now();
    const who = (by === 'platform' ? players : network).get(callback.agentID);
    if (who === undefined) throw new Error(`nobody plays as ${callback.agentID}`);
    const { code, httpStatus } = await who.deliver(callback, { base, timeoutMs: patience });
    const heard = Date.now();
    // A yes must be stored by now, so what is read now is what was stored, or something that has followed
    // from it.
    const stored = isYes(code) ? dutyOf(await recordOf(callback)) : undefined;
    const { operation, transactionID } = callback;
    const delivery = { n: plan.n, at, heard, by, operation, transactionID, base: base % 3, httpStatus, code, stored };
    deliveries.push(delivery);
    appendFileSync(file, `${JSON.stringify(delivery)}\n`);
    return code;
  }

  /** @typedef {(plan: Numbered, callback: MoneyCallback, base: number, patience?: number) => Promise<number | null>} Deliver */
  /** @type {Deliver} */
  const own = (...delivery) => deliver('platform', ...delivery);
  /** @type {Deliver} */
  const copy = (...delivery) => deliver('network', ...delivery);

  /**
   * The first delivery and its twin: the first usable answer, or null.
   * @param {Plan} plan
   */
  async function begin(plan) {
    const { twin, lost, base, patience, callback } = plan;
    if (lost) {
      await pause(Math.min(patience, 300));
      return null;
    }
    const twins = [own(plan, callback, base, patience)];
    if (twin !== 'none') twins.push((twin === 'own' ? own : copy)(plan, callback, base + 1, patience));
    const [first = null, second = null] = await Promise.all(twins);
    return first ?? (twin === 'own' ? second : null);
  }

  /**
   * The same again, to one replica after the other, until a usable answer comes or the run's time is over.
   * @param {Plan} plan
   * @param {MoneyCallback} callback
   * @param {number} [tried]
   */
  async function untilAnswered(plan, callback, tried = 0) {
    for (let i = tried; Date.now() < endsAt() && !settled.has(callback.transactionID); i += 1) {
      const code = await own(plan, callback, plan.base + i);
      if (code !== null) return code;
      await pause(plan.pauses[i % plan.pauses.length]);
    }
    return null;
  }

  /** @param {Plan} plan */
  async function rollBack(plan) {
    const { agentID, userID, transactionID } = plan.callback;
    /** @type {MoneyCallback} */
    const rollback = { operation: 'RollbackTransaction', agentID, userID, transactionID };
    const twin = plan.rollbackTwin ? copy(plan, rollback, plan.base + 1) : undefined;
    await untilAnswered(plan, rollback, plan.base);
    await twin;
    return rollback;
  }

  /**
   * One transaction from its first delivery to the last word of platform and network.
   * @param {Plan} plan
   */
  async function play(plan) {
    /** @type {Promise<unknown>[]} */
    const copies = [];
    /** @param {number} ms @param {MoneyCallback} callback */
    const later = (ms, callback) => copies.push(pause(ms).then(() => copy(plan, callback, plan.base + copies.length)));
    // What the network kept back arrives in the end.
    const copyAfterStart = plan.copyAfterStart ?? (plan.lost ? (plan.pauses[0] ?? 0) * 5 : undefined);
    if (copyAfterStart !== undefined) later(copyAfterStart, plan.callback);

    let code = await begin(plan);
    let rollback;
    if (code === null) {
      await pause(plan.pauses[0]);
      if (plan.afterSilence === 'rollback') rollback = await rollBack(plan);
      else code = await untilAnswered(plan, plan.callback, 1);
    }
    if (isYes(code) && plan.changesItsMind) rollback = await rollBack(plan);

    if (plan.copyAfterEnd !== undefined) later(plan.copyAfterEnd, plan.callback);
    if (rollback !== undefined && plan.rollbackCopyAfterEnd !== undefined) later(plan.rollbackCopyAfterEnd, rollback);
    return Promise.all(copies);
  }

  return {
    ...{ play, rollBack, copy, deliveries },
    /**
     * People have agreed what becomes of these: nobody delivers them any more.
     * @param {readonly string[]} transactionIDs
     */
    settleByHand: (transactionIDs) => transactionIDs.forEach((id) => settled.add(id)),
  };
}

/**
 * What of a record makes a yes to be a promise that is kept.
 * @param {Transaction | undefined} record
 * @returns {Duty | 'nothing'}
 */
function dutyOf(record) {
  if (record === undefined) return 'nothing';
  const { state, goal, promised = false, rolledBack = false, story = [] } = record;
  return { state, goal, promised, rolledBack, accepted: story.find(({ what }) => what === 'accepted')?.at };
}
