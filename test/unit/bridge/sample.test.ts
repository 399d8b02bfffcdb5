// What is counted of unfinished records, and what of it is on trust.

import { describe, expect, test } from '@jest/globals';
import { createSample } from '../../../src/bridge/sample.js';
import { startSampler } from '../../../src/bridge/sampler.js';
import { createUnreadableAlarm } from '../../../src/bridge/unreadable-alarm.js';
import type { Listed } from '../../../src/domain/ports.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import { MemoryJournal } from '../../../src/journal/memory-journal.js';
import { collected } from '../../support/collected.js';
import { eur, player, someLeg, someTransaction } from '../../support/transactions.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const now = 100_000;
const agents: Record<string, { operator: string; currency: string }> = {
  [player.agentID]: { operator: 'northstar', currency: 'EUR' },
  YEN01: { operator: 'northstar', currency: 'JPY' },
};

const noSleep = (): Promise<void> => Promise.resolve();

async function sampleOf(...records: Partial<Transaction>[]) {
  const journal = new MemoryJournal({ now: () => now, signLifetime: 1 });
  for (const [i, record] of records.entries())
    await journal.put({
      transaction: someTransaction({ state: 'open', ...record, transactionID: `t${i}` }),
      expected: 0,
      due: now,
    });
  const { unfinished, onTrust } = await createSample(
    journal,
    (agentID) => agents[agentID],
    () => undefined,
    noSleep,
  )();
  return { unfinished, onTrust: onTrust.map((row) => ({ ...row, amount: row.amount.toString() })) };
}

test('unfinished records are counted by operator, state and goal', async () => {
  const { unfinished } = await sampleOf(
    { goal: 'void', since: 90_000 },
    { goal: 'void', since: 40_000 },
    { state: 'held', since: 99_000 },
    { state: 'claimed', agentID: 'GONE01', since: now },
  );

  expect(unfinished).toEqual([
    { operator: 'northstar', state: 'open', goal: 'void', count: 2, oldest: 60_000 },
    { operator: 'northstar', state: 'held', goal: 'none', count: 1, oldest: 1_000 },
    { operator: 'none', state: 'claimed', goal: 'none', count: 1, oldest: 0 },
  ]);
});

test('on trust is what was told done: wins to deliver, and undos a rollback was promised; by currency, what is still to move', async () => {
  const { bet: _none, ...leg } = someLeg({ kind: 'deposit' });
  const { onTrust } = await sampleOf(
    { goal: 'deliver', promised: true, legs: [{ ...leg, win: eur('20.00') }], since: 40_000 },
    {
      goal: 'deliver',
      promised: true,
      legs: [someLeg({ effect: 'applied' }), { ...leg, win: eur('0.10') }],
      since: 90_000,
    },
    {
      state: 'held',
      goal: 'void',
      rolledBack: true,
      promised: true,
      legs: [someLeg({ effect: 'applied' })],
      since: 70_000,
    },
    { goal: 'void', rolledBack: true, legs: [someLeg({ effect: 'applied' })], since: 70_000 },
    { goal: 'deliver', promised: true, agentID: 'YEN01', legs: [someLeg({ bet: eur('500') })], since: 99_000 },
    { goal: 'void', promised: true, since: 1_000 },
    { goal: 'deliver', since: 1_000 },
  );

  expect(onTrust).toEqual([
    { operator: 'northstar', duty: 'deliver', currency: 'EUR', count: 2, amount: '20.10', oldest: 60_000 },
    { operator: 'northstar', duty: 'undo', currency: 'EUR', count: 1, amount: '12.30', oldest: 30_000 },
    { operator: 'northstar', duty: 'deliver', currency: 'JPY', count: 1, amount: '500.00', oldest: 1_000 },
  ]);
});

test('every one is counted, whatever their number, and no more is read for it at one count', async () => {
  const many = Array.from({ length: 3_500 }, (_, n) =>
    someTransaction({ transactionID: `t${n}`, state: n < 3_200 ? 'open' : 'held', since: 60_000 }),
  );
  const journal = new MemoryJournal({ now: () => now, signLifetime: 1 });
  for (const transaction of many) await journal.put({ transaction, expected: 0, due: now });
  const all = await collected(journal.unfinished());
  let read = 0;
  journal.unfinished = async function* () {
    for await (const one of each(all)) {
      read += 1;
      yield one;
    }
  };
  const rests: number[] = [];
  const sample = createSample(
    journal,
    (agentID) => agents[agentID],
    () => undefined,
    (ms) => {
      rests.push(ms);
      return Promise.resolve();
    },
  );

  const { unfinished } = await sample();

  expect(unfinished).toEqual([
    { operator: 'northstar', state: 'open', goal: 'none', count: 3_200, oldest: 40_000 },
    { operator: 'northstar', state: 'held', goal: 'none', count: 300, oldest: 40_000 },
  ]);
  expect(read).toBe(1_000);
  expect(rests).toEqual(Array.from({ length: 19 }, () => 20));
});

