// What a probe tells a wallet of its calls: which is the first of its kind, and which comes again.

import { expect, test } from '@jest/globals';
import { Money } from '../../../src/domain/money.js';
import { isSentAgain, isUndoneAgain, type Leg, type Transaction } from '../../../src/domain/transaction.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import type { Wallet } from '../../../src/domain/ports.js';
import { probeWallet } from '../../../src/probing/steps.js';
import { eur, someTerms } from '../../support/transactions.js';

test('a call counts as a repeat exactly where the same call was made before', async () => {
  const made: { call: string; isRepeat: boolean; wasMade: boolean }[] = [];
  const before = new Set<string>();
  const done = new Set<string>();
  let balance = eur('100.00');
  const move = (reference: string, leg: Leg, sign: bigint): Verdict => {
    const { units, decimals } = leg.bet?.negated() ?? leg.win ?? Money.zero;
    if (!done.has(reference)) balance = balance.plus(Money.of(units * sign, decimals));
    done.add(reference);
    return { kind: 'applied' };
  };
  const note = (call: string, reference: string, isRepeat: boolean): void => {
    made.push({ call, isRepeat, wasMade: before.has(reference) });
    before.add(reference);
  };
  const wallet: Wallet = {
    reference: (id) => id,
    send(_: Transaction, leg: Leg) {
      note('send', leg.reference, isSentAgain(leg));
      return Promise.resolve(move(leg.reference, leg, 1n));
    },
    undo(_: Transaction, leg: Leg) {
      note('undo', leg.undoReference, isUndoneAgain(leg));
      return Promise.resolve(done.has(leg.reference) ? move(leg.undoReference, leg, -1n) : { kind: 'notFound' });
    },
    lookup: (_, leg) => Promise.resolve(done.has(leg.reference) ? { kind: 'applied' } : { kind: 'notFound' }),
    lookupUndo: () => Promise.resolve({ kind: 'notFound' }),
    balance: () => Promise.resolve({ kind: 'balance', balance }),
    bears: () => 1,
    patience: () => 1_000,
  };

  const { stopped, missing } = await probeWallet({
    wallet,
    terms: someTerms({}, { lookup: true }),
    agent: { agentID: 'A1', formats: {} } as never,
    userID: 'alice',
    gameID: undefined,
    besides: () => ({}),
    saidOf: () => '',
    amount: eur('1.00'),
    undoesByName: new Set(['withdraw', 'deposit']),
    mustEnd: () => false,
  });

  expect(stopped).toBeUndefined();
  expect(missing?.isZero()).toBe(true);
  expect(made.filter(({ isRepeat, wasMade }) => isRepeat !== wasMade)).toEqual([]);
  const repeats = (call: string) => made.filter((one) => one.call === call && one.isRepeat).length;
  // Of each kind 19 copies at once and one more; bets also that of all he has, and that of more.
  expect(repeats('send')).toBe(42);
  expect(repeats('undo')).toBe(4);
});
