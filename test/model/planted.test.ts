// Each planted mistake must be found by the same exploration that finds nothing in what runs in production.

import { describe, expect, jest, test } from '@jest/globals';
import type * as home from '../../src/domain/home.js';
import type * as onCallback from '../../src/domain/policy/on-callback.js';
import type * as onReply from '../../src/domain/policy/on-reply.js';
import type * as plans from '../../src/domain/policy/plan.js';
import type * as explorer from './explore.js';
import type * as journal from './journal.js';
import { plantedMistakes, type PlantedMistake, type Policy } from './planted-mistakes.js';

async function exploreWith({
  where,
  policy,
  moves,
  clocks,
  journal: breakJournal,
}: PlantedMistake): Promise<explorer.Exploration> {
  let found: explorer.Exploration | undefined;
  await jest.isolateModulesAsync(async () => {
    if (policy !== undefined) for (const path of Object.values(policyPaths)) plantInPolicy(path, policy);
    plant('../../src/domain/transaction.js', moves);
    plant('../../src/bridge/send-window.js', clocks);
    plant('./journal.js', ({ put }: typeof journal) => ({ put: breakJournal?.(put) ?? put }));
    const { explore }: typeof explorer = await import('./explore.js');
    found = explore(where, { mostStates: 60_000 });
  });
  if (found === undefined) throw new Error('nothing was explored');
  return found;
}

const policyPaths = {
  onCallback: '../../src/domain/policy/on-callback.js',
  onReply: '../../src/domain/policy/on-reply.js',
  plan: '../../src/domain/policy/plan.js',
  home: '../../src/domain/home.js',
};

const realPolicy = (): Policy => ({
  ...jest.requireActual<typeof onCallback>(policyPaths.onCallback),
  ...jest.requireActual<typeof onReply>(policyPaths.onReply),
  ...jest.requireActual<typeof plans>(policyPaths.plan),
  ...jest.requireActual<typeof home>(policyPaths.home),
});

/** The policy stands in several modules: each gets the part of the mistake that is its own. */
function plantInPolicy(path: string, mistake: (real: Policy) => Partial<Policy>): void {
  jest.doMock(path, () => {
    const own = jest.requireActual<object>(path);
    const planted = Object.entries(mistake(realPolicy())).filter(([name]) => name in own);
    return { ...own, ...Object.fromEntries(planted) };
  });
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
