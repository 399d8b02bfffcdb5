// Signed values are joined with nothing between, so one sign fits two transactionIDs, or a transaction and
// the balance query of a player with the right name, where no format rules that out.

import { describe, expect, test } from '@jest/globals';
import { signedText, type Callback } from '../../src/stand-ins/platform-callback.js';
import { wire } from '../support/dialect.js';
import { useStage } from '../support/stage.js';

const stage = useStage({}, (demo) => demo.replace(/^ *formats:.*$/m, ''));
const bridge = stage.useBridge();

/** Who calls himself so has this callback's sign in the sign of his balance. */
function nameSigningAs(callback: Callback): string {
  const { agentID } = callback;
  const [text, around] = [callback, { operation: 'GetBalance', agentID, userID: '' } as const].map((one) =>
    signedText(one, wire),
  );
  const behind = (around ?? '').length - agentID.length;
  return (text ?? '').slice(agentID.length, (text ?? '').length - behind);
}

describe('a sign belongs to one transaction', () => {
  test('one character moved from the round to the transaction makes a valid sign, and is refused with 3', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '1.00', { transactionID: '474e1a', roundID: 'ab9c15' });
    const shifted = platform.withdraw('alice', '1.00', { transactionID: '474e1aa', roundID: 'b9c15' });

    const answers = [await platform.deliver(bet), await platform.deliver(shifted), await platform.deliver(bet)];

    expect(platform.sign(shifted)).toBe(platform.sign(bet));
    expect(answers.map(({ code }) => code)).toEqual([0, 3, 0]);
    expect(await stage.client.keys('*tx*')).toHaveLength(1);
    expect(stage.actual('alice')).toBe(9900n);
  });

  test('one character moved from the amount to the player is other content, and refused with 2', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '12.30', { transactionID: 'aa01', roundID: 'r' });
    const shifted = platform.withdraw('alice1', '2.30', { transactionID: 'aa01', roundID: 'r' });

    const answers = [await platform.deliver(bet), await platform.deliver(shifted)];

    expect(platform.sign(shifted)).toBe(platform.sign(bet));
    expect(answers.map(({ code }) => code)).toEqual([0, 2]);
  });

  test('the sign of a bet does not make a win of the same transaction', async () => {
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('alice', '3.00');

    const answers = [
      await platform.deliver(bet),
      await platform.deliver({
        ...bet,
        operation: 'Deposit',
        amount: '3.00',
        roundID: 'roundID' in bet ? bet.roundID : '',
      }),
    ];

    expect(answers.map(({ code }) => code)).toEqual([0, 2]);
  });

  test('who names himself after a player and his bet does not undo it, or win, by the sign of a balance query', async () => {
    const [platform, other] = [stage.platform(bridge), stage.platform(await stage.startBridge())];
    const before = stage.actual('bob');
    const bet = platform.withdraw('bob', '1.00', { transactionID: 'bb01', roundID: 'r' });
    const rollback = platform.rollback('bob', 'bb01');
    const win = platform.deposit('bob', '500.00', { transactionID: 'bb02', roundID: 'r' });
    const [asBet, asWin] = [rollback, win].map((callback) => platform.getBalance(nameSigningAs(callback)));
    if (asBet === undefined || asWin === undefined) throw new Error('two names were expected');

    const answers = [
      await platform.deliver(bet),
      await platform.deliver(asBet),
      await platform.deliver(asWin),
      await other.deliver(rollback),
      await other.deliver(win),
      await platform.deliver(bet),
    ];

    expect([platform.sign(rollback), platform.sign(win)]).toEqual([platform.sign(asBet), platform.sign(asWin)]);
    expect(answers.map(({ code }) => code)).toEqual([0, 5, 5, 3, 3, 0]);
    expect(stage.actual('bob')).toBe(before - 100n);
    expect(await stage.client.keys('*tx*bb02')).toEqual([]);
  });
});
