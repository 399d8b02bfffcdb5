import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minorUnitDecimals } from '../../../src/domain/currency.js';
import { Money } from '../../../src/domain/money.js';
import { evaluate, holds, money, problemsOf, reply, scopeWith } from '../../support/expressions.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { EvaluationFailure } from '../../../src/codecs/evaluation-failure.js';

const withAmount = (amount: string, currency = 'EUR') =>
  scopeWith({}, { minorDecimals: minorUnitDecimals(currency), request: { amount: money(amount) } });
const readBalance = (source: string, balance: unknown, currency = 'EUR'): unknown =>
  evaluate(source, scopeWith({ balance }, { minorDecimals: minorUnitDecimals(currency) }), reply, 'money');

describe('an amount in the wallet’s unit', () => {
  test.each([
    ['12.30', 'EUR', 1230n],
    ['12.30', 'KWD', 12300n],
    ['12.00', 'JPY', 12n],
    ['12.30', 'CLF', 123000n],
    ['0.00', 'EUR', 0n],
    ['90071992547409.93', 'EUR', 9007199254740993n],
  ])('%s %s is %s minor units', (amount, currency, minor) => {
    expect(evaluate('${request.amount.minor()}', withAmount(amount, currency))).toBe(minor);
  });

  test.each([
    ['12.30', '12.30'],
    ['12', '12.00'],
    ['12.3', '12.30'],
    ['12.3000', '12.30'],
    ['12.345', '12.345'],
    ['0', '0.00'],
  ])('%s in the major unit is the text %s', (amount, text) => {
    expect(evaluate('${request.amount.major()}', withAmount(amount))).toBe(text);
  });

  test('as a number and by a scale', () => {
    expect(evaluate('${request.amount.number()}', withAmount('12.30'))).toHaveProperty('text', '12.3');
    expect(evaluate('${request.amount.scaled(100000)}', withAmount('3.56'))).toBe(356000n);
    expect(evaluate('${request.amount.scaled(1)}', withAmount('3.00'))).toBe(3n);
    expect(evaluate('${(-request.amount).minor()}', withAmount('3.56'))).toBe(-356n);
  });

  test('that cannot hold it is refused, as the platform’s fault and not the wallet’s', () => {
    for (const [source, currency] of [
      ['${request.amount.minor()}', 'JPY'],
      ['${request.amount.scaled(10)}', 'EUR'],
    ] as const) {
      const failure = expect.objectContaining({
        amount: true,
        message: 'the amount has more decimals than its unit can hold',
      });
      expect(() => evaluate(source, withAmount('12.34', currency))).toThrow(failure);
    }
  });

  test('of a currency whose unit nobody gave is not guessed', () => {
    expect(() => evaluate('${request.amount.minor()}', withAmount('1.00', 'XBT'))).toThrow(
      'the minor unit of the currency is not known',
    );
  });

  test('as text with decimals of the wallet’s choice, or not at all', () => {
    expect(evaluate('${request.amount.major(3)}|${request.amount.major(1)}', withAmount('-12.30'))).toBe(
      '-12.300|-12.3',
    );
    expect(evaluate('${request.amount.major(0)}', withAmount('12.00'))).toBe('12');
    expect(() => evaluate('${request.amount.major(0)}', withAmount('12.30'))).toThrow(
      'the amount has more decimals than its unit can hold',
    );
  });

  test('a scale is a power of ten', () => {
    expect(problemsOf('${request.amount.scaled(3)}')).toEqual(['24: a scale is a power of ten: 1, 10, 100, …']);
    expect(problemsOf('${request.amount.scaled(0)}')).toHaveLength(1);
    expect(problemsOf('${money.fromScaled(response.body.b, 7)}', reply, 'money')).toHaveLength(1);
    expect(() => evaluate('${request.amount.scaled(settings.brand)}')).toThrow('a scale is a power of ten');
  });

  test('minor units come back as the same amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 17n }),
        fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'),
        (units, currency) => {
          const read = readBalance('${money.fromMinor(response.body.balance)}', units, currency);
          if (!(read instanceof Money)) throw new Error('no amount');

          const minorDecimals = minorUnitDecimals(currency);
          expect(
            evaluate('${request.amount.minor()}', scopeWith({}, { minorDecimals, request: { amount: read } })),
          ).toBe(units);
        },
      ),
    );
  });
});

