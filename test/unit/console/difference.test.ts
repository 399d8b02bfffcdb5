// What differs is marked, what is alike is not, and both texts stay what they are.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { difference, type Told } from '../../../src/console/difference.js';
import type { Marked } from '../../../src/console/ports.js';

const plain = (text: string): Marked => [{ text, is: 'plain' }];
const marked = (told: Told): string => told.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('');

describe('a difference', () => {
  test.each([
    ['{"amount":777}', '{"amount":"7.77"}', '{"amount":[777]}', '{"amount":["7.77"]}'],
    ['one two three', 'one three', 'one [two ]three', 'one three'],
    ['a=1&b=2&c=3', 'a=1&b=3&c=4', 'a=1&b=[2]&c=[3]', 'a=1&b=[3]&c=[4]'],
    ['', 'new', '', '[new]'],
    ['a b', 'a  b', 'a b', 'a [ ]b'],
  ])('of %j and %j', (one, other, before, after) => {
    expect(difference(plain(one), plain(other))?.map(marked)).toEqual([before, after]);
  });

  test('is none between the same, and one between a secret’s name and the same words', () => {
    const secret: Marked = [{ text: '‹secret:a›', is: 'masked' }];

    expect(difference(secret, [...secret])).toBeUndefined();
    expect(difference(secret, plain('‹secret:a›'))?.map(marked)).toEqual(['[‹secret:a›]', '[‹secret:a›]']);
  });

  test('leaves both texts as they are, and what it does not mark is the same in both', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '"'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const found = difference(plain(one), plain(other));
        if (found === undefined) return expect(one).toBe(other);
        const kept = found.map((told) =>
          told
            .filter(({ differs }) => !differs)
            .map(({ text: part }) => part)
            .join(''),
        );
        expect(found.map((told) => told.map(({ text: part }) => part).join(''))).toEqual([one, other]);
        expect(kept[0]).toBe(kept[1]);
      }),
    );
  });

  test('of long texts is told at once, in whole where need be', () => {
    const [one, other] = [1, 2].map((seed) =>
      Array.from({ length: 5_000 }, (_, i) => (i * seed * 7919) % 1009).join(' '),
    );
    const began = performance.now();
    difference(plain(`same ${one ?? ''}`), plain(`same ${other ?? ''}`));

    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
