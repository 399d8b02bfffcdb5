// Masters that die and slots that move while the journal is written to. No transaction may ever have two claims
// that both count, and what was acknowledged and is lost must be found out before anything is decided without
// it.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCluster, startSentinelSet } from '../support/redis-sets.js';
import { failOver, moveSlots, verdictOf, type Set } from './failovers.js';

const sets = { 'a Sentinel set': () => startSentinelSet(2), 'a Cluster': startCluster };

describe.each(Object.entries(sets))('in %s', (kind, start) => {
  let set: Set;
  beforeAll(async () => {
    set = await start();
  }, 60_000);
  afterAll(() => set.stop());

  test('a master that dies is replaced: nothing is claimed twice, and nothing that waited for a replica is lost', async () => {
    const run = await failOver(set, { replicas: 1, lagging: 'none' });

    expect(verdictOf(run)).toEqual({ twice: [], lostUnseen: [] });
    expect(run.claimedAfter).toBeGreaterThan(0);
  }, 120_000);

  test('a master that dies with writes no replica has stops what is lost, and doubles nothing', async () => {
    const run = await failOver(set, { replicas: 0, lagging: 'all' });

    expect(verdictOf(run)).toEqual({ twice: [], lostUnseen: [] });
    expect(run.lost).toBeGreaterThan(0);
    expect(run.told).toContain('writes');
  }, 120_000);

  if (kind === 'a Sentinel set')
    test('the one of two replicas that fell behind takes the place: what only the other has is found to be lost', async () => {
      const run = await failOver(set, { replicas: 1, lagging: 'one' });

      expect(verdictOf(run)).toEqual({ twice: [], lostUnseen: [] });
      expect(run.told).toContain('writes');
    }, 120_000);

  if (kind === 'a Cluster')
    test('slots that move to another master take all they hold with them', async () => {
      const run = await moveSlots(set);

      expect(verdictOf(run)).toEqual({ twice: [], lostUnseen: [] });
      expect(run.told).toEqual([]);
      expect(run.claimedAfter).toBeGreaterThan(0);
    }, 120_000);
});
