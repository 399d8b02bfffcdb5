// What a reconciliation finds, one disagreement at a time.

import { describe, expect, test } from '@jest/globals';
import { Money } from '../../../src/domain/money.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import { compareBooks, type Books } from '../../../src/books/compare-books.js';
import { Ledger } from '../../../src/books/ledger.js';
import type { Believed } from '../../../src/books/ledger-csv.js';
import { eur, someLeg, someTransaction } from '../../support/transactions.js';

const taken = someTransaction({ state: 'applied', legs: [someLeg({ effect: 'applied' })] });
const undone = someTransaction({ state: 'reversed', legs: [someLeg({ effect: 'undone', undos: 1 })] });
const refused = someTransaction({ state: 'refused', legs: [someLeg({ effect: 'none' })] });
const held = someTransaction({ state: 'held', goal: 'void', heldBecause: 'nobody knows' });
const combined = someTransaction({
  state: 'applied',
  content: { kind: 'betWin', roundID: 'r1', bet: eur('12.30'), win: eur('20.00') },
  legs: [someLeg({ kind: 'betWin', win: eur('20.00'), winReference: 'gsp-t1-w', effect: 'applied' })],
});

function booked(rows: readonly (readonly [reference: string, amount: string, currency?: string])[]): Ledger {
  const ledger = new Ledger();
  for (const [i, [reference, amount, currency]] of rows.entries()) ledger.add(reference, eur(amount), i + 2, currency);
  return ledger;
}

const nothing = { prefix: '', agents: [], from: -Infinity, to: Infinity, currencyOf: () => undefined };

async function* each(transactions: readonly Transaction[]): AsyncGenerator<{ transaction: Transaction }> {
  for (const transaction of transactions) yield await Promise.resolve({ transaction });
}

async function compare(transactions: readonly Transaction[], books: Partial<Books>): Promise<string[]> {
  const all: Books = { wallet: new Ledger(), ...nothing, ...books };
  const { findings } = await compareBooks(each(transactions), all);
  return findings.map(
    ({ kind, book, due, found }) => `${kind} ${book} ${due?.toString() ?? '?'} ${found?.toString() ?? '?'}`,
  );
}

describe('what a person wrote off', () => {
  const win = { kind: 'deposit', roundID: 'r1', win: eur('20.00') } as const;
  const story = [{ at: 2_000, what: 'writtenOff', why: 'paid by hand' }] as const;
  const unpaid = someTransaction({
    state: 'writtenOff',
    goal: 'deliver',
    content: win,
    story,
    legs: [someLeg({ kind: 'deposit', effect: 'none' })],
  });
  const kept = someTransaction({ state: 'writtenOff', goal: 'void', story, legs: [someLeg()] });

  test('is listed as explained, with what was told and what the wallet has', async () => {
    expect(await compare([unpaid], {})).toEqual(['explained wallet 20.00 0.00']);
    expect(await compare([kept], { wallet: booked([['gsp-t1', '-12.30']]) })).toEqual(['explained wallet 0.00 -12.30']);
  });

  test('agrees with a platform that took our word for it', async () => {
    const platform = new Map([['t1', { line: 2, moved: eur('20.00'), isUndone: false }]]);

    expect(await compare([unpaid], { platform })).toEqual(['explained wallet 20.00 0.00']);
    expect(await compare([kept], { platform })).toEqual([
      'explained wallet 0.00 0.00',
      'different platform 0.00 20.00',
    ]);
  });
});

