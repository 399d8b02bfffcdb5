// Two versions on one Redis, as in every upgrade: the older one meets a record it cannot read to the last part.
// It tells nobody anything of it, moves nothing, and leaves it as it is for those who can.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';

const stage = useStage();

describe('a record of a newer version', () => {
  const bridge = stage.useBridge();

  /** What stands in Redis for a transaction. */
  async function recordOf(transactionID: string): Promise<{ name: string; text: string }> {
    const [name = ''] = await stage.client.keys(`wb:*:tx:*${transactionID}*`);
    return { name, text: (await stage.client.get(name)) ?? '' };
  }

  test('is left alone by an older one, and answered again by those who can read it', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '1.00');
    expect((await platform.deliver(bet)).code).toBe(0);
    const { name, text } = await recordOf(bet.transactionID);
    expect(text).toMatch(/\]$/);
    const newer = text.replace(/\]$/, ',{"hops":2}]');
    await stage.client.set(name, newer, 'KEEPTTL');
    const calls = await stage.walletCalls();

    const answers = [
      await platform.deliver(bet),
      await platform.deliver(platform.rollback('alice', bet.transactionID)),
    ];

    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual([503, 503]);
    expect((await platform.deliver(platform.getBalance('alice'))).code).toBe(0);
    expect(await stage.walletCalls()).toEqual(calls);
    expect((await recordOf(bet.transactionID)).text).toBe(newer);

    await stage.client.set(name, text, 'KEEPTTL');
    expect((await platform.deliver(bet)).code).toBe(0);
    expect(await stage.walletCalls()).toEqual(calls);
    expect(stage.actual('alice')).toBe(platform.expectedCents('alice'));
  });
});
