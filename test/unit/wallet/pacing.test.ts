// How much of the backlog a wallet bears: all its places while it is well, one try at a time while it fails, and
// more again with each answer.

import { describe, expect, test } from '@jest/globals';
import { createPace } from '../../../src/wallet/pacing.js';
import type { CallName, Ended, Ready, SendCall } from '../../../src/wallet/calling.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import { ready } from '../../support/layered-calls.js';
import { someLeg, someTransaction } from '../../support/transactions.js';

const answers = { verdict: { kind: 'applied' }, ms: 5, isFailure: false } as const;
const failures: Record<string, Ended<Verdict>> = {
  'that fails': { verdict: { kind: 'unknown', because: 'timeout' }, ms: 5, isFailure: true },
  'whose breaker is open': { verdict: { kind: 'notApplied', because: 'breaker open' }, ms: 0, isFailure: false },
};
const away = failures['that fails'] ?? answers;
const win = { subject: { transaction: someTransaction(), leg: someLeg({ kind: 'deposit' }) } };
const settings = { within: 5_000, mayStillSend: () => true };
const backlog: Partial<Ready<Verdict>> = { ...win, settings: { ...settings, lane: 'backlog' } };

function paced() {
  const clock = { time: 0 };
  const pace = createPace(16, { monotonic: () => clock.time, random: () => 0.5 });
  /** As many calls that end like this. */
  async function hears(ended: Ended<Verdict>, times = 1, change = backlog, name: CallName = 'send'): Promise<void> {
    const send = pace.pacing((() => Promise.resolve(ended)) as SendCall);
    for (let n = 0; n < times; n++) await send(ready(name, change));
  }
  return { clock, pace, hears };
}

describe.each(Object.entries(failures))('a wallet %s', (_name, failure) => {
  test('three times in a row is left alone for a while, longer each time, but never for more than half a minute', async () => {
    const { clock, pace, hears } = paced();
    await hears(failure, 2);
    expect(pace.bears()).toBe(16);

    const pauses: number[] = [];
    for (let n = 0; n < 10; n++) {
      await hears(failure);
      const began = clock.time;
      while (pace.bears() === 0) clock.time += 50;
      expect(pace.bears()).toBe(1);
      pauses.push(clock.time - began);
    }

    expect(pauses.slice(0, 4)).toEqual([750, 1_500, 3_000, 6_000]);
    expect(pauses.slice(-3)).toEqual([22_500, 22_500, 22_500]);
  });

  test('in many calls at once has one pause for all of them', async () => {
    const { clock, pace, hears } = paced();
    await hears(failure, 16);

    clock.time += 750;

    expect(pace.bears()).toBe(1);
  });
});

describe('a wallet that is well again', () => {
  async function asleep() {
    const all = paced();
    for (let n = 0; n < 8; n++) {
      await all.hears(away, 3);
      all.clock.time += 60_000;
    }
    await all.hears(away);
    expect(all.pace.bears()).toBe(0);
    return all;
  }

  test.each<[string, Partial<Ready<Verdict>>, CallName, number]>([
    ['a win', win, 'send', 1],
    ['an undo', {}, 'undo', 1],
    ['a bet, which proves nothing for wins', {}, 'send', 0],
    ['a balance', {}, 'balance', 0],
  ])('is asked at once where a callback was answered %s', async (_what, change, name, bears) => {
    const { pace, hears } = await asleep();

    await hears(answers, 1, { settings, ...change }, name);

    expect(pace.bears()).toBe(bears);
  });

  test('bears one more with each answer to the backlog', async () => {
    const { clock, pace, hears } = await asleep();
    clock.time += 60_000;

    const seen: number[] = [pace.bears()];
    for (let n = 0; n < 17; n++) {
      await hears(answers);
      seen.push(pace.bears());
    }

    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16]);
  });
});

test('callbacks that fail do not put the backlog to sleep: bets may fail where wins do not', async () => {
  const { pace, hears } = paced();

  await hears(away, 50, { settings });
  await hears(away, 50, { ...win, settings });

  expect(pace.bears()).toBe(16);
});

test('a record the wallet answers with what nobody can place is no failure of the wallet', async () => {
  const { pace, hears } = paced();

  await hears({ verdict: { kind: 'unknown', because: 'no rule holds' }, ms: 5, isFailure: false }, 50);

  expect(pace.bears()).toBe(16);
});
