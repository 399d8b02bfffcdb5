// Worlds with equal keys are taken for one, so whatever can follow the one must be able to follow the other.
// Otherwise the exploration would pass over ways it never went.

import { describe, expect, test } from '@jest/globals';
import { createMoves } from './moves.js';
import { createReplay } from './replay.js';
import { scenario, type Scenario } from './scenario.js';
import { firstWorld, type World } from './world.js';
import { worldKey } from './world-key.js';

const enough = 4_000;

/** How often two worlds were taken for one, and every such pair that does not go on alike. */
function takenForOne(where: Scenario): { times: number; unlike: string[] } {
  const moves = createMoves(where, createReplay(where));
  const whatFollows = (world: World): string =>
    [...new Set(moves(world).map((move) => move.world.broken ?? worldKey(move.world)))].sort().join('\n');
  const first = firstWorld(where);
  const known = new Map([[worldKey(first), { world: first, follows: whatFollows(first) }]]);
  const unlike: string[] = [];
  let times = 0;
  for (const { world } of known.values()) {
    for (const { words, world: next } of moves(world)) {
      const key = worldKey(next);
      const same = known.get(key);
      if (same === undefined) {
        if (known.size < enough) known.set(key, { world: next, follows: whatFollows(next) });
      } else if (same.world !== next) {
        times += 1;
        if (same.follows !== whatFollows(next)) unlike.push(`${key} (${words})`);
      }
    }
  }
  return { times, unlike };
}

describe('worlds with equal keys go on alike', () => {
  test.each([
    scenario('none', 'withdraw', { budgets: { originals: 1, faults: 1 } }),
    scenario('lookup', 'deposit', { budgets: { faults: 1, journalFaults: 0 } }),
    scenario('always', 'deposit', { budgets: { originals: 1, faults: 2 } }),
    scenario('successes', 'betWin', { budgets: { faults: 1, pauses: 0 }, mostTasks: 2 }),
    scenario('lookupInverse', 'withdraw', { budgets: { faults: 2, crashes: 0, pauses: 0, suspends: 0 }, mostTasks: 2 }),
    scenario('always', 'withdraw', { budgets: { faults: 1, moves: 1 }, mostTasks: 2 }),
  ])(
    '$name',
    (where) => {
      const { times, unlike } = takenForOne(where);

      expect(unlike).toEqual([]);
      expect(times).toBeGreaterThan(1_000);
    },
    120_000,
  );
});
