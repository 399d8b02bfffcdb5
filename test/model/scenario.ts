// One thing to explore: a wallet, an operation, the operator's choices, and how much may come and go wrong.

import type { MoneyCallback, RollbackCallback } from '../../src/domain/callback.js';
import type { Operator } from '../../src/domain/ports.js';
import type { Terms } from '../../src/domain/terms.js';
import { bet, betWin, someTerms, undo, win } from '../support/transactions.js';
import { walletKinds, type WalletKind } from './wallet-kinds.js';

export type Operation = 'withdraw' | 'deposit' | 'betWin';

/** How often each may still happen. */
export interface Budgets {
  readonly originals: number;
  readonly rollbacks: number;
  /** Of all that follow, together. */
  readonly faults: number;
  readonly crashes: number;
  /** Handlers that stand still while time passes, and go on later. */
  readonly pauses: number;
  /** The same, while their machine is suspended, so that its own clocks stand still. */
  readonly suspends: number;
  /** A command that is lost, or whose answer is. */
  readonly journalFaults: number;
  /** A wallet call that cannot connect, is given up while it is on its way, or whose answer is lost. */
  readonly walletFaults: number;
  /** Calls the wallet says no to. */
  readonly refusals: number;
  /** Spells, shorter than `settle`, in which the wallet does not find what it has. */
  readonly blinks: number;
  /** First undos that the wallet takes for something it has, and does not make. */
  readonly clashes: number;
  /** The agent is given to another wallet. */
  readonly moves: number;
}

/** Nothing may come, and nothing go wrong. */
export const nothingLeft: Budgets = {
  originals: 0,
  rollbacks: 0,
  faults: 0,
  crashes: 0,
  pauses: 0,
  suspends: 0,
  journalFaults: 0,
  walletFaults: 0,
  refusals: 0,
  blinks: 0,
  clashes: 0,
  moves: 0,
};

export type Fault = Exclude<keyof Budgets, 'originals' | 'rollbacks' | 'faults'>;

export interface Scenario extends Said {
  readonly name: string;
  readonly kind: WalletKind;
  readonly operation: Operation;
  readonly operator: Operator;
  /** The same once its agent has another wallet. */
  readonly movedOperator: Operator;
  /** Nothing more may be told as done before the wallet has it. */
  readonly isFull: boolean;
  readonly budgets: Budgets;
  /** Handlers at work at once, looks of the resolver among them. */
  readonly mostTasks: number;
  readonly mostLooks: number;
}

const nothingIsCalled = (): never => {
  throw new Error('the model performs no effect itself');
};

/** Nothing is told that is not proven. */
export const askAgain: Partial<Terms> = {
  whenUnresolved: {
    withdraw: 'askAgain',
    deposit: 'askAgain',
    betWin: 'askAgain',
    win: 'askAgain',
    rollback: 'askAgain',
  },
};

/** What the platform says. */
export interface Said {
  readonly original: MoneyCallback;
  readonly rollback: RollbackCallback;
}

export interface ScenarioChange {
  readonly name?: string;
  /** Instead of callbacks that are made up. */
  readonly said?: Said;
  readonly terms?: Partial<Terms>;
  readonly budgets?: Partial<Budgets>;
  readonly mostTasks?: number;
  readonly mostLooks?: number;
  readonly isFull?: boolean;
}

const home = (origin: string) => ({ today: { operator: 'northstar', origin }, formerly: new Set<string>() });

export function scenario(kind: WalletKind, operation: Operation, change: ScenarioChange = {}): Scenario {
  const operator: Operator = {
    name: 'northstar',
    terms: someTerms(change.terms, walletKinds[kind]),
    homes: home('first'),
    wallet: {
      reference: (id) => id,
      bears: () => 1,
      patience: () => 1_000,
      send: nothingIsCalled,
      undo: nothingIsCalled,
      lookup: nothingIsCalled,
      lookupUndo: nothingIsCalled,
      balance: nothingIsCalled,
    },
  };
  return {
    name: change.name ?? `${operation} on ${kind}`,
    kind,
    operation,
    original: change.said?.original ?? { withdraw: bet, deposit: win, betWin }[operation](),
    rollback: change.said?.rollback ?? undo(),
    operator,
    movedOperator: { ...operator, homes: home('second') },
    isFull: change.isFull ?? false,
    budgets: {
      originals: 2,
      rollbacks: 1,
      faults: 2,
      crashes: 1,
      pauses: 1,
      suspends: 1,
      journalFaults: 1,
      walletFaults: 2,
      refusals: 1,
      blinks: 1,
      clashes: 1,
      moves: 0,
      ...change.budgets,
    },
    mostTasks: change.mostTasks ?? 3,
    mostLooks: change.mostLooks ?? 1,
  };
}
