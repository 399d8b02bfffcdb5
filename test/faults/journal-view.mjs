// Why: what the bridge has stored, read straight from Redis as a person with redis-cli would, past the faulty
// link. Never: says what money should have moved; it only says what is stored, and what is listed as
// unfinished.
/** @import { TransactionKey } from '../../src/domain/ports.js' */
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

const LOOKS_EVERY_MS = 100;

/**
 * The bridge's own names and record format, from the build under test.
 * @typedef {typeof import('../../src/journal/keys.js') & typeof import('../../src/journal/record-codec.js')} JournalModules
 */
/** @typedef {ReturnType<typeof viewJournal>} JournalView */

/**
 * @param {number} port
 * @param {JournalModules} modules
 */
export function viewJournal(port, { buckets, keyOf, placeOf, memberOf, decodeRecord }) {
  // Commands wait for a Redis that is being restarted.
  const redis = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  /** @param {TransactionKey} key @param {string} text */
  const read = (key, text) => decodeRecord(key, text.split(' ').slice(3).join(' '));

  return {
    redis,
    /**
     * The record of a transaction as it is stored now; undefined when there is none.
     * @param {TransactionKey} key
     */
    async record(key) {
      for (;;) {
        const { record, bucket } = placeOf(key);
        const [epoch, text] = await redis.mget(bucket.epoch, record);
        if (typeof text === 'string') return read(key, text);
        if (typeof epoch === 'string') return undefined;
        // Redis was emptied, and will get its data back.
        await pause(LOOKS_EVERY_MS);
      }
    },

    /**
     * Every record the due index lists; one that is listed without being there has `transaction: undefined`.
     */
    async unfinished() {
      const members = (await Promise.all(buckets.map(({ due }) => redis.zrange(due, '0', '-1')))).flat();
      const keys = members.map(keyOf);
      const texts = keys.length === 0 ? [] : await redis.mget(keys.map((key) => placeOf(key).record));
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
      for await (const names of redis.scanStream({ match: 'wb:*:tx:*', count: 1000 }))
        for (const name of names) {
          const member = name.replace(/^wb:\{b-..\}:tx:/, '');
          if (!listed.has(member) && (await redis.pttl(name)) === -1) found.push(member);
        }
      return [...new Set(found)];
    },

    // The rest is for planted mistakes only.
    /** @param {TransactionKey} key */
    unlist: (key) => redis.zrem(placeOf(key).bucket.due, memberOf(key)),
    async forgetAllButItsId() {
      // What every process wrote last stays too: an older copy would be found out by that.
      const names = buckets.flatMap(({ epoch, last }) => [epoch, last]);
      const kept = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
      const all = redis.multi().flushall();
      names.forEach((name, i) => kept[i] && all.restore(name, 0, kept[i]));
      await all.exec();
    },

    close: () => redis.disconnect(),
  };
}
