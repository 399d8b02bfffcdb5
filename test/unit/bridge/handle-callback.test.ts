// One callback, and what may come before, with and after it: on a virtual clock, against a wallet that loses
// things.

import { describe, expect, test } from '@jest/globals';
import { JournalUnavailable, type Journal, type Write } from '../../../src/domain/ports.js';
import { benchBridge, spoken } from '../../support/bench-bridge.js';
import type { Memory } from '../../support/scripted-wallet.js';
import { bet, betWin, eur, undo, win } from '../../support/transactions.js';

const askAgain = {
  withdraw: 'askAgain',
  deposit: 'askAgain',
  betWin: 'askAgain',
  win: 'askAgain',
  rollback: 'askAgain',
} as const;
const sends = (calls: string[]) => calls.filter((call) => call.startsWith('send'));

describe('the straight path', () => {
  test('a bet is taken once and a repeat of it is answered alike', async () => {
    const bridge = benchBridge();

    const first = await bridge.say(bet());
    const again = await bridge.say(bet());

    expect([first, again]).toEqual(['0 87.70', '0 87.70']);
    expect(sends(bridge.wallet.calls)).toEqual(['send gsp-t1']);
    expect(await bridge.state()).toBe('applied');
  });

  test('a betWin is a bet and a win with references of their own', async () => {
    const bridge = benchBridge();

    const answer = await bridge.say(betWin());

    expect(answer).toBe('0 107.70');
    expect(sends(bridge.wallet.calls)).toEqual(['send gsp-t1', 'send gsp-t1-w']);
  });

  test('a refusal is stored and given again without asking the wallet', async () => {
    const bridge = benchBridge();
    bridge.wallet.faults.push('refuse');

    const answers = [await bridge.say(bet()), await bridge.say(bet()), await bridge.say(undo())];

    expect(answers).toEqual(['insufficientFunds', 'insufficientFunds', 'transactionNotFound']);
    expect(bridge.wallet.calls).toHaveLength(1);
  });

  test.each([
    ['undoes no bet', undo({ sign: 'AB' })],
    ['pays no win', win({ transactionID: 't2', sign: 'AB' })],
    ['leaves no tombstone', undo({ transactionID: 't2', sign: 'AB' })],
  ])('the sign of a balance query %s, at no replica', async (_what, copy) => {
    const bridge = benchBridge();
    const other = bridge.replica();
    await bridge.say(bet({ sign: 'CD' }));
    await bridge.say({ kind: 'getBalance', agentID: 'NORTHSTAR01', userID: 'player_1t1', sign: 'AB' });

    const answers = [spoken(await bridge.clock.until(other.deliver(copy))), await bridge.say(bet({ sign: 'CD' }))];

    expect(answers).toEqual(['invalidSign', '0 87.70']);
    expect(await bridge.journal.get({ agentID: 'NORTHSTAR01', transactionID: 't2' })).toBeUndefined();
    expect(bridge.wallet.calls.filter((call) => !call.startsWith('balance'))).toEqual(['send gsp-t1']);
    expect(bridge.alarms).toEqual(['another callback came with the same sign']);
  });

  test('a rollback goes on after a balance query that came with its sign later', async () => {
    const bridge = benchBridge();
    await bridge.say(bet());
    const first = await bridge.say(undo({ sign: 'AB' }));
    await bridge.say({ kind: 'getBalance', agentID: 'NORTHSTAR01', userID: 'player_1t1', sign: 'AB' });

    expect([first, await bridge.say(undo({ sign: 'AB' }))]).toEqual(['0 100.00', 'alreadyRolledBack']);
  });

  test('200 copies over two replicas move money once and all hear the same', async () => {
    const bridge = benchBridge();
    const other = bridge.replica();
    bridge.wallet.faults.push({ slow: 700 });

    const copies = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? bridge.deliver(bet()) : other.deliver(bet())));
    const answers = await bridge.clock.until(Promise.all(copies));

    expect(new Set(answers.map(spoken))).toEqual(new Set(['0 87.70']));
    expect(bridge.wallet.calls).toEqual(['send gsp-t1']);
  });

  test('a zero amount and a free spin move nothing, and are answered with the balance', async () => {
    const bridge = benchBridge();
    const zero = win({ content: { kind: 'deposit', roundID: 'r1', win: eur('0.00') } });
    const free = bet({
      transactionID: 't2',
      content: { kind: 'withdraw', roundID: 'r1', bet: eur('1.00'), freeSpin: true },
    });

    const answers = [
      await bridge.say(zero),
      await bridge.say(free),
      await bridge.say(undo({ transactionID: 't2' })),
      await bridge.say(undo({ transactionID: 't2' })),
    ];

    expect(answers).toEqual(['0 100.00', '0 100.00', '0 100.00', 'alreadyRolledBack']);
    expect(bridge.wallet.ledger).toEqual([]);
  });
});

