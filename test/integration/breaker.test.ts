// The breaker counts failures of the way to the wallet and nothing else, and asks a sick wallet with one call
// at a time.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createBreaker, type Breaker, type BreakerState } from '../../src/wallet/breaker.js';
import type { BreakerSettings } from '../../src/wallet/compiled-wallet.js';

const settings: BreakerSettings = { openAtPercent: 50, minimumCalls: 4, tryAgainAfter: 60_000 };
const fails = () => Promise.resolve({ isFailure: true });
const works = () => Promise.resolve({ isFailure: false });

let made: Breaker[] = [];
let changes: BreakerState[] = [];

function breaker(change: Partial<BreakerSettings> = {}): Breaker {
  const it = createBreaker({ ...settings, ...change }, (state) => changes.push(state));
  made.push(it);
  return it;
}

async function several(times: number, it: Breaker, call: typeof works): Promise<void> {
  for (let i = 0; i < times; i += 1) await it.run(call);
}

async function until(it: Breaker, state: BreakerState): Promise<void> {
  for (let i = 0; i < 500 && it.state() !== state; i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(it.state()).toBe(state);
}

afterEach(() => {
  for (const it of made) it.stop();
  made = [];
  changes = [];
});

describe('closed', () => {
  test('hands on what the call brought, failed or not', async () => {
    const it = breaker();

    expect(await it.run(() => Promise.resolve({ isFailure: false, verdict: 'applied' }))).toEqual({
      isFailure: false,
      verdict: 'applied',
    });
    expect(await it.run(() => Promise.resolve({ isFailure: true, verdict: 'unknown' }))).toEqual({
      isFailure: true,
      verdict: 'unknown',
    });
  });

  test('hands on an exception of the call, so that it can never be taken for "not sent"', async () => {
    await expect(breaker().run(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  test('stays closed after 1000 calls without failure', async () => {
    const it = breaker();

    await several(1000, it, works);

    expect(it.state()).toBe('closed');
    expect(changes).toEqual([]);
  });

  test('stays closed below the least number of calls', async () => {
    const it = breaker();

    await several(3, it, fails);

    expect(it.state()).toBe('closed');
  });

  test('opens at its percentage, not above it', async () => {
    const it = breaker();

    await several(2, it, works);
    await several(2, it, fails);

    expect(changes).toEqual(['open']);
  });

  test('opens at 100 percent too', async () => {
    const it = breaker({ openAtPercent: 100 });

    await several(4, it, fails);

    expect(it.state()).toBe('open');
  });
});

describe('open', () => {
  test('makes no call', async () => {
    const it = breaker();
    await several(4, it, fails);
    const call = jest.fn(works);

    const attempt = await it.run(call);

    expect(attempt).toBeUndefined();
    expect(call).not.toHaveBeenCalled();
  });

  test('after a while lets one call through, and only one, and closes when it works', async () => {
    const it = breaker({ tryAgainAfter: 20 });
    await several(4, it, fails);
    await until(it, 'halfOpen');
    const call = jest.fn(works);

    const attempts = await Promise.all([it.run(call), it.run(call), it.run(call)]);

    expect(attempts).toEqual([{ isFailure: false }, undefined, undefined]);
    expect(call).toHaveBeenCalledTimes(1);
    expect(changes).toEqual(['open', 'halfOpen', 'closed']);
  });

  test('opens again when that one call fails', async () => {
    const it = breaker({ tryAgainAfter: 20 });
    await several(4, it, fails);
    await until(it, 'halfOpen');

    await it.run(fails);

    expect(changes).toEqual(['open', 'halfOpen', 'open']);
  });

  test('does not count what it turned away, and so opens again as soon as before', async () => {
    const it = breaker({ tryAgainAfter: 20 });
    await several(4, it, fails);
    await several(1000, it, works);
    await until(it, 'halfOpen');
    await it.run(works);

    await several(4, it, fails);

    expect(changes).toEqual(['open', 'halfOpen', 'closed', 'open']);
  });
});

test('a stopped breaker lets nothing pass', async () => {
  const it = breaker();
  const call = jest.fn(works);

  it.stop();

  expect(await it.run(call)).toBeUndefined();
  expect(call).not.toHaveBeenCalled();
});
