// A wallet that remembers nothing and does not answer: nobody can find out but a person. His word, and only
// it, moves the record on.

import { execFile } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { visitJournal } from '../../src/journal/visit-journal.js';
import { listTransactions } from '../../src/deeds/list.js';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage({}, (demo) => demo.replace('  repeatable: always', "  repeatable: 'no'"));
const bridge = stage.useBridge();

/** What `wallet-bridge transactions …` prints, and its exit code. */
function transactions(...args: string[]): Promise<{ text: string; exitCode: number }> {
  return askedAt(stage.redis.url, args);
}

function askedAt(url: string, args: string[]): Promise<{ text: string; exitCode: number }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], REDIS_URL: url };
    execFile(process.execPath, ['dist/main.js', 'transactions', ...args], { env }, (error, stdout, stderr) => {
      resolve({ text: stdout + stderr, exitCode: error === null ? 0 : Number(error.code) });
    });
  });
}

/** The same list, without a process for each look. */
const isListed = (transactionID: string, state?: 'held'): Promise<boolean> =>
  visitJournal({ url: stage.redis.url }, async (journal) => {
    const { transactions: listed } = await listTransactions(journal, { limit: 50, ...(state && { state }) });
    return listed.some((row) => row.transactionID === transactionID);
  });

describe('a person ends what nobody knows', () => {
  test.each([
    ['apply-then-hang', '--applied', 'the bridge undoes it in the wallet now', 1],
    ['hang', '--not-applied', 'it ends without effect, and nothing is sent', 0],
  ] as const)(
    'a bet after %s is told as failed and held; %s, and the wallet ends as the platform was told',
    async (fault, said, follows, undos) => {
      const platform = stage.platform(bridge);
      const bet = platform.withdraw('alice', '10.00');
      const { transactionID } = bet;
      const before = stage.actual('alice');
      const calls = (await stage.walletCalls()).length;
      await stage.fault(fault, { match: { pathIncludes: '/debits' } });

      const told = await platform.deliver(bet);
      await until('it is held', () => isListed(transactionID, 'held'), 20_000);
      const listed = await transactions('list', '--state', 'held');
      const shown = await transactions('show', 'DEMO01', transactionID);
      const resolved = await transactions('resolve', 'DEMO01', transactionID, said, '--reason', 'seen in its books');
      await until('nothing is unfinished', async () => !(await isListed(transactionID)), 20_000);
      const after = await transactions('show', 'DEMO01', transactionID);

      expect(told.code).toBe(1);
      expect(listed.text).toMatch(new RegExp(`held .*void .*10\\.00 .*a person .*${transactionID}\\n$`));
      expect(shown.text).toContain('nobody knows whether the wallet has it');
      expect(shown.text).toContain('the platform was told that it failed (1)');
      expect(resolved).toEqual({ text: `recorded; ${follows}\n`, exitCode: 0 });
      expect(after.text).toContain(': seen in its books');
      expect(stage.actual('alice')).toBe(before);
      expect((await stage.walletCalls()).slice(calls)).toEqual([
        'POST /v2/players/alice/debits',
        ...Array<string>(undos).fill('POST /v2/cancellations'),
      ]);
      expect((await platform.deliver(bet)).code).toBe(1);
      expect(await stage.unfinished()).toEqual({ records: [], listed: [] });
    },
    60_000,
  );

  test('without Redis, or without saying which, nothing is done, and the exit code says so', async () => {
    const away = askedAt('redis://127.0.0.1:1', ['list']);
    const which = transactions('resolve', 'DEMO01', 't', '--reason', 'why');

    expect((await away).text).toMatch(/^Redis cannot be reached/);
    expect((await which).text).toBe('say one of --applied, --not-applied, --same-wallet, --written-off\n');
    expect([(await away).exitCode, (await which).exitCode]).toEqual([2, 2]);
  });
});
