// Redis is away: nothing is sent to the wallet, the platform is told to come again, and balances go on.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
const bridge = stage.useBridge();

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
});
