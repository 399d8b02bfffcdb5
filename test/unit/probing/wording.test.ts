// Money as a probe writes it, whatever unit the wallet counts in.

import { expect, test } from '@jest/globals';
import { shownMoney } from '../../../src/probing/wording.js';
import { eur } from '../../support/transactions.js';

test.each<[money: string, least: number | undefined, shown: string]>([
  ['1000.00000', undefined, '1000.00'],
  ['1000', undefined, '1000.00'],
  ['-0.10500', undefined, '-0.105'],
  ['0.00001', undefined, '0.00001'],
  ['1000.00', 0, '1000'],
  ['1000.50', 0, '1000.5'],
  ['1000', 3, '1000.000'],
])('%s with %s decimals at least is %s', (money, least, shown) => {
  expect(shownMoney(eur(money), least)).toBe(shown);
});
