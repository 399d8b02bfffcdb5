// What every codec promises, whatever its format: what it writes it reads again, exactly, in every charset
// that can hold it, and bytes from elsewhere are either read or refused.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { charsetNames } from '../../../src/codecs/charset.js';
import { Malformed } from '../../../src/codecs/codec.js';
import { codecOf, formatNames, type Format } from '../../../src/codecs/codec-of.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { asPlain } from '../../support/plain-value.js';

const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
const filled = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
// Neither the characters XML has no form for, nor white space alone, which is nothing between elements.
const printable = filled.map((value) => `x${value.replace(/[^\t\n\x20-\u{10ffff}]|[\ufffe\uffff]/gu, '')}`);

const tree = (leaf: fc.Arbitrary<unknown>, key: fc.Arbitrary<string>, ofLists: boolean): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    map: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 4 }),
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      tie('map'),
      // In XML one of a list is read as itself, so a list is one only from the second on.
      fc.array(ofLists ? tie('value') : fc.oneof(leaf, tie('map')), { minLength: ofLists ? 1 : 2, maxLength: 3 }),
    ),
  })).map;

const attribute = fc.tuple(name, printable).map(([key, value]) => [`@${key}`, value] as const);
const element = (inside: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(name, inside, fc.option(attribute)).map(([root, value, more]) => ({
    [root]:
      more === null || typeof value !== 'object' ? value : Object.fromEntries([more, ...Object.entries(value ?? {})]),
  }));

const number = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, decimals]) => DecimalNumber.parse(`${units}${decimals === 0 ? '' : `.${'5'.repeat(decimals)}`}`));

/** Values that a format can hold without loss. */
const values: Readonly<Record<Format, fc.Arbitrary<unknown>>> = {
  json: tree(fc.oneof(filled, number, fc.boolean(), fc.constant(null), fc.constant([])), filled, true),
  form: tree(filled, name, true),
  xml: element(tree(printable, name, false)),
  soap: element(tree(printable, name, false)),
  text: filled,
};

describe.each(formatNames)('%s', (format) => {
  const codec = codecOf(format, 'utf-8');

  test('reads what it writes', () => {
    fc.assert(
      fc.property(values[format], (value) => {
        fc.pre(asPlain(value).trim() !== '');
        const { content } = codec.read(codec.write(value));

        fc.pre(content !== undefined || format !== 'text');
        expect(asPlain(content?.body)).toBe(asPlain(value));
      }),
      { numRuns: 300 },
    );
  });

  test('reads or refuses whatever comes, and nothing else', () => {
    let read = 0;

    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          values[format].map((value) => damaged(codec.write(value))),
        ),
        (bytes) => {
          try {
            expect(codec.read(bytes)).toHaveProperty('text');
            read += 1;
          } catch (failure) {
            expect(failure).toBeInstanceOf(Malformed);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(read).toBeGreaterThan(5);
  });

  test('white space alone has no content', () => {
    expect(codec.read(Buffer.from(' \r\n\t'))).toEqual({ text: ' \r\n\t' });
    expect(codec.read(Buffer.from(''))).toEqual({ text: '' });
  });

  test.each(charsetNames)('in %s', (charset) => {
    const codec = codecOf(format, charset);
    const word = charset === 'iso-8859-7' || charset === 'windows-1253' ? 'λόγος' : (sample[charset] ?? 'Ünlü');
    const value = format === 'text' ? word : { root: { word } };

    const bytes = codec.write(value);

    expect(Object.values(codec.headers).join()).toContain(
      format === 'form' && charset === 'utf-8' ? 'urlencoded' : charset,
    );
    expect(asPlain(codec.read(bytes).content?.body)).toBe(asPlain(value));
    if (charset !== 'utf-8') expect(bytes).toHaveLength(codec.charset.decode(bytes).length);
  });
});

const sample: Readonly<Record<string, string>> = {
  'iso-8859-2': 'żółć',
  'iso-8859-5': 'слово',
  'windows-1250': 'żółć',
  'windows-1251': 'слово',
  'windows-1257': 'žodis',
  'koi8-r': 'слово',
};

function damaged(bytes: Uint8Array): Uint8Array {
  const at = Math.floor(bytes.length / 3);
  return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1 + (bytes.length % 5))]);
}
