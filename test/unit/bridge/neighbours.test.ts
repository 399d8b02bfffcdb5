// One operator's bad day is nobody else's: each is worked on at its own wallet's pace, the oldest first, and what
// nobody here can work on costs nothing.

import { expect, test } from '@jest/globals';
import { createPerformer } from '../../../src/bridge/perform.js';
import { createResolve, createResolver } from '../../../src/bridge/resolver.js';
import { createWorkshop } from '../../../src/bridge/workshop.js';
import { JournalUnavailable, type Journal, type Operator } from '../../../src/domain/ports.js';
import { MemoryJournal } from '../../../src/journal/memory-journal.js';
import { ScriptedWallet } from '../../support/scripted-wallet.js';
import { eur, someHomes, someLeg, someTerms, someTransaction } from '../../support/transactions.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const nothing = (): undefined => undefined;
const observer = {
  ...{
    walletCalled: nothing,
    redelivered: nothing,
    unknownRolledBack: nothing,
    alarm: nothing,
    notAccepted: nothing,
    recordChanged: nothing,
  },
};

/** A resolver, and operators called like their agents. */
function staged(names: readonly string[], { wrap = (journal: Journal) => journal, atOnce = 32 } = {}) {
  const clock = new VirtualClock();
  const journal = wrap(new MemoryJournal({ now: () => clock.monotonic(), signLifetime: 1 }));
  const wallets = Object.fromEntries(names.map((name) => [name, new ScriptedWallet(clock, 'always')]));
  const operators = new Map<string, Operator>(
    Object.entries(wallets).map(([name, wallet]) => [name, { name, terms: someTerms(), wallet, homes: someHomes }]),
  );
  const shop = { ...createWorkshop(journal, clock, observer), random: () => 0.5 };
  const operatorOf = (agentID: string): Operator | undefined => operators.get(agentID);
  const failures: unknown[] = [];
  const process = { busy: 0 };
  const resolver = createResolver(
    createResolve(shop, operatorOf),
    operatorOf,
    createPerformer(journal, clock),
    journal,
    clock,
    { every: 250, atOnce, busy: () => process.busy },
    { failed: (error) => failures.push(error), looked: nothing, blind: nothing },
  );
  /** A win that was told as paid, or a bet to be undone. */
  const owe = (agentID: string, transactionID: string, due: number, kind: 'deposit' | 'withdraw' = 'deposit') => {
    const deposit = { kind: 'deposit', roundID: 'r', win: eur('1.00') } as const;
    const leg = someLeg({ ...(kind === 'deposit' ? deposit : {}), kind, reference: transactionID, effect: 'none' });
    const transaction = someTransaction({
      ...{ agentID, transactionID, since: due, state: 'open' as const },
      ...(kind === 'deposit' ? { content: deposit, goal: 'deliver' as const } : { goal: 'void' as const }),
      legs: [kind === 'deposit' ? leg : { ...leg, effect: 'unknown', undoReference: `${transactionID}-r` }],
    });
    return journal.put({ transaction, expected: 0, due });
  };
  const stateOf = async (agentID: string, transactionID: string) =>
    (await journal.get({ agentID, transactionID }))?.transaction.state;
  const wallet = (name: string): ScriptedWallet => wallets[name] ?? new ScriptedWallet(clock, 'none');
  return { clock, journal, resolver, failures, owe, stateOf, wallet, process };
}

/** How far each is from where it would stand in its order. */
const outOfPlace = (calls: readonly string[], expected: readonly string[]): number =>
  Math.max(...expected.map((call, i) => Math.abs(calls.indexOf(call) - i)));

test('1,500 wins of a slow wallet keep no void of another operator waiting', async () => {
  const { clock, resolver, owe, stateOf, wallet } = staged(['slow', 'well']);
  wallet('slow').usually = { slow: 900 };
  for (let n = 0; n < 1_500; n++) await owe('slow', `w${n}`, n);
  await owe('well', 'b1', clock.monotonic() + 1_000, 'withdraw');

  resolver.start();
  await clock.advance(1_500);

  expect(await stateOf('well', 'b1')).toBe('reversed');
  expect(wallet('slow').calls.length).toBeGreaterThan(0);
  expect(wallet('slow').calls.length).toBeLessThan(64);
  await clock.until(resolver.stop());
});

test('an operator has no more places than it leaves for the others, and never none', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const { clock, resolver, owe, wallet } = staged(names);
  for (const name of names) {
    wallet(name).usually = { slow: 900 };
    wallet(name).width = 100;
    for (let n = 0; n < 100; n++) await owe(name, `${name}${n}`, n);
  }

  resolver.start();
  await clock.advance(300);

  const begun = names.map((name) => wallet(name).calls.length);
  expect(begun[0]).toBe(16);
  expect(Math.min(...begun)).toBeGreaterThanOrEqual(1);
  expect(begun.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(32 + names.length);
  await clock.until(resolver.stop());
});

