// A wallet that is down, hangs, or loses its answer: a win that was told as paid is paid, once; a bet that
// was told as failed is given back.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
const bridge = stage.useBridge();

describe('no win is lost', () => {
  test('a win that comes while the wallet is down is told as paid, listed, and credited once it is back', async () => {
    const platform = stage.platform(bridge);
    await platform.deliver(platform.getBalance('alice'));
    const win = platform.deposit('alice', '20.00');
    await stage.stopWallet();

    const told = await platform.deliver(win);
    const again = await platform.deliver(win);
    const { records, listed } = await stage.unfinished();
    await stage.startWallet();
    await until('the win is credited', () => stage.actual('alice') === 12000n, 60_000);

    expect([told.code, told.balanceText, again.code]).toEqual([0, '120.00', 0]);
    expect(records).toHaveLength(1);
    expect(listed).toEqual(records);
  }, 90_000);

  test('a bet the wallet took without a word is told as failed and given back', async () => {
    const platform = stage.platform(bridge);
    await until(
      'the breaker lets calls through',
      async () => (await platform.deliver(platform.getBalance('alice'))).code === 0,
      20_000,
    );
    const bet = platform.withdraw('alice', '10.00');
    await stage.fault('apply-then-hang', { times: 9, match: { pathIncludes: '/debits' } });
    const before = stage.actual('alice');

    const told = await platform.deliver(bet);
    await fetch(`${stage.walletUrl}/control/faults`, { method: 'DELETE' });
    await until('the wallet agrees with what was told', () => stage.actual('alice') === before, 60_000);

    expect(told.code).toBe(1);
    expect((await platform.deliver(bet)).code).toBe(1);
  }, 90_000);
});