test('one that cannot be read is counted and told as such, sooner or later, and no more once it is gone', async () => {
  const strange = ['newer', 'damaged', 'gone', 'newer'] as const;
  const unread = strange.map((unreadable, n): Listed => ({
    ...{ key: { agentID: n === 3 ? 'GONE01' : player.agentID, transactionID: `u${n}` }, unreadable, due: Infinity },
  }));
  const sound = Array.from({ length: 2_500 }, (_, n): Listed => ({
    ...{ transaction: someTransaction({ transactionID: `t${n}` }), revision: 1, due: 0 },
  }));
  const told: string[] = [];
  const journal = new MemoryJournal({ now: () => now, signLifetime: 1 });
  let listed = [...sound, ...unread];
  journal.unfinished = () => each(listed);
  const sample = createSample(
    journal,
    (agentID) => agents[agentID],
    (operator, { key, unreadable }) => told.push(`${operator} ${key.transactionID} ${unreadable}`),
    noSleep,
  );

  const [first, , third] = [await sample(), await sample(), await sample()];
  listed = [];
  for (let n = 0; n < 4; n++) await sample();

  expect(first.unfinished).toEqual([]);
  expect(third.unfinished).toEqual([
    { operator: 'northstar', state: 'unreadable', goal: 'none', count: 3 },
    { operator: 'none', state: 'unreadable', goal: 'none', count: 1 },
  ]);
  expect(told).toEqual(['northstar u0 newer', 'northstar u1 damaged', 'northstar u2 gone', 'none u3 newer']);
  expect((await sample()).unfinished).toEqual([]);
});

test('counts are never taken two at once, and each is followed by a rest of ten times as long, 5 s at least', async () => {
  const clock = new VirtualClock();
  const start = clock.monotonic();
  const counts: string[] = [];
  let n = 0;
  const end = startSampler(async () => {
    counts.push(`begin ${clock.monotonic() - start}`);
    await clock.sleep(n++ === 0 ? 100 : 2_000);
    counts.push(`end ${clock.monotonic() - start}`);
  }, clock);

  await clock.advance(28_000);
  end();
  await clock.advance(100_000);

  expect(counts).toEqual(['begin 0', 'end 100', 'begin 5100', 'end 7100', 'begin 27100', 'end 29100']);
});

describe('the alarm for a record that cannot be read', () => {
  function alarms() {
    const time = { now: 1_000_000 };
    const told: string[] = [];
    const nothing = (): undefined => undefined;
    const alarm = createUnreadableAlarm(
      {
        ...{
          walletCalled: nothing,
          redelivered: nothing,
          unknownRolledBack: nothing,
          notAccepted: nothing,
          recordChanged: nothing,
        },
        alarm: ({ operator, agentID, transactionID, what }) =>
          told.push(`${operator} ${agentID} ${transactionID}: ${what}`),
      },
      () => time.now,
    );
    const see = (transactionID: string, due: number): void =>
      alarm('northstar', { key: { agentID: 'A', transactionID }, unreadable: 'newer', due });
    return { time, told, see };
  }

  test('comes once in an hour for each, held ones included', () => {
    const { time, told, see } = alarms();

    for (let minutes = 0; minutes < 61; minutes++) {
      for (const transactionID of ['t1', 't2']) see(transactionID, transactionID === 't1' ? Infinity : 0);
      time.now += 60_000;
    }

    const what = 'its record cannot be read: a newer version of the bridge wrote it';
    expect(told).toEqual(['t1', 't2', 't1', 't2'].map((id) => `northstar A ${id}: ${what}`));
  });

  test('does not come where somebody else may be at work on it', () => {
    const { time, told, see } = alarms();

    see('t1', time.now + 15_000);
    see('t1', time.now - 9_000);
    expect(told).toEqual([]);
    see('t1', time.now - 10_000);
    expect(told).toHaveLength(1);
  });

  test('comes for 10,000 in an hour at most: all are counted elsewhere', () => {
    const { told, see } = alarms();

    for (let n = 0; n < 30_000; n++) see(`t${n % 15_000}`, Infinity);

    expect(told).toHaveLength(10_000);
  });
});

async function* each(all: readonly Listed[]): AsyncGenerator<Listed> {
  for (const one of all) yield await Promise.resolve(one);
}
