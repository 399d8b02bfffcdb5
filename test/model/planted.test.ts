// Each planted mistake must be found by the same exploration that finds nothing in what runs in production.

import { describe, expect, jest, test } from '@jest/globals';
import type * as explorer from './explore.js';
import type * as journal from './journal.js';
import { plantedMistakes, type PlantedMistake } from './planted-mistakes.js';

async function exploreWith({
  where,
  policy,
  moves,
  clocks,
  journal: breakJournal,
}: PlantedMistake): Promise<explorer.Exploration> {
  let found: explorer.Exploration | undefined;
  await jest.isolateModulesAsync(async () => {
    plant('../../src/domain/policy.js', policy);
    plant('../../src/domain/transaction.js', moves);
    plant('../../src/bridge/send-window.js', clocks);
    plant('./journal.js', ({ put }: typeof journal) => ({ put: breakJournal?.(put) ?? put }));
    const { explore }: typeof explorer = await import('./explore.js');
    found = explore(where, { mostStates: 60_000 });
  });
  if (found === undefined) throw new Error('nothing was explored');
  return found;
}

function plant<M extends object>(path: string, mistake: ((real: M) => Partial<M>) | undefined): void {
  jest.doMock(path, () => {
    const real = jest.requireActual<M>(path);
    return { ...real, ...mistake?.(real) };
  });
}

describe('the exploration finds that', () => {
  test.each(plantedMistakes)('$name', async (mistake) => {
    const { violations } = await exploreWith(mistake);

    expect([...violations.keys()]).toEqual([mistake.breaks]);
  });
});
