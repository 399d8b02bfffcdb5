// Whoever watches hears of every call once, whatever it ended in.
import { expect, test } from '@jest/globals';
import { neverLeft } from '../../../src/wallet/calling.js';
import { observing } from '../../../src/wallet/observing.js';
import { callReadAs, Innermost, wanted } from '../../support/layered-calls.js';
import { player } from '../../support/transactions.js';

test('a call about a movement is told with its transaction, and why it ended so', async () => {
  const told: unknown[] = [];
  const make = observing(new Innermost().make, 'northstar', (event) => told.push(event));

  const ended = await make(wanted('undo', { call: callReadAs({ kind: 'unknown', because: 'timeout' }) }));

  expect(ended.verdict).toEqual({ kind: 'unknown', because: 'timeout' });
  expect(told).toEqual([
    {
      ...{ operator: 'northstar', call: 'undo', kind: 'unknown', ms: 7, because: 'timeout', cause: 'timeout' },
      ...{ agentID: player.agentID, transactionID: 't1' },
    },
  ]);
});

test('a call of which no request could be made is told with the reason, whatever the verdict', async () => {
  const told: unknown[] = [];
  const unmade = () => Promise.resolve({ ...neverLeft({ kind: 'refused', result: 'wrongInput' }), unmade: 'too fine' });

  await observing(unmade, 'northstar', (event) => told.push(event))(wanted('send'));

  expect(told).toEqual([expect.objectContaining({ kind: 'refused', unmade: 'too fine', transactionID: 't1' })]);
});

test('a call that is made for a callback is told with its trace', async () => {
  const told: unknown[] = [];
  const make = observing(new Innermost().make, 'northstar', (event) => told.push(event));
  const trace = { traceID: '4bf92f3577b34da6a3ce929d0e0e4736', isRecorded: false };
  const call = wanted('send');

  await make({ ...call, settings: { ...call.settings, trace } });

  expect(told).toEqual([expect.objectContaining({ traceID: trace.traceID })]);
});

test('a call about a player belongs to no transaction', async () => {
  const told: unknown[] = [];
  const make = observing(new Innermost().make, 'northstar', (event) => told.push(event));

  await make(wanted('balance', { subject: { player } }));

  expect(told).toEqual([{ operator: 'northstar', agentID: player.agentID, call: 'balance', kind: 'applied', ms: 7 }]);
});
