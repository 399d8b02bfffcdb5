// A replica dies at every step of every operation, on every kind of wallet, and the platform does whatever it
// may do next. In the end the wallet holds what the platform was told, once; or, where the wallet lets nobody
// find out, a person is told.

import { describe, expect, test } from '@jest/globals';
import type { MoneyCallback } from '../../../src/domain/callback.js';
import { benchBridge } from '../../support/bench-bridge.js';
import type { Memory } from '../../support/scripted-wallet.js';
import { bet, betWin, undo, win } from '../../support/transactions.js';

interface Kind {
  readonly memory: Memory;
  readonly cancelFirst?: boolean;
}
const kinds: Record<string, Kind> = {
  always: { memory: 'always' },
  successes: { memory: 'successes' },
  lookup: { memory: 'lookup' },
  'cancel first': { memory: 'none', cancelFirst: true },
  none: { memory: 'none' },
};
const operations: Record<string, { callback: MoneyCallback; steps: string[]; applied: string }> = {
  Withdraw: { callback: bet(), steps: ['put', 'send', 'put'], applied: '87.70' },
  Deposit: { callback: win(), steps: ['put', 'send', 'put'], applied: '120.00' },
  BetWin: { callback: betWin(), steps: ['put', 'send', 'put', 'send', 'put'], applied: '107.70' },
};
const untouched = '100.00';

type Bridge = ReturnType<typeof benchBridge>;
/**
 * What the platform does after it heard nothing; returns what it heard, in order: "0", a failure, or "503".
 */
const follows: Record<string, (bridge: Bridge, callback: MoneyCallback) => Promise<string[]>> = {
  nothing: () => Promise.resolve([]),
  'the same, at once': async (bridge, callback) => [await bridge.say(callback)],
  'the same, after the lease': async (bridge, callback) => {
    await bridge.clock.advance(16_000);
    return [await bridge.say(callback)];
  },
  'the same, after the resolver': async (bridge, callback) => {
    await bridge.rest();
    return [await bridge.say(callback)];
  },
  'a rollback': async (bridge) => [await bridge.say(undo())],
  'a rollback, after the lease': async (bridge) => {
    await bridge.clock.advance(16_000);
    return [await bridge.say(undo())];
  },
  'a rollback, then the late original': async (bridge, callback) => {
    const answers = [await bridge.say(undo()), await bridge.say(callback)];
    expect(answers[1]).not.toMatch(/^0/);
    return answers;
  },
};

const rollbackEnds = ['transactionNotFound', 'alreadyRolledBack'];

/** What the wallet must hold after these answers: a rollback that ended it, or a failure, leaves nothing. */
function due(answers: string[], isRollback: boolean, applied: string): string[] {
  const [first = ''] = answers;
  if (isRollback && (first.startsWith('0') || rollbackEnds.includes(first))) return [untouched];
  if (first === '' || first === '503') return [untouched, applied];
  return first.startsWith('0') ? [applied] : [untouched];
}

const rows = Object.keys(kinds).flatMap((kind) =>
  Object.entries(operations).flatMap(([operation, { steps }]) =>
    steps.flatMap((step, at) =>
      (['before', 'after'] as const).flatMap((when) =>
        Object.keys(follows).map((next) => ({ kind, operation, step, at, when, next })),
      ),
    ),
  ),
);

describe('a replica dies', () => {
  test.each(rows)(
    '$kind: $operation, $when step $at ($step), then $next',
    async ({ kind, operation, at, when, next }) => {
      const { callback, applied } = operations[operation] ?? { callback: bet(), applied: '' };
      const bridge = benchBridge(kinds[kind]);
      const ending = follows[next];

      const { died } = await bridge.crash(callback, at, when);
      const answers = (await ending?.(bridge, callback)) ?? [];
      await bridge.rest();

      const state = await bridge.state();
      const total = bridge.wallet.total().toString();
      expect(died).toBe(true);
      expect(bridge.errors).toEqual([]);
      const resting = /^(absent|applied|refused|reversed|cancelled)$/.test(state);
      if (resting) expect(due(answers, next.startsWith('a rollback'), applied)).toContain(total);
      else
        expect([kind, state.split(' ')[0], bridge.alarms.length > 0]).toEqual([
          expect.stringMatching(/none|cancel first/),
          'held',
          true,
        ]);
      if (resting) expect(total).toBe(state === 'applied' ? applied : untouched);
    },
  );
});

describe('a replica dies while it undoes', () => {
  const undoSteps = ['put', 'put', 'undo', 'put'];
  const undoRows = Object.keys(kinds).flatMap((kind) =>
    (['Withdraw', 'Deposit'] as const).flatMap((operation) =>
      undoSteps.flatMap((step, at) =>
        (['before', 'after'] as const).flatMap((when) =>
          (['nothing', 'rollback', 'original'] as const).map((next) => ({ kind, operation, step, at, when, next })),
        ),
      ),
    ),
  );
  test.each(undoRows)(
    '$kind: $operation, $when step $at ($step), then $next',
    async ({ kind, operation, at, when, next }) => {
      const { callback, applied } = operations[operation] ?? { callback: bet(), applied: '' };
      const bridge = benchBridge(kinds[kind]);
      await bridge.say(callback);

      const { died } = await bridge.crash(undo(), at, when);
      const answer = next === 'nothing' ? '' : await bridge.say(next === 'rollback' ? undo() : callback);
      await bridge.rest();

      const state = await bridge.state();
      const total = bridge.wallet.total().toString();
      expect(died).toBe(true);
      expect(bridge.errors).toEqual([]);
      if (state.startsWith('held'))
        expect([kind, bridge.alarms.length > 0]).toEqual([expect.stringMatching(/none/), true]);
      else expect(`${state} ${total}`).toBe(state === 'applied' ? `applied ${applied}` : `reversed ${untouched}`);
      if (next === 'rollback' && !state.startsWith('held')) expect(total).toBe(untouched);
      // A 0 for the original stands as long as no undo was begun.
      if (next === 'original' && answer.startsWith('0')) expect(total).toBe(applied);
    },
  );
});
