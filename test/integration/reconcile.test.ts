// `reconcile` on files as people export them: what it prints, and what it refuses to guess.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../src/domain/transaction.js';
import type { Unreadable } from '../../src/domain/ports.js';
import { runReconcile, type ReconcileOptions } from '../../src/commands/reconcile.js';
import { findingMeanings, type FindingKind } from '../../src/books/findings.js';
import { someLeg, someTransaction } from '../support/transactions.js';

const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-reconcile-'));
afterAll(() => rmSync(directory, { recursive: true }));

const taken = someTransaction({ state: 'applied', legs: [someLeg({ effect: 'applied' })] });
const currencyOf = () => 'EUR';
let files = 0;

function file(...lines: string[]): string {
  const name = join(directory, `${++files}.csv`);
  writeFileSync(name, lines.join('\r\n'));
  return name;
}

type Entry = { transaction: Transaction } | Unreadable;

async function* each(entries: readonly Entry[]): AsyncGenerator<Entry> {
  for (const entry of entries) yield await Promise.resolve(entry);
}

async function run(
  wallet: string,
  options: Partial<ReconcileOptions> = {},
  unreadable: readonly Unreadable[] = [],
): Promise<{ exitCode: number; said: string }> {
  const { exitCode, lines } = await runReconcile(() => each([...unreadable, { transaction: taken }]), currencyOf, {
    ...{ wallet, format: 'text', columns: {}, platformColumns: {}, prefix: '', agents: [] },
    ...{ debits: ['debit'], credits: ['credit'], ...options },
  });
  return { exitCode, said: lines.join('\n').replaceAll(`${directory}/`, '') };
}

const doing = (...kinds: FindingKind[]): string[] => kinds.map((kind) => `${kind}: ${findingMeanings[kind].remedy}`);

