// Rollbacks of what was applied, refused, undone before, never heard of, or is another player's.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';

const stage = useStage();
const bridge = stage.useBridge();

describe('a rollback undoes exactly its transaction', () => {
  test('a bet, a win and a betWin are undone by their own amounts; asked again it is 9', async () => {
    const platform = stage.platform(bridge);
    const transactions = [
      platform.withdraw('alice', '10.00'),
      platform.deposit('alice', '30.00'),
      platform.betWin('alice', '5.00', '7.00'),
    ];
    for (const callback of transactions) await platform.deliver(callback);
    const between = stage.actual('alice');

    const codes: (number | null)[] = [];
    for (const { transactionID } of transactions) {
      codes.push((await platform.deliver(platform.rollback('alice', transactionID))).code);
      codes.push((await platform.deliver(platform.rollback('alice', transactionID))).code);
    }

    expect(between).toBe(12200n);
    expect(codes).toEqual([0, 9, 0, 9, 0, 9]);
    expect(stage.actual('alice')).toBe(10000n);
  });

  test('of a refused bet it is 8', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('bob', '500.00');

    const refused = await platform.deliver(bet);
    const rolledBack = await platform.deliver(platform.rollback('bob', bet.transactionID));

    expect([refused.code, rolledBack.code]).toEqual([6, 8]);
    expect(stage.actual('bob')).toBe(500n);
  });

  test('of something unknown it is 8, and its late original moves no money', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('bob', '1.00');
    const before = await stage.walletCalls();

    const early = await platform.deliver(platform.rollback('bob', bet.transactionID));
    const late = await platform.deliver(bet);

    expect([early.code, late.code]).toEqual([8, 9]);
    expect(await stage.walletCalls()).toEqual(before);
  });

  test('by another player it is 8 and changes nothing', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('bob', '1.00');
    await platform.deliver(bet);

    const other = await platform.deliver(platform.rollback('alice', bet.transactionID));

    expect(other.code).toBe(8);
    expect(stage.actual('bob')).toBe(400n);
  });
});
