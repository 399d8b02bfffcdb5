// `reconcile` on what really happened: clean when the books agree, and each tampering found.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { formatCents } from '../../src/stand-ins/cents.js';
import { useStage } from '../support/stage.js';

const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-books-'));
const stage = useStage();
const bridge = stage.useBridge();

afterAll(() => rmSync(directory, { recursive: true }));

function run(words: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['dist/main.js', ...words], {
    env: { PATH: process.env['PATH'], REDIS_URL: stage.redis.url },
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function reconcile(rows: string[], platform: string[], words: string[] = []): { code: number | null; said: string[] } {
  const [wallet, list] = [join(directory, 'wallet.csv'), join(directory, 'platform.csv')];
  writeFileSync(wallet, rows.join('\n'));
  writeFileSync(list, ['transactionID,operation,amount,result', ...platform].join('\n'));
  const { code, out, err } = run(['reconcile', '--wallet', wallet, '--platform', list, ...words]);
  return { code, said: (out + err).trimEnd().split('\n') };
}

describe('the books can be compared to the cent', () => {
  test('clean as they are, and what is missing, double or different is found', async () => {
    const platform = stage.platform(bridge);
    const [bet, win, gone] = [
      platform.withdraw('alice', '10.00'),
      platform.deposit('alice', '2.50'),
      platform.withdraw('bob', '1.00'),
    ];
    const both = platform.betWin('alice', '3.00', '4.00');
    const tooMuch = platform.withdraw('bob', '500.00');
    for (const callback of [bet, win, gone, both, tooMuch, platform.rollback('bob', gone.transactionID)])
      await platform.deliver(callback);
    const booked = stage.ledger().filter(({ kind, cents }) => kind !== 'opening' && cents !== 0n);
    const ledger = ['reference,amount', ...booked.map(({ reference, cents }) => `${reference},${formatCents(cents)}`)];
    const elsewhere = [
      'reference;amount',
      ...booked.map(({ reference, cents }) => `${reference};${formatCents(cents).replace('.', ',')}`),
    ];
    const list = [
      `${bet.transactionID},Withdraw,10.00,0`,
      `${win.transactionID},Deposit,2.50,0`,
      `${gone.transactionID},Withdraw,1.00,0`,
      `${gone.transactionID},RollbackTransaction,,0`,
      `${both.transactionID},BetWin,1.00,0`,
      `${tooMuch.transactionID},Withdraw,500.00,6`,
    ];

    const clean = reconcile(ledger, list);
    const tampered = reconcile(['reference,amount', ...ledger.slice(2), ledger[2] ?? ''], list.slice(0, -3));

    expect(clean).toEqual({
      code: 0,
      said: [
        'DEMO01: 5 transactions, 0 unfinished; of the others the journal has -6.50, the wallet -6.50, difference 0.00',
        expect.stringMatching(/^\S+ EUR betWin: 1 .*the journal has 1\.00, the wallet 1\.00, difference 0\.00$/),
        expect.stringMatching(/^\S+ EUR deposit: 1 .*the journal has 2\.50, the wallet 2\.50, difference 0\.00$/),
        expect.stringMatching(/^\S+ EUR withdraw: 3 .*the journal has -10\.00, the wallet -10\.00, difference 0\.00$/),
        '0 missing, 0 double, 0 different, 0 unfinished, 0 unreadable, 0 unrecorded, 0 explained',
      ],
    });
    expect(reconcile(elsewhere, list, ['--decimal', 'comma'])).toEqual(clean);
    expect(tampered.code).toBe(1);
    expect(tampered.said.at(-1)).toBe(
      '2 missing, 1 double, 1 different, 0 unfinished, 0 unreadable, 0 unrecorded, 0 explained',
    );
  }, 60_000);

  test('what is exported is what moved in the wallet', () => {
    const { code, out, err } = run(['transactions', 'export', '--format', 'json']);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | null>);
    const moved = rows.reduce((sum, row) => sum + BigInt((row['moved'] ?? '').replace('.', '')), 0n);
    const booked = stage.ledger().filter(({ kind }) => kind !== 'opening');

    expect([code, err]).toEqual([0, '5 transactions\n']);
    expect(moved).toBe(booked.reduce((sum, { cents }) => sum + cents, 0n));
    expect(moved).toBe(-650n);
    const references = rows.flatMap((row) => [row['reference'], row['winReference'], row['undoReference']]);
    expect(booked.filter(({ cents, reference }) => cents !== 0n && !references.includes(reference))).toEqual([]);
  });
});
