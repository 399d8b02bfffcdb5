// SIGTERM: not ready, callbacks that run are answered, the process exits 0 by itself.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();

describe('a stopping bridge finishes what runs', () => {
  test('the bet in flight is answered', async () => {
    const bridge = await stage.startBridge();
    const platform = stage.platform(bridge);
    await stage.fault('slow', { ms: 500 });

    const answer = platform.deliver(platform.withdraw('alice', '1.00'));
    await until('the wallet has the bet', () => stage.actual('alice') === 9900n);
    const stopped = bridge.stop();

    expect((await answer).code).toBe(0);
    expect(await stopped).toBe(0);
    expect((await stage.unfinished()).records).toEqual([]);
  });
});