describe('reconcile', () => {
  test('is clean when the books agree, and says what it compared', async () => {
    expect(await run(file('\uFEFFreference,amount,note', 'gsp-t1,-12.30,"a ""bet"", taken"', ''))).toEqual({
      exitCode: 0,
      said: [
        'NORTHSTAR01: 1 transactions, 0 unfinished; of the others the journal has -12.30, the wallet -12.30, difference 0.00',
        '1970-01-01 EUR withdraw: 1 transactions, 0 unfinished; the journal has -12.30, the wallet -12.30, difference 0.00',
        '0 missing, 0 double, 0 different, 0 unfinished, 0 unreadable, 0 unrecorded, 0 explained',
      ].join('\n'),
    });
  });

  test('prints one line for each difference, with its amounts', async () => {
    const { exitCode, said } = await run(file('reference,amount', 'gsp-t1,-12.30', 'gsp-t1,-12.30', 'gsp-t2,0.1'), {
      platform: file('transactionID,operation,amount,result', 't1,Withdraw,12.30,0', 't1,RollbackTransaction,,0'),
    });

    expect(exitCode).toBe(1);
    expect(said.split('\n')).toEqual([
      'double      NORTHSTAR01 t1 withdraw of player_1, applied: the wallet has it more than once ("gsp-t1"); -24.60 in all instead of -12.30',
      'different   NORTHSTAR01 t1 applied: the platform has it otherwise; 0.00 instead of -12.30',
      'unrecorded  line 4: the wallet has 0.10 under "gsp-t2", which the journal does not know',
      'NORTHSTAR01: 1 transactions, 0 unfinished; of the others the journal has -12.30, the wallet -24.60, difference -12.30',
      '1970-01-01 EUR withdraw: 1 transactions, 0 unfinished; the journal has -12.30, the wallet -24.60, difference -12.30',
      'not in the journal: 0.10 in 1 rows of the wallet',
      ...doing('double', 'different', 'unrecorded'),
      '0 missing, 1 double, 1 different, 0 unfinished, 0 unreadable, 1 unrecorded, 0 explained',
    ]);
  });

  test('says the same in JSON, amounts as text', async () => {
    const { exitCode, said } = await run(file('reference,amount'), { format: 'json' });

    expect(exitCode).toBe(1);
    expect(JSON.parse(said)).toMatchObject({
      findings: [{ kind: 'missing', book: 'wallet', transactionID: 't1', due: '-12.30', found: '0.00' }],
      totals: [{ agentID: 'NORTHSTAR01', transactions: 1, due: '-12.30', found: '0.00', unfinished: 0 }],
      sums: [{ day: '1970-01-01', currency: 'EUR', kind: 'withdraw', due: '-12.30', difference: '12.30' }],
      unknown: [],
      remedies: { missing: expect.stringContaining('Export more time') },
      counts: { missing: 1, double: 0, different: 0, unfinished: 0, unreadable: 0, unrecorded: 0 },
    });
  });

  test('names each record it cannot read, compares the rest, and is not clean', async () => {
    const unread = (agentID: string, transactionID: string): Unreadable => ({
      ...{ key: { agentID, transactionID }, unreadable: transactionID === 't2' ? 'newer' : 'damaged' },
    });
    const ledger = file('reference,amount', 'gsp-t1,-12.30', 'gsp-t2,-1.00');
    const platform = file('transactionID,operation,amount,result', 't1,Withdraw,12.30,0', 't2,Withdraw,1.00,0');
    const strange = [unread('NORTHSTAR01', 't2'), unread('OTHER01', 't3')];

    const { exitCode, said } = await run(ledger, { platform }, strange);
    const mine = await run(ledger, { agents: ['OTHER01'], format: 'json' }, strange);

    const ending = 'it is compared with nothing, and its rows of the ledger are listed as unrecorded';
    expect(exitCode).toBe(1);
    expect(said.split('\n')).toEqual([
      `unreadable  NORTHSTAR01 t2 a newer version of the bridge wrote it: ${ending}`,
      `unreadable  OTHER01 t3 what stands in its place is damaged, or no record at all: ${ending}`,
      'unrecorded  line 3: the wallet has -1.00 under "gsp-t2", which the journal does not know',
      'NORTHSTAR01: 1 transactions, 0 unfinished; of the others the journal has -12.30, the wallet -12.30, difference 0.00',
      '1970-01-01 EUR withdraw: 1 transactions, 0 unfinished; the journal has -12.30, the wallet -12.30, difference 0.00',
      'not in the journal: -1.00 in 1 rows of the wallet',
      ...doing('unreadable', 'unrecorded'),
      '0 missing, 0 double, 0 different, 0 unfinished, 2 unreadable, 1 unrecorded, 0 explained',
    ]);
    expect(JSON.parse(mine.said)).toMatchObject({
      findings: [{ kind: 'unreadable', transactionID: 't3' }, { kind: 'unrecorded' }],
      counts: { unreadable: 1 },
    });
  });

  test('takes headers and words as they are called there', async () => {
    const options = {
      columns: { reference: 'Tx Ref', amount: 'Sum', type: 'Art' },
      debits: ['Einsatz'],
      platform: file('id,op,value,code', 't1,WITHDRAW,12.30,11'),
      platformColumns: { transactionID: 'id', operation: 'op', amount: 'value', result: 'code' },
    };

    expect((await run(file('Art,Tx Ref,Sum', 'Einsatz,gsp-t1,12.30'), options)).exitCode).toBe(0);
  });

  test.each<[string, Buffer, Partial<ReconcileOptions>]>([
    ['with semicolons and decimal commas', Buffer.from('reference;amount\r\ngsp-t1;-12,30'), {}],
    ['with tabs', Buffer.from('note\treference\tamount\n"a, b; c"\tgsp-t1\t(12.30)'), {}],
    ['with a minus behind', Buffer.from('reference|amount\ngsp-t1|12.30-'), {}],
    ['in UTF-8 with its mark', Buffer.from('\ufeffreference,amount\ngsp-t1,-12.30'), {}],
    ['in UTF-16, little end first', Buffer.from('\ufeffreference;amount\r\ngsp-t1;-12,30\r\n', 'utf16le'), {}],
    ['in UTF-16, big end first', Buffer.from('\ufeffreference\tamount\r\ngsp-t1\t-12,30', 'utf16le').swap16(), {}],
    ['in old lines', Buffer.from('reference,amount\rgsp-t1,-12.30\r'), {}],
    ['as it is said to be', Buffer.from('reference|amount\ngsp-t1|-12,300'), { delimiter: '|', decimal: 'comma' }],
    ['with currencies', Buffer.from('reference,amount,currency\ngsp-t1,-12.30,eur'), {}],
  ])('takes a ledger %s', async (_name, bytes, options) => {
    const name = file();
    writeFileSync(name, bytes);

    expect(await run(name, options)).toMatchObject({ exitCode: 0 });
  });

  test.each<[string, string[], Partial<ReconcileOptions>, string]>([
    [
      'an amount in doubt',
      ['reference,amount', 'gsp-t1,"1,234"'],
      {},
      '2:8: amount "1,234" may be 1234 or 1.234: say which with --decimal point or --decimal comma',
    ],
    [
      'amounts of two kinds',
      ['reference;amount', 'gsp-t1;-12,30', 'gsp-t2;1.50'],
      {},
      '3:8: amount "1.50" has a decimal point, and line 2 a decimal comma: say which with --decimal',
    ],
    ['no amount', ['reference,amount', 'gsp-t1,'], {}, '2:8: amount is empty, and no amount such as -12.30'],
    ['a currency left out', ['reference,amount,currency', 'gsp-t1,1.00,'], {}, '2:13: currency is empty'],
    ['a reference in another encoding', ['reference,amount', 'gsp-\ufffd,1.00'], {}, '2:1: reference holds what is no'],
    ['a missing column', ['ref,amount', 'gsp-t1,1.00'], {}, '1: no column reference, only ref, amount'],
    [
      'a type column that is not there',
      ['reference,amount', 'gsp-t1,1.00'],
      { columns: { type: 'Art' } },
      '1: no column Art',
    ],
    ['a column twice', ['reference,amount,amount', 'gsp-t1,1.00,2.00'], {}, '1: two columns of the same name'],
    ['a type nobody named', ['reference,amount,type', 'gsp-t1,1.00,fee'], {}, '2:13: type is neither debit nor credit'],
    ['a sign beside a type', ['reference,amount,type', 'gsp-t1,-1.00,debit'], {}, '2:8: amount is negative'],
    ['a row cut short', ['reference,amount', 'gsp-t1'], {}, 'Invalid Record Length'],
    ['an empty file', [''], {}, 'no header'],
    [
      'an unknown column option',
      ['reference,amount'],
      { columns: { ref: 'x' } },
      '--columns: ref: expected reference, amount, type, currency',
    ],
  ])('compares nothing for %s', async (_name, lines, options, said) => {
    const result = await run(file(...lines), options);

    expect(result.exitCode).toBe(2);
    expect(result.said).toContain(said);
  });

  test('compares nothing without its file, or when the journal breaks off', async () => {
    const broken = await runReconcile(
      () => {
        throw new Error('Redis did not answer scan');
      },
      currencyOf,
      {
        ...{
          wallet: file('reference,amount'),
          format: 'text',
          columns: {},
          platformColumns: {},
          prefix: '',
          agents: [],
        },
        ...{ debits: [], credits: [] },
      },
    );

    expect(await run(join(directory, 'none.csv'))).toMatchObject({
      exitCode: 2,
      said: expect.stringContaining('ENOENT'),
    });
    expect(broken).toEqual({ exitCode: 2, lines: ['Redis did not answer scan'] });
  });
});
