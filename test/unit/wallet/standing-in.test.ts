// What is owed and was turned away for its session is sent once more, as a repeat, and no more than once.

import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/domain/outcome.js';
import type { Ended, MakeCall, Wanted } from '../../../src/wallet/calling.js';
import { standingIn } from '../../../src/wallet/standing-in.js';
import { wanted } from '../../support/layered-calls.js';
import { someLeg, someTransaction } from '../../support/transactions.js';

const turnedAway: Verdict = { kind: 'notApplied', because: 'turned away', reached: true };
const subject = { transaction: someTransaction(), leg: someLeg(), known: { session: { session: 's1' } } };

/** The calls that left, and what came of them, where the wallet answers so in turn. */
async function made(answers: readonly Partial<Ended<Verdict>>[], change: Partial<Wanted<Verdict>> = {}) {
  const seen: Wanted<unknown>[] = [];
  const make = (call: Wanted<unknown>) => {
    seen.push(call);
    const answer = answers[seen.length - 1];
    if (answer === undefined) throw new Error('one call too many');
    return Promise.resolve({ verdict: turnedAway, ms: 1, isFailure: false, ...answer });
  };
  const ended = await standingIn(make as MakeCall)(wanted('send', { subject, ...change }));
  return { seen, ended };
}

describe('a call whose session the wallet turns away', () => {
  test('is made once more, as a repeat with what stands in, and that is what came of it', async () => {
    const { seen, ended } = await made([{ badSession: true }, { verdict: { kind: 'applied' }, session: 'offline-2' }]);

    expect(seen).toHaveLength(2);
    expect(seen[0]?.subject).toEqual(subject);
    expect(seen[1]?.subject).toEqual({ ...subject, again: true, known: { ...subject.known, isOver: true } });
    expect(seen[1]?.settings.within).toBeLessThan(5_000);
    expect(ended.verdict).toEqual({ kind: 'applied' });
    expect(ended.session).toBeUndefined();
  });

  test.each<[string, Partial<Ended<Verdict>>, Verdict]>([
    ['is turned away, too', { badSession: true }, turnedAway],
    ['gets no answer', { verdict: { kind: 'unknown', because: 'timeout' } }, { kind: 'unknown', because: 'timeout' }],
    [
      'never leaves, which says nothing of the first',
      { verdict: { kind: 'notApplied', because: 'connection refused' } },
      { kind: 'notApplied', because: 'connection refused', reached: true },
    ],
  ])('ends as the second one that %s', async (_what, second, verdict) => {
    const { seen, ended } = await made([{ badSession: true }, second]);

    expect(seen).toHaveLength(2);
    expect(ended.verdict).toEqual(verdict);
  });

  test('is not made again where what stands in was sent already, or nobody turned it away', async () => {
    const unknown = { ...subject, known: {} };

    expect((await made([{ badSession: true }], { subject: unknown })).seen).toHaveLength(1);
    expect((await made([{}])).seen).toHaveLength(1);
  });
});
