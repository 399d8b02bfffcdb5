// A whole bridge on a Redis that holds what it cannot read: it is counted and alarmed, and the rest goes on.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startApp, type App } from '../../src/app.js';
import { placeOf } from '../../src/journal/keys.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { createLog } from '../../src/observe/log.js';
import { readSettings } from '../../src/settings.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

let redis: TestRedis;
let client: Redis;
let bridge: App;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  const connection = new RedisConnection({ url: redis.url });
  expect(await connection.reachable(5000)).toBe(true);
  const journal = new RedisJournal(connection, { signLifetime: 1, begins: true });
  const future = { state: 'held', heldBecause: 'nobody knows', agentID: 'DEMO01' } as const;
  for (const [transactionID, due] of [
    ['held', Infinity],
    ['due', 1],
    ['later', journal.now() + 3_600_000],
  ] as const) {
    const transaction = someTransaction({ ...future, transactionID });
    await journal.put({ transaction, expected: 0, due });
    const { record } = placeOf(transaction);
    const text = (await client.get(record)) ?? '';
    await client.set(record, text.replace('"heldBecause"', '"hurry":true,"heldBecause"'));
  }
  await journal.close();
  const env = {
    ...{ PORT: '0', HOST: '127.0.0.1', ADMIN_PORT: '0', REDIS_URL: redis.url, OPERATORS_DIR: 'config/operators' },
    ...{ DEMO_GSP_KEY: 'a-key-of-the-platform', DEMO_WALLET_TOKEN: 'token', DEMO_WALLET_URL: 'http://127.0.0.1:1' },
  };
  const read = readSettings(env);
  if ('problems' in read) throw new Error(read.problems.join());
  bridge = await startApp(read.settings, env, createLog('silent'));
}, 60_000);

afterAll(async () => {
  await bridge.stop();
  client.disconnect();
  await redis.stop();
});

test('is counted as unreadable, and alarmed where nobody else can be at work on it', async () => {
  const samples = async (): Promise<string[]> =>
    (await (await fetch(`http://127.0.0.1:${bridge.adminPort}/metrics`)).text()).split('\n');

  await until('they are counted', async () =>
    (await samples()).some((line) => line.startsWith('wallet_bridge_unfinished_records{')),
  );

  const lines = await samples();
  expect(lines).toEqual(
    expect.arrayContaining([
      'wallet_bridge_unfinished_records{operator="demo",state="unreadable",goal="none"} 3',
      'wallet_bridge_alarms_total{operator="demo",kind="unreadable"} 2',
      expect.stringMatching(/^wallet_bridge_unfinished_counted_timestamp_seconds 1\d{9}/),
    ]),
  );
  await until('the resolver has looked', async () =>
    (await samples()).some((line) => /^wallet_bridge_resolver_last_look_timestamp_seconds 1\d{9}/.test(line)),
  );
  const { bucket, member } = placeOf({ agentID: 'DEMO01', transactionID: 'due' });
  expect(await client.zscore(bucket.due, member)).toBe('1');
  expect((await samples()).filter((line) => /^wallet_bridge_exceptions_total.* [1-9]/.test(line))).toEqual([]);
});
