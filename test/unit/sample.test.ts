// What is counted of unfinished records, and what of it is on trust.

import { expect, test } from '@jest/globals';
import { sampleUnfinished } from '../../src/bridge/sample.js';
import type { Transaction } from '../../src/domain/transaction.js';
import { MemoryJournal } from '../../src/journal/memory-journal.js';
import { eur, player, someLeg, someTransaction } from '../support/transactions.js';

const now = 100_000;
const agents: Record<string, { operator: string; currency: string }> = {
  [player.agentID]: { operator: 'northstar', currency: 'EUR' },
  YEN01: { operator: 'northstar', currency: 'JPY' },
};

async function sampleOf(...records: Partial<Transaction>[]) {
  const journal = new MemoryJournal({ now: () => now, signLifetime: 1 });
  for (const [i, record] of records.entries())
    await journal.put({
      transaction: someTransaction({ state: 'open', ...record, transactionID: `t${i}` }),
      expected: 0,
      due: now,
    });
  const { unfinished, onTrust } = await sampleUnfinished(journal, (agentID) => agents[agentID]);
  return { unfinished, onTrust: onTrust.map((row) => ({ ...row, amount: row.amount.toString() })) };
}

test('unfinished records are counted by operator, state and goal', async () => {
  const { unfinished } = await sampleOf(
    { goal: 'void', since: 90_000 },
    { goal: 'void', since: 40_000 },
    { state: 'held', since: 99_000 },
    { state: 'claimed', agentID: 'GONE01', since: now },
  );

  expect(unfinished).toEqual([
    { operator: 'northstar', state: 'open', goal: 'void', count: 2, oldest: 60_000 },
    { operator: 'northstar', state: 'held', goal: 'none', count: 1, oldest: 1_000 },
    { operator: 'none', state: 'claimed', goal: 'none', count: 1, oldest: 0 },
  ]);
});

test('on trust is what was told done: wins to deliver, and undos a rollback was promised; by currency, what is still to move', async () => {
  const { bet: _none, ...leg } = someLeg({ kind: 'deposit' });
  const { onTrust } = await sampleOf(
    { goal: 'deliver', promised: true, legs: [{ ...leg, win: eur('20.00') }], since: 40_000 },
    {
      goal: 'deliver',
      promised: true,
      legs: [someLeg({ effect: 'applied' }), { ...leg, win: eur('0.10') }],
      since: 90_000,
    },
    {
      state: 'held',
      goal: 'void',
      rolledBack: true,
      promised: true,
      legs: [someLeg({ effect: 'applied' })],
      since: 70_000,
    },
    { goal: 'void', rolledBack: true, legs: [someLeg({ effect: 'applied' })], since: 70_000 },
    { goal: 'deliver', promised: true, agentID: 'YEN01', legs: [someLeg({ bet: eur('500') })], since: 99_000 },
    { goal: 'void', promised: true, since: 1_000 },
    { goal: 'deliver', since: 1_000 },
  );

  expect(onTrust).toEqual([
    { operator: 'northstar', duty: 'deliver', currency: 'EUR', count: 2, amount: '20.10', oldest: 60_000 },
    { operator: 'northstar', duty: 'undo', currency: 'EUR', count: 1, amount: '12.30', oldest: 30_000 },
    { operator: 'northstar', duty: 'deliver', currency: 'JPY', count: 1, amount: '500.00', oldest: 1_000 },
  ]);
});
