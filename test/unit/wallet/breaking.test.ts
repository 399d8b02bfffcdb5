// Which breaker a call is kept by: refused bets must never keep back a win or an undo.
import { expect, test } from '@jest/globals';
import { breaking, type BreakerClass } from '../../../src/wallet/breaking.js';
import type { Ready } from '../../../src/wallet/calling.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import { Innermost, ready } from '../../support/layered-calls.js';
import { player, someLeg, someTransaction } from '../../support/transactions.js';

const of = (kind: 'withdraw' | 'deposit' | 'betWin') => ({
  subject: { transaction: someTransaction(), leg: someLeg({ kind }) },
});

/** Breakers of which these are open. */
const breakersWith = (...open: BreakerClass[]) => {
  const one = (name: BreakerClass) => ({
    run: <T>(call: () => Promise<T>) => (open.includes(name) ? Promise.resolve(undefined) : call()),
  });
  return {
    bets: one('bets'),
    winsAndUndos: one('winsAndUndos'),
    balance: one('balance'),
    closings: one('closings'),
  };
};

const calls: [what: string, keptBy: BreakerClass, call: Ready<Verdict>][] = [
  ['a bet', 'bets', ready('send', of('withdraw'))],
  ['a bet with its win', 'bets', ready('send', of('betWin'))],
  ['a win', 'winsAndUndos', ready('send', of('deposit'))],
  ['the undo of a bet', 'winsAndUndos', ready('undo', of('withdraw'))],
  ['a lookup', 'winsAndUndos', ready('lookup', of('withdraw'))],
  ['a lookup of an undo', 'winsAndUndos', ready('lookupUndo', of('withdraw'))],
  ['a balance', 'balance', ready('balance', { subject: { player } })],
  ['the end of a round', 'closings', ready('closeRound', of('deposit'))],
];

test.each(calls)('%s is kept back by its own breaker, and by no other', async (_, keptBy, call) => {
  const others = calls.map(([, name]) => name).filter((name) => name !== keptBy);
  const inner = new Innermost();

  expect(await breaking(inner.make, breakersWith(keptBy))(call)).toEqual({
    verdict: { kind: 'notApplied', because: 'breaker open' },
    ms: 0,
    isFailure: false,
  });
  expect(inner.seen).toEqual([]);
  expect((await breaking(inner.make, breakersWith(...others))(call)).verdict).toEqual({ kind: 'applied' });
});
