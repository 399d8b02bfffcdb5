// What a wallet must have said, and when, before its word moves money: evidence is spaced, an undo is not
// taken for what it undoes, and nothing is sent or proven by a clock that stood still.

import { describe, expect, test } from '@jest/globals';
import type { MoneyCallback } from '../../../src/domain/callback.js';
import type { Written } from '../../../src/domain/ports.js';
import { markApplied, markSameWallet } from '../../../src/domain/person.js';
import { benchBridge } from '../../support/bench-bridge.js';
import type { Fault } from '../../support/scripted-wallet.js';
import { bet, player, someHomes, undo, win } from '../../support/transactions.js';

const key = { ...player, transactionID: 't1' };

describe('an undo that says truthfully what it has not seen', () => {
  const inDoubt = async (fault: Fault) => {
    const bridge = benchBridge({ memory: 'none', undoKnows: true });
    bridge.wallet.faults.push(fault);
    const told = await bridge.say(bet());
    await bridge.resolve(55_000);
    const calls = [...bridge.wallet.calls];
    await bridge.resolve(200_000);
    return { bridge, told, calls };
  };

  test.each<[string, Fault, string, number]>([
    ['the wallet has taken', 'lostReply', 'reversed', 1],
    ['never arrived', 'lostRequest', 'cancelled', 2],
    ['arrives only after a while', { late: 50_000 }, 'reversed', 1],
  ])('ends a bet that %s, and the bet is never sent again', async (_what, fault, state, undos) => {
    const { bridge, told, calls } = await inDoubt(fault);

    expect(told).toBe('generalError');
    // Until then it may still land, and what an undo is told of it would be worth nothing.
    expect(calls).toEqual(['send gsp-t1']);
    expect(await bridge.state()).toBe(state);
    expect(bridge.wallet.calls).toEqual(['send gsp-t1', ...Array<string>(undos).fill('undo gsp-t1')]);
    expect(bridge.wallet.total().toString()).toBe('100.00');
    expect(bridge.alarms).toEqual([]);
  });

  test('leaves to a person what only it could tell, once its own answer was lost', async () => {
    const bridge = benchBridge({ memory: 'none', undoKnows: true });
    bridge.wallet.faults.push('lostReply', 'lostReply');

    await bridge.say(bet());
    await bridge.resolve(400_000);

    expect(await bridge.state()).toBe('held void');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });
});

describe('a lookup that does not find for a moment what is there', () => {
  /** The wallet has done it and nobody heard of it; it can be asked now, and does not find it the first time. */
  async function doneUnheardAndAbsent(callback: MoneyCallback) {
    const bridge = benchBridge({ memory: 'lookup' });
    bridge.wallet.faults.push('lostReply', ...Array<Fault>(8).fill('lostRequest'));
    const told = await bridge.say(callback);
    await bridge.clock.advance(61_000);
    bridge.wallet.faults.length = 0;
    bridge.wallet.faults.push('absent');
    return { bridge, told };
  }

  test('does not cancel a bet the wallet has taken', async () => {
    const { bridge, told } = await doneUnheardAndAbsent(bet());
    expect(told).toBe('generalError');
    // Looks within a second of each other are one witness.
    await bridge.resolve(50_000);
    expect(await bridge.state()).toBe('open void');
    const looks = bridge.wallet.calls.filter((call) => call.startsWith('lookup')).length;

    await bridge.resolve(70_000);

    expect(bridge.wallet.calls.filter((call) => call.startsWith('lookup'))).toHaveLength(looks + 1);
    expect(await bridge.state()).toBe('reversed');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });

  test('does not pay a win twice', async () => {
    const { bridge, told } = await doneUnheardAndAbsent(win());

    await bridge.resolve(180_000);

    expect(told).toBe('0 120.00');
    expect(await bridge.state()).toBe('applied');
    expect(bridge.wallet.total().toString()).toBe('120.00');
  });

  test('twice, so far apart, it counts: what never arrived is sent', async () => {
    const bridge = benchBridge({ memory: 'lookup' });
    bridge.wallet.faults.push('lostRequest');
    await bridge.say(win());

    await bridge.resolve(200_000);

    expect(await bridge.state()).toBe('applied');
    expect(bridge.wallet.total().toString()).toBe('120.00');
  });
});

describe('an undo the wallet takes for something it has', () => {
  test('is held with an alarm, and nothing is told that did not happen', async () => {
    const bridge = benchBridge({ memory: 'successes' });
    await bridge.say(bet());
    bridge.wallet.faults.push('clash');

    const told = await bridge.say(undo());

    // Told by `accept`, as every undo in doubt: the duty is on record.
    expect(told).toBe('0 100.00');
    expect(await bridge.record()).toMatchObject({ state: 'held', goal: 'void', promised: true });
    expect(bridge.alarms).toEqual([expect.stringContaining('used before')]);
    expect(bridge.wallet.total().toString()).toBe('87.70');
  });

  test('stays held when a person says the wallet still has the bet', async () => {
    const bridge = benchBridge({ memory: 'successes' });
    await bridge.say(bet());
    bridge.wallet.faults.push('clash');
    await bridge.say(undo());
    const stored = await bridge.journal.get(key);
    const said = stored && markApplied(stored.transaction, { now: bridge.journal.now(), reason: 'looked' });
    if (stored === undefined || said?.kind !== 'moved') throw new Error('it is not held');
    await bridge.journal.put({
      transaction: said.transaction,
      expected: stored.revision,
      due: bridge.journal.now(),
      trust: { kind: 'on' },
    });
    bridge.wallet.faults.push('clash');

    await bridge.resolve(5_000);

    expect(await bridge.state()).toBe('held void');
    expect(bridge.alarms).toHaveLength(2);
  });

  test('is done where an earlier one is on record', async () => {
    const bridge = benchBridge({ memory: 'successes' });
    await bridge.say(bet());
    bridge.wallet.faults.push('lostReply', 'clash');
    await bridge.say(undo());

    await bridge.resolve(70_000);

    expect(await bridge.state()).toBe('reversed');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });
});

