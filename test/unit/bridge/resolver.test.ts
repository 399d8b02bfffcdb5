// What the resolvers of several replicas do with what is unfinished, on a virtual clock.

import { describe, expect, test } from '@jest/globals';
import { createSample } from '../../../src/bridge/sample.js';
import { UnreadableRecord, type Journal, type TransactionKey } from '../../../src/domain/ports.js';
import { benchBridge } from '../../support/bench-bridge.js';
import { collected } from '../../support/collected.js';
import type { Fault } from '../../support/scripted-wallet.js';
import { bet, eur, player, someLeg, someTransaction, win } from '../../support/transactions.js';

const minute = 60_000;
type Bridge = ReturnType<typeof benchBridge>;

/** Both replicas look at what is due, at the same instants, for `ms`. */
async function resolveTogether(bridge: Bridge, other: ReturnType<Bridge['replica']>, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await bridge.clock.until(Promise.all([bridge.resolver.round(), other.resolver.round()]));
    await bridge.clock.advance(5_000);
  }
}

const fail = (): never => {
  throw new Error('a record cannot be read');
};

const movements = ({ wallet }: Bridge) => wallet.ledger.map(({ reference, what }) => `${what} ${reference}`).sort();

describe('a wallet that is away for an hour', () => {
  test.each<Fault>(['unreachable', 'lostRequest', 'lostReply'])(
    'each win that was told as paid meanwhile is credited exactly once (%s)',
    async (fault) => {
      const bridge = benchBridge({ memory: 'successes' });
      const other = bridge.replica();
      bridge.wallet.usually = fault;
      const began = bridge.clock.monotonic();
      const answers: string[] = [];
      for (let n = 0; n < 60; n++) {
        answers.push(await bridge.say(win({ transactionID: `w${n}` })));
        await resolveTogether(bridge, other, began + (n + 1) * minute - bridge.clock.monotonic());
      }
      const agent = { operator: 'northstar', currency: 'EUR' };
      const during = await createSample(
        bridge.journal,
        () => agent,
        fail,
        () => Promise.resolve(),
      )();

      bridge.wallet.usually = 'ok';
      await resolveTogether(bridge, other, 180 * minute);

      expect(answers.every((answer) => answer.startsWith('0 '))).toBe(true);
      if (fault !== 'lostReply')
        expect(during.onTrust).toEqual([
          { ...agent, duty: 'deliver', count: 60, amount: eur('1200.00'), oldest: expect.any(Number) },
        ]);
      expect(movements(bridge)).toEqual(Array.from({ length: 60 }, (_, n) => `applied gsp-w${n}`).sort());
      expect(bridge.wallet.total()).toEqual(eur('1300.00'));
      expect(await collected(bridge.journal.unfinished())).toEqual([]);
      expect(bridge.wallet.mostAtOnce).toBe(1);
    },
  );

  test('each bet that was told as failed meanwhile leaves no trace', async () => {
    const bridge = benchBridge({ memory: 'successes' });
    const other = bridge.replica();
    bridge.wallet.usually = 'lostReply';
    for (let n = 0; n < 20; n++) await bridge.say(bet({ transactionID: `b${n}` }));
    await resolveTogether(bridge, other, 60 * minute);

    bridge.wallet.usually = 'ok';
    await resolveTogether(bridge, other, 180 * minute);

    expect(bridge.wallet.total()).toEqual(eur('100.00'));
    expect(bridge.wallet.ledger.filter(({ what }) => what === 'applied')).toHaveLength(20);
    expect(await collected(bridge.journal.unfinished())).toEqual([]);
    expect(bridge.wallet.mostAtOnce).toBe(1);
  });
});

describe('two replicas', () => {
  test('that see the same records due at the same instant work on each only once', async () => {
    const bridge = benchBridge({ memory: 'always' });
    const other = bridge.replica();
    bridge.wallet.usually = 'unreachable';
    for (let n = 0; n < 12; n++) await bridge.say(win({ transactionID: `w${n}` }));
    bridge.wallet.usually = { slow: 900 };
    bridge.wallet.calls.length = 0;
    await bridge.clock.advance(minute);

    await bridge.clock.until(Promise.all([bridge.resolver.round(), other.resolver.round()]));

    expect(bridge.wallet.calls.sort()).toEqual(Array.from({ length: 12 }, (_, n) => `send gsp-w${n}`).sort());
    expect(bridge.wallet.mostAtOnce).toBe(1);
  });
});

describe('a record that is stuck', () => {
  test('keeps no other waiting: what nobody can work on goes to the back', async () => {
    const bridge = benchBridge();
    const strange = someTransaction({ content: { kind: 'withdraw', roundID: 'r' }, legs: [someLeg({ sends: 1 })] });
    // As many as a resolver takes at once, without what a look at them needs.
    for (let n = 0; n < 16; n++)
      await bridge.journal.put({
        transaction: { ...strange, transactionID: `stuck${n}`, state: 'open', goal: 'void', legs: [] },
        expected: 0,
        due: 0,
      });
    bridge.wallet.faults.push('unreachable');
    await bridge.say(win());

    await bridge.resolve(30_000);

    expect(await bridge.state()).toBe('applied');
  });
});

