// A row that cannot be understood is named by its line and why, wherever in its list it stands.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { literal } from '../support/pages.js';
import { readLedger, readPlatformList } from '../../src/books/ledger-csv.js';

const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-lists-'));
afterAll(() => rmSync(directory, { recursive: true }));

const columns = {
  reference: 'reference',
  amount: 'amount',
  type: 'type',
  currency: 'currency',
  debits: ['debit'],
  credits: ['credit'],
};
const platform = { transactionID: 'transactionID', operation: 'operation', amount: 'amount', result: 'result' };

const writing = { decimalOption: '--decimal' };
const at = (file: string, line: number, why: string): RegExp =>
  new RegExp(`^${literal(`${file}:${line}:`)}(\\d+:)? ${literal(why)}`);

/** A list of so many good rows with a bad one on that line, or as its end. */
function list(header: string, good: string, bad: string, line: number): string {
  const rows = Array.from({ length: 3_000 }, () => good);
  rows[line - 2] = bad;
  const file = join(directory, 'list.csv');
  writeFileSync(file, [header, ...rows].join('\n'));
  return file;
}
const said = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe.each([2, 3, 1_500, 3_001])('on line %i', (line) => {
  test.each([
    ['reference,amount', 'a,-1.00', 'a,1;00', 'amount "1;00" is no amount such as -12.30'],
    ['reference,amount,type', 'a,1.00,debit', 'a,1.00,fee', 'type is neither debit nor credit'],
    ['reference,amount,type', 'a,1.00,debit', 'a,-1.00,debit', 'amount is negative'],
    ['reference,amount', 'a,-1.00', 'a,1.00,2.00', 'no CSV: '],
    ['reference,amount', 'a,-1.00', 'a,1.0"0', 'no CSV: '],
  ])('of the ledger %s (%s): %s', async (header, good, bad, why) => {
    const file = list(header, good, bad, line);

    expect(await said(readLedger(file, columns, writing))).toMatch(at(file, line, why));
  });

  test.each([
    ['a,Withdraw,1.00,yes', 'result is no result code'],
    ['a,Bet,1.00,0', 'operation is none of'],
    ['a,Withdraw,1,00,0', 'no CSV: '],
  ])('of the platform’s list: %s', async (bad, why) => {
    const file = list('transactionID,operation,amount,result', 'a,Withdraw,1.00,0', bad, line);

    expect(await said(readPlatformList(file, platform, writing))).toMatch(at(file, line, why));
  });
});

test('a file that is not there is said to be that', async () => {
  expect(await said(readLedger('/nowhere/ledger.csv', columns, writing))).toBe(
    '/nowhere/ledger.csv: it cannot be read (ENOENT)',
  );
});

test('the line and the column are those of the cell, whatever stands between quotes before it', async () => {
  const file = join(directory, 'quoted.csv');
  writeFileSync(file, 'note,reference,amount\r\n\r\n"a\r\n""b"", c",r1,1.00\r\n\r\n"d\r\ne",r2,"1,000"\r\n');

  expect(await said(readLedger(file, columns, writing))).toContain(`${file}:7:7: amount "1,000" may be 1000 or 1.000`);
});
