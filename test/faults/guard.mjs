// Why: where Redis lost writes the bridge moves no money in what is concerned, and calls a person. This is the
// person, doing what config/deploy/redis.md says: look, settle by hand what was lost, adopt, restart every
// replica. Never: adopts before everybody had the time to look, or takes for settled what no alarm told of.
/** @import { Acknowledged, createTaps } from './redis-taps.mjs' */
/** @import { JournalView } from './journal-view.mjs' */
/** @import { Platform } from './platform.mjs' */
/** @import { Stage } from './stage.mjs' */
/** @import { Loss } from './verdict.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until.mjs';
import { startAsSupervised } from './stage.mjs';

/**
 * Each replica looks at what it wrote four times a second, but at a master it has just found only after a
 * second.
 */
const NOTICED_WITHIN_MS = 3000;
const UNCHANGED_FOR_MS = 1500;
const TOLD_WITHIN_MS = 10_000;
const LOOKS_EVERY_MS = 200;
const ADOPTS_AT_MOST = 5;

/** @typedef {ReturnType<typeof createGuard>} Guard */
/**
 * What the guard stopped: how many buckets, how many transactions of them had lost what was acknowledged, and
 * when a person had adopted them.
 * @typedef {{ buckets: number, lost: number, adoptedAt: number }} Stop
 */

/**
 * @param {Stage} stage
 * @param {{ journal: JournalView, taps: ReturnType<typeof createTaps>, platform: Platform }} witnesses
 */
export function createGuard(stage, { journal, taps, platform }) {
  /**
   * By transaction.
   * @type {Map<string, Loss>}
   */
  const losses = new Map();

  /** What was acknowledged and is not stored. */
  async function missing() {
    /** @type {readonly Acknowledged[]} */
    const due = [...taps.acknowledged.values()].filter(({ key }) => !losses.has(key.transactionID));
    const stored = await journal.revisions(due.map(({ key }) => key));
    return due.flatMap(({ key, revision }, i) => {
      const left = stored[i] ?? 0;
      return left < revision ? [{ ...key, acknowledged: revision, stored: left }] : [];
    });
  }

  /** Buckets that stay stopped, once nobody finds any more of them. */
  async function stopped() {
    const end = performance.now() + NOTICED_WITHIN_MS;
    let tags = await journal.stopped();
    while (tags.length === 0 && performance.now() < end) {
      await pause(LOOKS_EVERY_MS);
      tags = await journal.stopped();
    }
    for (let since = performance.now(); tags.length > 0 && performance.now() < since + UNCHANGED_FOR_MS;) {
      await pause(LOOKS_EVERY_MS);
      const now = await journal.stopped();
      if (now.length !== tags.length) [tags, since] = [now, performance.now()];
    }
    return new Set(tags);
  }

  /** @param {string} adminUrl */
  const says = async (adminUrl) => {
    const scrape = await fetch(`${adminUrl}/metrics`).catch(() => undefined);
    return (await scrape?.text())?.includes('wallet_bridge_journal_lost 1') === true;
  };

  /** @param {Set<string>} tags */
  async function adopt(tags) {
    await until(
      'every replica says that writes were lost',
      async () => (await Promise.all(stage.replicas.map(({ adminUrl }) => says(adminUrl)))).every(Boolean),
      TOLD_WITHIN_MS,
    );
    const lost = (await missing()).filter((key) => tags.has(journal.bucketOf(key)));
    const adoptedAt = Date.now();
    for (const loss of lost) losses.set(loss.transactionID, { ...loss, adoptedAt });
    platform.settleByHand(lost.map(({ transactionID }) => transactionID));
    for (let attempt = 1; ; attempt += 1)
      try {
        await stage.adopt();
        break;
      } catch (error) {
        if (attempt === ADOPTS_AT_MOST) throw error;
      }
    await Promise.all(
      stage.replicas.map(async (replica) => {
        await replica.stop();
        await startAsSupervised(replica);
      }),
    );
    return { buckets: tags.size, lost: lost.length, adoptedAt: Date.now() };
  }

  return {
    /** @returns {readonly Loss[]} */
    losses: () => [...losses.values()],

    /** Whether there is anything to settle. */
    isCalled: async () => (await stopped()).size > 0,

    /**
     * Does what a person does where writes were lost; undefined where none were noticed. While replicas are
     * left in peace.
     * @returns {Promise<Stop | undefined>}
     */
    async settle() {
      const tags = await stopped();
      const stop = tags.size === 0 ? undefined : await adopt(tags);
      this.accuse(await missing());
      return stop;
    },

    /** What is missing now was lost, and nobody said so. */
    async close() {
      this.accuse(await missing());
    },

    /** @param {readonly Loss[]} silent */
    accuse(silent) {
      for (const loss of silent) losses.set(loss.transactionID, loss);
    },
  };
}
