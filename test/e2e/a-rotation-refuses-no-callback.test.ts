// Keys, credentials and passwords are changed step by step as config/deploy/rotation.md says, under load: every
// callback is answered, and what was taken away is taken no more.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { Balancer } from '../support/balancer.js';
import { inDialect, wire } from '../support/dialect.js';
import { useStage, type BridgeProcess } from '../support/stage.js';
import { until } from '../support/until.js';

/** What the wallet takes now. */
const tokens = ['wallet-token-of-old'];
const keys = { old: 'platform-key-of-old', next: 'platform-key-to-be' };
const stage = useStage({ players: { alice: '100000.00' }, token: tokens });
const atOnce = 4;
const rests = 10;

let home: string;
let sound: string;
const secret = (name: string): string => join(home, name);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wallet-bridge-rotation-'));
  await mkdir(join(home, 'operators'));
  const demo = inDialect(await readFile('config/operators/demo.yaml', 'utf8'));
  sound = [
    ['gsp: { env: DEMO_GSP_KEY }', `gsp: { file: ${secret('gsp')} }`],
    ['walletToken: { env: DEMO_WALLET_TOKEN }', `walletToken: { file: ${secret('token')} }`],
    // With room for a machine that has other things to do: what is shown here is not speed.
    ['timeout: 3s', 'timeout: 40s'],
    ['timeout: 700ms', 'timeout: 10s'],
    ['settle: 5s', 'settle: 5m'],
  ].reduce((text, [from = '', to = '']) => text.replace(from, () => to), demo);
  await writeFile(secret('gsp'), keys.old);
  await writeFile(secret('token'), tokens[0] ?? '');
});
afterAll(() => rm(home, { recursive: true, force: true }));

const save = (text: string): Promise<void> => writeFile(join(home, 'operators', 'operator.yaml'), text);
const start = (env: NodeJS.ProcessEnv = {}): Promise<BridgeProcess> =>
  stage.startBridge({ OPERATORS_DIR: join(home, 'operators'), ...env });

async function reloaded(bridges: readonly BridgeProcess[], times: number): Promise<void> {
  for (const { adminUrl } of bridges)
    await until(
      `reload ${times}`,
      async () => {
        const text = await (await fetch(`${adminUrl}/metrics`)).text();
        return Number(/reloads_total\{outcome="done"\} (\d+)/.exec(text)?.[1]) >= times;
      },
      30_000,
    );
}

const players: PlatformPlayer[] = [];
afterEach(() => players.splice(0).forEach((player) => player.close()));

function platformOf(urls: readonly string[], key: string, opening: string): PlatformPlayer {
  const [first = '', ...others] = urls;
  const platform = new PlatformPlayer({ baseUrls: [first, ...others], agentID: 'DEMO01', key, wire });
  platform.open('alice', opening);
  players.push(platform);
  return platform;
}

/** Callbacks all the time while `work` runs; each by the platform as it is then. What was not answered with 0. */
async function failedDuring(platform: () => PlatformPlayer, work: () => Promise<void>): Promise<string[]> {
  const failed: string[] = [];
  const play = { answered: 0, ends: false };
  const player = async (): Promise<void> => {
    for (let n = 0; !play.ends; n += 1) {
      const now = platform();
      const callback = [now.getBalance('alice'), now.withdraw('alice', '1.00'), now.deposit('alice', '1.00')][n % 3];
      if (callback === undefined) continue;
      const { code, raw, failure } = await now.deliver(callback, { base: n });
      play.answered += 1;
      if (code !== 0) failed.push(`${callback.operation}: ${failure ?? raw}`);
      await pause(rests);
    }
  };
  await Promise.all([work().finally(() => (play.ends = true)), ...Array.from({ length: atOnce }, player)]);
  expect(play.answered).toBeGreaterThan(50);
  return failed;
}

/** Callbacks each key verified, by its name in the file; over all replicas, as a dashboard sums them. */
async function verifiedBy(bridges: readonly BridgeProcess[]): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  for (const { adminUrl } of bridges) {
    const text = await (await fetch(`${adminUrl}/metrics`)).text();
    for (const [, key = '', count] of text.matchAll(/verified_signs_total\{operator="demo",key="(\w+)"\} (\d+)/g))
      sums[key] = (sums[key] ?? 0) + Number(count);
  }
  return sums;
}