test('a process that is busy works on fewer, never on none, and on more again when it has time', async () => {
  const { clock, resolver, owe, wallet, process } = staged(['northstar'], { atOnce: 64 });
  const northstar = wallet('northstar');
  northstar.width = 100;
  northstar.usually = { slow: 400 };
  for (let n = 0; n < 2_000; n++) await owe('northstar', `w${n}`, n);
  /** Calls begun in a second. */
  const inASecond = async (): Promise<number> => {
    const before = northstar.calls.length;
    await clock.advance(1_000);
    return northstar.calls.length - before;
  };
  resolver.start();
  const free = await inASecond();

  process.busy = 0.95;
  await clock.advance(5_000);
  const busy = await inASecond();
  process.busy = 0.3;
  await clock.advance(2_000);
  const again = await inASecond();

  expect(busy).toBeGreaterThan(0);
  expect(busy).toBeLessThan(free / 3);
  expect(again).toBeGreaterThan(free * 0.8);
  await clock.until(resolver.stop());
});

test('4,500 are tried oldest first, also where no queue holds them all', async () => {
  const { clock, resolver, owe, wallet } = staged(['northstar', 'other']);
  const wins = Array.from({ length: 4_500 }, (_, n) => (n * 7_919) % 4_500);
  for (const n of wins) await owe('northstar', `w${n}`, n);
  // Its answers are not the matter here.
  wallet('northstar').usually = 'unreachable';
  // As many of a neighbour that is away stand between them.
  wallet('other').width = 0;
  for (const n of wins) await owe('other', `o${n}`, n);

  await clock.until(resolver.round());

  const expected = wins.toSorted((a, b) => a - b).map((n) => `send w${n}`);
  const { calls } = wallet('northstar');
  expect(calls).toHaveLength(4_500);
  expect(outOfPlace(calls.slice(0, 500), expected.slice(0, 500))).toBeLessThan(32);
  expect(outOfPlace(calls.slice(-500), expected.slice(-500))).toBeLessThan(32);
  expect(wallet('other').calls).toEqual([]);
}, 60_000);

test('what a wallet that was away is owed is delivered within a second of its recovery, and was not put off', async () => {
  const { clock, journal, resolver, owe, wallet } = staged(['northstar']);
  const northstar = wallet('northstar');
  northstar.width = 0;
  const began = clock.monotonic();
  resolver.start();
  for (let n = 0; n < 100; n++) {
    await owe('northstar', `w${n}`, began + n * 10_000);
    await clock.advance(10_000);
  }
  expect(northstar.calls).toEqual([]);
  expect(await journal.nextLook({ agentID: 'northstar', transactionID: 'w7' })).toBe(began + 7 * 10_000);

  northstar.width = 16;
  await clock.advance(1_000);

  const expected = Array.from({ length: 100 }, (_, n) => `send w${n}`);
  expect(northstar.calls).toHaveLength(100);
  expect(outOfPlace(northstar.calls, expected)).toBeLessThan(16);
  await clock.until(resolver.stop());
}, 60_000);

test('what is of an agent nobody here knows is not even read, told once, and keeps nothing waiting', async () => {
  const read: string[] = [];
  const { clock, journal, resolver, failures, owe, stateOf } = staged(['northstar'], {
    wrap: (bare) =>
      new Proxy(bare, {
        get: (target, name) =>
          name === 'getSafely'
            ? (key: { agentID: string; transactionID: string }) => {
                read.push(key.agentID);
                return target.getSafely(key);
              }
            : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
      }),
  });
  for (let n = 0; n < 2_000; n++) await owe('unknown', `u${n}`, n);
  await owe('northstar', 'w1', clock.monotonic());

  resolver.start();
  await clock.advance(600);
  const soon = await stateOf('northstar', 'w1');
  await clock.advance(200_000);

  expect(soon).toBe('applied');
  expect(read).toEqual(['northstar']);
  expect(failures).toHaveLength(2_000);
  expect(await journal.nextLook({ agentID: 'unknown', transactionID: 'u7' })).toBe(7);
  await clock.until(resolver.stop());
}, 60_000);

test('where the journal was away for a moment, all goes on from the oldest', async () => {
  const away = { calls: 0 };
  const { clock, resolver, owe, wallet, failures } = staged(['northstar'], {
    wrap: (bare) =>
      new Proxy(bare, {
        get: (target, name) =>
          name === 'put' && away.calls-- > 0
            ? () => Promise.reject(new JournalUnavailable('away', true))
            : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
      }),
  });
  for (let n = 0; n < 100; n++) await owe('northstar', `w${n}`, n);
  away.calls = 16;

  resolver.start();
  await clock.advance(100);
  const before = wallet('northstar').calls.length;
  await clock.advance(1_000);

  expect([before, failures.length]).toEqual([0, 16]);
  expect(wallet('northstar').calls[0]).toBe('send w0');
  expect(new Set(wallet('northstar').calls).size).toBe(100);
  await clock.until(resolver.stop());
});
