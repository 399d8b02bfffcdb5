// Whatever is delivered twice, at once, to two replicas, or again after a crash: the wallet takes it once.

import { describe, expect, test } from '@jest/globals';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const stage = useStage();
const first = stage.useBridge();
const second = stage.useBridge();

describe('no bet is taken twice', () => {
  test('a repeat is answered like the first, without a money call', async () => {
    const platform = stage.platform(first);
    const bet = platform.withdraw('alice', '1.00');
    const before = (await stage.walletCalls()).length;

    const answers = [await platform.deliver(bet), await platform.deliver(bet)];

    expect(answers.map(({ httpStatus, code }) => [httpStatus, code])).toEqual([
      [200, 0],
      [200, 0],
    ]);
    expect(answers[1]?.balanceText).toBe(answers[0]?.balanceText);
    expect((await stage.walletCalls()).length - before).toBe(1);
    expect(stage.actual('alice')).toBe(9900n);
  });

  test('200 copies at once over two processes are one debit, and every copy hears 0', async () => {
    const platform = stage.platform(first, second);
    const bet = platform.withdraw('alice', '2.00');
    await stage.fault('slow', { ms: 300 });
    const before = (await stage.walletCalls()).length;

    const answers = await platform.atOnce(bet, 200);

    expect(new Set(answers.map(({ httpStatus, code }) => `${httpStatus} ${code}`))).toEqual(new Set(['200 0']));
    expect((await stage.walletCalls()).length - before).toBe(1);
    expect(stage.actual('alice')).toBe(9700n);
  });

  test('two deliveries at once, one to each process: one reaches the wallet', async () => {
    const platform = stage.platform(first, second);
    const bet = platform.withdraw('alice', '1.00');
    const before = (await stage.walletCalls()).length;

    const answers = await platform.atOnce(bet, 2);

    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    expect((await stage.walletCalls()).length - before).toBe(1);
  });

  test('the same transactionID with other content is 2, and moves nothing', async () => {
    const platform = stage.platform(first);
    const bet = platform.withdraw('alice', '1.00');
    await platform.deliver(bet);
    const actual = stage.actual('alice');

    const other = await platform.deliver({ ...bet, operation: 'Withdraw', amount: '3.00', roundID: 'f'.repeat(32) });
    const asDeposit = await platform.deliver({ ...bet, operation: 'Deposit', amount: '1.00', roundID: 'f'.repeat(32) });

    expect([other.code, asDeposit.code]).toEqual([2, 2]);
    expect(stage.actual('alice')).toBe(actual);
  });

  test('a bridge killed between wallet call and answer: the same bet again, at another replica, is not taken twice', async () => {
    const doomed = await stage.startBridge();
    const platform = stage.platform(doomed);
    const bet = platform.withdraw('alice', '5.00');
    const before = stage.actual('alice');
    await stage.fault('apply-then-hang');

    const unheard = platform.deliver(bet);
    await until('the wallet has taken the bet', () => stage.actual('alice') === before - 500n);
    await doomed.kill9();
    const lost = await unheard;
    const restarted = await stage.startBridge();
    const again = await stage.platform(restarted).deliver(bet, { timeoutMs: 10_000 });

    expect(lost.httpStatus).toBeNull();
    expect(again.httpStatus).toBe(200);
    // Told 0: it stands, once. Told 1: it will be given back.
    const expected = again.code === 0 ? before - 500n : before;
    await until('the wallet agrees with what was told', () => stage.actual('alice') === expected, 20_000);
    expect([0, 1]).toContain(again.code);
  }, 60_000);

  test('after all this nothing unfinished is outside the index, and nothing finished in it', async () => {
    await until('everything is finished', async () => (await stage.unfinished()).records.length === 0, 20_000);

    expect(await stage.unfinished()).toEqual({ records: [], listed: [] });
  }, 30_000);
});
