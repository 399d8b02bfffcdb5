// Every spelling of an amount is that exact amount, or it is refused: none is guessed.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAmount, type DecimalMark } from '../../../src/books/read-amount.js';

/** The amount; "a or b" where it may be two; undefined where it is none. */
function read(text: string, mark?: DecimalMark): string | undefined {
  const found = readAmount(text, mark);
  if (found === undefined) return undefined;
  return 'between' in found ? found.between.map(String).join(' or ') : found.amount.toString();
}

describe('without a word about the list', () => {
  test.each([
    ['12.30', '12.30'],
    ['12,30', '12.30'],
    ['-12.3', '-12.3'],
    ['0', '0'],
    ['007', '7'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['1.234,50', '1234.50'],
    ['1,234.50', '1234.50'],
    ['1 234,50', '1234.50'],
    ['1\u00a0234,50', '1234.50'],
    ['1\u202f234\u202f567,5', '1234567.5'],
    ['1’234.50', '1234.50'],
    ["1'234", '1234'],
    ['1 234', '1234'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['1,234.567', '1234.567'],
    ['12,34,567.50', '1234567.50'],
    ['0,500', '0.500'],
    ['0.123', '0.123'],
    ['1234,567', '1234.567'],
    ['1.2345', '1.2345'],
    ['(12.30)', '-12.30'],
    ['( 1.234,50 )', '-1234.50'],
    ['12.30-', '-12.30'],
    ['12,30 -', '-12.30'],
    ['−12.30', '-12.30'],
    ['- 12.30', '-12.30'],
    ['+12.30', '12.30'],
    ['\u00a012.30 ', '12.30'],
    ['(1,234)', '-1234 or -1.234'],
    ['1,234', '1234 or 1.234'],
    ['1.234', '1.234 or 1234'],
    ['999.999', '999.999 or 999999'],
  ])('%j is %s', (text, expected) => {
    const [a = '', b] = expected.split(' or ');
    expect(read(text)?.split(' or ').sort()).toEqual((b === undefined ? [a] : [a, b]).sort());
  });

  test.each([
    ...['', '-', '.', ',', '12.', '.50', '1,23,4', '12,345,6', '1.234.56', '1.23,456', '1 23', '1 234 5', '1,234,56'],
    ...[
      '1.234 567',
      "1'234 567",
      '1,234,567.1.2',
      '--1',
      '(-1)',
      '-(1)',
      '(1)-',
      '-1-',
      '(1',
      '1)',
      '+-1',
      '1e3',
      'NaN',
    ],
    ...['0x10', '€1', '1 EUR', '１２', '12.3O', '1..2', '1,,2', '1  234', '00,123,456', '1_000', '½'],
  ])('%j is no amount', (text) => expect(read(text)).toBeUndefined());
});

describe('of a list whose decimal mark is known', () => {
  test.each<[string, DecimalMark, string | undefined]>([
    ['1,234', 'point', '1234'],
    ['1,234', 'comma', '1.234'],
    ['1.234', 'point', '1.234'],
    ['1.234', 'comma', '1234'],
    ['1 234', 'comma', '1234'],
    ['12,30', 'point', undefined],
    ['12.30', 'comma', undefined],
    ['1,234.50', 'comma', undefined],
  ])('%j with a decimal %s is %s', (text, mark, expected) => expect(read(text, mark)).toBe(expected));
});

test('any amount is read exactly, however it is written, or said to be in doubt', () => {
  let certain = 0;
  fc.assert(
    fc.property(
      ...[fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.stringMatching(/^\d{0,4}$/)],
      ...[fc.constantFrom('.', ',', ' ', '\u202f', ''), fc.constantFrom('.', ','), fc.boolean()],
      (whole, fraction, by, mark, isNegative) => {
        fc.pre(by !== mark);
        const groups = whole.toString().replaceAll(/\B(?=(?:\d{3})+$)/g, by);
        const spelled = `${isNegative ? '-' : ''}${groups}${fraction === '' ? '' : mark + fraction}`;
        const exact = `${isNegative && BigInt(whole.toString() + fraction) !== 0n ? '-' : ''}${whole}${fraction && '.'}${fraction}`;

        expect(read(spelled, mark === ',' ? 'comma' : 'point')).toBe(exact);
        const found = read(spelled)?.split(' or ') ?? [];
        expect(found).toContain(exact);
        if (found.length === 1) certain += 1;
      },
    ),
    { numRuns: 500 },
  );
  expect(certain).toBeGreaterThan(300);
});
