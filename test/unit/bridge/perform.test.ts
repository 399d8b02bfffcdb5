// Copies of one callback that wait for its owner cost one look for all of them, and none sleeps past its time. What
// is done for the backlog takes turns with callbacks.

import { expect, test } from '@jest/globals';
import { get, sleep, type Work } from '../../../src/bridge/effects.js';
import { createPerformer } from '../../../src/bridge/perform.js';
import { MemoryJournal } from '../../../src/journal/memory-journal.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const key = { agentID: 'NORTHSTAR01', transactionID: 't1' };

function staged(turn?: () => Promise<void>) {
  const clock = new VirtualClock();
  const journal = new MemoryJournal({ now: () => clock.monotonic(), signLifetime: 1 });
  const began = clock.monotonic();
  const looks: number[] = [];
  const look = journal.getSafely.bind(journal);
  journal.getSafely = (key) => {
    looks.push(clock.monotonic() - began);
    return look(key);
  };
  return { clock, looks, began, performer: createPerformer(journal, clock, turn) };
}

/** Waits so long, then looks, so many times; returns when it woke last. */
function* waiting(clock: VirtualClock, ms: number, times: number): Work<number> {
  for (let n = 0; n < times; n++) {
    yield* sleep(ms, key);
    yield* get(key);
  }
  return clock.monotonic();
}

function* working(ms: number): Work<void> {
  yield* sleep(ms);
}

test('thirty copies look as often as one', async () => {
  const { clock, looks, performer } = staged();

  await clock.until(Promise.all(Array.from({ length: 30 }, () => performer.run(waiting(clock, 50, 4), key))));

  expect(looks).toEqual([50, 100, 150, 200]);
});

test('one that has less time wakes the others with it, and none sleeps for longer than it wants', async () => {
  const { clock, looks, began, performer } = staged();
  const long = performer.run(waiting(clock, 200, 1), key);
  const short = performer.run(waiting(clock, 30, 1), key);

  const woken = await clock.until(Promise.all([long, short]));

  expect(woken.map((at) => at - began)).toEqual([30, 30]);
  expect(looks).toEqual([30]);
});

test('all wake when whoever works on the record here is done, and then wait as long as they want again', async () => {
  const { clock, looks, performer } = staged();
  const owner = performer.run(working(70), key);
  const copies = [performer.run(waiting(clock, 200, 2), key), performer.run(waiting(clock, 200, 2), key)];

  await clock.until(Promise.all([owner, ...copies]));

  expect(looks).toEqual([70, 270]);
});

test('there is a bound on copies, of one record only, and room again when they are done', async () => {
  const { clock, performer } = staged();
  const copies = Array.from({ length: 256 }, () => performer.run(waiting(clock, 50, 1), key));

  expect(performer.isCrowded(key)).toBe(true);
  expect(performer.isCrowded({ ...key, transactionID: 't2' })).toBe(false);
  await clock.until(Promise.all(copies));
  expect(performer.isCrowded(key)).toBe(false);
});

test('the backlog waits for a turn before each step, and a callback for none', async () => {
  let turns = 0;
  const { clock, performer } = staged(() => {
    turns += 1;
    return Promise.resolve();
  });

  await clock.until(performer.run(waiting(clock, 50, 2), key));
  expect(turns).toBe(0);

  await clock.until(performer.run(waiting(clock, 50, 2), key, { lane: 'backlog' }));
  expect(turns).toBe(4);
});
