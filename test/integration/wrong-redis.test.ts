// A Redis that may forget what it is told, or cannot do what the bridge needs: in production the bridge does not
// start on it, and says in one sentence what is wrong and what to do.

import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from '../support/redis.js';
import { withUser } from '../support/smallest-user.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let started: TestRedis | undefined;
afterEach(async () => {
  await started?.stop();
  started = undefined;
});

/** A Redis of its own with such settings. */
async function redisWith(...more: string[]): Promise<TestRedis> {
  started = await startRedis({ more });
  return started;
}
const starts = (url: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> =>
  stage.startBridge({ NODE_ENV: 'production', REDIS_URL: url, ...env });

describe('in production no bridge starts on a Redis', () => {
  test.each([
    [
      'without an append-only file',
      ['--appendonly', 'no'],
      'Redis keeps no append-only file: set "appendonly yes", or a restart forgets which bets were taken. Where a service ' +
        'has none, "REDIS_ACCEPT" in config/deploy/redis.md says what it costs to go without.',
    ],
    [
      'that evicts',
      ['--maxmemory-policy', 'volatile-ttl'],
      'Redis evicts by volatile-ttl: set "maxmemory-policy noeviction", or a full memory forgets which bets were taken.',
    ],
    [
      'that is a replica',
      ['--replicaof', '127.0.0.1 1'],
      'Redis is a slave, not a master: connect to the master, because a replica takes no writes.',
    ],
    ['that is full', ['--maxmemory', '1'], 'Redis does not take a write (OOM): it is full: raise its maxmemory.'],
    [
      'whose replicas are missing for its own rule',
      ['--min-replicas-to-write', '1'],
      'Redis does not take a write (NOREPLICAS): connect the replicas its min-replicas-to-write asks for.',
    ],
    [
      'without a command',
      ['--rename-command', 'HINCRBY', ''],
      'Redis does not run HINCRBY as the bridge needs it: it is renamed away, or too old; the bridge cannot do without.',
    ],
  ])('%s', async (_what, settings, sentence) => {
    const { url } = await redisWith(...settings);

    await expect(starts(url)).rejects.toThrow(sentence);
  });

  test('with fewer replicas than each write is to wait for', async () => {
    const { url } = await redisWith();

    await expect(starts(url, { REDIS_WAIT_REPLICAS: '2' })).rejects.toThrow(
      'Redis has 0 of the 2 replicas every write is to wait for: connect them, or set REDIS_WAIT_REPLICAS lower.',
    );
  });

  test('whose user may not ask what it is', async () => {
    const url = await withUser(await redisWith(), { without: ['+info'] });

    await expect(starts(url)).rejects.toThrow(
      'The user of REDIS_URL may not run INFO: allow +info, or set REDIS_ACCEPT=noInfo where nobody may.',
    );
  });

  test('whose user may not choose its database', async () => {
    const url = await withUser(await redisWith(), { without: ['+select'], database: 1 });

    await expect(starts(url)).rejects.toThrow(
      'The user of REDIS_URL may not run SELECT: allow +select, or use database 0.',
    );
  });

  test('of which it says all that is wrong at once', async () => {
    const { url } = await redisWith();
    const client = new Redis(url);
    await client.config('SET', 'appendonly', 'no');
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    client.disconnect();

    await expect(starts(url)).rejects.toThrow(/keeps no append-only file[^]*evicts by allkeys-lru/);
  });
});
