import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '../../../src/domain/money.js';
import { charsetOf } from '../../../src/codecs/charset.js';
import { Malformed } from '../../../src/codecs/codec.js';
import { NotJson, parseJson, writeJson } from '../../../src/codecs/json.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';

describe('reading JSON', () => {
  test('integers of any length are bigints', () => {
    expect(parseJson('[0, -0, 42, -7, 90071992547409931234567890]')).toEqual([
      0n,
      0n,
      42n,
      -7n,
      90071992547409931234567890n,
    ]);
  });

  test('other numbers keep their text', () => {
    const value = parseJson('90071992547409.93');

    expect(value).toBeInstanceOf(DecimalNumber);
    expect(value instanceof DecimalNumber && value.text).toBe('90071992547409.93');
  });

  test('a whole number written with a fraction is the whole number', () => {
    expect(parseJson('[1.0, 1e2]')).toEqual([1n, 100n]);
  });

  test('a name of the language is a key like any other', () => {
    const value = parseJson('{"__proto__": {"polluted": true}, "constructor": 1}');

    const map: object = typeof value === 'object' && value !== null ? value : {};
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor']);
    for (const name of ['polluted', 'toString', 'hasOwnProperty']) expect(name in map).toBe(false);
    expect('constructor' in Object(parseJson('{}'))).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    ['an empty text', ''],
    ['white space', ' \n'],
    ['doubled keys', '{"a":1,"a":2}'],
    ['doubled keys with equal values', '{"a":1,"a":1}'],
    ['doubled keys, one of them escaped', '{"a":1,"\\u0061":1}'],
    ['doubled keys deep inside', '{"a":[{"b":1,"b":1}]}'],
    ['text after the value', '{} {}'],
    ['a comma before the end', '[1,]'],
    ['a comma before the end of a map', '{"a":1,}'],
    ['a missing comma', '[1 2]'],
    ['a missing colon', '{"a" 1}'],
    ['a key without quotes', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{"a":1} // yes'],
    ['leading zeros', '007'],
    ['a plus sign', '+1'],
    ['a bare point', '.5'],
    ['a point without decimals', '5.'],
    ['hexadecimal', '0x10'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a number of a thousand digits', '9'.repeat(1000)],
    ['a number of a thousand decimals', `0.${'9'.repeat(1000)}`],
    ['a huge exponent', '1e1000000000'],
    ['a control character in a string', '"a\u0001b"'],
    ['a line break in a string', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['half an escape', '"\\u00"'],
    ['a string that is not closed', '"abc'],
    ['a map that is not closed', '{"a":1'],
    ['a list that is not closed', '[[1]'],
    ['a half word', 'tru'],
    ['HTML', '<html>502 Bad Gateway</html>'],
    ['nesting past the bound', '['.repeat(100) + ']'.repeat(100)],
    ['nesting that would exhaust the stack', '{"a":'.repeat(100_000)],
  ])('%s is refused', (_what, text) => {
    expect(() => parseJson(text)).toThrow(NotJson);
  });

  test('bytes that are not UTF-8 are refused, a byte order mark is not', () => {
    const utf8 = charsetOf('utf-8');

    expect(() => utf8.decode(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(Malformed);
    expect(parseJson(utf8.decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)))).toBe(1n);
  });

  test('reads what the engine reads, whatever the white space', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);

        const read = parseJson(text);

        expect(JSON.parse(writeJson(read))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('accepts no text the engine refuses', () => {
    const bits = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '.', 'e', 'true', 'null', ' '),
    );
    let taken = 0;

    fc.assert(
      fc.property(bits, (parts) => {
        const text = parts.join('');
        try {
          parseJson(text);
        } catch {
          return;
        }
        taken += 1;

        expect(() => void JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

describe('writing JSON', () => {
  test('amounts and identifiers come out digit for digit', () => {
    const value = {
      cents: 90071992547409931n,
      amount: DecimalNumber.of(Money.of(1230n, 2)),
      note: 'a "b"\n',
      on: true,
      none: null,
    };

    expect(writeJson(value)).toBe(
      '{"cents":90071992547409931,"amount":12.3,"note":"a \\"b\\"\\n","on":true,"none":null}',
    );
  });

  test('a map keeps its order, also of keys that look like numbers', () => {
    expect(
      writeJson(
        new Map([
          ['b', 1n],
          ['2', 2n],
          ['1', 3n],
        ]),
      ),
    ).toBe('{"b":1,"2":2,"1":3}');
  });

  test.each([
    ['an amount without a unit', Money.of(1n, 2)],
    ['bytes', Uint8Array.of(1)],
    ['nothing', undefined],
    ['a binary float that is none', Number.NaN],
    ['an amount deep inside', { a: [Money.of(1n, 2)] }],
  ])('%s has no form', (_what, value) => {
    expect(() => writeJson(value)).toThrow(NotJson);
  });
});