describe('rollback', () => {
  test('of an applied bet gives the money back once; asked again it is already rolled back', async () => {
    const bridge = benchBridge();
    await bridge.say(bet());

    const answers = [await bridge.say(undo()), await bridge.say(undo()), await bridge.say(bet())];

    expect(answers).toEqual(['0 100.00', 'alreadyRolledBack', 'alreadyRolledBack']);
    expect(bridge.wallet.ledger).toHaveLength(2);
  });

  test('of something unknown leaves a tombstone its late original cannot pass', async () => {
    const bridge = benchBridge();

    const answers = [await bridge.say(undo()), await bridge.say(bet())];

    expect(answers).toEqual(['transactionNotFound', 'alreadyRolledBack']);
    expect(bridge.wallet.calls).toEqual([]);
  });

  test('of something unknown is counted once, and remembered as long as the operator says', async () => {
    const bridge = benchBridge({ terms: { rememberUnknown: 60_000 } });
    await bridge.say(bet({ transactionID: 't2' }));

    await bridge.say(undo());
    await bridge.say(undo());
    await bridge.clock.advance(59_000);
    const before = await bridge.say(bet());
    await bridge.clock.advance(2_000);

    expect([before, await bridge.say(bet())]).toEqual(['alreadyRolledBack', '0 75.40']);
    expect(await bridge.state('t2')).toBe('applied');
    expect(bridge.unknownRolledBack).toEqual(['NORTHSTAR01']);
  });

  test('of a bet in flight waits for it, undoes it, and the bet is told as rolled back', async () => {
    const bridge = benchBridge();
    bridge.wallet.faults.push({ slow: 600 });

    const placed = bridge.deliver(bet());
    await bridge.clock.advance(100);
    const rolledBack = bridge.deliver(undo());
    const answers = await bridge.clock.until(Promise.all([placed, rolledBack]));

    expect(answers.map(spoken)).toEqual(['generalError', '0 100.00']);
    expect(bridge.wallet.total().toString()).toBe('100.00');
    expect(await bridge.state()).toBe('reversed');
  });

  test('refused by the wallet: its code is the answer to this and later rollbacks, and the record stays applied', async () => {
    const bridge = benchBridge();
    await bridge.say(win());
    bridge.wallet.faults.push('refuse');

    const answers = [await bridge.say(undo()), await bridge.say(undo())];

    expect(answers).toEqual(['insufficientFunds', 'insufficientFunds']);
    expect(await bridge.state()).toBe('applied');
  });

  test('undoes a betWin bet first', async () => {
    const bridge = benchBridge();
    await bridge.say(betWin());
    bridge.wallet.calls.length = 0;

    const answer = await bridge.say(undo());

    expect(answer).toBe('0 100.00');
    expect(bridge.wallet.calls).toEqual(['undo gsp-t1', 'undo gsp-t1-w']);
  });
});