test('records that are listed, but gone, keep no other waiting, and somebody is told', async () => {
  const isGone = ({ transactionID }: TransactionKey): boolean => transactionID.startsWith('gone');
  const bridge = benchBridge({
    wrap: (journal) =>
      new Proxy(journal, {
        get: (target, name) =>
          name === 'getSafely'
            ? (key: TransactionKey) => (isGone(key) ? Promise.resolve(undefined) : target.getSafely(key))
            : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
      }),
  });
  const lost = someTransaction({ state: 'open', goal: 'void' });
  for (let n = 0; n < 16; n++)
    await bridge.journal.put({ transaction: { ...lost, transactionID: `gone${n}` }, expected: 0, due: 0 });
  bridge.wallet.faults.push('unreachable');
  await bridge.say(win());

  await bridge.resolve(30_000);

  expect(await bridge.state()).toBe('applied');
  expect(bridge.errors).toHaveLength(16);
});

describe('records this replica cannot work on', () => {
  const unreadable = ({ transactionID }: TransactionKey): boolean => transactionID.startsWith('strange');
  const wrap = (journal: Journal): Journal =>
    new Proxy(journal, {
      get: (target, name) =>
        name === 'getSafely'
          ? (key: TransactionKey) =>
              unreadable(key) ? Promise.reject(new UnreadableRecord('unread', 'newer')) : target.getSafely(key)
          : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
    });

  test.each([
    ['of unknown agents', { agentID: 'GONE01' }, 'nobody'],
    ['of a newer version', {}, 'strange'],
  ])('%s, 1,500 of them, keep no other waiting and stay where they are listed', async (_name, change, prefix) => {
    const bridge = benchBridge({ wrap, agents: [player.agentID] });
    const open = someTransaction({ state: 'open', goal: 'void', ...change });
    const keys = Array.from({ length: 1500 }, (_, n) => ({ agentID: open.agentID, transactionID: `${prefix}${n}` }));
    for (const [due, key] of keys.entries())
      await bridge.journal.put({ transaction: { ...open, ...key }, expected: 0, due });
    bridge.wallet.faults.push('unreachable');
    await bridge.say(win());
    await bridge.clock.advance(5_000);

    await bridge.clock.until(bridge.resolver.round());
    const first = bridge.errors.length;
    await bridge.clock.until(bridge.resolver.round());

    expect(await bridge.state()).toBe('applied');
    expect([first, bridge.errors.length]).toEqual([1500, 1500]);
    expect(await Promise.all(keys.map((key) => bridge.journal.nextLook(key)))).toEqual([...keys.keys()]);

    // Whether it can be worked on now is found out in a minute, that it cannot is told again in an hour.
    bridge.errors.length = 0;
    const told: number[] = [];
    for (const minutes of [1, 59]) {
      await bridge.clock.advance(minutes * minute);
      await bridge.clock.until(bridge.resolver.round());
      told.push(bridge.errors.length);
    }
    expect(told).toEqual([0, 1500]);
  });
});

describe('a wallet that does not say what became of a win', () => {
  /** Milliseconds between the calls for it in so many minutes. */
  async function pauses(random: number, minutes: number): Promise<number[]> {
    const bridge = benchBridge({ memory: 'always', random: () => random });
    bridge.wallet.usually = 'unreachable';
    await bridge.say(win());
    const times: number[] = [];
    for (let passed = 0; passed < minutes * 60; passed++) {
      const before = bridge.wallet.calls.length;
      await bridge.clock.until(bridge.resolver.round());
      if (bridge.wallet.calls.length > before) times.push(bridge.clock.monotonic());
      await bridge.clock.advance(1_000);
    }
    return times.slice(1).map((time, i) => time - (times[i] ?? 0));
  }

  test('is tried again after pauses that double, up to two minutes, and are not the same for all', async () => {
    const [short, long] = [await pauses(0, 30), await pauses(0.999, 30)];

    for (const [i, pause] of short.entries())
      if (i > 2) expect(pause).toBeGreaterThanOrEqual(Math.min((short[i - 1] ?? 0) * 1.8, 60_000));
    expect(Math.max(...short)).toBeLessThanOrEqual(61_000);
    expect(Math.max(...long)).toBeGreaterThan(120_000);
    expect(Math.max(...long)).toBeLessThanOrEqual(181_000);
  });

  test('for longer than giveUpAfter leaves the record to a person, with its goal', async () => {
    const bridge = benchBridge({ memory: 'always', terms: { giveUpAfter: 30 * minute } });
    bridge.wallet.usually = 'unreachable';
    await bridge.say(win());

    await bridge.resolve(90 * minute);

    expect(await bridge.state()).toBe('held deliver');
    expect(bridge.alarms).toEqual(['it could not be brought to its end in time']);
  });
});