describe('the journal against the wallet', () => {
  test.each<[string, Transaction, [string, string][], string[]]>([
    ['a bet that was taken', taken, [['gsp-t1', '-12.30']], []],
    [
      'one booked in two rows',
      taken,
      [
        ['gsp-t1', '-10.00'],
        ['gsp-t1', '-2.3'],
      ],
      [],
    ],
    ['one the wallet does not have', taken, [], ['missing wallet -12.30 0.00']],
    [
      'one taken twice',
      taken,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1', '-12.30'],
      ],
      ['double wallet -12.30 -24.60'],
    ],
    [
      'one taken twice and once given back',
      taken,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1', '-12.30'],
        ['gsp-t1-r', '12.30'],
      ],
      ['double wallet ? -12.30'],
    ],
    [
      'one taken twice and given back twice',
      undone,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1', '-12.30'],
        ['gsp-t1-r', '24.60'],
      ],
      ['double wallet ? 0.00'],
    ],
    [
      'one taken twice that a person is to decide',
      held,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1', '-12.30'],
      ],
      ['unfinished wallet ? -24.60', 'double wallet ? -24.60'],
    ],
    ['one of another amount', taken, [['gsp-t1', '-12.31']], ['different wallet -12.30 -12.31']],
    ['one that went the other way', taken, [['gsp-t1', '12.30']], ['different wallet -12.30 12.30']],
    [
      'one the wallet undid by itself',
      taken,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1-r', '12.30'],
      ],
      ['different wallet -12.30 0.00'],
    ],
    [
      'one that was undone',
      undone,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1-r', '12.30'],
      ],
      [],
    ],
    ['one that was cancelled before it came', undone, [], []],
    ['one whose undo is missing', undone, [['gsp-t1', '-12.30']], ['missing wallet 0.00 -12.30']],
    [
      'one undone twice',
      undone,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1-r', '12.30'],
        ['gsp-t1-r', '12.30'],
      ],
      ['double wallet 0.00 12.30'],
    ],
    ['one undone without having come', undone, [['gsp-t1-r', '12.30']], ['missing wallet 0.00 12.30']],
    ['one that was refused', refused, [], []],
    ['one that was refused, and taken', refused, [['gsp-t1', '-12.30']], ['different wallet 0.00 -12.30']],
    ['one nobody knows the end of', held, [['gsp-t1', '-12.30']], ['unfinished wallet ? -12.30']],
    ['a betWin in one row', combined, [['gsp-t1', '7.70']], []],
    [
      'a betWin in two rows',
      combined,
      [
        ['gsp-t1', '-12.30'],
        ['gsp-t1-w', '20.00'],
      ],
      [],
    ],
    ['a betWin without its win', combined, [['gsp-t1', '-12.30']], ['different wallet 7.70 -12.30']],
  ])('%s', async (_name, transaction, rows, expected) => {
    expect(await compare([transaction], { wallet: booked(rows) })).toEqual(expected);
  });

  test('lists what no record explains, except what is not the bridge’s', async () => {
    const wallet = booked([
      ['gsp-t1', '-12.30'],
      ['gsp-t9', '5.00'],
      ['bank-1', '100.00'],
    ]);

    expect(await compare([taken], { wallet, prefix: 'gsp-' })).toEqual(['unrecorded wallet ? 5.00']);
    expect(await compare([taken], { wallet })).toHaveLength(2);
  });

  test('asks nothing of a record from another time, or of another agent, but still knows what is its', async () => {
    const wallet = booked([['gsp-t1', '-99.00']]);

    expect(await compare([taken], { wallet, from: 2_000 })).toEqual([]);
    expect(await compare([taken], { wallet, to: 1_000 })).toEqual([]);
    expect(await compare([taken], { wallet, agents: ['SOUTHSTAR01'] })).toEqual([]);
    expect(await compare([held], { from: 2_000 })).toEqual(['unfinished wallet ? 0.00']);
  });

  test('sums up each agent to the cent', async () => {
    const other = { ...taken, agentID: 'SOUTHSTAR01', legs: [someLeg({ reference: 'gsp-t2', effect: 'applied' })] };
    const wallet = booked([['gsp-t1', '-12.31']]);

    const { totals } = await compareBooks(each([other, taken, held]), {
      ...{ wallet, ...nothing },
    });

    expect(totals).toEqual([
      { agentID: 'NORTHSTAR01', transactions: 2, due: eur('-12.30'), found: eur('-12.31'), unfinished: 1 },
      { agentID: 'SOUTHSTAR01', transactions: 1, due: eur('-12.30'), found: eur('0.00'), unfinished: 0 },
    ]);
  });
});

