// After which call a round is closed, and for how long that is waited for.
import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/domain/outcome.js';
import type { MakeCall, Wanted } from '../../../src/wallet/calling.js';
import { closingRounds, type ClosingOptions } from '../../../src/wallet/closing-rounds.js';
import type { CompiledCall } from '../../../src/wallet/compiled-wallet.js';
import { callReadAs, Innermost, wanted } from '../../support/layered-calls.js';
import { eur, someLeg, someTransaction } from '../../support/transactions.js';

const options: ClosingOptions = { informed: (_call, win) => Promise.resolve(win), now: () => 0, balanceTime: 0 };
const closing = (make: MakeCall, change: Partial<CompiledCall<Verdict>> = {}, own: Partial<ClosingOptions> = {}) =>
  closingRounds(
    make,
    { call: callReadAs({ kind: 'applied' }, change), after: new Set(['deposit']) },
    { ...options, ...own },
  );

const win = { transaction: someTransaction(), leg: someLeg({ kind: 'deposit' }) };
const aWin = (change: Partial<Wanted<Verdict>> = {}) => wanted('send', { subject: win, ...change });
const namesOf = ({ seen }: Innermost): string[] => seen.map(({ name }) => name);

describe('a round is closed', () => {
  test.each(['send', 'lookup'] as const)(
    'after a %s that found the win in the wallet, with the time of its own call',
    async (name) => {
      const inner = new Innermost();

      await closing(inner.make, { timeout: 700 })(wanted(name, { subject: win }));

      expect(namesOf(inner)).toEqual([name, 'closeRound']);
      expect(inner.seen[1]).toMatchObject({ subject: win, settings: { within: 700 } });
    },
  );

  test.each([
    ['a win that was not paid', aWin({ call: callReadAs({ kind: 'unknown', because: 'timeout' }) })],
    ['a win that is to be taken back', aWin({ subject: { ...win, transaction: someTransaction({ goal: 'void' }) } })],
    ['a bet', wanted('send')],
    ['an undo', wanted('undo', { subject: win })],
  ])('never after %s', async (_, call) => {
    const inner = new Innermost();

    await closing(inner.make)(call);

    expect(namesOf(inner)).toEqual([call.name]);
  });

  test.each([
    [undefined, ['send', 'closeRound']],
    [true, ['send', 'closeRound']],
    [false, ['send']],
  ])('where the platform says of its end: %s', async (endRound, calls) => {
    const inner = new Innermost();
    const said = endRound === undefined ? {} : { endRound };
    const content = { kind: 'deposit', roundID: 'r1', win: eur('1.00'), ...said } as const;

    await closing(inner.make)(aWin({ subject: { ...win, transaction: someTransaction({ content }) } }));

    expect(namesOf(inner)).toEqual(calls);
  });

  test('never where its condition does not hold, or fails', async () => {
    const inner = new Innermost();
    const failing = (): boolean => {
      throw new TypeError('a bug');
    };

    await closing(inner.make, { isDue: () => false })(aWin());
    await closing(inner.make, { isDue: failing })(aWin());

    expect(namesOf(inner)).toEqual(['send', 'send']);
  });

  test('by nobody where the file has no such call', () => {
    const { make } = new Innermost();

    expect(closingRounds(make, undefined, options)).toBe(make);
  });
});

describe('a verdict', () => {
  /** Closes no round within the time of a test. */
  const stuck: MakeCall = (it) => (it.name === 'closeRound' ? new Promise(() => undefined) : new Innermost().make(it));
  const within = (ms: number) => ({ settings: { within: ms, mayStillSend: () => true } });
  const timeOf = async (make: MakeCall, call: Wanted<Verdict>): Promise<number> => {
    const began = performance.now();
    await make(call);
    return performance.now() - began;
  };

  test('waits for a closing only as long as its call may last', async () => {
    const ms = await timeOf(closing(stuck), aWin(within(200)));

    expect(ms).toBeGreaterThan(150);
    expect(ms).toBeLessThan(5_000);
  });

  test('leaves time for a balance its reply did not tell', async () => {
    expect(await timeOf(closing(stuck, {}, { balanceTime: 30_000 }), aWin(within(20_000)))).toBeLessThan(5_000);
  });

  test('needs no such time where its reply told the balance', async () => {
    const call = callReadAs({ kind: 'applied', balance: eur('1.00') });

    expect(await timeOf(closing(stuck, {}, { balanceTime: 30_000 }), aWin({ ...within(200), call }))).toBeGreaterThan(
      150,
    );
  });
});
