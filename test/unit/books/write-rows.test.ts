// An exported row is what it was, in every spreadsheet: exact amounts, whole cells, and no formula.

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { cellsOf, exportColumns } from '../../../src/books/export-columns.js';
import { csv, jsonLines, type CsvStyle } from '../../../src/books/write-rows.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import { anyTransaction } from '../../support/arbitrary-transaction.js';
import { eur, someLeg, someTransaction } from '../../support/transactions.js';

const plain: CsvStyle = { delimiter: ',', decimalComma: false, bom: false };
const currencyOf = () => 'EUR';
const named = (t: Transaction): Record<string, string | null> =>
  Object.fromEntries(cellsOf({ transaction: t, revision: 1 }, currencyOf).map((cell, i) => [nameAt(i), cell]));
const nameAt = (i: number): string => exportColumns[i]?.name ?? '';
const written = (t: Transaction, style: Partial<CsvStyle> = {}): string => {
  const { head, row } = csv({ ...plain, ...style });
  return head + row(cellsOf({ transaction: t, revision: 1 }, currencyOf));
};

describe('a row', () => {
  const content = { kind: 'betWin', roundID: 'r1', bet: eur('12.30'), win: eur('20.00'), gameID: 'g7' } as const;
  const [bet, win] = [
    someLeg({ effect: 'applied', receipt: 'w-1' }),
    someLeg({ kind: 'deposit', win: eur('20.00'), reference: 'gsp-t1-w', undoReference: 'gsp-t1-wr', receipt: 'w-2' }),
  ];
  const { bet: _bet, ...paid } = win;

  test('of a betWin has both references and receipts, and what moved once it is known', () => {
    const applied = someTransaction({ state: 'applied', content, legs: [bet, { ...paid, effect: 'applied' }] });

    expect(named(applied)).toEqual({
      ...{ time: '1970-01-01T00:00:01.000Z', operator: null, agentID: 'NORTHSTAR01', userID: 'player_1' },
      ...{ transactionID: 't1', roundID: 'r1', gameID: 'g7', kind: 'betWin', bet: '12.30', win: '20.00' },
      ...{ currency: 'EUR', state: 'applied', told: '0, done', moved: '7.70', reference: 'gsp-t1' },
      ...{ winReference: 'gsp-t1-w', undoReference: null, winUndoReference: null, receipt: 'w-1', winReceipt: 'w-2' },
    });
    expect(named({ ...applied, state: 'open', goal: 'void', legs: [bet, paid] })).toMatchObject({ moved: null });
    const undone = someLeg({ effect: 'undone', undos: 1 });
    expect(named(someTransaction({ state: 'reversed', legs: [undone] }))).toMatchObject({
      ...{ moved: '0.00', undoReference: 'gsp-t1-r' },
    });
  });

  test('of a record that cannot be read has its ids', () => {
    const key = { agentID: 'A01', transactionID: 't1' };
    const cells = cellsOf({ key, unreadable: 'damaged' }, currencyOf);

    expect(cells.filter((cell) => cell !== null)).toEqual(['A01', 't1', 'unreadable']);
  });

  test('in JSON has every column, null where there is nothing', () => {
    const cells = cellsOf({ transaction: someTransaction(), revision: 1 }, currencyOf);

    expect(Object.keys(JSON.parse(jsonLines.row(cells)) as object)).toEqual(exportColumns.map(({ name }) => name));
    expect(JSON.parse(jsonLines.row(cells))).toMatchObject({ bet: '12.30', win: null });
  });
});

/** Half a surrogate pair has no UTF-8; JSON alone can hold it. */
const asUtf8 = (text: string): string => Buffer.from(text).toString();

describe('CSV', () => {
  test('ends lines as RFC 4180 says, quotes what must be, and leaves numbers numbers', () => {
    const legs = [someLeg({ effect: 'applied' })];
    const text = written(someTransaction({ state: 'applied', userID: 'a,"b"', legs }));

    expect(text.split('\r\n')).toHaveLength(3);
    expect(text).toContain(',"a,""b""",t1,');
    expect(text).toContain(',12.30,,EUR,applied,"0, done",-12.30,gsp-t1,');
  });

  test('can be written for those who have decimal commas', () => {
    const text = written(someTransaction(), { delimiter: ';', decimalComma: true, bom: true });

    expect(text.startsWith('\ufefftime;operator;')).toBe(true);
    expect(text).toContain(';12,30;;EUR;');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠a', "'=1", "'"])(
    'makes %j text',
    (userID) => expect(parse(written(someTransaction({ userID })))[1]?.[3]).toBe(`'${userID}`),
  );

  test('gives back any ids, and holds no formula', () => {
    const text = exportColumns.flatMap(({ holds }, i) => (holds === 'text' ? [i] : []));
    fc.assert(
      fc.property(anyTransaction, fc.constantFrom(',', ';', '\t', '|'), (t, delimiter) => {
        const rows: string[][] = parse(Buffer.from(written(t, { delimiter })), { delimiter, record_delimiter: '\r\n' });
        const cells = cellsOf({ transaction: t, revision: 1 }, currencyOf);

        expect(rows).toHaveLength(2);
        const given = text.map((i) => rows[1]?.[i] ?? '');
        expect(given.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
        expect(given.map((cell) => cell.replace(/^'/, ''))).toEqual(text.map((i) => asUtf8(cells[i] ?? '')));
      }),
      { numRuns: 100 },
    );
  });
});
