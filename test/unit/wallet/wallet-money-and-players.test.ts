// Amounts and players as a wallet knows them, by its operator file alone: units of its own, other ways to
// write an amount, and ids with something before or behind them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '../../../src/domain/money.js';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import type { Rendered } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';

/** The sound file in this currency, with these units of the wallet and this body of a withdraw. */
const file = (currency: string, units: string, body = "{ units: '${request.amount.minor()}' }"): string =>
  fileWith(
    ['currency: EUR', `currency: ${currency}`],
    ["{ reference: '${reference}', cents: '${request.amount.minor()}' } }", `${body} }`],
    ['  repeatable: always', `  repeatable: always\n  currencies: ${units}`],
  );

function withdrawing(text: string, fields: Readonly<Record<string, string>>): Rendered {
  const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields });
  if ('because' in sampled) throw new Error(sampled.because);
  const [made] = sampled.calls.map(({ call, subject }) => call.render(subject, 0));
  if (made === undefined) throw new Error('no call');
  return made;
}

const bodyOf = (text: string, fields: Readonly<Record<string, string>>): string => {
  const made = withdrawing(text, fields);
  return made.kind === 'request' ? Buffer.from(made.request.body ?? []).toString() : made.because;
};

function balanceOf(text: string, body: string): Money | string {
  const { balance } = operatorOf(text).wallet;
  const player = { agentID: 'SOUND01', userID: 'ann' };
  const made = balance.render({ player }, 0);
  if (made.kind === 'cannot') return made.because;
  const reply = { status: 200, headers: {}, body: Buffer.from(body) };
  const { verdict } = balance.read({ player }, made.request, reply, 0);
  return verdict.kind === 'balance' ? verdict.balance : verdict.kind;
}

describe('the wallet’s unit of a currency', () => {
  test.each([
    ['EUR', '{}', '1230'],
    ['EUR', '{ EUR: 4 }', '123000'],
    ['JPY', '{ JPY: 2 }', '1230'],
    ['mBTC', '{ mBTC: 5 }', '1230000'],
    ['USDT', '{ USDT: 6 }', '12300000'],
  ])('%s with %s: 12.30 is %s', (currency, units, count) => {
    expect(bodyOf(file(currency, units), { amount: '12.30' })).toBe(`{"units":${count}}`);
    expect(balanceOf(file(currency, units), `{"balance":${count}}`).toString()).toMatch(/^12\.30*$/);
  });

  test('that cannot hold the amount: the platform’s mistake, and no request', () => {
    for (const [currency, units] of [
      ['JPY', '{}'],
      ['EUR', '{ EUR: 0 }'],
    ] as const)
      expect(withdrawing(file(currency, units), { amount: '12.30' })).toMatchObject({
        kind: 'cannot',
        because: 'the amount has more decimals than its unit can hold',
        result: 'wrongInput',
      });
  });

  test('must be known: by the standard, or by the file', () => {
    expect(problemsOf(file('mBTC', '{ mBTH: 5 }', "{ id: '${reference}' }"))).toEqual([
      '4:42 platform.agents[0].currency: no currency of ISO 4217; expected a code such as EUR, or its decimals under wallet.currencies – did you mean "mBTH"?',
      '11:17 wallet.currencies.mBTH: warning: no agent has this currency; expected one of mBTC',
    ]);
    for (const code of ['toString', 'eur', '€'])
      expect(problemsOf(file(code, '{}', "{ id: '${reference}' }"))).toEqual([
        expect.stringContaining('platform.agents[0].currency'),
      ]);
  });

  test('brings every amount there and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 16n }), fc.integer({ min: 2, max: 18 }), (cents, decimals) => {
        const text = file('EUR', `{ EUR: ${decimals} }`);
        const amount = Money.of(cents, 2);

        const [, units = ''] = /^\{"units":(\d+)\}$/.exec(bodyOf(text, { amount: amount.toString() })) ?? [];
        const back = balanceOf(text, `{"balance":"${units}"}`);

        expect(back instanceof Money && back.compare(amount)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('amounts as wallets write them', () => {
  test.each([
    ['${request.amount.major()}', '"12.30"'],
    ['${request.amount.major(3)}', '"12.300"'],
    ['${request.amount.number()}', '12.3'],
    ['${(-request.amount).minor()}', '-1230'],
    ['${replace(request.amount.major(), ".", ",")}', '"12,30"'],
    ['${text(request.amount.minor())}', '"1230"'],
    ['${(request.amount + money.fromMajor("0.70")).scaled(100000)}', '1300000'],
  ])('%s is %s', (expression, written) => {
    expect(bodyOf(file('EUR', '{}', `{ a: '${expression}' }`), { amount: '12.30' })).toBe(`{"a":${written}}`);
  });

  test.each([
    ['money.fromMajor(replace(replace(response.body.b, ".", ""), ",", "."))', '"-1.234.567,89"', '-1234567.89'],
    [
      'money.fromMinor(response.body.cash) + money.fromMinor(response.body.bonus)',
      '1,"cash":1000,"bonus":250',
      '12.50',
    ],
    ['money.fromScaled(response.body.b, 100000)', '100500', '1.00500'],
    ['money.fromMajor(split(response.body.b, "|")[1])', '"OK|1250.00|TX99"', '1250.00'],
  ])('%s of %s is %s', (expression, written, amount) => {
    const text = fileWith(['${money.fromMinor(response.body.balance)}', `\${${expression}}`]);

    expect(balanceOf(text, `{"b":${written}}`).toString()).toBe(amount);
  });
});

describe('players as wallets know them', () => {
  const withUser = (expression: string): string => file('EUR', '{}', `{ user: '${expression}' }`);

  test.each([
    ['gsp_${request.userID}@${lower(agent)}', 'gsp_ann7@sound01'],
    ['${request.userID.first(3)}', 'ann'],
    ['${"ann7".startsWith("ann") ? request.userID.substring(3) : request.userID}', '7'],
    ['${digits(request.userID)}', '7'],
  ])('%s is %s', (expression, user) => {
    expect(bodyOf(withUser(expression), { userID: 'ann7' })).toBe(`{"user":"${user}"}`);
  });
});
