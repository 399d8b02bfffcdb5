// How much may be told as done before the wallet has it: a bound that holds in a burst, that one stuck record
// does not close for everybody, and that never turns into a yes because time passes. And which balance goes
// with such a yes.

import { describe, expect, test } from '@jest/globals';
import { benchBridge, spoken } from '../../support/bench-bridge.js';
import { collected } from '../../support/collected.js';
import { bet, betWin, player, undo, win } from '../../support/transactions.js';

const day = 86_400_000;

test('of a burst over two replicas as many are accepted as may be, and the others are asked for again', async () => {
  const bridge = benchBridge({ memory: 'successes', terms: { accept: { most: 20, maxAge: day } } });
  const other = bridge.replica();
  bridge.wallet.usually = 'lostRequest';

  const burst = Array.from({ length: 300 }, (_, n) =>
    (n % 2 === 0 ? bridge.deliver : other.deliver)(win({ transactionID: `w${n}` })),
  );
  const answers = (await bridge.clock.until(Promise.all(burst))).map(spoken);

  expect(answers.filter((answer) => answer.startsWith('0 '))).toHaveLength(20);
  expect(answers.filter((answer) => answer === '503')).toHaveLength(280);
  expect(bridge.alarms).toContain('not accepted: most');

  // A lease later nothing else is told, until the wallet has spoken.
  await bridge.resolve(30_000);
  const again: string[] = [];
  for (let n = 0; n < 300; n++) again.push(await bridge.say(win({ transactionID: `w${n}` })));
  expect(again.filter((answer) => answer.startsWith('0 '))).toHaveLength(20);

  bridge.wallet.usually = 'ok';
  await bridge.resolve(400_000);
  expect(await collected(bridge.journal.unfinished())).toEqual([]);
  expect(bridge.wallet.total().toString()).toBe('6100.00');
});

test('a failure is told whatever is owed, also of what a rollback waits for', async () => {
  const bridge = benchBridge({ memory: 'always', terms: { accept: { most: 0, maxAge: day } } });
  bridge.wallet.faults.push({ slow: 8_000 });
  const first = bridge.deliver(bet());
  const rollback = bridge.deliver(undo());
  await bridge.clock.advance(100);

  const copy = await bridge.say(bet());

  expect(copy).toBe('generalError');
  await bridge.clock.until(Promise.all([first, rollback]));
  await bridge.rest();
  expect(bridge.wallet.total().toString()).toBe('100.00');
});

test('what is delivered makes room', async () => {
  const bridge = benchBridge({ memory: 'always', terms: { accept: { most: 1, maxAge: day } } });
  bridge.wallet.usually = 'lostRequest';
  expect(await bridge.say(win({ transactionID: 'a' }))).toBe('0 120.00');
  expect(await bridge.say(win({ transactionID: 'b' }))).toBe('503');
  bridge.wallet.usually = 'ok';
  await bridge.resolve(5_000);
  bridge.wallet.usually = 'lostRequest';

  expect(await bridge.say(win({ transactionID: 'c' }))).toMatch(/^0 /);
});

test('one held record does not make every other player’s win a 503, an old open one does, with an alarm', async () => {
  const bridge = benchBridge({ memory: 'none', terms: { accept: { most: 1000, maxAge: 3_600_000 } } });
  bridge.wallet.faults.push('lostRequest');
  expect(await bridge.say(win({ transactionID: 'stuck' }))).toBe('0 120.00');
  await bridge.rest('stuck');
  expect(await bridge.state('stuck')).toBe('held deliver');
  await bridge.clock.advance(7_200_000);
  bridge.wallet.faults.push('unreachable');

  expect(await bridge.say(win({ transactionID: 'next' }))).toMatch(/^0 /);

  await bridge.clock.advance(7_200_000);
  bridge.wallet.faults.push('unreachable');
  expect(await bridge.say(win({ transactionID: 'last' }))).toBe('503');
  expect(bridge.alarms).toContain('not accepted: maxAge');
});