describe('a wallet that does not say', () => {
  const endless = Array<'lostReply'>(12).fill('lostReply');

  test.each<Memory>(['always', 'successes', 'lookup'])(
    'a bet is told as failed and ends undone (%s)',
    async (memory) => {
      const bridge = benchBridge({ memory });
      bridge.wallet.faults.push(...endless);

      const told = await bridge.say(bet());
      bridge.wallet.faults.length = 0;
      const during = await bridge.state();
      await bridge.resolve(200_000);

      expect([told, during]).toEqual(['generalError', 'open void']);
      expect(await bridge.state()).toBe('reversed');
      expect(bridge.wallet.total().toString()).toBe('100.00');
      expect(await bridge.say(bet())).toBe('generalError');
      expect(bridge.errors).toEqual([]);
    },
  );

  test.each<Memory>(['always', 'successes', 'lookup'])(
    'a win is told as paid and ends paid once (%s)',
    async (memory) => {
      const bridge = benchBridge({ memory });
      bridge.wallet.faults.push(...endless);

      const told = await bridge.say(win());
      bridge.wallet.faults.length = 0;
      await bridge.resolve(200_000);

      expect(told).toBe('0 120.00');
      expect(await bridge.state()).toBe('applied');
      expect(bridge.wallet.total().toString()).toBe('120.00');
    },
  );

  test.each<Memory>(['successes', 'lookup'])('a request that was lost ends as if it never was (%s)', async (memory) => {
    const bridge = benchBridge({ memory });
    bridge.wallet.faults.push('lostRequest');

    const told = await bridge.say(bet());
    await bridge.resolve(300_000);

    // A wallet that can be asked, or asked again, within the deadline may still say yes; what counts is that
    // both agree.
    const effect = bridge.wallet.total().toString();
    expect([told, effect, await bridge.state()]).toEqual(
      memory === 'lookup' ? ['generalError', '100.00', 'cancelled'] : ['generalError', '100.00', 'reversed'],
    );
  });

  test('a wallet that can be asked again at once is asked within the deadline', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.faults.push('lostReply');

    const told = await bridge.say(bet());

    expect(told).toBe('0 87.70');
    expect(bridge.wallet.calls).toEqual(['send gsp-t1', 'send gsp-t1']);
    expect(bridge.wallet.total().toString()).toBe('87.70');
  });

  test('a wallet that remembers nothing leaves the doubt with a person, and says so', async () => {
    const bridge = benchBridge({ memory: 'none' });
    bridge.wallet.faults.push('lostReply');

    const told = await bridge.say(bet());
    await bridge.resolve(100_000);

    expect([told, await bridge.state()]).toEqual(['generalError', 'held void']);
    expect(bridge.wallet.calls).toEqual(['send gsp-t1']);
    expect(bridge.alarms).toHaveLength(1);
  });

  test('an undo before the original wins where the wallet keeps it', async () => {
    const bridge = benchBridge({ memory: 'none', cancelFirst: true });
    bridge.wallet.faults.push({ late: 5_000 });

    const told = await bridge.say(bet());
    await bridge.resolve(100_000);

    expect([told, await bridge.state()]).toEqual(['generalError', 'reversed']);
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });

  test('a rollback of a bet nobody knows of ends at zero', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.faults.push(...endless);
    await bridge.say(bet());
    bridge.wallet.faults.length = 0;

    const told = await bridge.say(undo());

    expect(told).toBe('0 100.00');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });
});

test('a mapping that can no longer make the reference leaves the answer as it was given', async () => {
  const bridge = benchBridge();
  await bridge.say(bet());
  bridge.wallet.reference = () => {
    throw new Error('not a UUID');
  };

  const answers = [await bridge.say(bet()), await bridge.say(bet({ transactionID: 't2' }))];

  expect(answers).toEqual(['0 87.70', 'wrongInput']);
  expect(await bridge.state('t2')).toBe('absent');
});

test('a platform that asks again and again does not keep the wallet’s no from being proven', async () => {
  const bridge = benchBridge({ terms: { whenUnresolved: askAgain } });
  bridge.wallet.faults.push('lostRequest', ...Array<'refuse'>(1000).fill('refuse'));
  await bridge.say(bet());

  const answers: string[] = [];
  while (answers.length < 200 && answers.at(-1) !== '0 100.00') answers.push(await bridge.say(undo()));

  expect(new Set(answers.slice(0, -1))).toEqual(new Set(['503']));
  expect(answers.at(-1)).toBe('0 100.00');
  expect(await bridge.state()).toBe('cancelled');
});

describe('a wallet that is down', () => {
  test('a bet fails at once and for good, a win is owed and delivered once', async () => {
    const bridge = benchBridge();
    bridge.wallet.faults.push('unreachable', 'unreachable');

    const told = [await bridge.say(bet()), await bridge.say(win({ transactionID: 't2' }))];
    await bridge.resolve(5_000);

    expect(told).toEqual(['generalError', '0 120.00']);
    expect([await bridge.state('t1'), await bridge.state('t2')]).toEqual(['refused', 'applied']);
    expect(bridge.wallet.total().toString()).toBe('120.00');
  });

  test('a win nobody may accept any more is asked again, never failed', async () => {
    const bridge = benchBridge({ terms: { accept: { most: 0, maxAge: 1 } } });
    bridge.wallet.faults.push('unreachable');

    const answers = [await bridge.say(win()), await bridge.say(win())];

    expect(answers).toEqual(['503', '0 120.00']);
    expect(bridge.wallet.total().toString()).toBe('120.00');
  });

  test('an undo nobody may take on trust any more is asked again', async () => {
    const bridge = benchBridge({ memory: 'successes', terms: { accept: { most: 1, maxAge: 60_000 } } });
    for (const transactionID of ['t1', 't2', 't3']) await bridge.say(bet({ transactionID }));
    bridge.wallet.usually = 'unreachable';

    const answers = [await bridge.say(undo()), await bridge.say(undo({ transactionID: 't2' }))];

    expect(answers).toEqual(['0 75.40', '503']);
  });

  test('a win told as paid after a bet that was taken without a balance counts that bet in', async () => {
    const bridge = benchBridge({ memory: 'none' });
    const send = bridge.wallet.send.bind(bridge.wallet);
    bridge.wallet.send = async (...call) => {
      const verdict = await send(...call);
      return verdict.kind === 'applied' ? { kind: 'applied' } : verdict;
    };
    bridge.wallet.faults.push('ok', 'unreachable');

    expect(await bridge.say(betWin())).toBe('0 107.70');
  });

  test('a win that was accepted and then rolled back is never delivered', async () => {
    const bridge = benchBridge();
    bridge.wallet.faults.push('unreachable');

    const answers = [await bridge.say(win()), await bridge.say(undo())];
    await bridge.resolve(10_000);

    expect(answers).toEqual(['0 120.00', '0 100.00']);
    expect(bridge.wallet.ledger).toEqual([]);
    expect(await bridge.state()).toBe('cancelled');
  });
});

