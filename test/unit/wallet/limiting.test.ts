// Calls in flight are counted over everything the limit is put round, and one too many is not applied.
import { expect, test } from '@jest/globals';
import type { SendCall } from '../../../src/wallet/calling.js';
import { createLimit } from '../../../src/wallet/limiting.js';
import { Innermost, ready } from '../../support/layered-calls.js';

test('one more than the limit is not applied, and the place is free again once a call has ended', async () => {
  const limit = createLimit(1);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: SendCall = async (it) => {
    await held;
    return new Innermost().make(it);
  };
  const [bets, wins] = [limit.limiting(slow), limit.limiting(new Innermost().make)];

  const first = bets(ready('send'));
  expect(limit.inFlight()).toBe(1);
  expect(await wins(ready('undo'))).toEqual({
    verdict: { kind: 'notApplied', because: 'too many calls in flight' },
    ms: 0,
    isFailure: false,
  });
  release();
  await first;

  expect(limit.inFlight()).toBe(0);
  expect((await wins(ready('undo'))).verdict).toEqual({ kind: 'applied' });
});

test('a call that fails as no call should frees its place too', async () => {
  const limit = createLimit(1);
  const send = limit.limiting(() => Promise.reject(new TypeError('a bug')));

  await expect(send(ready('send'))).rejects.toThrow('a bug');

  expect(limit.inFlight()).toBe(0);
});