describe('askAgain', () => {
  const terms = {
    whenUnresolved: {
      withdraw: 'askAgain',
      deposit: 'askAgain',
      betWin: 'askAgain',
      win: 'askAgain',
      rollback: 'askAgain',
    },
  } as const;

  test.each([
    ['bet', bet(), 'generalError'],
    ['win', win(), '0 120.00'],
    ['betWin', betWin(), 'generalError'],
  ])('of a %s stays 503 however many leases pass, until the wallet has spoken', async (_name, callback, last) => {
    const bridge = benchBridge({ memory: 'successes', terms });
    bridge.wallet.usually = 'lostRequest';
    const answers: string[] = [];
    for (let n = 0; n < 8; n++) {
      answers.push(await bridge.say(callback));
      await bridge.resolve(20_000);
    }
    bridge.wallet.usually = 'ok';
    await bridge.rest();

    expect(answers).toEqual(Array(8).fill('503'));
    expect(await bridge.say(callback)).toBe(last);
  });

  test('of an undo, too', async () => {
    const bridge = benchBridge({ memory: 'successes', terms });
    await bridge.say(bet());
    bridge.wallet.usually = 'lostRequest';
    const answers: string[] = [];
    for (let n = 0; n < 4; n++) {
      answers.push(await bridge.say(undo()));
      await bridge.resolve(20_000);
    }

    expect(answers).toEqual(Array(4).fill('503'));
  });
});

test('a win of a player nobody knows the balance of is asked for again, and is never told with 0.00', async () => {
  const bridge = benchBridge({ memory: 'successes' });
  const stranger = win({ userID: 'player_2', fingerprint: 'deposit player_2 t1' });
  bridge.wallet.usually = 'lostRequest';
  bridge.wallet.tellsBalance = false;

  const first = await bridge.say(stranger);
  await bridge.resolve(40_000);

  expect([first, await bridge.say(stranger)]).toEqual(['503', '503']);
  expect(bridge.alarms).toContain('not accepted: balanceUnknown');
});

describe('the balance', () => {
  test('of a win that was refused after its bet is told with the win in it, each time', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.balanceText = '200.00';
    bridge.wallet.faults.push('ok', 'refuse');

    const told = [await bridge.say(betWin()), await bridge.say(betWin())];

    // 200.00 - 12.30 + 20.00, though the wallet has not made the win.
    expect(told).toEqual(['0 207.70', '0 207.70']);
    expect(await bridge.state()).toBe('held deliver');
  });

  test('of a bet whose reply tells none, and whose balance call fails, counts the bet in', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.tellsBalance = false;

    const told = [
      await bridge.say(bet()),
      await bridge.say(bet()),
      await bridge.say(bet({ transactionID: 't2' })),
      await bridge.say(win({ transactionID: 't3' })),
      await bridge.say(undo({ transactionID: 't2' })),
    ];

    expect(told).toEqual(['0 87.70', '0 87.70', '0 75.40', '0 95.40', '0 107.70']);
  });

  test('counts a bet in once, however many copies of it wait', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.tellsBalance = false;

    const told = await Promise.all(Array.from({ length: 5 }, () => bridge.say(bet())));

    expect(told).toEqual(Array(5).fill('0 87.70'));
    expect(await bridge.say(bet({ transactionID: 't2' }))).toBe('0 75.40');
  });

  test('of a copy is waited for as long as of the first, where the wallet told none for it', async () => {
    const bridge = benchBridge({ memory: 'always' });
    await bridge.say(bet());
    await bridge.say(bet());
    bridge.wallet.tellsBalance = false;
    await bridge.say(bet({ transactionID: 't2' }));
    await bridge.say(bet({ transactionID: 't2' }));

    const [known = 0, first = 0, copy] = bridge.wallet.balancesWithin;
    expect(known).toBeLessThan(first);
    expect(copy).toBe(first);
  });

  test('of a betWin counts each part in once', async () => {
    const bridge = benchBridge({ memory: 'always' });
    bridge.wallet.tellsBalance = false;

    expect(await bridge.say(betWin())).toBe('0 107.70');
    expect((await bridge.journal.lastBalance(player))?.toString()).toBe('107.70');
  });
});