describe('a ledger in several currencies', () => {
  const currencyOf = () => 'EUR';

  test('agrees where each movement is in its agent’s', async () => {
    expect(await compare([taken], { currencyOf, wallet: booked([['gsp-t1', '-12.30', 'EUR']]) })).toEqual([]);
  });

  test('adds nothing that is in another one, and says so', async () => {
    const other = booked([['gsp-t1', '-12.30', 'USD']]);
    const both = booked([
      ['gsp-t1', '-12.30', 'USD'],
      ['gsp-t1', '-12.30', 'EUR'],
    ]);

    expect(await compare([taken], { currencyOf, wallet: other })).toEqual([
      'different wallet -12.30 0.00',
      'different wallet ? ?',
    ]);
    expect(await compare([taken], { currencyOf, wallet: both })).toEqual(['different wallet ? ?']);
    expect(await compare([held], { currencyOf, wallet: both })).toEqual([
      'unfinished wallet ? -12.30',
      'different wallet ? ?',
    ]);
    expect(await compare([taken], { wallet: both })).toEqual(['different wallet ? ?']);
  });

  test('sums up what the journal does not know, each currency for itself', async () => {
    const wallet = booked([
      ['gsp-8', '5.00', 'EUR'],
      ['gsp-9', '7', 'JPY'],
      ['gsp-9', '-2.50', 'EUR'],
      ['bank', '100.00', 'EUR'],
    ]);

    const { unknown } = await compareBooks(each([]), { ...nothing, wallet, prefix: 'gsp-' });

    expect(unknown).toEqual([
      { book: 'wallet', currency: 'EUR', rows: 2, sum: eur('2.50') },
      { book: 'wallet', currency: 'JPY', rows: 1, sum: eur('7.00') },
    ]);
  });
});

test('both sides are summed up by day, currency and kind', async () => {
  const [noon, later] = [Date.parse('2026-11-21T12:00:00Z'), Date.parse('2026-11-22T00:00:00Z')];
  const transactions = [
    { ...taken, since: noon },
    { ...taken, since: noon, transactionID: 't2', legs: [someLeg({ reference: 'gsp-t2', effect: 'applied' })] },
    { ...held, since: noon },
    { ...combined, since: noon },
    { ...taken, since: later, agentID: 'SOUTHSTAR01' },
  ];
  const currencyOf = (agentID: string) => (agentID === 'NORTHSTAR01' ? 'EUR' : undefined);

  const { sums } = await compareBooks(each(transactions), {
    ...{ ...nothing, currencyOf, wallet: booked([['gsp-t1', '-12.30']]) },
  });

  expect(sums.map(({ due, found, ...of }) => [...Object.values(of), String(due), String(found)])).toEqual([
    ['2026-11-21', 'EUR', 'betWin', 1, 0, '7.70', '-12.30'],
    ['2026-11-21', 'EUR', 'withdraw', 3, 1, '-24.60', '-12.30'],
    ['2026-11-22', null, 'withdraw', 1, 0, '-12.30', '-12.30'],
  ]);
});

describe('the journal against the platform', () => {
  const wallet = booked([['gsp-t1', '-12.30']]);
  const believed = (change: Partial<Believed> = {}): Map<string, Believed> =>
    new Map([['t1', { moved: eur('-12.30'), isUndone: false, line: 2, ...change }]]);

  test.each<[string, Transaction[], Partial<Books>, string[]]>([
    ['the same', [taken], { wallet, platform: believed() }, []],
    ['a bet it does not list', [taken], { wallet, platform: new Map() }, ['missing platform -12.30 0.00']],
    [
      'a bet it rolled back',
      [taken],
      { wallet, platform: believed({ isUndone: true }) },
      ['different platform -12.30 0.00'],
    ],
    ['a bet it takes for done', [refused], { platform: believed() }, ['different platform 0.00 -12.30']],
    ['a bet rolled back on both sides', [undone], { platform: believed({ isUndone: true }) }, []],
    ['a failed bet', [refused], { platform: new Map() }, []],
    ['a bet the journal never heard of', [], { platform: believed() }, ['unrecorded platform ? -12.30']],
    ['one that failed there', [], { platform: believed({ moved: Money.zero }) }, []],
  ])('%s', async (_name, transactions, books, expected) => {
    expect(await compare(transactions, books)).toEqual(expected);
  });
});
