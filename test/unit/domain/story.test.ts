// What a record remembers of its own past, and how a person is told.

import { describe, expect, test } from '@jest/globals';
import { remember, storyOf } from '../../../src/domain/story.js';
import { tellStory } from '../../../src/domain/tell-story.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import { benchBridge } from '../../support/bench-bridge.js';
import { bet, betWin, eur, someLeg, someTransaction, undo, win } from '../../support/transactions.js';

const events = (t: Transaction | undefined): string =>
  (t?.story ?? []).map(({ what, leg }) => `${what}${leg ?? ''}`).join(' ');

describe('a record of the straight path keeps no story', () => {
  const straight: [what: string, run: (bench: ReturnType<typeof benchBridge>) => Promise<unknown>][] = [
    ['a bet', (bench) => bench.say(bet())],
    ['a bet that comes twice', async (bench) => [await bench.say(bet()), await bench.say(bet())]],
    ['a win', (bench) => bench.say(win())],
    ['a bet and its win', (bench) => bench.say(betWin())],
    ['a rollback of what never came', (bench) => bench.say(undo())],
  ];

  test.each(straight)('%s', async (_, run) => {
    const bench = benchBridge();

    await run(bench);

    expect(await bench.record()).not.toHaveProperty('story');
  });

  test('a bet that is refused', async () => {
    const bench = benchBridge();
    bench.wallet.faults.push('refuse');

    await bench.say(bet());

    expect(await bench.record()).not.toHaveProperty('story');
  });
});

describe('the story of', () => {
  test('a bet the wallet took without a word', async () => {
    const bench = benchBridge({ memory: 'successes' });
    bench.wallet.faults.push('lostReply');
    await bench.say(bet());
    await bench.resolve(180_000);

    expect(events(await bench.record())).toBe('unclear failed found undoing undone');
  });

  test('a bet nobody can find out about', async () => {
    const bench = benchBridge({ memory: 'none' });
    bench.wallet.faults.push('lostRequest');
    await bench.say(bet());
    await bench.resolve(5_000);

    expect(events(await bench.record())).toBe('unclear failed held');
  });

  test('a win that came while the wallet was down, however often it was tried', async () => {
    const bench = benchBridge();
    bench.wallet.faults.push(...Array<'unreachable'>(9).fill('unreachable'));
    await bench.say(win());
    await bench.resolve(600_000);

    expect(events(await bench.record())).toBe('unreached accepted delivered');
  });

  test('a bet that was rolled back', async () => {
    const bench = benchBridge();
    await bench.say(bet());
    await bench.say(undo());

    expect(events(await bench.record())).toBe('rollback undoing undone');
  });

  test('a bet and its win that were rolled back, by movement', async () => {
    const bench = benchBridge();
    await bench.say(betWin());
    await bench.say(undo());

    expect(events(await bench.record())).toBe('rollback undoing0 undone0 undoing1 undone1');
  });

  test('an undo that was tried many times says so once', async () => {
    const bench = benchBridge();
    await bench.say(bet());
    bench.wallet.faults.push(...Array<'unreachable'>(9).fill('unreachable'));
    await bench.say(undo());
    await bench.resolve(600_000);

    expect(events(await bench.record())).toBe('rollback undoing promised undone');
  });

  test('a claim nobody finished', () => {
    const before = someTransaction({ lease: { owner: 'them', until: 5_000 } });
    const { lease: _over, ...rest } = before;

    expect(storyOf(before, { ...rest, state: 'open', goal: 'void' })).toEqual([{ what: 'lapsed' }]);
  });
});

