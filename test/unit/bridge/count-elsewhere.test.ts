// What a reload that gives an agent another wallet says: how much of its unfinished business is held from now
// on.

import { expect, test } from '@jest/globals';
import { countElsewhere } from '../../../src/bridge/count-elsewhere.js';
import type { Homes } from '../../../src/domain/home.js';
import { JournalUnavailable } from '../../../src/domain/ports.js';
import { MemoryJournal } from '../../../src/journal/memory-journal.js';
import { player, someTransaction } from '../../support/transactions.js';

const homes = (origin: string, ...formerly: string[]): ReadonlyMap<string, Homes> =>
  new Map([[player.agentID, { today: { operator: 'northstar', origin }, formerly: new Set(formerly) }]]);

async function journalOf(...origins: string[]): Promise<MemoryJournal> {
  const journal = new MemoryJournal({ now: () => 1_000, signLifetime: 1 });
  for (const [n, origin] of origins.entries()) {
    const home = { operator: 'northstar', origin };
    const transaction = someTransaction({ transactionID: `t${n}`, state: 'open', goal: 'void', home });
    await journal.put({ transaction, expected: 0, due: 1_000 });
  }
  return journal;
}

test.each<[string, ReadonlyMap<string, Homes>, number | undefined]>([
  ['an agent whose address moved', homes('new'), 2],
  ['one whose file names the former address', homes('new', 'old'), undefined],
  ['one whose wallet is as it was', homes('old'), undefined],
  ['one that is gone', new Map(), undefined],
])('%s', async (_name, after, expected) => {
  const elsewhere = await countElsewhere(homes('old'), after, await journalOf('old', 'old', 'new'));

  expect(elsewhere.get(player.agentID)).toBe(expected);
});

test('where the journal is away the move itself is told', async () => {
  const journal = await journalOf('old');
  journal.unfinished = () => {
    throw new JournalUnavailable('Redis is not connected', true);
  };

  expect([...(await countElsewhere(homes('old'), homes('new'), journal))]).toEqual([[player.agentID, undefined]]);
});
