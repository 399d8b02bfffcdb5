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

function reconcile(rows: string[], platform: string[]): { code: number | null; said: string[] } {
  const [wallet, list] = [join(directory, 'wallet.csv'), join(directory, 'platform.csv')];
  writeFileSync(wallet, ['reference,amount', ...rows].join('\n'));
  writeFileSync(list, ['transactionID,operation,amount,result', ...platform].join('\n'));
  const run = spawnSync(process.execPath, ['dist/main.js', 'reconcile', '--wallet', wallet, '--platform', list], {
    env: { PATH: process.env['PATH'], REDIS_URL: stage.redis.url },
    encoding: 'utf8',
  });
  return { code: run.status, said: (run.stdout + run.stderr).trimEnd().split('\n') };
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
    const ledger = stage
      .ledger()
      .filter(({ kind, cents }) => kind !== 'opening' && cents !== 0n)
      .map(({ reference, cents }) => `${reference},${formatCents(cents)}`);
    const list = [
      `${bet.transactionID},Withdraw,10.00,0`,
      `${win.transactionID},Deposit,2.50,0`,
      `${gone.transactionID},Withdraw,1.00,0`,
      `${gone.transactionID},RollbackTransaction,,0`,
      `${both.transactionID},BetWin,1.00,0`,
      `${tooMuch.transactionID},Withdraw,500.00,6`,
    ];

    const clean = reconcile(ledger, list);
    const tampered = reconcile([...ledger.slice(1), ledger[1] ?? ''], list.slice(0, -3));

    expect(clean).toEqual({
      code: 0,
      said: [
        'DEMO01: 5 transactions, 0 unfinished; of the others the journal has -6.50, the wallet -6.50, difference 0.00',
        '0 missing, 0 double, 0 different, 0 unfinished, 0 unreadable, 0 unrecorded, 0 explained',
      ],
    });
    expect(tampered.code).toBe(1);
    expect(tampered.said.at(-1)).toBe(
      '2 missing, 1 double, 1 different, 0 unfinished, 0 unreadable, 0 unrecorded, 0 explained',
    );
  }, 60_000);
});