describe('the cause', () => {
  const said = (why: string, kind: 'refused' | 'unknown' = 'refused') => ({
    verdict: kind === 'unknown' ? { kind, because: why } : { kind, result: 'insufficientFunds' as const, because: why },
    ms: 23,
  });
  const claimed = someTransaction({ state: 'claimed', lease: { owner: 'we', until: 5_000 } });
  const { lease: _over, ...free } = claimed;

  test('of a refusal is the rule that said it, of which reply, and how long that took', () => {
    const refused = { ...free, state: 'refused' as const, refusal: 'insufficientFunds' as const };
    const happened = storyOf(claimed, refused, said('errors[0] holds (HTTP 402)'));

    expect(happened).toEqual([{ what: 'answered', why: 'errors[0] holds (HTTP 402), after 23 ms' }]);
    expect(tellStory(remember(refused, happened, 1_000)).map((line) => line.replace(/^[-\d]+ [:\d]+ {2}/, ''))).toEqual(
      [
        'the platform sent a bet of 12.30 by player_1',
        'what the wallet answered: errors[0] holds (HTTP 402), after 23 ms',
        'it was refused (insufficientFunds), and the platform was told so',
      ],
    );
  });

  test('of a doubt says once what came instead of an answer, at most so much of it', () => {
    const leg = { ...someLeg(), effect: 'unknown' as const };
    const doubtful = { ...free, legs: [leg], state: 'open' as const, goal: 'void' as const, promised: true as const };

    expect(storyOf({ ...claimed, legs: [leg] }, doubtful, said(`timeout ${'x'.repeat(400)}`, 'unknown'))).toEqual([
      { what: 'unclear', why: `timeout ${'x'.repeat(152)}, after 23 ms` },
      { what: 'failed' },
    ]);
  });

  test('of a record that is held stands before that', () => {
    const held = { ...free, state: 'held' as const, heldBecause: 'the wallet refused a win (generalError)' };

    expect(storyOf(claimed, held, said('errors[2] holds (HTTP 400)'))).toEqual([
      { what: 'answered', why: 'errors[2] holds (HTTP 400), after 23 ms' },
      { what: 'held', why: 'the wallet refused a win (generalError)' },
    ]);
  });

  test('of a yes is not told', () => {
    expect(storyOf(claimed, { ...free, state: 'applied' }, { verdict: { kind: 'applied' }, ms: 5 })).toEqual([]);
  });
});

test('a story that grows too long keeps its beginning and its end', () => {
  let t = someTransaction();
  for (let at = 0; at < 100; at++) t = remember(t, [{ what: at % 2 === 0 ? 'undoing' : 'unclear' }], at);

  const instants = t.story?.map(({ at, what }) => (what === 'omitted' ? what : at)) ?? [];

  expect(instants).toHaveLength(40);
  expect(instants.slice(0, 20)).toEqual([...Array(19).keys(), 'omitted']);
  expect(instants.slice(20)).toEqual([...Array(20).keys()].map((i) => 80 + i));
});

describe('told in words', () => {
  const minute = Date.UTC(2026, 10, 22, 12, 3);

  test('a bet the wallet took without a word, and what a person said', () => {
    const t = someTransaction({
      since: minute,
      state: 'reversed',
      story: [
        { at: minute + 3_000, what: 'unclear' },
        { at: minute + 3_000, what: 'failed' },
        { at: minute + 3_000, what: 'held', why: 'nobody knows' },
        { at: minute + 9_000, what: 'saidApplied', why: 'seen in its books' },
        { at: minute + 11_000, what: 'undone' },
      ],
    });

    expect(tellStory(t)).toEqual([
      '2026-11-22 12:03:00  the platform sent a bet of 12.30 by player_1',
      '2026-11-22 12:03:03  the wallet gave no answer that settles it: it may have taken it, or not',
      '2026-11-22 12:03:03  the platform was told that it failed (1), so it must end without effect',
      '2026-11-22 12:03:03  held for a person: nobody knows',
      '2026-11-22 12:03:09  a person said that the wallet has it: seen in its books',
      '2026-11-22 12:03:11  the wallet undid it',
    ]);
  });

  test('of two movements, which', () => {
    const t = someTransaction({
      content: { kind: 'betWin', roundID: 'r1', bet: eur('1.00'), win: eur('2.00') },
      legs: [someLeg(), someLeg({ kind: 'deposit' })],
      story: [{ at: minute, what: 'undone', leg: 1 }],
    });

    expect(tellStory(t).at(-1)).toBe('2026-11-22 12:03:00  the wallet undid the win');
  });

  test('a straight record is told by its state', () => {
    expect(tellStory(someTransaction({ since: minute, state: 'applied' }))).toEqual([
      '2026-11-22 12:03:00  the platform sent a bet of 12.30 by player_1',
      'the wallet confirmed it',
    ]);
  });
});
