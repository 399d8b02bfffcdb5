import { describe, expect, test } from '@jest/globals';
import { charsetNames, charsetOf, type CharsetName } from '../../../src/codecs/charset.js';
import { Malformed, Unfit } from '../../../src/codecs/codec.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('bytes and characters, from the tables of the standards', () => {
  test.each<[CharsetName, string, string]>([
    ['utf-8', 'aü€😀', '61c3bce282acf09f9880'],
    ['iso-8859-1', 'aü', '61fc'],
    ['iso-8859-2', 'żółć', 'bff3b3e6'],
    ['iso-8859-5', 'Слово', 'c1dbded2de'],
    ['iso-8859-7', 'λόγος', 'ebfce3eff2'],
    ['iso-8859-9', 'ığşİĞŞ', 'fdf0feddd0de'],
    ['iso-8859-15', '€', 'a4'],
    ['windows-1250', 'żŚ', 'bf8c'],
    ['windows-1251', 'Слово', 'd1ebeee2ee'],
    ['windows-1252', '€‘’žŸü', '8091929e9ffc'],
    ['windows-1253', 'λ', 'eb'],
    ['windows-1254', '€ış', '80fdfe'],
    ['windows-1257', 'žų', 'fef8'],
    ['koi8-r', 'слово', 'd3cccfd7cf'],
  ])('%s: %s', (name, text, bytes) => {
    const charset = charsetOf(name);

    expect(hex(charset.encode(text))).toBe(bytes);
    expect(charset.decode(Buffer.from(bytes, 'hex'))).toBe(text);
  });
});

test.each(charsetNames)('%s leaves ASCII as it is', (name) => {
  const charset = charsetOf(name);

  for (let byte = 0; byte < 0x80; byte++) expect([...charset.encode(String.fromCharCode(byte))]).toEqual([byte]);
});

test.each<[CharsetName, string]>([
  ['iso-8859-1', '€'],
  ['iso-8859-9', '€'],
  ['iso-8859-1', '\u0080'],
  ['windows-1252', '\u0081'],
  ['iso-8859-9', 'я'],
  ['koi8-r', '😀'],
  ['utf-8', 'a\ud800'],
])('%s does not have %j, and puts nothing in its place', (name, text) => {
  expect(() => charsetOf(name).encode(text)).toThrow(Unfit);
});

test.each<[CharsetName, string]>([
  ['utf-8', 'c3'],
  ['utf-8', 'ff'],
  ['utf-8', 'eda080'],
  ['utf-8', 'c080'],
  ['iso-8859-7', 'd2'],
  ['windows-1253', 'ff'],
  ['windows-1257', 'a1'],
])('%s has no character for %s', (name, bytes) => {
  expect(() => charsetOf(name).decode(Buffer.from(bytes, 'hex'))).toThrow(Malformed);
});

test('a byte order mark is no character', () => {
  expect(charsetOf('utf-8').decode(Buffer.from('\ufeffa'))).toBe('a');
});
