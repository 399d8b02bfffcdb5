// The four ways to escape, each against what its own definition writes for every character of ASCII.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeForm, formFlavours, pairsOf } from '../../../src/codecs/form-encoding.js';
import { EvaluationFailure } from '../../../src/codecs/evaluation-failure.js';

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');

describe('what is left as it is', () => {
  test.each([
    ['form', '+*-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'],
    ['php', '+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'],
    ['rfc3986', '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'],
    ['uri', "!'()*-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"],
  ] as const)('%s', (flavour, plain) => {
    const written = encodeForm({ a: printable }, flavour).slice('a='.length);

    expect(written.replace(/%[\dA-F]{2}/g, '')).toBe(plain);
    expect(decodeURIComponent(written.replace('+', '%20'))).toBe(printable);
  });

  test('the same as the platform’s own functions say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(encodeForm({ a: text }, 'uri')).toBe(`a=${encodeURIComponent(text)}`);
        expect(encodeForm({ a: text }, 'form')).toBe(new URLSearchParams({ a: text }).toString());
      }),
    );
  });
});

describe('names and values', () => {
  const value = { b: [{ action: 'bet', ok: true }, 'x'], a: { n: null, i: 7n }, f: false, none: [], 'ü[': '~' };

  test('PHP', () => {
    expect(encodeForm(value, 'php')).toBe(
      'b%5B0%5D%5Baction%5D=bet&b%5B0%5D%5Bok%5D=1&b%5B1%5D=x&a%5Bi%5D=7&f=0&%C3%BC%5B=%7E',
    );
  });

  test('as pairs, not yet escaped', () => {
    expect(pairsOf(value)).toEqual([
      ['b[0][action]', 'bet'],
      ['b[0][ok]', 'true'],
      ['b[1]', 'x'],
      ['a[i]', '7'],
      ['f', 'false'],
      ['ü[', '~'],
    ]);
  });

  test('pairs are taken as they are, maps of all kinds in their order', () => {
    expect(
      pairsOf([
        ['b', '1'],
        ['a', 2n],
        ['b', ''],
      ]),
    ).toEqual([
      ['b', '1'],
      ['a', '2'],
      ['b', ''],
    ]);
    expect(
      pairsOf(
        new Map([
          ['10', 'x'],
          ['9', 'y'],
        ]),
      ),
    ).toEqual([
      ['10', 'x'],
      ['9', 'y'],
    ]);
    for (const flavour of formFlavours) expect(encodeForm({}, flavour)).toBe('');
  });

  test('what is no form, or has no one text', () => {
    for (const wrong of ['a', 1n, null, [['a']], [['a', 'b', 'c']], { a: Buffer.from('x') }, { a: new Date(0) }])
      expect(() => pairsOf(wrong)).toThrow(EvaluationFailure);
  });
});