/** Until its counter stands still: what it has come to. Callbacks that are on their way still count. */
async function outOfUse(bridges: readonly BridgeProcess[], key: string): Promise<number> {
  let last = -1;
  await until(`${key} is out of use`, async () => {
    await pause(300);
    const before = last;
    last = (await verifiedBy(bridges))[key] ?? 0;
    return last === before;
  });
  return last;
}

describe('no callback is refused', () => {
  test('while the platform’s key and the wallet’s credentials change', async () => {
    await save(sound);
    const bridges = [await start(), await start()];
    const urls = bridges.map(({ url }) => url);
    const opening = stage.actual('alice');
    const [old, next] = [platformOf(urls, keys.old, `${opening / 100n}.00`), platformOf(urls, keys.next, '0.00')];
    let signing = old;
    let byOld = 0;

    const failed = await failedDuring(
      () => signing,
      async () => {
        await writeFile(secret('gsp-next'), keys.next);
        const both = sound
          .replace('keys: [gsp]', 'keys: [gsp, gspNext]')
          .replace('secrets:\n', `secrets:\n  gspNext: { file: ${secret('gsp-next')}, optional: true }\n`);
        await save(both);
        await reloaded(bridges, 1);
        expect(await verifiedBy(bridges)).toMatchObject({ gsp: expect.any(Number), gspNext: 0 });
        signing = next;
        byOld = await outOfUse(bridges, 'gsp');
        expect((await verifiedBy(bridges))['gspNext']).toBeGreaterThan(0);
        await save(both.replace('keys: [gsp, gspNext]', 'keys: [gspNext]').replace(/ {2}gsp: .*\n/, ''));
        await reloaded(bridges, 2);

        tokens.push('wallet-token-to-be');
        await writeFile(secret('token'), 'wallet-token-to-be');
        await reloaded(bridges, 3);
        // Calls that left with the old one are still to arrive.
        await pause(1_000);
        tokens.shift();
        await pause(300);
      },
    );

    expect(failed).toEqual([]);
    expect((await old.deliver(old.getBalance('alice'))).code).toBe(3);
    const verified = await verifiedBy(bridges);
    expect(verified['gsp']).toBe(byOld);
    expect(byOld).toBeGreaterThan(0);
    expect((verified['gspNext'] ?? 0) + byOld).toBeGreaterThan(50);
    // A win may have been told before the wallet had it.
    const isTold = (): boolean => stage.actual('alice') === old.expectedCents('alice') + next.expectedCents('alice');
    await until('the wallet has what was told', isTold);
    for (const bridge of bridges) expect(await bridge.stop()).toBe(0);
  }, 120_000);

  test('while the password of Redis changes', async () => {
    const acl = (...words: string[]): Promise<unknown> => stage.client.call('ACL', 'SETUSER', 'bridge', ...words);
    await writeFile(secret('gsp'), keys.old);
    await save(sound);
    const urlWith = (password: string): string => `redis://bridge:${password}@127.0.0.1:${stage.redis.port}`;
    await acl('on', '>redis-word-of-old', '~wb:*', '+@all');
    await writeFile(secret('redis'), urlWith('redis-word-of-old'));
    const env = { REDIS_URL: '', REDIS_URL_FILE: secret('redis'), DRAIN_DELAY: '1s' };
    const balancer = new Balancer();
    const url = await balancer.listen();
    const replica = async (): Promise<BridgeProcess> => {
      const one = await start(env);
      balancer.replicas.add(one);
      await until('the balancer has seen it', () => balancer.knows(one));
      return one;
    };
    const running = [await replica(), await replica()];
    const platform = platformOf([url], keys.old, `${stage.actual('alice') / 100n}.00`);

    try {
      const failed = await failedDuring(
        () => platform,
        async () => {
          await acl('>redis-word-to-be');
          await writeFile(secret('redis'), urlWith('redis-word-to-be'));
          for (const one of running) {
            await replica();
            expect(await one.stop()).toBe(0);
            balancer.replicas.delete(one);
          }
          await acl('<redis-word-of-old');
          await pause(300);
        },
      );
      expect(failed).toEqual([]);
    } finally {
      balancer.close();
    }
    await expect(stage.client.call('AUTH', 'bridge', 'redis-word-of-old')).rejects.toThrow('WRONGPASS');
    await until('the wallet has what was told', () => stage.actual('alice') === platform.expectedCents('alice'));
  }, 120_000);
});
