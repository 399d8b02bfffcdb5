import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '../../../src/domain/money.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';

function decimal(text: string): DecimalNumber {
  const number = DecimalNumber.parse(text);
  if (!(number instanceof DecimalNumber)) throw new Error(`${text} is no number with a fraction`);
  return number;
}

describe('reading a JSON number', () => {
  test('keeps how it is written', () => {
    expect(decimal('90071992547409.93').text).toBe('90071992547409.93');
    expect(decimal('1.50').text).toBe('1.50');
    expect(decimal('125e-2').text).toBe('125e-2');
  });

  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['1.0', 1n],
    ['1e2', 100n],
    ['1.25E2', 125n],
    ['-3.000', -3n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
  ])('%s is whole', (text, value) => {
    expect(DecimalNumber.parse(text)).toBe(value);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '1.',
    '0x10',
    '1,5',
    'NaN',
    'Infinity',
    '1e',
    '1e9999',
    '1e999',
    `1${'0'.repeat(400)}`,
  ])('%p is refused', (text) => {
    expect(DecimalNumber.parse(text)).toBeUndefined();
  });

  test('the value is exact, whatever the exponent', () => {
    expect(decimal('125e-2').value.compare(Money.of(125n, 2))).toBe(0);
    expect(decimal('0.1').value.plus(decimal('0.2').value).compare(decimal('0.3').value)).toBe(0);
  });
});

describe('an amount as a number', () => {
  test.each([
    ['12.30', '12.3'],
    ['10.00', '10'],
    ['100', '100'],
    ['0.00', '0'],
    ['-0.05', '-0.05'],
    ['90071992547409.93', '90071992547409.93'],
  ])('%s is %s in its shortest form', (amount, text) => {
    const money = Money.parse(amount);

    expect(money && DecimalNumber.of(money).text).toBe(text);
  });

  test('says the same amount again when it is read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat({ max: 5 }), (units, decimals) => {
        const { text } = DecimalNumber.of(Money.of(units, decimals));
        const read = DecimalNumber.parse(text);
        const value = read instanceof DecimalNumber ? read.value : Money.of(read ?? -1n, 0);

        expect(value.compare(Money.of(units, decimals))).toBe(0);
      }),
    );
  });
});
