import { describe, expect, test } from '@jest/globals';
import { compileFormat } from '../../../src/protocol/formats.js';
import { seamless } from '../../../src/protocol/dialects/seamless.js';

describe('formats', () => {
  test('match the whole value only', () => {
    const matches = compileFormat('[0-9]{1,3}');

    expect(['1', '123', '1234', 'a1', '1\n'].map((text) => matches?.(text))).toEqual([true, true, false, false, false]);
  });

  test.each(['(a)\\1', '(?=a)b', '[', '(?<!a)b'])('%s does not run in linear time, so it is none', (pattern) => {
    expect(compileFormat(pattern)).toBeUndefined();
  });
});

describe('whether a sign can be valid for something else', () => {
  test.each([
    ['[0-9]{1,12}', '[0-9a-f]{32}'],
    ['[A-Za-z0-9_]{4,16}', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}'],
    ['player_\\d{1,9}', '\\d{18}'],
    ['[0-9a-z-]{1,32}', 'T[0-9A-F]{31}'],
    ['[0-9]{32}', '[0-9a-f]{32}'],
    ['u?[0-9]{1,12}', '[0-9]{16}'],
    ['[😀-😂]{1,12}', '[0-9]{16}'],
  ])('never with userID %s and transactionID %s', (userID, transactionID) => {
    expect(seamless.signsAreApart({ userID, transactionID })).toBe(true);
  });

  test.each([
    ['a transactionID of any length', '[0-9]{1,12}', '[0-9a-f]+'],
    ['a transactionID of two lengths', '[0-9]{1,12}', '[0-9a-f]{31,32}'],
    ['a transactionID with an optional end', '[0-9]{1,12}', '[0-9a-f]{32}x?'],
    ['a transactionID with a point', '[0-9]{1,12}', '[0-9.]{32}'],
    ['a transactionID as short as an amount', '[0-9]{1,12}', '[0-9]{15}'],
    ['a range that holds the point', '[0-9]{1,12}', '[!-~]{32}'],
    ['a userID with a point', '[0-9.]{1,12}', '[0-9a-f]{32}'],
    ['a userID of any length', '[0-9a-f]+', '[0-9a-f]{32}'],
    ['a userID of any length from the first on', 'p[0-9a-f]*', '[0-9a-f]{32}'],
    ['a userID of at least some length', '[0-9a-f]{4,}', '[0-9a-f]{32}'],
    ['a userID as long as a shorter one and a transactionID', '[0-9a-f]{1,33}', '[0-9a-f]{32}'],
    ['a userID with an end as long as a transactionID', '[0-9]{4}-?[0-9a-f]{0,32}', '[0-9a-f]{32}'],
    ['any userID', '.+', '[0-9a-f]{32}'],
    ['a negated class', '[^x]{1,9}', '[0-9a-f]{32}'],
    ['alternatives', '[0-9]{1,9}', '[0-9]{30}|[0-9]{40}'],
    ['a group', '[0-9]{1,9}', '([0-9]{30})?'],
    ['no userID and no transactionID', '', ''],
    ['a range that is none', '[9-0]{1,12}', '[0-9a-f]{32}'],
  ])('perhaps with %s', (_what, userID, transactionID) => {
    expect(seamless.signsAreApart({ userID, transactionID })).toBe(false);
  });

  test('perhaps where one of the two has no format', () => {
    expect(seamless.signsAreApart({ transactionID: '[0-9a-f]{32}' })).toBe(false);
    expect(seamless.signsAreApart({ userID: '[0-9]{1,12}' })).toBe(false);
  });
});
