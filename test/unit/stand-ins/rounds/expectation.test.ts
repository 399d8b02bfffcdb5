// Which balances may be told, by what was heard and what is under way: the judge must be right before it
// judges anybody.

import { describe, expect, test } from '@jest/globals';
import type { Heard, MoneyCallback } from '../../../../src/stand-ins/platform-book.js';
import { possibleBalances, standingsIn } from '../../../../src/stand-ins/rounds/expectation.js';

const ids = { agentID: 'A1', userID: 'ada', roundID: 'r1' };
const bet: MoneyCallback = { operation: 'Withdraw', ...ids, transactionID: 't1', amount: '10.00' };
const other: MoneyCallback = { operation: 'Withdraw', ...ids, transactionID: 't2', amount: '1.00' };
const win: MoneyCallback = { operation: 'Deposit', ...ids, transactionID: 't3', amount: '5.00' };
const undo: MoneyCallback = { operation: 'RollbackTransaction', agentID: 'A1', userID: 'ada', transactionID: 't1' };
const spin: MoneyCallback = { ...bet, freeSpinID: 'f1' };
const hears = (callback: MoneyCallback, code: number | null): Heard => ({ callback, code });

type Row = [name: string, before: Heard[], together: Heard[], own: MoneyCallback | undefined, possible: bigint[]];

const rows: Row[] = [
  ['a bet that was taken is gone', [], [hears(bet, 0)], bet, [9_000n]],
  ['a bet that was refused is not', [], [hears(bet, 6)], bet, [10_000n]],
  ['a free spin takes nothing', [], [hears(spin, 0)], spin, [10_000n]],
  ['a copy of a bet finds it taken once', [hears(bet, 0)], [hears(bet, 0)], bet, [9_000n]],
  ['of copies at once each tells it taken', [], [hears(bet, 0), hears(bet, 0)], bet, [9_000n]],
  ['a bet beside another may know of it or not', [], [hears(bet, 0), hears(other, 0)], bet, [8_900n, 9_000n]],
  ['a bet without an answer may be taken or not', [hears(bet, null)], [hears(win, 0)], win, [9_500n, 10_500n]],
  ['a rollback that is answered has given back', [hears(bet, 0)], [hears(undo, 0)], undo, [10_000n]],
  ['a bet beside its rollback may be taken or not', [], [hears(bet, 0), hears(undo, 0)], bet, [9_000n, 10_000n]],
  ['a rollback beside its bet leaves nothing', [], [hears(bet, 0), hears(undo, 0)], undo, [10_000n]],
  ['a late bet takes nothing', [hears(undo, 8)], [hears(bet, 9)], bet, [10_000n]],
  ['nor one that is told done', [hears(undo, 8)], [hears(bet, 0)], bet, [10_000n]],
  ['afterwards only what stands has moved', [], [hears(bet, 0), hears(other, 0)], undefined, [8_900n]],
  ['what others did is not the player’s', [], [hears({ ...bet, userID: 'ben' }, 0)], undefined, [10_000n]],
  ['told done and failed, it may be either', [hears(bet, 0), hears(bet, 1)], [], undefined, [9_000n, 10_000n]],
];

describe('a balance that may be told', () => {
  test.each(rows)('%s', (_name, before, together, own, possible) => {
    const moment = {
      userID: 'ada',
      start: 10_000n,
      heard: [...before, ...together],
      before: standingsIn(before),
      together: together.map(({ callback }) => callback),
    };

    expect(possibleBalances(moment, own).sort()).toEqual([...possible].sort());
  });
});
