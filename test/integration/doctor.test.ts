// What doctor says of a sound set-up, and of each thing that is wrong with one: a real Redis, a wallet, servers
// with certificates, and a machine whose clock is wrong.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { examine } from '../../src/commands/doctor.js';
import type { Finding } from '../../src/commands/doctor/finding.js';
import { printFindings } from '../../src/commands/doctor/print-findings.js';
import { redisFindings } from '../../src/commands/doctor/redis-findings.js';
import { visitJournal } from '../../src/journal/visit-journal.js';
import { startStandInPlatform } from '../../src/stand-ins/platform-server.js';
import { startStandInWallet, type StandInWallet } from '../../src/stand-ins/server.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const token = 'wallet-token-nobody-may-see';
const password = 'redis-word-nobody-may-see';
const demo = readFileSync('config/operators/demo.yaml', 'utf8');
const pem = (name: string): string => readFileSync(join(__dirname, '../vectors/tls', name), 'utf8');

let directory: string;
let redis: TestRedis;
let client: Redis;
let wallet: StandInWallet;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-doctor-'));
  redis = await startRedis({ more: ['--requirepass', password] });
  client = new Redis(redis.port, '127.0.0.1', { password });
  await visitJournal({ url: urlWith(password) }, (journal) => journal.adopt(false));
  wallet = await startStandInWallet({
    ledgerFile: join(directory, 'ledger.jsonl'),
    port: 0,
    token,
    players: { alice: '100.00' },
  });
});

