// The worked example at the head of `effects.ts`, driven by hand: what the handlers yield, and what they are
// handed.
import { describe, expect, test } from '@jest/globals';
import type { Effect, Work } from '../../../src/bridge/effects.js';
import { createHandleCallback } from '../../../src/bridge/handle-callback.js';
import { createResolve } from '../../../src/bridge/resolver.js';
import type { Workshop } from '../../../src/bridge/workshop.js';
import { assertNever, type Verdict } from '../../../src/domain/outcome.js';
import type { Operator, Stored } from '../../../src/domain/ports.js';
import { ScriptedWallet } from '../../support/scripted-wallet.js';
import { bet, eur, player, someHomes, someTerms } from '../../support/transactions.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const nothing = () => undefined;
const shop: Workshop = {
  ...{ now: () => 1_000, monotonic: () => 1_000, wall: () => 1_000 },
  observer: {
    walletCalled: nothing,
    redelivered: nothing,
    unknownRolledBack: nothing,
    alarm: nothing,
    notAccepted: nothing,
    recordChanged: nothing,
  },
  ...{ rememberBalance: nothing, bindToNone: nothing, newOwner: () => 'a', random: () => 0.5 },
};
const undo = { repeatable: 'always', settle: 60_000, cancelFirst: true, lookup: 'no' } as const;
const terms = someTerms({}, { repeatable: 'no', undo });
const wallet = new ScriptedWallet(new VirtualClock(), 'none');
const operator: Operator = { name: 'northstar', terms, wallet, homes: someHomes };

/** A journal of one record, and a wallet that says this; what was yielded is written to `seen`. */
function world(seen: string[], verdict: Verdict) {
  let stored: Stored | undefined;
  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'put': {
        const { expected, transaction } = effect.write;
        const { state, goal, promised, lease } = transaction;
        const words = [state, goal, promised && 'promised', lease && 'under a lease'].filter(Boolean).join(', ');
        seen.push(`put ${expected}: ${words}`);
        stored = { transaction, revision: expected + 1 };
        effect.give({ kind: 'done', revision: expected + 1 });
        return;
      }
      case 'get':
        seen.push('get');
        effect.give(stored);
        return;
      case 'call':
        seen.push(`call ${effect.call.kind}`);
        effect.give(verdict);
        return;
      case 'sleep':
        seen.push(`sleep ${effect.ms}`);
        effect.give();
        return;
      case 'balance':
      case 'lastBalance':
        throw new Error('nobody needs a balance');
      default:
        assertNever(effect);
    }
  }
  function run<T>(work: Work<T>): T {
    for (let next = work.next(); ; next = work.next()) {
      if (next.done === true) return next.value;
      perform(next.value);
    }
  }
  return { run, says: (next: Verdict) => (verdict = next) };
}

describe('a bet, as its effects', () => {
  test('that the wallet takes', () => {
    const seen: string[] = [];
    const { run } = world(seen, { kind: 'applied', balance: eur('87.70') });

    const reply = run(createHandleCallback(shop)(bet(), operator, 1_000));

    expect(reply).toEqual({ kind: 'success', duplicate: false, balance: eur('87.70') });
    expect(seen).toEqual(['put 0: claimed, under a lease', 'call send', 'put 1: applied']);
  });

  test('of which the wallet says nothing', () => {
    const seen: string[] = [];
    const { run, says } = world(seen, { kind: 'unknown', because: 'timeout' });

    const reply = run(createHandleCallback(shop)(bet(), operator, 1_000));
    says({ kind: 'applied' });
    run(createResolve(shop, () => operator)({ ...player, transactionID: 't1' }));

    expect(reply).toEqual({ kind: 'failure', result: 'generalError' });
    expect(seen).toEqual([
      ...['put 0: claimed, under a lease', 'call send', 'sleep 100', 'put 1: open, void, promised'],
      ...['get', 'put 2: open, void, promised, under a lease', 'call undo', 'put 3: reversed, promised'],
    ]);
  });
});
