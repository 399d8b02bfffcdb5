// A Redis that may forget what it is told, or cannot do what the bridge needs: in production the bridge does not
// start on it, and says in one sentence what is wrong and what to do.

import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { examineRedis } from '../../src/journal/examine-redis.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { withUser } from '../support/smallest-user.js';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
let started: TestRedis | undefined;
let old: Server | undefined;
afterEach(async () => {
  await started?.stop();
  old?.close();
  [started, old] = [undefined, undefined];
});

/** A Redis of its own with such settings. */
async function redisWith(...more: string[]): Promise<TestRedis> {
  started = await startRedis({ more });
  return started;
}

/** What a Redis 6.0.16 says to what the bridge asks of it; +OK to all else. */
const saidByOld: Readonly<Record<string, string>> = {
  info: ['redis_version:6.0.16', 'role:master', 'aof_enabled:1', 'maxmemory_policy:noeviction'].join('\r\n'),
  zrange: '-ERR value is not an integer or out of range',
};

/** A server that answers as such an old one: it is in no package any more. Its URL. */
async function oldRedis(): Promise<string> {
  old = createServer((socket) => {
    // A command is a list, whose first text is its name.
    socket.setEncoding('latin1').on('data', (text: string) => {
      for (const [, name = ''] of text.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        const said = saidByOld[name.toLowerCase()] ?? '+OK';
        socket.write(/^[-+]/.test(said) ? `${said}\r\n` : `$${said.length}\r\n${said}\r\n`);
      }
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(old, 'listening');
  return `redis://127.0.0.1:${(old.address() as AddressInfo).port}`;
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

  test('that is too old', async () => {
    await expect(starts(await oldRedis())).rejects.toThrow(
      'Redis does not run ZRANGE as the bridge needs it: it is renamed away, or too old; the bridge cannot do without.\n' +
        'Redis is version 6.0.16: use 6.2 or newer.',
    );
  });

  test('that cannot save what it holds', async () => {
    const { url, dir } = await redisWith('--save', '3600 1000');
    mkdirSync(join(dir, 'dump.rdb'));
    const client = new Redis(url);
    await client.bgsave();
    await until('it failed', async () => (await client.info('persistence')).includes('rdb_last_bgsave_status:err'));
    client.disconnect();

    await expect(starts(url)).rejects.toThrow(
      'Redis does not take a write (MISCONF): its log says why it cannot save what it holds: make room on its disk.',
    );
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

describe('a Redis that serves nobody yet', () => {
  /** As a start judges it that has no longer to wait. */
  const judged = async (url: string): Promise<readonly string[]> =>
    (await examineRedis({ url, replicas: 0 }, 1_500, Date.now)).unfit;

  test('because it reads its data is told as that, and is sound when it has', async () => {
    const redis = await redisWith('--key-load-delay', '50');
    const { url } = redis;
    const client = new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: false });
    await client.eval('for i = 1, 30000 do redis.call("set", "of-somebody:" .. i, "1") end', 0);

    const restarted = redis.restart();
    await until('it reads', () =>
      client.ping().then(...[() => false, (said: unknown) => /LOADING/.test(String(said))]),
    );
    const reading = await judged(url);
    await client.config('SET', 'key-load-delay', '0');
    await restarted;
    client.disconnect();

    expect(reading).toEqual(['Redis cannot be reached (LOADING): wait until it has read its data.']);
    expect(await judged(url)).toEqual([]);
  });

  test('because a script keeps it busy is told as that, and is sound when it has ended', async () => {
    const { url } = await redisWith('--lua-time-limit', '50');
    const [client, endless] = [new Redis(url), new Redis(url)];
    const ended = endless.eval('while true do end', 0).catch(() => endless.disconnect());
    await until('it is busy', () => client.ping().then(...[() => false, () => true]));

    const busy = await judged(url);
    await client.script('KILL');
    await ended;
    client.disconnect();

    expect(busy).toEqual(['Redis cannot be reached (BUSY): end the script that keeps it busy: SCRIPT KILL.']);
    expect(await judged(url)).toEqual([]);
  });
});
