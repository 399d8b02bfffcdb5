import { describe, expect, test } from '@jest/globals';
import { minorUnitDecimals } from '../../../src/domain/currency.js';

describe('ISO 4217 minor units', () => {
  test.each([
    ['EUR', 2],
    ['USD', 2],
    ['TRY', 2],
    ['XCG', 2],
    ['ZWG', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['XOF', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %i decimals', (code, decimals) => {
    expect(minorUnitDecimals(code)).toBe(decimals);
  });

  // Common software rounds these to whole units; the standard does not.
  test.each(['HUF', 'IDR', 'COP', 'PKR', 'RSD', 'TWD', 'AFN', 'IRR', 'LAK', 'MMK'])('%s has two decimals', (code) => {
    expect(minorUnitDecimals(code)).toBe(2);
  });

  test.each(['XXX', 'XTS', 'XAU', 'BTC', 'eur', 'EU', '', '__proto__', 'toString'])('%p is no unit', (code) => {
    expect(minorUnitDecimals(code)).toBeUndefined();
  });
});
