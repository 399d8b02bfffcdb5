// Why: what the bridge has stored, read straight from Redis as a person with redis-cli would, past the faulty
// link. Never: says what money should have moved; it only says what is stored, and what is listed as
// unfinished.
/** @import { Redis } from 'ioredis' */
/** @import { TransactionKey } from '../../src/domain/ports.js' */
/** @import { RedisSet } from '../support/redis-sets.mjs' */
import { setTimeout as pause } from 'node:timers/promises';

const LOOKS_EVERY_MS = 100;
const ANSWERS_WITHIN_MS = 1000;

/**
 * The bridge's own names and record format, from the build under test.
 * @typedef {typeof import('../../src/journal/keys.js') & typeof import('../../src/journal/record-codec.js')
 *   & Pick<typeof import('../../src/journal/epochs.js'), 'isJournal'>} JournalModules
 */
/** @typedef {ReturnType<typeof viewJournal>} JournalView */

/**
 * @param {RedisSet} set
 * @param {JournalModules} modules
 */
export function viewJournal(set, { buckets, keyOf, placeOf, memberOf, decodeRecord, isJournal }) {
  /** @param {TransactionKey} key @param {string} text */
  const read = (key, text) => decodeRecord(key, text.split(' ').slice(3).join(' '));

  /**
   * What the node that has it answers for each item, and still has it then: a master that was replaced
   * meanwhile knows less than the bridge does. Waits for one that is being restarted or replaced.
   * @template I
   * @template T
   * @param {readonly I[]} items
   * @param {(item: I) => string} keyOfItem
   * @param {(redis: Redis, item: I) => Promise<T>} ask
   * @returns {Promise<T[]>}
   */
  async function each(items, keyOfItem, ask) {
    /** @type {Map<I, T>} */
    const answers = new Map();
    for (let left = items; left.length > 0; left = items.filter((item) => !answers.has(item))) {
      const before = await set.serving();
      const asked = left.map(async (item) => {
        const node = before(keyOfItem(item));
        if (node === undefined) return undefined;
        return Promise.race([
          ask(node.client, item).then(
            (value) => ({ item, node, value }),
            () => undefined,
          ),
          pause(ANSWERS_WITHIN_MS, undefined, { ref: false }),
        ]);
      });
      const heard = (await Promise.all(asked)).filter((answer) => answer !== undefined);
      const after = await set.serving();
      for (const { item, node, value } of heard) if (after(keyOfItem(item)) === node) answers.set(item, value);
      if (answers.size < items.length) await pause(LOOKS_EVERY_MS);
    }
    return items.flatMap((item) => (answers.has(item) ? [/** @type {T} */ (answers.get(item))] : []));
  }
  /**
   * @template T
   * @param {string} key
   * @param {(redis: Redis) => Promise<T>} ask
   * @returns {Promise<T | undefined>}
   */
  const at = async (key, ask) => (await each([key], () => key, ask))[0];

  /** @param {TransactionKey} key */
  async function textOf(key) {
    const { record, bucket } = placeOf(key);
    for (;;) {
      const [epoch, text] = (await at(record, (redis) => redis.mget(bucket.epoch, record))) ?? [];
      if (typeof text === 'string' || typeof epoch === 'string') return text ?? undefined;
      // Redis was emptied, and will get its data back.
      await pause(LOOKS_EVERY_MS);
    }
  }

  return {
    /**
     * The record of a transaction as it is stored now; undefined when there is none.
     * @param {TransactionKey} key
     */
    async record(key) {
      const text = await textOf(key);
      return text === undefined ? undefined : read(key, text);
    },

    /**
     * The revision of each; 0: there is none.
     * @param {readonly TransactionKey[]} keys
     */
    async revisions(keys) {
      const texts = await each(
        keys,
        (key) => placeOf(key).record,
        (redis, key) => redis.get(placeOf(key).record),
      );
      return texts.map((text) => Number(text?.split(' ')[0] ?? 0));
    },

    /** @param {TransactionKey} key */
    bucketOf: (key) => placeOf(key).bucket.tag,

    /** Tags of the buckets that are nobody's journal now, because they lost writes or all there was. */
    async stopped() {
      const epochs = await each(
        buckets,
        ({ epoch }) => epoch,
        (redis, { epoch }) => redis.get(epoch),
      );
      return buckets.filter((_, i) => !isJournal(epochs[i] ?? undefined)).map(({ tag }) => tag);
    },

    /** Tags of those that each node has. */
    async spread() {
      const serving = await set.serving();
      return buckets.map(({ tag, epoch }) => ({ tag, node: serving(epoch) }));
    },

    /**
     * Every record the due index lists; one that is listed without being there has `transaction: undefined`.
     */
    async unfinished() {
      const members = await each(
        buckets,
        ({ due }) => due,
        (redis, { due }) => redis.zrange(due, '0', '-1'),
      );
      const keys = members.flat().map(keyOf);
      const texts = await each(
        keys,
        (key) => placeOf(key).record,
        (redis, key) => redis.get(placeOf(key).record),
      );
      return keys.map((key, i) => {
        const text = texts[i];
        return { ...key, transaction: typeof text === 'string' ? read(key, text) : undefined };
      });
    },

    /** Names of records that never expire, which only unfinished ones may, but that no index lists. */
    async unlisted() {
      const listed = new Set((await this.unfinished()).map(memberOf));
      /** @type {string[]} */
      const found = [];
      for (const node of new Set((await this.spread()).map(({ node }) => node)))
        for await (const names of node?.client.scanStream({ match: 'wb:*:tx:*', count: 1000 }) ?? [])
          for (const name of names) {
            const member = name.replace(/^wb:\{b-..\}:tx:/, '');
            if (!listed.has(member) && (await node?.client.pttl(name)) === -1) found.push(member);
          }
      return [...new Set(found)];
    },

    // The rest is for planted mistakes only.
    /** @param {TransactionKey} key */
    unlist: (key) => at(placeOf(key).record, (redis) => redis.zrem(placeOf(key).bucket.due, memberOf(key))),
    async forgetAllButItsId() {
      // What every process wrote last stays too: an older copy would be found out by that.
      const names = buckets.flatMap(({ epoch, last }) => [epoch, last]);
      const [redis] = set.nodes.map(({ client }) => client);
      if (redis === undefined) return;
      const kept = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
      const all = redis.multi().flushall();
      names.forEach((name, i) => kept[i] && all.restore(name, 0, kept[i]));
      await all.exec();
    },
  };
}
