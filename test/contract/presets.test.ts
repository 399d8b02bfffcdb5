// One body for every preset: an operator's file of a few lines, a wallet that behaves as its vendor says, a
// real bridge between it and a platform. In the end the wallet's own books must say what the platform was
// told, to the cent.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startApp, type App } from '../../src/app.js';
import { createLog } from '../../src/observe/log.js';
import { presetNames } from '../../src/operators/presets.js';
import { readSettings } from '../../src/settings.js';
import { freshId } from '../../src/stand-ins/platform-line.js';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { runCheck } from '../../src/commands/check.js';
import { presets } from '../support/preset-wallets.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import type { StandIn } from '../support/wallets/stand-in.js';

const players = ['alice', 'bob', 'carol', 'dave'];
const openings = { alice: 10_000n, bob: 500n, carol: 10_000n, dave: 10_000n };

let redis: TestRedis;
let client: Redis;
let dir: string;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-presets-'));
}, 60_000);

afterAll(async () => {
  client.disconnect();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

const fileOf = (name: string): string => join(__dirname, `../support/presets/${name}.operator.yaml`);

/** A bridge on the operator's file, with waits short enough for a test. */
async function startBridge(name: string, wallet: StandIn, env: Readonly<Record<string, string>>): Promise<App> {
  const text = await readFile(fileOf(name), 'utf8');
  const hurried = text
    .replace('platform:\n', 'platform:\n  timeout: 1s\n')
    .replace('wallet:\n', 'wallet:\n  timeout: 300ms\n  settle: 1600ms\n');
  await writeFile(join(dir, 'operator.yaml'), hurried);
  const around = {
    ...env,
    GSP_KEY: 'platform-test-key',
    WALLET_URL: wallet.url,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    OPERATORS_DIR: dir,
  };
  const read = readSettings(around);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return startApp(read.settings, around, createLog('silent'));
}

function platformOf(bridge: App): PlatformPlayer {
  const baseUrls: [string] = [`http://127.0.0.1:${bridge.port}/WalletService`];
  return new PlatformPlayer({ baseUrls, agentID: 'CASINO01', key: 'platform-test-key' });
}

test('every preset has its wallet here', () => {
  expect(Object.keys(presets).sort()).toEqual(presetNames());
});

describe.each(Object.entries(presets))('%s', (name, preset) => {
  let wallet: StandIn;
  let bridge: App;
  let platform: PlatformPlayer;
  const doubtful: string[] = [];

  beforeAll(async () => {
    await client.flushall();
    wallet = await preset.start(openings);
    bridge = await startBridge(name, wallet, { ...preset.env, REDIS_URL: redis.url });
    platform = platformOf(bridge);
    platform.open('alice', '100.00');
    platform.open('bob', '5.00');
    platform.open('carol', '100.00');
    platform.open('dave', '100.00');
    for (const player of [...players, 'nobody'])
      await fetch(`http://127.0.0.1:${bridge.adminPort}/sessions/CASINO01/${player}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session: `session-${player}` }),
      });
  });

  afterAll(async () => {
    platform.close();
    await bridge.stop();
    await wallet.close();
  });

  const heard = async (callback: Parameters<PlatformPlayer['deliver']>[0]): Promise<string> => {
    const { httpStatus, code, balanceText } = await platform.deliver(callback);
    return `${httpStatus} ${code}${balanceText === null ? '' : ` ${balanceText}`}`;
  };

  test('its operator file is at most 15 lines, and check finds nothing wrong in it', async () => {
    const text = await readFile(fileOf(name), 'utf8');
    const env = { ...preset.env, GSP_KEY: 'platform-test-key', WALLET_URL: wallet.url };

    const { lines, exitCode } = runCheck([fileOf(name)], { format: 'text', env });

    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect({ lines: lines.filter((line) => !line.includes('warning: without an answer')), exitCode }).toEqual({
      lines: [expect.stringMatching(/^0 errors/)],
      exitCode: 0,
    });
  });

  test('a bet, a win, both at once, and the bet again', async () => {
    const roundID = freshId();
    const bet = platform.withdraw('alice', '10.00', { roundID });
    const win = platform.deposit('alice', '25.30', { roundID });
    const before = wallet.calls.length;

    const first = await heard(platform.getBalance('alice'));
    const played = [
      await heard(bet),
      await heard(win),
      await heard(platform.betWin('alice', '5.00', '7.50')),
      await heard(bet),
    ];

    expect(first).toBe('200 0 100.00');
    expect(played).toEqual(['200 0 90.00', '200 0 115.30', '200 0 117.80', '200 0 117.80']);
    expect(wallet.ledger.cents('alice')).toBe(11_780n);
    expect(wallet.calls.slice(before).filter((call) => call.includes(preset.bet)).length).toBe(2);
  });

  test('too little money, and a player the wallet does not have', async () => {
    const poor = await heard(platform.withdraw('bob', '5.01'));
    const stranger = platform.withdraw('nobody', '1.00');
    const unknown = await heard(stranger);

    expect([poor, unknown]).toEqual(['200 6', `200 ${preset.unknownPlayer}`]);
    expect(wallet.ledger.cents('bob')).toBe(500n);
    // Where the wallet has no word for it, nobody can be sure, and so it stays listed.
    if (preset.strangerStaysOpen === true) doubtful.push(stranger.transactionID);
  });

  test('a bet, a win and both at once are undone, each once', async () => {
    const roundID = freshId();
    const bet = platform.withdraw('dave', '10.00', { roundID });
    const win = platform.deposit('dave', '30.00', { roundID });
    const both = platform.betWin('dave', '5.00', '2.50');
    for (const callback of [bet, win, both]) await platform.deliver(callback);
    const between = wallet.ledger.cents('dave');

    const undone = [];
    for (const { transactionID } of [both, win, bet]) {
      undone.push(await heard(platform.rollback('dave', transactionID)));
      undone.push(await heard(platform.rollback('dave', transactionID)));
    }

    expect(between).toBe(11_750n);
    expect(undone).toEqual(['200 0 120.00', '200 9', '200 0 90.00', '200 9', '200 0 100.00', '200 9']);
    expect(wallet.ledger.cents('dave')).toBe(10_000n);
  });

  test('a rollback of what nobody has heard of leaves its late bet without effect', async () => {
    const bet = platform.withdraw('dave', '10.00');
    const before = wallet.calls.length;

    const answers = [await heard(platform.rollback('dave', bet.transactionID)), await heard(bet)];

    expect(answers).toEqual(['200 8', '200 9']);
    expect(wallet.calls.length).toBe(before);
  });

  test('a bet, a win and an undo whose answers are lost end as the platform was told', async () => {
    const roundID = freshId();
    const undone = platform.withdraw('carol', '3.00');
    const bet = platform.withdraw('carol', '20.00');
    const win = platform.deposit('carol', '4.00', { roundID });
    await platform.deliver(undone);
    await platform.deliver(platform.withdraw('carol', '1.00', { roundID }));
    wallet.loseAnswerTo(preset.undo);
    const told = [await heard(platform.rollback('carol', undone.transactionID))];
    wallet.loseAnswerTo(preset.bet);
    told.push(await heard(bet));
    wallet.loseAnswerTo(preset.win);
    told.push(await heard(win));
    if (preset.doubt === 'held') doubtful.push(bet.transactionID, win.transactionID);

    await until('what is in doubt has ended, or is left to a person', async () => {
      const left = await unfinished();
      return left.length <= doubtful.length && left.every((id) => doubtful.includes(id));
    });

    expect(told).toEqual([expect.stringMatching(/^200 0 /), '200 1', expect.stringMatching(/^200 0 /)]);
    const landed = preset.doubt === 'held' ? 8_300n : 10_300n;
    expect(wallet.ledger.cents('carol')).toBe(landed);
  });

  test('a call with a wrong key moves nothing', async () => {
    const stranger = await startBridge(name, wallet, preset.wrongEnv);
    const other = platformOf(stranger);
    const before = wallet.ledger.entries.length;

    const { code } = await other.deliver(other.withdraw('alice', '1.00'));
    other.close();
    await stranger.stop();

    expect(code).toBe(1);
    expect(wallet.ledger.entries.length).toBe(before);
  });

  test('the wallet has what the players were told, to the cent, and the rest is listed', async () => {
    const held = preset.doubt === 'held' ? -2_000n : 0n;

    const actual = players.map((player) => wallet.ledger.cents(player));
    const expected = players.map((player) => platform.expectedCents(player) + (player === 'carol' ? held : 0n));

    expect(actual).toEqual(expected);
    expect(platform.book().filter(({ standing }) => standing === 'doubt' || standing === 'contradiction')).toEqual([]);
    expect((await unfinished()).sort()).toEqual([...doubtful].sort());
  });

  /** The records nobody could end yet: they are kept for ever. */
  async function unfinished(): Promise<string[]> {
    const keys = await client.keys('wb:*:tx:CASINO01:*');
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    return keys.filter((_, at) => lives[at] === -1).map((key) => key.replace(/^.*:/, ''));
  }
});
