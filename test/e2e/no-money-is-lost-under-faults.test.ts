// Replicas are killed, frozen and suspended, Redis dies and comes back, links break, writes are lost or late,
// and the wallet answers wrongly or not at all: every transaction ends as the platform was told, or is listed
// for a person. The short form of `npm run faults`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';

const WITHIN_MS = 420_000;
const AIMED = ['freeze', 'freeze-before-send', 'freeze-before-reply', 'answer-lost', 'answer-late'];

async function run(...options: string[]): Promise<{ exitCode: number | null; printed: string }> {
  const harness = spawn(process.execPath, ['test/faults/faults.mjs', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tooLong = setTimeout(() => harness.kill('SIGTERM'), WITHIN_MS - 10_000);
  const outputs = await Promise.all([text(harness.stdout), text(harness.stderr), once(harness, 'close')]);
  clearTimeout(tooLong);
  return { exitCode: harness.exitCode, printed: outputs.slice(0, 2).join('') };
}

/** How often the run says a fault befell it. */
function count(printed: string, fault: string): number {
  return Number(new RegExp(`^ *(\\d+) × ${fault}$`, 'm').exec(printed)?.[1] ?? 0);
}

describe('no money is lost under faults', () => {
  test(
    '1,000 transactions on nine kinds of wallet: the ledgers say what the platform was told, to the cent',
    async () => {
      const { exitCode, printed } = await run('--transactions', '1000');

      process.stdout.write(printed);
      expect({ exitCode, printed: exitCode === 0 ? '' : printed }).toEqual({ exitCode: 0, printed: '' });
      expect(count(printed, 'kill')).toBeGreaterThanOrEqual(20);
      const redisKills = ['everysec', 'always'].map((fsync) => count(printed, `redis-kill ${fsync}`));
      expect(Math.min(...redisKills)).toBeGreaterThanOrEqual(1);
      expect(redisKills.reduce((all, some) => all + some)).toBeGreaterThanOrEqual(3);
      const never = [...AIMED, 'wallet absent', 'wallet duplicate-before'].filter(
        (fault) => count(printed, fault) === 0,
      );
      expect(never).toEqual([]);
      for (const dialect of ['seamless', 'v2'])
        expect(count(printed, `transactions in ${dialect}`)).toBeGreaterThanOrEqual(300);
      expect(count(printed, 'transactions with a duplicate')).toBeGreaterThanOrEqual(300);
      expect(count(printed, 'transactions with a rollback')).toBeGreaterThanOrEqual(200);
      expect(count(printed, 'all wallet calls with a fault') / count(printed, 'all wallet calls')).toBeGreaterThan(
        0.28,
      );
    },
    WITHIN_MS,
  );

  test(
    'a planted mistake is found: an operator file that promises what its wallet does not do',
    async () => {
      const { exitCode, printed } = await run(
        '--mutant',
        'lying-operator-file',
        '--transactions',
        '80',
        '--seed',
        'mutants',
      );

      expect({ exitCode, printed: exitCode === 1 ? '' : printed }).toEqual({ exitCode: 1, printed: '' });
      expect(printed).toMatch(/^WRONG {2}none [0-9a-f]{32}: the wallet did its (debit|credit) 2 times$/m);
    },
    WITHIN_MS,
  );
});
