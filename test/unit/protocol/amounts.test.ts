// Amounts as the platform may write them: what is read, as what it is signed, and what is refused.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAmount } from '../../../src/protocol/amount.js';
import { readJson } from '../../../src/protocol/read-json.js';

/** The amount in a body, where it stands as `written`: with quotes or as a number. */
const readFrom = (written: string) =>
  readAmount(readJson(Buffer.from(`{"amount":${written}}`))?.['amount'])?.toString();

describe('an amount is read, and signed with two decimals', () => {
  test.each([
    ['"12.30"', '12.30'],
    ['"12.5"', '12.50'],
    ['"10"', '10.00'],
    ['"0"', '0.00'],
    ['"0.00"', '0.00'],
    ['"0.01"', '0.01'],
    ['"1000000.00"', '1000000.00'],
    ['"999999999999999.99"', '999999999999999.99'],
    ['"007.50"', '7.50'],
    ['12.3', '12.30'],
    ['12.30', '12.30'],
    ['12.5', '12.50'],
    ['10', '10.00'],
    ['0', '0.00'],
    ['0.0', '0.00'],
    ['0.1', '0.10'],
    ['90071992547409.93', '90071992547409.93'],
    ['999999999999999.99', '999999999999999.99'],
  ])('%s is %s', (written, signed) => {
    expect(readFrom(written)).toBe(signed);
  });

  test('every amount of cents survives as text and as number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99999999999999999n }), (cents) => {
        const digits = cents.toString().padStart(3, '0');
        const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`;

        expect(readFrom(`"${text}"`)).toBe(text);
        expect(readFrom(text)).toBe(text);
      }),
    );
  });
});

describe('an amount is refused', () => {
  test.each([
    '"1,000.00"',
    '"12,30"',
    '"1e2"',
    '"0x10"',
    '" 12.30"',
    '"12.30 "',
    '"12.30\\n"',
    '"+1"',
    '"-1.00"',
    '"-0.00"',
    '"12.345"',
    '"12.300"',
    '"1000000000000000.00"',
    '"12."',
    '".50"',
    '"."',
    '""',
    '"NaN"',
    '"Infinity"',
    '"１２.３０"',
    '"١٢.٣٠"',
    '"1_000.00"',
    '"12.3.0"',
    '1e2',
    '1E2',
    '12.345',
    '12.300',
    '-1',
    '-0',
    '-0.0',
    '9007199254740993',
    'null',
    'true',
    'false',
    '{}',
    '[]',
    '["12.30"]',
    '{"value":"12.30"}',
  ])('%s', (written) => {
    expect(readJson(Buffer.from(`{"amount":${written}}`))).toHaveProperty('amount');
    expect(readFrom(written)).toBeUndefined();
  });

  test('when it is not there', () => {
    expect(readAmount(undefined)).toBeUndefined();
  });
});