describe('a journal that is down', () => {
  const down = (nothingWritten: boolean) => (journal: Journal) =>
    new Proxy(journal, {
      get: (target, name) =>
        name === 'put'
          ? () => Promise.reject(new JournalUnavailable('no connection to Redis', nothingWritten))
          : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
    });

  test('no money call leaves, and the platform is to ask again', async () => {
    const bridge = benchBridge({ wrap: down(true) });

    const answers = [
      await bridge.say(bet()),
      await bridge.say(win()),
      await bridge.say(betWin()),
      await bridge.say(undo()),
    ];

    expect(answers).toEqual(['503', '503', '503', '503']);
    expect(bridge.wallet.calls).toEqual([]);
  });

  test('where the operator chose so a bet fails, but only when the claim never left', async () => {
    const terms = { whenJournalDown: 'fail' as const };
    const never = benchBridge({ wrap: down(true), terms });
    const perhaps = benchBridge({ wrap: down(false), terms });

    const answers = [await never.say(bet()), await never.say(win()), await perhaps.say(bet())];

    expect(answers).toEqual(['generalError', '503', '503']);
  });

  test('so slow that the wallet’s answer could not be waited for: nothing is sent, and a bet fails for good', async () => {
    const bridge = benchBridge({
      wrap: (journal) =>
        new Proxy(journal, {
          get: (target, name) =>
            name === 'put'
              ? (write: Write) => bridge.clock.sleep(write.expected === 0 ? 8_000 : 0).then(() => target.put(write))
              : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
        }),
    });

    const answer = await bridge.say(bet());

    expect([answer, await bridge.state(), bridge.wallet.calls]).toEqual(['generalError', 'refused', []]);
  });

  test('the balance needs no journal', async () => {
    const bridge = benchBridge({ wrap: down(true) });

    const answer = await bridge.say({ kind: 'getBalance', agentID: 'NORTHSTAR01', userID: 'player_1' });

    expect(answer).toBe('0 100.00');
  });

  test('a balance whose sign is to be remembered needs none, either', async () => {
    const bridge = benchBridge({ wrap: down(true) });

    const answer = await bridge.say({ kind: 'getBalance', agentID: 'NORTHSTAR01', userID: 'player_1', sign: 'AB' });

    expect(answer).toBe('0 100.00');
  });

  test('lost after the wallet applied: 503, and the resolver of any replica ends it without effect', async () => {
    let puts = 0;
    const bridge = benchBridge({
      wrap: (journal) =>
        new Proxy(journal, {
          get: (target, name) =>
            name === 'put' && ++puts === 2
              ? () => Promise.reject(new JournalUnavailable('connection lost', false))
              : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
        }),
    });

    const told = await bridge.say(bet());
    const during = await bridge.state();
    await bridge.resolve(120_000);

    expect([told, during]).toEqual(['503', 'claimed']);
    expect(await bridge.state()).toBe('reversed');
    expect(bridge.wallet.total().toString()).toBe('100.00');
  });
});

describe('an owner that vanished', () => {
  test('a redelivery after the lease carries the claim to its end', async () => {
    const bridge = benchBridge();
    bridge.wallet.faults.push({ late: 3_600_000 });
    void bridge.deliver(bet());
    await bridge.clock.advance(1);
    const owner = await bridge.record();

    const other = bridge.replica();
    const told = await bridge.clock.until(other.deliver(bet()));

    expect(owner?.lease).toBeDefined();
    expect(spoken(told)).toBe('0 87.70');
    expect(bridge.wallet.total().toString()).toBe('87.70');
  });
});
