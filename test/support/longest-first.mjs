// Those tests that take longest begin first, or the last of them would run on alone. Jest itself goes by what it
// measured before, and on a clean clone by the size of files, of which these have small ones.

const longest = [
  'model/model-betWin',
  'model/model-deposit',
  'e2e/no-money-is-lost-under-faults',
  'model/model-withdraw',
  'integration/simulate-faults',
  'model/dialects',
  'integration/simulate.test',
  'pages/commands',
  'e2e/a-reload-drops-no-callback',
  'integration/command-line',
  'integration/simulate-target',
  'e2e/a-wallet-in-any-state',
  'contract/journal',
  'e2e/a-rotation-refuses',
  'e2e/a-rolling-restart',
];

/** @param {{ path: string }} test */
const rank = ({ path }) => {
  const at = longest.findIndex((name) => path.includes(`/test/${name}`));
  return at < 0 ? longest.length : at;
};

export default class LongestFirst {
  /** @template {{ path: string }} T @param {readonly T[]} tests */
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other));
  }

  /** @template T @param {T} tests */
  shard(tests) {
    return tests;
  }

  allFailedTests() {
    return [];
  }

  cacheResults() {
    return undefined;
  }
}
