// The master of the journal dies under two bridges at work, with writes no replica has: callbacks of what was
// lost are refused, and whatever is delivered again reaches the wallet once.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSentinelSet } from '../support/redis-sets.mjs';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage({ players: { alice: '10000.00' } });
let set: Awaited<ReturnType<typeof startSentinelSet>>;
beforeAll(async () => {
  set = await startSentinelSet(1);
}, 60_000);
afterAll(() => set.stop());
const bridges = [0, 1].map(() => stage.useBridge(() => ({ REDIS_URL: set.url }))) as [
  ReturnType<typeof stage.useBridge>,
  ReturnType<typeof stage.useBridge>,
];

test('a failover that loses writes doubles no bet', async () => {
  const platform = stage.platform(...bridges);
  const [master, replica] = set.nodes;
  if (master === undefined || replica === undefined) throw new Error('a set has a master and a replica');
  const bets = Array.from({ length: 400 }, () => platform.withdraw('alice', '1.00'));
  const isLost = async (): Promise<boolean> => {
    const scrapes = await Promise.all(bridges.map(async ({ adminUrl }) => (await fetch(`${adminUrl}/metrics`)).text()));
    return scrapes.every((text) => text.includes('wallet_bridge_journal_lost 1'));
  };

  let delivered = 0;
  const deliver = async (base: number): Promise<void> => {
    for (const bet of bets.filter((_, n) => n % 8 === base % 8)) {
      await platform.deliver(bet, { base });
      delivered += 1;
    }
  };
  const first = Promise.all(Array.from({ length: 8 }, (_, n) => deliver(n)));
  await until('the load runs', () => delivered > 40);
  await master.client.call('ACL', 'SETUSER', 'default', '-psync', '-sync');
  await replica.client.call('CLIENT', 'KILL', 'TYPE', 'master');
  const before = delivered;
  await until('the replica is behind', () => delivered > before + 60);
  await master.kill9();
  await first;
  await until('both bridges see what was lost', isLost, 30_000);
  const again = await Promise.all(bets.map((bet, n) => platform.deliver(bet, { base: n + 1 })));

  const debits = stage
    .ledger()
    .filter(({ kind }) => kind === 'debit')
    .map(({ reference }) => reference);
  expect(debits.length).toBeGreaterThan(80);
  expect(debits).toHaveLength(new Set(debits).size);
  expect(again.filter(({ httpStatus }) => httpStatus === 503).length).toBeGreaterThan(0);
}, 120_000);
