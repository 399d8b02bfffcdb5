// Calls in flight are counted over everything the limit is put round. One too many waits for as long as it
// can still end in its time, and none of the three sorts of calls keeps the others out.
import { describe, expect, test } from '@jest/globals';
import type { CallName, Ready, SendCall } from '../../../src/wallet/calling.js';
import { createLimit } from '../../../src/wallet/limiting.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import { Innermost, ready } from '../../support/layered-calls.js';

const turnedAway = { verdict: { kind: 'notApplied', because: 'too many calls in flight' }, ms: 0, isFailure: false };
/** Each of these calls takes 5 s by its file. */
const within = (ms: number, change: Partial<Ready<Verdict>['settings']> = {}) => ({
  settings: { within: ms, mayStillSend: () => true, ...change },
});
const backlog = within(60_000, { lane: 'backlog' });
const patient = within(60_000);

/** A wallet that answers when it is told to, in the order it was asked. */
class Slow {
  readonly begun: string[] = [];
  readonly left: number[] = [];
  #answers: (() => void)[] = [];

  readonly send: SendCall = async (it) => {
    this.begun.push(it.settings.lane ?? it.name);
    this.left.push(it.settings.within);
    await new Promise<void>((resolve) => this.#answers.push(resolve));
    return new Innermost().make(it);
  };

  async answer(): Promise<void> {
    this.#answers.shift()?.();
    await new Promise((resume) => setImmediate(resume));
  }
}

function limited(most: number) {
  const wallet = new Slow();
  const limit = createLimit(most);
  const send = limit.limiting(wallet.send);
  const ask = (name: CallName, times: number, change: Partial<Ready<Verdict>> = patient) =>
    Array.from({ length: times }, () => send(ready(name, change)));
  return { wallet, limit, ask };
}

describe('one more than the limit', () => {
  test('is not applied where it could not end in its time after waiting, and the place is free again later', async () => {
    const { wallet, limit, ask } = limited(1);
    const [first] = ask('send', 1);

    expect(await Promise.all(ask('undo', 2, within(5_000)))).toEqual([turnedAway, turnedAway]);
    expect(limit.inFlight()).toBe(1);
    await wallet.answer();
    await first;
    expect(limit.inFlight()).toBe(0);
  });

  test('waits while there is time, and has the less of it for the call', async () => {
    const { wallet, limit, ask } = limited(1);
    const calls = ask('send', 3);
    await new Promise((resume) => setTimeout(resume, 20));

    expect(wallet.begun).toEqual(['send']);
    for (let i = 0; i < 3; i++) await wallet.answer();

    expect((await Promise.all(calls)).map(({ verdict }) => verdict.kind)).toEqual(Array(3).fill('applied'));
    expect(wallet.left[0]).toBe(60_000);
    expect(wallet.left[2]).toBeLessThan(60_000);
    expect(limit.inFlight()).toBe(0);
  });

  test('gives up when its time is over, and is never made then', async () => {
    const { wallet, ask } = limited(1);
    const [first] = ask('send', 1);

    expect(await Promise.all(ask('send', 1, within(5_010)))).toEqual([turnedAway]);
    await wallet.answer();
    await first;
    expect(wallet.begun).toEqual(['send']);
  });

  test('is turned away at once where a thousand wait already', async () => {
    const { wallet, ask } = limited(1);
    const calls = ask('send', 1_001);

    expect(await Promise.all(ask('send', 1))).toEqual([turnedAway]);
    for (let i = 0; i < 1_001; i++) await wallet.answer();
    expect(new Set((await Promise.all(calls)).map(({ verdict }) => verdict.kind))).toEqual(new Set(['applied']));
  });
});

describe('none keeps the others out', () => {
  test('a quarter of all places is for money, whatever balances and backlog want', async () => {
    const { wallet, ask } = limited(8);
    const calls = [...ask('send', 20, backlog), ...ask('balance', 20)];
    expect(wallet.begun).toEqual([...Array<string>(4).fill('backlog'), 'balance', 'balance']);

    calls.push(...ask('send', 2));
    expect(wallet.begun.slice(6)).toEqual(['send', 'send']);
    for (let i = 0; i < 42; i++) await wallet.answer();
    expect((await Promise.all(calls)).every(({ verdict }) => verdict.kind === 'applied')).toBe(true);
  });

  test('money goes first, but one place in eight goes to what waits behind it', async () => {
    const { wallet, ask } = limited(1);
    const calls = [...ask('send', 1), ...ask('send', 2, backlog), ...ask('balance', 2), ...ask('send', 20)];
    for (let i = 0; i < 25; i++) await wallet.answer();
    await Promise.all(calls);

    expect(wallet.begun.slice(0, 8)).toEqual(Array(8).fill('send'));
    expect(wallet.begun[8]).toBe('backlog');
    expect(wallet.begun.slice(9, 16)).toEqual(Array(7).fill('send'));
    expect(wallet.begun).toHaveLength(25);
  });
});

test('a call that fails as no call should frees its place too', async () => {
  const limit = createLimit(1);
  const send = limit.limiting(() => Promise.reject(new TypeError('a bug')));

  await expect(send(ready('send'))).rejects.toThrow('a bug');

  expect(limit.inFlight()).toBe(0);
});
