// Redis loses everything while the bridge runs: no bet is taken for a new one until a person says so.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { noRecord } from '../../src/journal/keys.js';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
let bridge = stage.useBridge();

/** `wallet-bridge journal adopt`, as a person runs it. */
function adopt(...options: string[]): { code: number | null; said: string } {
  const run = spawnSync(process.execPath, ['dist/main.js', 'journal', 'adopt', ...options], {
    env: { PATH: process.env['PATH'], REDIS_URL: stage.redis.url },
    encoding: 'utf8',
  });
  return { code: run.status, said: run.stdout + run.stderr };
}

async function gauge(name: string): Promise<string | undefined> {
  const text = await (await fetch(`${bridge.adminUrl}/metrics`)).text();
  const start = `wallet_bridge_${name} `;
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}

describe('an emptied journal moves no money', () => {
  test('503 and an alarm until a person adopts it, and no production bridge starts on it', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '10.00');
    await platform.deliver(bet);

    await stage.client.flushall();
    await until('the loss is noticed without a callback', async () => (await gauge('journal_lost')) === '1');
    const callbacks = [
      bet,
      platform.withdraw('alice', '1.00'),
      platform.deposit('alice', '1.00'),
      platform.betWin('alice', '1.00', '1.00'),
      platform.rollback('alice', bet.transactionID),
    ];
    const answers = await Promise.all(callbacks.map((callback) => platform.deliver(callback)));
    const balance = await platform.deliver(platform.getBalance('alice'));

    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([503, 503, 503, 503, 503]);
    expect([balance.code, balance.balanceText]).toEqual([0, '90.00']);
    expect(await stage.walletCalls()).toHaveLength(1);
    // Where a balance query's sign could serve as a rollback's it is remembered, as that of no record.
    const kept = await stage.client.keys('wb:{*');
    expect(kept.filter((name) => !name.includes(':sign:'))).toEqual([]);
    for (const name of kept) expect(await stage.client.get(name)).toBe(noRecord);
    expect(await gauge('alarms_total{operator="none",kind="journalLost"}')).toBe('1');
    await expect(stage.startBridge({ NODE_ENV: 'production' })).rejects.toThrow('Redis holds no journal');
  }, 60_000);

  test('adopted, it is the journal of every bridge that starts from then on', async () => {
    const first = adopt();
    const second = adopt();
    const platform = stage.platform(bridge);
    const before = await platform.deliver(platform.withdraw('alice', '1.00'));
    await bridge.stop();
    bridge = await stage.startBridge({ NODE_ENV: 'production' });
    const after = await stage.platform(bridge).deliver(platform.withdraw('alice', '1.00'));

    expect(first).toEqual({ code: 0, said: expect.stringContaining('Restart every replica') });
    expect(second).toEqual({ code: 1, said: expect.stringContaining('--replace') });
    expect(before.httpStatus).toBe(503);
    expect(after.code).toBe(0);
    expect(stage.actual('alice')).toBe(8900n);
  }, 60_000);
});
