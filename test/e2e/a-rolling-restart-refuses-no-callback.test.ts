// Replicas are replaced one after the other under load, behind a balancer that learns of it late, as balancers
// do: from /readyz, asked now and then. Not one callback finds nobody.

import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Connections, type Answer } from '../../src/stand-ins/platform-post.js';
import { Balancer } from '../support/balancer.js';
import { wire } from '../support/dialect.js';
import { useStage, type BridgeProcess } from '../support/stage.js';
import { until } from '../support/until.js';

const replicas = 3;
const atOnce = 8;
/** Milliseconds between a player's callbacks: what starts meanwhile needs the machine, too. */
const rests = 20;
/** Longer than the balancer takes to look. */
const drains = { DRAIN_DELAY: '1s' };

/** With room for a machine that has other things to do: what is shown here is not speed. */
const stage = useStage({ players: { alice: '100000.00' } }, (demo) =>
  demo
    .replace('timeout: 3s', 'timeout: 40s')
    .replace('timeout: 700ms', 'timeout: 10s')
    .replace('settle: 5s', 'settle: 5m'),
);

const balancer = new Balancer();
afterEach(() => balancer.close());

async function startReplica(): Promise<BridgeProcess> {
  const replica = await stage.startBridge(drains);
  balancer.replicas.add(replica);
  await until('the balancer has seen the new replica', () => balancer.knows(replica));
  return replica;
}

describe('a rolling restart', () => {
  test('refuses no callback', async () => {
    const url = await balancer.listen();
    const running = await Promise.all(Array.from({ length: replicas }, startReplica));
    const platform = stage.platform({ ...(running[0] as BridgeProcess), url });
    platform.open('alice', '100000.00');
    const failed: string[] = [];
    let answered = 0;
    let ends = false;

    /** Over a connection of its own, as where nothing keeps one open. */
    const ask = async (): Promise<Answer> => {
      const alone = new Connections();
      const body = platform.body(platform.getBalance('alice'));
      const answer = await alone.send({ method: 'POST', url: `${url}/GetBalance`, body, timeoutMs: 10_000 }, wire);
      alone.close();
      return answer;
    };
    const player = async (): Promise<void> => {
      for (let n = 0; !ends; n += 1) {
        const move = n % 3 === 0 ? platform.withdraw('alice', '1.00') : platform.deposit('alice', '1.00');
        const { code, raw, failure } = await (n % 3 === 2 ? ask() : platform.deliver(move));
        answered += 1;
        if (code !== 0) failed.push(failure ?? raw);
        await pause(rests);
      }
    };
    const roll = async (): Promise<void> => {
      for (const old of running) {
        const before = answered;
        await startReplica();
        const stopped = old.stop();
        await until('it says why it is not ready', async () => {
          const response = await fetch(`${old.adminUrl}/readyz`);
          return response.status === 503 && (await response.text()).startsWith('not ready: stopping');
        });
        expect(await stopped).toBe(0);
        balancer.replicas.delete(old);
        expect(answered - before).toBeGreaterThan(50);
      }
    };
    await Promise.all([roll().finally(() => (ends = true)), ...Array.from({ length: atOnce }, player)]);

    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(500);
    expect(stage.actual('alice')).toBe(platform.expectedCents('alice'));
    expect(await stage.unfinished()).toEqual({ records: [], listed: [] });
  }, 120_000);
});
