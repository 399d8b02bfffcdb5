// Redis is away, or takes no writes: nothing is sent to the wallet, the platform is told to come again, and balances
// go on.

import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
const bridge = stage.useBridge();

/** It saves into a file of its directory, and cannot where a directory has that name. */
const snapshot = (): string => join(stage.redis.dir, 'dump.rdb');

/** What begins while the bridge runs, how it ends, and what the log says of it. */
const refusals: readonly (readonly [what: string, begins: () => unknown, ends: () => unknown, because: string])[] = [
  [
    'cannot save what it holds',
    async () => {
      mkdirSync(snapshot());
      await stage.client.config('SET', 'save', '3600 1000');
      await saved('err');
    },
    async () => {
      rmdirSync(snapshot());
      await saved('ok');
    },
    'Redis refused a write: MISCONF; its log says why it cannot save what it holds: make room on its disk',
  ],
  [
    'is full',
    () => stage.client.config('SET', 'maxmemory', '1'),
    () => stage.client.config('SET', 'maxmemory', '0'),
    'Redis is nearly full',
  ],
  [
    'may run no script for the bridge any more',
    () => stage.client.acl('SETUSER', 'default', '-evalsha'),
    () => stage.client.acl('SETUSER', 'default', '+evalsha'),
    'Redis refused a write: NOPERM; allow its user what',
  ],
  [
    'runs somebody’s script without an end',
    async () => {
      await stage.client.config('SET', 'lua-time-limit', '50');
      const endless = stage.client.duplicate();
      endless.eval('while true do end', 0).catch(() => endless.disconnect());
      await until('it is busy', () => stage.client.ping().then(...[() => false, () => true]));
    },
    () => stage.client.script('KILL'),
    'Redis refused a write: BUSY; end the script that keeps it busy: SCRIPT KILL',
  ],
];

async function saved(status: 'ok' | 'err'): Promise<void> {
  await stage.client.bgsave();
  await until(`it was saved: ${status}`, async () =>
    (await stage.client.info('persistence')).includes(`rdb_last_bgsave_status:${status}`),
  );
}

describe('without its journal no money moves', () => {
  test('503 on the four money callbacks, the balance goes on, and all is well once Redis is back', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '1.00');
    await stage.redis.kill9();
    await until(
      'the bridge noticed',
      async () => (await platform.deliver(platform.withdraw('alice', '0.01'))).httpStatus === 503,
    );

    const callbacks = [
      bet,
      platform.deposit('alice', '1.00'),
      platform.betWin('alice', '1.00', '1.00'),
      platform.rollback('alice', bet.transactionID),
    ];
    const answers = await Promise.all(callbacks.map((callback) => platform.deliver(callback)));
    const balance = await platform.deliver(platform.getBalance('alice'));
    const calls = await stage.walletCalls();
    const ready = (await fetch(`${bridge.adminUrl}/readyz`)).status;
    await stage.redis.restart();
    await until('the bridge is back', async () => (await platform.deliver(bet)).code === 0, 20_000);

    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([503, 503, 503, 503]);
    expect([balance.httpStatus, balance.code, balance.balanceText]).toEqual([200, 0, '100.00']);
    expect(calls).toEqual([]);
    expect(ready).toBe(200);
    expect(stage.actual('alice')).toBe(9900n);
  }, 60_000);

  test.each(refusals)('503 while Redis %s, the log says why, and all is well by itself afterwards', async (...row) => {
    const [, begins, ends, because] = row;
    const platform = stage.platform(bridge);
    const [bet, win] = [platform.withdraw('alice', '1.00'), platform.deposit('alice', '1.00')];
    const calls = (await stage.walletCalls()).length;

    await begins();
    await until(
      'the bridge noticed',
      async () => (await platform.deliver(platform.withdraw('alice', '0.01'))).httpStatus === 503,
    );
    const answers = [await platform.deliver(bet), await platform.deliver(win)];
    const balance = await platform.deliver(platform.getBalance('alice'));
    const ready = (await fetch(`${bridge.adminUrl}/readyz`)).status;
    const called = (await stage.walletCalls()).length;
    await bridge.says(because);
    await ends();
    await until('the bridge takes it', async () => (await platform.deliver(bet)).code === 0);
    const again = await platform.deliver(win);

    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([503, 503]);
    expect([balance.code, ready, called]).toEqual([0, 200, calls]);
    expect(again.code).toBe(0);
  });
});
