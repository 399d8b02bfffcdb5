// Masters that die and slots that move while the journal is written to. No transaction may ever have two claims
// that both count, and what was acknowledged and is lost must be found out before anything is decided without
// it. `npm run failovers` does the same again and again, and prints what each took.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failOver, moveMany, verdictOf, type Failover, type Run } from './failovers.js';
import { startCluster, startSentinelSet, type RedisSet } from '../support/redis-sets.mjs';

const times = Number(process.env['FAILOVERS'] ?? 1);
const within = times * 300_000;

/** With how many replicas each master has. */
const sets = {
  'a Sentinel set': { start: startSentinelSet, replicas: 2 },
  'a Cluster': { start: startCluster, replicas: 1 },
};

function print(what: string, { claims, refused, lost, recovered }: Run): void {
  if (times === 1) return;
  const took =
    recovered === undefined ? 'no write there again' : `written there again after ${Math.round(recovered)} ms`;
  const told = `${claims.size} claims, ${refused} refused, ${lost} acknowledged and lost, ${took}`;
  process.stdout.write(`${what}: ${told}\n`);
}

/** Each set has a file of its own, so that both are broken beside one another. */
export function failoversOf(kind: keyof typeof sets): void {
  const { start, replicas } = sets[kind];
  let set: RedisSet;
  beforeAll(async () => {
    set = await start();
  }, 60_000);
  afterAll(() => set.stop());

  async function again(what: string, act: () => Promise<Run>): Promise<Run[]> {
    const runs: Run[] = [];
    for (let n = 0; n < times; n++) {
      const run = await act();
      print(`${kind}, ${what}`, run);
      expect(verdictOf(run)).toEqual({ twice: [], lostUnseen: [] });
      runs.push(run);
    }
    return runs;
  }
  const killed = (what: string, how: Failover): Promise<Run[]> => again(what, () => failOver(set, how));

  test(
    'a master that dies is replaced: nothing is claimed twice, and nothing that waited for each replica is lost',
    async () => {
      const runs = await killed('replicas in step, each write waits for all', { replicas, lagging: 'none' });

      for (const run of runs) expect(run.lost).toBe(0);
      for (const run of runs) expect(run.claimedAfter).toBeGreaterThan(0);
    },
    within,
  );

  test(
    'a master that dies with writes no replica has stops what is lost, and doubles nothing',
    async () => {
      const runs = await killed('replicas behind, no write waits', { replicas: 0, lagging: 'all' });

      for (const run of runs) expect(run.lost).toBeGreaterThan(0);
      for (const run of runs) expect(run.told).toContain('writes');
    },
    within,
  );

  if (kind === 'a Sentinel set')
    test(
      'the one of two replicas that fell behind takes the place: what only the other has is found to be lost',
      async () => {
        const runs = await killed('the replica behind takes over', { replicas: 1, lagging: 'one' });

        for (const run of runs) expect(run.told).toContain('writes');
      },
      within,
    );
  else
    test(
      'slots that move to another master take all they hold with them',
      async () => {
        const runs = await again('slots move', () => moveMany(set));

        for (const run of runs) expect([run.lost, run.told]).toEqual([0, []]);
        for (const run of runs) expect(run.claimedAfter).toBeGreaterThan(0);
      },
      within,
    );
}
