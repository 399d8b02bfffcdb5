// A record whose operator was taken out of the files is never given up: it waits, stands in nobody's way, and
// goes on when somebody answers for its agent again, by today's mapping and the references on record.

import { expect, test } from '@jest/globals';
import { createPerformer } from '../../../src/bridge/perform.js';
import { AgentGone, createResolve, createResolver } from '../../../src/bridge/resolver.js';
import { createWorkshop } from '../../../src/bridge/workshop.js';
import type { Operator, TransactionKey } from '../../../src/domain/ports.js';
import { MemoryJournal } from '../../../src/journal/memory-journal.js';
import { ScriptedWallet } from '../../support/scripted-wallet.js';
import { someHomes, someLeg, someTerms, someTransaction } from '../../support/transactions.js';
import { VirtualClock } from '../../support/virtual-clock.js';

test('a record without an operator waits for one', async () => {
  const clock = new VirtualClock();
  const time = { now: 0 };
  const journal = new MemoryJournal({ now: () => time.now, signLifetime: 1 });
  const wallet = new ScriptedWallet(clock, 'always');
  const operators = new Map<string, Operator>();
  const failures: [unknown, TransactionKey | undefined][] = [];
  const silent = {
    walletCalled: nothing,
    redelivered: nothing,
    unknownRolledBack: nothing,
    alarm: nothing,
    notAccepted: nothing,
    recordChanged: nothing,
  };
  const shop = { ...createWorkshop(journal, clock, silent), random: () => 0.5 };
  const operatorOf = (agentID: string) => operators.get(agentID);
  const resolver = createResolver(
    createResolve(shop, operatorOf),
    operatorOf,
    createPerformer(journal, clock),
    journal,
    clock,
    { every: 1, atOnce: 16 },
    { failed: (error, key) => failures.push([error, key]), looked: nothing, blind: nothing },
  );
  const leg = someLeg({ reference: 'old-t1', undoReference: 'old-t1-r', effect: 'applied' });
  const key = { agentID: 'NORTHSTAR01', transactionID: 't1' };
  const open = someTransaction({ ...key, state: 'open', goal: 'void', legs: [leg] });
  await wallet.send(open, leg, { within: 1, mayStillSend: () => true });
  await journal.put({ transaction: open, expected: 0, due: 0 });

  await resolver.round();

  expect(failures).toEqual([[expect.any(AgentGone), expect.objectContaining(key)]]);
  expect((await journal.get(key))?.transaction).toEqual(open);
  expect(await journal.nextLook(key)).toBe(0);

  operators.set('NORTHSTAR01', { name: 'heir', terms: someTerms(), wallet, homes: someHomes });
  time.now = 60_000;
  await clock.advance(60_000);
  await clock.until(resolver.round());

  expect(wallet.calls).toEqual(['send old-t1', 'undo old-t1']);
  expect((await journal.get(key))?.transaction.state).toBe('reversed');
});

const nothing = (): undefined => undefined;