describe('a wallet’s number as an amount', () => {
  test.each([
    ['fromMajor', '1250.00', '1250.00'],
    ['fromMajor', '-3.5', '-3.5'],
    ['fromMajor', 1250n, '1250'],
    ['fromMajor', DecimalNumber.parse('90071992547409.93'), '90071992547409.93'],
    ['fromMajor', DecimalNumber.parse('125e-1'), '12.5'],
    ['fromMinor', 123456n, '1234.56'],
    ['fromMinor', '123456', '1234.56'],
    ['fromMinor', -5n, '-0.05'],
    ['fromMinor', DecimalNumber.parse('1230.0'), '12.30'],
    ['fromMinor', DecimalNumber.parse('123e1'), '12.30'],
  ])('%s of %p', (maker, value, text) => {
    const read = readBalance(`\${money.${maker}(response.body.balance)}`, value);

    expect(read).toBeInstanceOf(Money);
    expect(String(read)).toBe(text);
  });

  test('by a scale', () => {
    expect(String(readBalance('${money.fromScaled(response.body.balance, 100000)}', 100500n))).toBe('1.00500');
  });

  test.each([
    ['1,250.00'],
    [''],
    [' 1'],
    ['1e3'],
    ['+1'],
    ['0x10'],
    ['1.'],
    [null],
    [true],
    [[]],
    [{}],
    ['9'.repeat(41)],
  ])('%p is unreadable', (value) => {
    expect(() => readBalance('${money.fromMajor(response.body.balance)}', value)).toThrow(EvaluationFailure);
    expect(() => readBalance('${money.fromMinor(response.body.balance)}', value)).toThrow(EvaluationFailure);
  });

  test.each([
    ['12.30'],
    ['0.5'],
    ['-12.30'],
    ['1230.5'],
    // Whole, but nobody counts so: this is the major unit, and the next balance is 12.30.
    ['12.00'],
    [DecimalNumber.parse('12.30')],
    [DecimalNumber.parse('1230.5')],
    [DecimalNumber.parse('-0.01')],
  ])('%p is no count of units', (value) => {
    for (const maker of ['fromMinor(response.body.balance)', 'fromScaled(response.body.balance, 100000)'])
      for (const currency of ['EUR', 'JPY', 'KWD'])
        expect(() => readBalance(`\${money.${maker}}`, value, currency)).toThrow(
          'a count of units is a whole number, this has a fraction',
        );
  });

  test('no more than a rule holds of it', () => {
    expect(() => holds('money.fromMinor(response.body.amount) == request.amount', { amount: '12.30' })).toThrow(
      EvaluationFailure,
    );
    expect(holds('money.fromMinor(response.body.amount) == request.amount', { amount: '1230' })).toBe(true);
  });

  test('an absent one is unreadable, or absent where the file says so', () => {
    expect(() => readBalance('${money.fromMajor(response.body.balance)}', undefined)).toThrow(
      '`response.body.balance` is absent',
    );
    expect(problemsOf('${money.fromMajor(null)}', reply, 'money')).toEqual([
      '2: fromMajor does not take (null); it takes (text) or (integer) or (number)',
    ]);
  });

  test('sums and comparisons are exact', () => {
    const body = { cash: DecimalNumber.parse('0.1'), bonus: DecimalNumber.parse('0.2') };
    const sum = 'money.fromMajor(response.body.cash) + money.fromMajor(response.body.bonus)';

    expect(holds(`${sum} == money.fromMajor("0.30")`, body)).toBe(true);
    expect(holds(`${sum} - money.fromMajor("0.3") == money.fromMajor("0")`, body)).toBe(true);
    expect(holds('request.amount == money.fromMinor(1230)', body)).toBe(true);
    expect(holds('request.amount != money.fromMinor(1230)', body)).toBe(false);
    expect(holds('request.amount > money.fromMinor(1229)', body)).toBe(true);
    expect(holds('request.amount >= money.fromMinor(1231)', body)).toBe(false);
    expect(holds('request.amount < money.fromMinor(1231)', body)).toBe(true);
    expect(holds('request.amount <= money.fromMinor(1229)', body)).toBe(false);
  });

  test('so are sums of plain numbers', () => {
    expect(String(readBalance('${money.fromMajor(response.body.balance + 0.5)}', DecimalNumber.parse('0.1')))).toBe(
      '0.6',
    );
    expect(String(readBalance('${money.fromMajor(response.body.balance - 0.5)}', 1n))).toBe('0.5');
    expect(evaluate('${0.5 + 0.5}')).toHaveProperty('text', '1');
    expect(evaluate('${-0.1 - 0.2}')).toHaveProperty('text', '-0.3');
  });

  test('an amount compared with a plain value of the reply could never be equal', () => {
    expect(problemsOf('${response.body.amount == request.amount}', reply, 'bool')).toEqual([
      '2: an amount is never like a plain value: write money.fromMajor(…) or money.fromMinor(…) around it',
    ]);
    expect(problemsOf('${money.fromMinor(response.body.amount) == request.amount}', reply, 'bool')).toEqual([]);
  });
});

