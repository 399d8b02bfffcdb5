// What every store of what replicas share promises, run on each of them.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SharedTexts } from '../../src/domain/ports.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { MemoryTexts, RedisTexts } from '../../src/journal/shared-texts.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { withUser } from '../support/smallest-user.js';
import { until } from '../support/until.js';

let redis: TestRedis | undefined;
let connection: RedisConnection | undefined;

const stores: Record<string, () => Promise<SharedTexts>> = {
  memory: () => Promise.resolve(new MemoryTexts(() => Date.now())),
  redis: async () => {
    redis = await startRedis();
    connection = new RedisConnection({ url: await withUser(redis) });
    expect(await connection.reachable(5_000)).toBe(true);
    return new RedisTexts(connection);
  },
};

describe.each(Object.entries(stores))('shared texts in %s', (_, open) => {
  let texts: SharedTexts;
  beforeAll(async () => {
    texts = await open();
  });
  afterAll(async () => {
    await connection?.close();
    await redis?.stop();
  });

  test('are read as they were kept, by their name alone, and for their life', async () => {
    await texts.keep('one', 'a text', 60_000);
    await texts.keep('short', 'a text', 20);

    expect(await texts.read('one')).toBe('a text');
    expect(await texts.read('other')).toBeUndefined();
    await until('it is over', async () => (await texts.read('short')) === undefined);
  });

  test('are claimed by one until that one gives it up, or its time is over', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => texts.claim('one', 60_000)));

    expect(all.filter((claimed) => claimed)).toHaveLength(1);
    expect(await texts.claim('other', 20)).toBe(true);
    await texts.release('one');
    expect(await texts.claim('one', 60_000)).toBe(true);
    await until('it is over', () => texts.claim('other', 60_000));
  });
});
