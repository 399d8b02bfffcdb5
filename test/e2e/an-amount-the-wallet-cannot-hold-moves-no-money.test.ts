// A wallet that counts in whole euros, and a platform that sends cents. A rounded amount would be another
// amount, so nothing is sent: the bet is refused as the platform's mistake, a win waits for a person, and
// nobody loses a cent.

import { describe, expect, test } from '@jest/globals';
import { visitJournal } from '../../src/journal/visit-journal.js';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage({}, (demo) =>
  demo
    .replace('  repeatable: always', '  repeatable: always\n  currencies: { EUR: 0 }')
    .replaceAll('money.fromMinor(response.body.balanceMinor)', 'money.fromScaled(response.body.balanceMinor, 100)')
    .replace(
      'amountMinor: ${request.amount.minor()}',
      'amountMinor: \'${request.userID == "bob" ? request.amount.scaled(100) : request.amount.minor()}\'',
    )
    .replace(
      'cancels: ${original.reference}',
      'cancels: ${original.reference}\n        amount: \'${original.?amount.orValue(money.fromMajor("0")).minor()}\'',
    ),
);
const bridge = stage.useBridge();

/** "held deliver", "refused", … */
const stateOf = (transactionID: string): Promise<string> =>
  visitJournal({ url: stage.redis.url }, async (journal) => {
    const found = (await journal.get({ agentID: 'DEMO01', transactionID }))?.transaction;
    return found === undefined ? 'absent' : [found.state, found.goal ?? '', found.heldBecause ?? ''].join(' ').trim();
  });

describe('an amount the wallet’s unit cannot hold', () => {
  test('makes a bet the platform’s mistake', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '0.30');

    const told = await platform.deliver(bet);

    expect(told.code).toBe(2);
    expect(await stateOf(bet.transactionID)).toBe('refused');
    expect(await stage.walletCalls()).toEqual([]);
  });

  test('makes a win wait for a person', async () => {
    const platform = stage.platform(bridge);
    const win = platform.deposit('alice', '0.30');
    await platform.deliver(platform.getBalance('alice'));

    const told = await platform.deliver(win);
    await until('it is held', async () => (await stateOf(win.transactionID)).startsWith('held'));

    expect([told.code, told.balanceText]).toEqual([0, '100.30']);
    expect(await stateOf(win.transactionID)).toBe('held deliver the file can make no request of a win (wrongInput)');
    expect(await stage.walletCalls()).toEqual([]);
    expect(stage.actual('alice')).toBe(100_00n);
  });

  test('makes an undo a duty that stays in sight until a person, or a better file, fulfils it', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('bob', '0.30');
    expect((await platform.deliver(bet)).code).toBe(0);
    const calls = (await stage.walletCalls()).length;

    const told = await platform.deliver(platform.rollback('bob', bet.transactionID));

    expect(told.code).toBe(0);
    expect(await stateOf(bet.transactionID)).toBe('open void');
    expect((await stage.unfinished()).listed).toContain(`DEMO01:${bet.transactionID}`);
    expect(await stage.walletCalls()).toHaveLength(calls);
    expect(stage.actual('bob')).toBe(4_70n);
  });
});