describe('a balance with the noise of binary floats', () => {
  const nearest = '${money.fromMajor(response.body.balance, "nearest")}';

  test.each([
    ['29.949999999999999', 'EUR', '29.95'],
    ['277.18999999999994', 'EUR', '277.19'],
    ['0.30000000000000004', 'EUR', '0.30'],
    ['-29.949999999999999', 'EUR', '-29.95'],
    ['29.945', 'EUR', '29.95'],
    ['-29.945', 'EUR', '-29.95'],
    ['29.9449999999999999999999999', 'EUR', '29.94'],
    ['-0.001', 'EUR', '0.00'],
    ['10', 'EUR', '10.00'],
    ['1.0004999', 'KWD', '1.000'],
    ['1.0005', 'KWD', '1.001'],
    ['99.5', 'JPY', '100'],
  ])('%s %s is read on purpose as %s', (written, currency, text) => {
    expect(String(readBalance(nearest, written, currency))).toBe(text);
    expect(String(readBalance(nearest, DecimalNumber.parse(written), currency))).toBe(text);
  });

  test('in counted units, too', () => {
    const minor = '${money.fromMinor(response.body.balance, "nearest")}';
    const scaled = '${money.fromScaled(response.body.balance, 100000, "nearest")}';

    expect(String(readBalance(minor, DecimalNumber.parse('2994.9999999999995')))).toBe('29.95');
    expect(String(readBalance(minor, '2995.00'))).toBe('29.95');
    expect(String(readBalance(minor, 2995n))).toBe('29.95');
    expect(String(readBalance(scaled, DecimalNumber.parse('2994999.9999999995')))).toBe('29.95');
    expect(String(readBalance(scaled, 100500n))).toBe('1.01');
  });

  test('by accident stays as it is: nothing is rounded up that the file does not round', () => {
    const read = readBalance('${money.fromMajor(response.body.balance)}', '29.949999999999999');

    expect(String(read)).toBe('29.949999999999999');
    expect(read instanceof Money && read.cut(2).toString()).toBe('29.94');
  });

  test('of a currency whose unit nobody gave is not guessed', () => {
    expect(() => readBalance(nearest, '1.5', 'XBT')).toThrow('the minor unit of the currency is not known');
  });

  test('is the only thing that may be rounded', () => {
    const message = 'a rounded amount is another amount: write "nearest" in response.balance only';
    const rounded = 'money.fromMajor(response.body.amount, "nearest")';

    expect(problemsOf(`\${${rounded} == request.amount}`, reply, 'bool')).toEqual([`40: ${message}`]);
    expect(problemsOf(`\${${rounded}}`, reply, 'any')).toEqual([`40: ${message}`]);
    expect(problemsOf(`\${${rounded}}`, reply, 'kept')).toEqual([`40: ${message}`]);
    expect(problemsOf('${money.fromMajor("1.005", "nearest").minor()}')).toEqual([`27: ${message}`]);
    expect(problemsOf('${money.fromMinor("1.5", "nearest").minor()}')).toHaveLength(1);
    expect(problemsOf('${money.fromScaled("1.5", 10, "nearest").minor()}')).toHaveLength(1);
    expect(problemsOf(`\${${rounded}}`, reply, 'money')).toEqual([]);
    expect(problemsOf('${money.fromMajor(response.body.amount, "down")}', reply, 'money')).toEqual([
      '40: the last argument can only be "nearest"',
    ]);
    expect(problemsOf('${money.fromMajor(response.body.a, response.body.b)}', reply, 'money')).toHaveLength(1);
  });
});
