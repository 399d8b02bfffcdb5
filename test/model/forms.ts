// What is explored in every check, and what in the long form: each wallet with each operation, and the
// operator's choices that change what is promised.

import { askAgain, scenario, type Operation, type Scenario, type ScenarioChange } from './scenario.js';
import { walletKinds, type WalletKind } from './wallet-kinds.js';

const kinds: readonly WalletKind[] = ['always', 'successes', 'lookup', 'cancelFirst', 'none'];
const moreKinds: readonly WalletKind[] = [
  'findsUndo',
  'undoKnows',
  'undoKnowsOnce',
  'undoKnowsAlways',
  'alwaysInverse',
  'successesInverse',
  'lookupInverse',
  'noneInverse',
];
const operations: readonly Operation[] = ['withdraw', 'deposit', 'betWin'];

/** One fault of any sort. Three at work at once where that is not too wide for every check. */
function shortOf(kind: WalletKind, operation: Operation): ScenarioChange {
  const isNarrow = kind === 'always' && operation !== 'betWin';
  return { budgets: { faults: 1 }, mostTasks: isNarrow ? 3 : 2 };
}

/** The two that leave the most behind, both. */
const crashAndJournal: ScenarioChange = {
  budgets: {
    faults: 2,
    crashes: 1,
    journalFaults: 1,
    pauses: 0,
    suspends: 0,
    walletFaults: 0,
    refusals: 0,
    blinks: 0,
    clashes: 0,
  },
  mostTasks: 2,
};

/**
 * A reply that is lost, and then a spell in which the wallet does not find what it has, or an undo it takes
 * for another.
 */
const lostAndOdd: ScenarioChange = {
  budgets: {
    faults: 2,
    walletFaults: 1,
    blinks: 1,
    clashes: 1,
    crashes: 0,
    journalFaults: 0,
    pauses: 0,
    suspends: 0,
    refusals: 0,
  },
  mostTasks: 2,
};

/** Two faults of any sorts, two looks at once. */
const long: ScenarioChange = { budgets: { faults: 2 }, mostTasks: 3, mostLooks: 2 };

export function scenariosOf(form: 'short' | 'long'): Scenario[] {
  const isLong = form === 'long';
  const plain = operations.flatMap((operation) =>
    kinds.map((kind) =>
      scenario(kind, operation, { ...(isLong ? long : shortOf(kind, operation)), name: `${operation}/${kind}` }),
    ),
  );
  // Of a betWin only the long form has them: its parts are explored as a bet and as a win.
  const ofMore = operations.filter((operation) => isLong || operation !== 'betWin');
  const more = ofMore.flatMap((operation) =>
    moreKinds.map((kind) =>
      scenario(kind, operation, {
        ...(isLong ? long : { budgets: { faults: 1 }, mostTasks: 2 }),
        name: `${operation}/${kind}`,
      }),
    ),
  );
  const odd = (['withdraw', 'deposit'] as const).flatMap((operation) => [
    ...[...kinds, ...moreKinds].map((kind) =>
      scenario(kind, operation, { ...lostAndOdd, name: `${operation}/${kind}/lost and odd` }),
    ),
    // How a wallet undoes says nothing of whether it is the same one.
    ...(isLong ? [...kinds, ...moreKinds] : kinds).map((kind) =>
      scenario(kind, operation, {
        budgets: {
          faults: 1,
          moves: 1,
          walletFaults: 0,
          blinks: 0,
          clashes: 0,
          refusals: 0,
          suspends: 0,
          journalFaults: 0,
        },
        mostTasks: 2,
        name: `${operation}/${kind}/another wallet`,
      }),
    ),
  ]);
  const full = (['deposit', 'betWin'] as const).flatMap((operation) =>
    (['always', 'successes', 'lookup'] as const)
      // A betWin's are the widest of all, and its win is explored as a deposit.
      .filter((kind) => isLong || operation === 'deposit' || kind === 'always')
      .map((kind) =>
        scenario(kind, operation, {
          budgets: { faults: 1 },
          mostTasks: 2,
          isFull: true,
          name: `${operation}/${kind}/nothing may be owed`,
        }),
      ),
  );
  const variants = kinds.flatMap((kind) => {
    const variant = (operation: Operation, name: string, change: ScenarioChange): Scenario =>
      scenario(kind, operation, {
        ...(isLong ? long : { budgets: { faults: 1 }, mostTasks: 2 }),
        ...change,
        name: `${operation}/${kind}/${name}`,
      });
    const { undo: _undo, ...once } = walletKinds[kind];
    const noUndo = { legs: { withdraw: once, deposit: once, betWin: once } };
    return [
      variant('betWin', 'one call', { terms: { betWinAsLegs: false } }),
      ...(['withdraw', 'deposit'] as const).flatMap((operation) => [
        variant(operation, 'ask again', { terms: askAgain }),
        variant(operation, 'no undo', { terms: noUndo }),
        // A win that is looked up is brought to its end as a bet is, and this would be the widest of all.
        ...(isLong || (operation === 'deposit' && kind === 'lookup')
          ? []
          : [variant(operation, 'crash and journal', crashAndJournal)]),
      ]),
    ];
  });
  return [...plain, ...more, ...odd, ...full, ...variants];
}
