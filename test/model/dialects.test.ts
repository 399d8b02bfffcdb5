// The model's deliveries as they come over the wire: written by the platform's side of each dialect, read by
// the bridge's. What the policy makes of them must be the same to the last state, or a dialect would be a
// flow of its own.

import { describe, expect, test } from '@jest/globals';
import type { Callback } from '../../src/domain/callback.js';
import type { Dialect } from '../../src/protocol/dialects/dialect.js';
import { seamless } from '../../src/protocol/dialects/seamless.js';
import { v2 } from '../../src/protocol/dialects/v2.js';
import { operationOfPath } from '../../src/protocol/dialects.js';
import { readCallback } from '../../src/protocol/read-callback.js';
import { callbackBody, signCallback, wires, type Callback as Sent } from '../../src/stand-ins/platform-callback.js';
import { secret, someAgent } from '../support/platform-side.js';
import { player } from '../support/transactions.js';
import { explore } from './explore.js';
import { scenario, type Operation, type Said } from './scenario.js';
import type { WalletKind } from './wallet-kinds.js';

const ids = { ...player, transactionID: 't1', roundID: 'r1' };
const originals: Readonly<Record<Operation, Sent>> = {
  withdraw: { operation: 'Withdraw', ...ids, amount: '12.30', gameID: '2001', isBonusBuy: true },
  deposit: { operation: 'Deposit', ...ids, amount: '20.00', gameID: '2001', refTransactionID: 't0', endRound: false },
  betWin: { operation: 'BetWin', ...ids, betAmount: '12.30', winAmount: '20.00', gameID: '2001' },
};
const rollback: Sent = { operation: 'RollbackTransaction', ...player, transactionID: 't1', gameID: '2001' };
const spoken: readonly (readonly [keyof typeof wires, Dialect | undefined])[] = [
  ['seamless', seamless],
  ['v2', v2],
  ['v2-noGameID', v2.withoutGameInSigns],
];

function overTheWire(sent: Sent, name: keyof typeof wires, dialect = seamless): Callback {
  const agent = someAgent({ agentID: player.agentID, dialect, remembersSigns: false });
  const body = callbackBody(sent, signCallback(sent, secret, wires[name]), wires[name]);
  const read = readCallback(operationOfPath.get(sent.operation) ?? 'getBalance', Buffer.from(body), () => agent);
  if (read.kind === 'rejected') throw new Error(`rejected: ${read.because}`);
  return read.callback;
}

function saidIn(operation: Operation, name: keyof typeof wires, dialect: Dialect | undefined): Said {
  const [original, undo] = [originals[operation], rollback].map((sent) => overTheWire(sent, name, dialect));
  if (original === undefined || !('content' in original)) throw new Error('this moves no money');
  if (undo?.kind !== 'rollback') throw new Error('this is no rollback');
  return { original, rollback: undo };
}

describe('in every dialect the model is the same', () => {
  const explored: readonly (readonly [Operation, WalletKind])[] = [
    ['withdraw', 'none'],
    ['deposit', 'none'],
    ['betWin', 'none'],
  ];

  test.each(explored)(
    'a %s on a wallet that remembers %s',
    (operation, kind) => {
      // A betWin with a fault is as wide as the two others together.
      const change = { budgets: { faults: operation === 'betWin' ? 0 : 1 }, mostTasks: 2 };
      const made = explore(scenario(kind, operation, change));
      const wired = spoken.map(([name, dialect]) =>
        explore(scenario(kind, operation, { ...change, said: saidIn(operation, name, dialect) })),
      );

      expect(made.isComplete).toBe(true);
      for (const { states, rests, isComplete, heldBecause, violations } of wired) {
        expect([...violations]).toEqual([]);
        expect({ states, rests, isComplete, heldBecause }).toEqual({
          states: made.states,
          rests: made.rests,
          isComplete: true,
          heldBecause: made.heldBecause,
        });
      }
    },
    240_000,
  );
});