describe('an undo whose reply was lost', () => {
  test.each<['lostReply' | 'lostRequest', string[]]>([
    ['lostReply', ['undo', 'lookupUndo']],
    ['lostRequest', ['undo', 'lookupUndo', 'lookupUndo', 'undo']],
  ])('is asked after, and not held, where it cannot be repeated (%s)', async (fault, expected) => {
    const bridge = benchBridge({ memory: 'lookup', undoIsInverse: true });
    await bridge.say(bet());
    bridge.wallet.faults.push(fault, 'lostRequest', 'lostRequest', 'lostRequest');
    await bridge.say(undo());
    bridge.wallet.calls.length = 0;
    bridge.wallet.calls.push('undo gsp-t1');
    bridge.wallet.faults.length = 0;
    await bridge.clock.advance(61_000);

    await bridge.rest();

    expect(bridge.wallet.calls.map((call) => call.split(' ', 1)[0])).toEqual(expected);
    expect(await bridge.state()).toBe('reversed');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });
});

describe('a machine that was suspended', () => {
  test('sends nothing once its lease is over by the wall clock', async () => {
    const asleep: { wake?: () => void } = {};
    const bridge = benchBridge({
      memory: 'lookup',
      wrap: (journal) =>
        Object.assign(Object.create(journal) as typeof journal, {
          put: async (write: Parameters<typeof journal.put>[0]): Promise<Written> => {
            const written = await journal.put(write);
            if (write.expected === 0) asleep.wake?.();
            return written;
          },
        }),
    });
    asleep.wake = () => bridge.clock.suspend(3_600_000);

    expect(await bridge.say(bet())).toBe('generalError');

    expect(bridge.wallet.calls).toEqual([]);
    expect(await bridge.state()).toBe('refused');
  });

  test('takes no reply for news that it read after its lease', async () => {
    const bridge = benchBridge({ memory: 'lookup' });
    const send = bridge.wallet.send.bind(bridge.wallet);
    bridge.wallet.send = async (...call) => {
      const verdict = await send(...call);
      bridge.clock.suspend(3_600_000);
      return verdict;
    };

    expect(await bridge.say(bet())).toBe('generalError');

    expect(await bridge.record()).toMatchObject({ state: 'open', goal: 'void', legs: [{ effect: 'unknown' }] });
  });
});

describe('a record whose agent has another wallet now', () => {
  const elsewhere = { today: { operator: 'northstar', origin: 'Zz9_aa' }, formerly: new Set<string>() };

  test.each<[string, typeof elsewhere]>([
    ['address', elsewhere],
    ['operator', { ...someHomes, today: { ...someHomes.today, operator: 'southstar' }, formerly: new Set() }],
  ])('of another %s is held with an alarm, and no wallet is called for it', async (_name, homes) => {
    const bridge = benchBridge({ memory: 'always' });
    await bridge.say(bet());
    bridge.use(homes);
    bridge.wallet.calls.length = 0;

    expect(await bridge.say(undo())).toBe('0 100.00');

    await bridge.resolve(180_000);
    expect(await bridge.record()).toMatchObject({ state: 'held', goal: 'void', elsewhere: true });
    expect(bridge.wallet.calls.filter((call) => call !== 'balance')).toEqual([]);
    expect(bridge.alarms).toHaveLength(1);
  });

  test.each<[string, typeof elsewhere]>([
    ['names the old address', { ...elsewhere, formerly: new Set([someHomes.today.origin]) }],
    ['is as it was', { ...someHomes, formerly: new Set() }],
  ])('goes on by itself when the file %s', async (_name, homes) => {
    const bridge = benchBridge({ memory: 'always' });
    await bridge.say(bet());
    bridge.use(elsewhere);
    await bridge.say(undo());
    await bridge.resolve(1_000);
    bridge.use(homes);

    await bridge.resolve(70_000);

    expect(await bridge.state()).toBe('reversed');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });

  test('goes on when a person says that it is the same one', async () => {
    const bridge = benchBridge({ memory: 'always' });
    await bridge.say(bet());
    bridge.use(elsewhere);
    await bridge.say(undo());
    const stored = await bridge.journal.get(key);
    const said = stored && markSameWallet(stored.transaction, { now: bridge.journal.now(), reason: 'only a new name' });
    if (stored === undefined || said?.kind !== 'moved') throw new Error('it is not held');
    await bridge.journal.put({
      transaction: said.transaction,
      expected: stored.revision,
      due: bridge.journal.now(),
      trust: { kind: 'on' },
    });

    await bridge.resolve(5_000);

    expect(await bridge.state()).toBe('reversed');
  });

  test('an open win waits for its own wallet, and new ones go to the new', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.faults.push('lostRequest', 'lostRequest', 'lostRequest', 'lostRequest', 'lostRequest');
    expect(await bridge.say(win())).toBe('0 120.00');
    bridge.use(elsewhere);
    bridge.wallet.faults.length = 0;

    expect(await bridge.say(win({ transactionID: 't2' }))).toBe('0 120.00');
    await bridge.resolve(120_000);

    expect(await bridge.state()).toBe('held deliver');
    expect(await bridge.state('t2')).toBe('applied');
    expect(bridge.wallet.ledger.map(({ reference }) => reference)).toEqual(['gsp-t2']);
  });
});