afterAll(async () => {
  client.disconnect();
  await wallet.close();
  await redis.stop();
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  save(demo);
  await client.config('SET', 'maxmemory', '1gb');
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const urlWith = (word: string): string => `redis://:${word}@127.0.0.1:${redis.port}`;

function save(text: string, ...changes: readonly (readonly [string, string])[]): void {
  const changed = changes.reduce((left, [from, to]) => {
    expect(left).toContain(from);
    return left.replace(from, () => to);
  }, text);
  writeFileSync(join(directory, 'operator.yaml'), changed);
}

const sound = (): Record<string, string> => ({
  NODE_ENV: 'production',
  REDIS_URL: urlWith(password),
  OPERATORS_DIR: directory,
  DEMO_GSP_KEY: 'platform-key-nobody-may-see',
  DEMO_WALLET_TOKEN: token,
  DEMO_WALLET_URL: `http://127.0.0.1:${wallet.port}`,
});

async function doctor(
  env: Record<string, string | undefined> = {},
  { players = ['alice'], now = () => Date.now() } = {},
): Promise<{ findings: readonly Finding[]; wrong: string[]; exitCode: number }> {
  const findings = await examine(players, { env: { ...sound(), ...env }, now });
  const { lines, exitCode } = printFindings(findings, 'json');
  expect(lines.join('\n')).not.toContain('nobody-may-see');
  expect(JSON.parse(lines.join())).toEqual({ findings });
  const wrong = findings.filter(({ level }) => level === 'fail').map(({ about, says }) => `${about}: ${says}`);
  return { findings, wrong, exitCode };
}

/** What only Redis can be told to be, for one test. */
async function configured(name: string, value: string, usual: string): Promise<void> {
  await client.config('SET', name, value);
  cleanups.push(() => client.config('SET', name, usual));
}

async function secureServer(name: string): Promise<string> {
  const server = createServer({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) }, (_, answer) => answer.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

describe('of a sound set-up', () => {
  test('doctor finds nothing wrong, and says what it looked at', async () => {
    const { findings, wrong, exitCode } = await doctor();

    expect([wrong, exitCode]).toEqual([[], 0]);
    expect(findings.map(({ about }) => about)).toEqual([
      ...['settings', 'redis', 'redis way', 'redis memory', 'redis disk', 'clock'],
      ...['operator files', 'wallet of demo', 'wallet of demo'],
    ]);
    expect(findings.at(-1)?.says).toBe('the balance can be asked for: 100.00 EUR');
  });

  test('it moves no money, and leaves nothing in Redis', async () => {
    const before = (await client.keys('*')).sort();

    await doctor();

    expect((await client.keys('*')).sort()).toEqual(before);
    const { calls } = (await (await fetch(`http://127.0.0.1:${wallet.port}/control/calls`)).json()) as {
      calls: { method: string }[];
    };
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('it prints one line for each, and what they come to', () => {
    const printed = printFindings(
      [
        { level: 'ok', about: 'redis', says: 'sound' },
        { level: 'fail', about: 'wallet of demo', says: 'away: check that it runs' },
      ],
      'text',
    );

    expect(printed).toEqual({
      lines: [
        'ok    redis           sound',
        'fail  wallet of demo  away: check that it runs',
        '1 ok, 0 to look at, 1 wrong',
      ],
      exitCode: 1,
    });
  });

  test('without a player it says that credentials were not tried', async () => {
    const { findings, exitCode } = await doctor({}, { players: [] });

    expect(exitCode).toBe(0);
    expect(findings.at(-1)).toEqual({
      level: 'warn',
      about: 'wallet of demo',
      says: 'its credentials were not tried: name a player with --player demo=…',
    });
  });

  test('a player is named for one wallet', async () => {
    const { findings } = await doctor({}, { players: ['nobody', 'demo=alice'] });

    expect(findings.at(-1)?.level).toBe('ok');
  });

  test('a player the wallet does not know shows that it answers', async () => {
    const { findings, exitCode } = await doctor({}, { players: ['nobody'] });

    expect(exitCode).toBe(0);
    expect(findings.at(-1)).toMatchObject({
      level: 'warn',
      says: expect.stringContaining('does not know that player'),
    });
  });
});

describe('doctor finds', () => {
  test('a setting that is none', async () => {
    const { wrong, exitCode } = await doctor({ PORT: 'eighty' });

    expect([wrong, exitCode]).toEqual([['settings: PORT: expected a whole number from 0 to 65535'], 1]);
  });

  test('a Redis without an append-only file', async () => {
    await configured('appendonly', 'no', 'yes');

    const [one = '', ...more] = (await doctor()).wrong;

    expect(one).toMatch(/^redis: Redis keeps no append-only file: set "appendonly yes"/);
    expect(more).toEqual([]);
    const accepted = await doctor({ REDIS_ACCEPT: 'noAppendOnly' });
    expect(accepted.wrong).toEqual([]);
    const elsewhere = await doctor({ NODE_ENV: '' });
    expect(elsewhere.exitCode).toBe(0);
    expect(elsewhere.findings).toContainEqual({ level: 'warn', about: 'redis', says: one.replace('redis: ', '') });
  });

  test('a Redis that evicts', async () => {
    await configured('maxmemory-policy', 'allkeys-lru', 'noeviction');

    expect((await doctor()).wrong).toEqual([expect.stringMatching(/^redis: Redis evicts by allkeys-lru: set/)]);
  });

  test('a Redis whose memory is nearly full, or has no bound', async () => {
    const used = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
    await configured('maxmemory', String(Math.floor(used * 1.2)), '1gb');
    expect((await doctor()).findings.find(({ about }) => about === 'redis memory')?.level).toMatch(/^(warn|fail)$/);

    await client.config('SET', 'maxmemory', '0');
    expect((await doctor()).findings).toContainEqual({
      level: 'warn',
      about: 'redis memory',
      says: expect.stringContaining('no maxmemory'),
    });
  });

  test('a wrong password of Redis', async () => {
    expect((await doctor({ REDIS_URL: urlWith('another-nobody-may-see') })).wrong).toEqual([
      'redis: Redis cannot be reached (WRONGPASS): check the user and password in REDIS_URL.',
    ]);
  });

  test('a Redis that is down', async () => {
    expect((await doctor({ REDIS_URL: 'redis://127.0.0.1:1' })).wrong).toEqual([
      'redis: Redis cannot be reached (connection refused): check that it runs, and that REDIS_URL names it.',
    ]);
  });

  test('a Redis that holds no journal', async () => {
    const empty = await startRedis();
    cleanups.push(() => empty.stop());

    expect((await doctor({ REDIS_URL: empty.url })).wrong).toEqual([
      expect.stringMatching(/^redis: Redis holds no journal: if it is new, run "wallet-bridge journal adopt" once/),
    ]);
  });

  test('a journal of which parts are gone, or lost writes', async () => {
    const [gone = '', lost = ''] = (await client.keys('wb:*:epoch')).sort();
    const [before, marked] = [await client.get(gone), await client.get(lost)];
    await client.del(gone);
    await client.set(lost, '!');
    cleanups.push(() => client.mset(gone, before ?? '', lost, marked ?? ''));

    expect((await doctor()).wrong).toEqual([
      'redis: 1 of the 64 parts of the journal are gone, and money callbacks there get 503: see "An emptied Redis" in config/deploy/README.md',
      'redis: 1 of the 64 parts of the journal lost writes, and money callbacks there get 503: see "When writes were lost" in config/deploy/redis.md',
    ]);
  });

  test('a disk it cannot save to', async () => {
    mkdirSync(join(redis.dir, 'dump.rdb'));
    await client.bgsave();
    await until('it failed', async () => (await client.info('persistence')).includes('rdb_last_bgsave_status:err'));

    // Where it saves nothing by itself it takes writes all the same.
    expect((await doctor()).wrong).toEqual([
      'redis disk: its last snapshot failed: its log says why; make room on its disk',
    ]);
    rmdirSync(join(redis.dir, 'dump.rdb'));
    await client.bgsave();
    await until('it worked', async () => (await client.info('persistence')).includes('rdb_last_bgsave_status:ok'));
  });

  test('clocks that differ', async () => {
    const ahead = (ms: number) => () => Date.now() + ms;
    const clockOf = async (ms: number) =>
      (await doctor({}, { now: ahead(ms) })).findings.find(({ about }) => about === 'clock');

    expect(await clockOf(5_000)).toMatchObject({
      level: 'warn',
      says: expect.stringMatching(/^this machine’s clock is [45]\.\d s ahead of that of Redis/),
    });
    expect(await clockOf(-60_000)).toMatchObject({
      level: 'fail',
      says: expect.stringContaining('behind that of Redis'),
    });
    // Masters that give leases by clocks of their own.
    const node = { roundTrip: 1, ahead: 0 };
    const apart = {
      unfit: [],
      unable: [],
      holding: { held: 64, lost: 0, gone: 0 },
      nodes: [
        { ...node, name: 'a:1' },
        { ...node, name: 'b:1', ahead: 150 },
      ],
    };
    expect(redisFindings(apart, true).find(({ level }) => level === 'fail')).toMatchObject({
      about: 'clock of masters',
    });
  });

  test('a secret that is not set', async () => {
    expect((await doctor({ DEMO_WALLET_TOKEN: undefined })).wrong).toEqual([
      expect.stringMatching(/^operator files: .*DEMO_WALLET_TOKEN is not set or empty; expected a value/),
    ]);
  });

  test('a broken file', async () => {
    save(demo, ['getBalance:', 'getbalance:']);

    expect((await doctor()).wrong).toContainEqual(expect.stringMatching(/^operator files: .*operator\.yaml:\d+:\d+ /));
  });

  test('a player who is named for an operator there is none of', async () => {
    const { wrong } = await doctor({}, { players: ['dmeo=alice'] });

    expect(wrong).toEqual(['players: no sound operator is called dmeo: name one of demo']);
  });

  test('a certificate of its own that has ended, or goes with another key', async () => {
    const file = (name: string): string => join(__dirname, '../vectors/tls', name);
    const own = async (cert: string, key: string) =>
      (await doctor({ TLS_CERT_FILE: file(cert), TLS_KEY_FILE: file(key) })).findings.filter(
        ({ about }) => about === 'certificate',
      );

    expect(await own('server.pem', 'server.key')).toMatchObject([{ level: 'ok' }]);
    expect(await own('expired.pem', 'expired.key')).toMatchObject([
      { level: 'fail', says: expect.stringMatching(/^the bridge’s own ended on 20/) },
    ]);
    expect(await own('server.pem', 'expired.key')).toMatchObject([
      { level: 'fail', says: expect.stringMatching(/^TLS_CERT_FILE: cannot be used with TLS_KEY_FILE/) },
    ]);
  });

  test('a wallet that is down', async () => {
    expect((await doctor({ DEMO_WALLET_URL: 'http://127.0.0.1:1' })).wrong).toEqual([
      'wallet of demo: http://127.0.0.1:1 cannot be reached (connection refused): check that it runs, and the file’s address',
    ]);
  });

  test('a wallet whose name nobody knows', async () => {
    expect((await doctor({ DEMO_WALLET_URL: 'https://wallet.invalid' })).wrong).toEqual([
      'wallet of demo: https://wallet.invalid cannot be reached (name not resolved): check the name in the file, and that this machine’s DNS knows it',
    ]);
  });

  const trusting = [
    ['  walletToken:', '  ca: { env: WALLET_CA }\n  walletToken:'],
    ['  format: json\n', '  format: json\n  tls: { ca: ca }\n'],
  ] as const;

  test('a certificate that has expired', async () => {
    save(demo, ...trusting);
    const url = await secureServer('expired');

    expect((await doctor({ DEMO_WALLET_URL: url, WALLET_CA: pem('expired.pem') })).wrong).toEqual([
      `wallet of demo: ${url} cannot be reached (TLS: the certificate has expired): have its owner renew it, and check this machine’s clock`,
    ]);
  });

  test('a certificate that is about to expire, or is nobody’s', async () => {
    save(demo, ...trusting);
    const url = await secureServer('server');
    const lookedAt = async (day: string) =>
      (
        await doctor(
          { DEMO_WALLET_URL: url, WALLET_CA: pem('authority.pem') },
          { players: [], now: () => Date.parse(day) },
        )
      ).findings.find(({ about }) => about === 'wallet of demo');

    expect(await lookedAt('2026-11-27')).toMatchObject({ level: 'ok', says: expect.stringContaining('on 2120-01-01') });
    expect(await lookedAt('2119-12-20')).toMatchObject({
      level: 'warn',
      says: `${url} is reached, and its certificate ends in 12 days, on 2120-01-01: have its owner renew it`,
    });
    save(demo);
    expect((await doctor({ DEMO_WALLET_URL: url })).wrong).toEqual([
      expect.stringContaining('name its authority in wallet.tls'),
    ]);
  });

  test('a platform that does not take its token, and one that is down', async () => {
    const platform = await startStandInPlatform({
      ...{ dialect: 'seamless', agentID: 'DEMO01', token: 'api-token-nobody-may-see', port: 0 },
      key: sound()['DEMO_GSP_KEY'] ?? '',
    });
    cleanups.push(() => platform.close());
    save(
      demo,
      [
        'platform:\n',
        `platform:\n  api:\n    baseUrl: ${platform.url}\n    token: api\n    sites: [{ name: lobby, keyHashes: ['sha256:${'0'.repeat(64)}'] }]\n`,
      ],
      ['secrets:\n', 'secrets:\n  api: { env: API_TOKEN }\n'],
    );

    const { findings, wrong } = await doctor({ API_TOKEN: 'api-token-nobody-may-see' });
    expect(wrong).toEqual([]);
    expect(findings.at(-1)?.says).toBe('its games can be asked for');
    expect((await doctor({ API_TOKEN: 'another-nobody-may-see' })).wrong).toEqual([
      expect.stringMatching(/^platform of demo: its games cannot be asked for \(.*\): check platform\.api/),
    ]);
    await platform.down();
    expect((await doctor({ API_TOKEN: 'api-token-nobody-may-see' })).wrong).toEqual([
      expect.stringMatching(/^platform of demo: .* cannot be reached \(connection refused\)/),
    ]);
  });

  test('credentials the wallet does not take', async () => {
    const { wrong } = await doctor({ DEMO_WALLET_TOKEN: 'another-nobody-may-see' });

    expect(wrong).toEqual([
      expect.stringMatching(
        /^wallet of demo: the balance cannot be asked for \(.*\): check wallet\.auth.*the wallet said: HTTP 401/,
      ),
    ]);
  });
});
