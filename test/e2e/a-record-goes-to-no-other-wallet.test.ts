// An agent's wallet moves to another address while its transactions are open: nothing of what was begun in
// the one is undone, paid or looked for in the other, a person hears of it, and it goes on when the wallet is
// back.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { poll } from '../../src/demo/processes.js';
import { ledgerBalances, readLedger } from '../../src/stand-ins/ledger.js';
import { startStandInWallet, type StandInWallet } from '../../src/stand-ins/server.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let directory: string;
let other: StandInWallet;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wallet-bridge-other-'));
  const ledgerFile = join(directory, 'ledger.jsonl');
  other = await startStandInWallet({ players: { alice: '70.00' }, token: 'any', ledgerFile, port: 0 });
}, 60_000);

afterAll(async () => {
  await other.close();
  await rm(directory, { recursive: true, force: true });
});

/** What the command says of what is open. */
function transactions(...words: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], REDIS_URL: stage.redis.url };
  const child = spawn(process.execPath, ['dist/main.js', 'transactions', ...words], { env });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

test('a rollback of a bet the first wallet took moves nothing in the second', async () => {
  const first = await stage.startBridge();
  const platform = stage.platform(first);
  const bet = platform.withdraw('alice', '30.00');
  expect((await platform.deliver(bet)).code).toBe(0);
  await first.stop();

  const second = await stage.startBridge({ DEMO_WALLET_URL: `http://127.0.0.1:${other.port}` });
  const later = stage.platform(second);
  const answer = await later.deliver(later.rollback('alice', bet.transactionID));

  // The undo is promised, because that is what the demo's file says of an undo in doubt; nobody made it yet.
  expect(answer.code).toBe(0);
  expect(ledgerBalances(readLedger(join(directory, 'ledger.jsonl'))).get('alice')).toBe(7_000n);
  expect(stage.actual('alice')).toBe(7_000n);
  const shown = await transactions('show', 'DEMO01', bet.transactionID);
  expect(shown).toMatch(/^state +held, must end without effect/m);
  expect(shown).toContain('wallet.formerly');
  await second.stop();

  const third = await stage.startBridge();
  expect(await transactions('try-now', 'DEMO01', bet.transactionID)).toContain('due now');
  expect(await poll(() => Promise.resolve(stage.actual('alice') === 10_000n || undefined), 20_000)).toBe(true);
  await third.stop();
}, 90_000);
