// The functions that put a value into a text: what comes out is that one value again, whatever is in it.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../src/codecs/json.js';
import { readXml } from '../../../src/codecs/xml.js';
import { Unfit } from '../../../src/codecs/codec.js';
import { evaluate, money, problemsOf, scopeWith } from '../../support/expressions.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { EvaluationFailure } from '../../../src/codecs/evaluation-failure.js';

const of = (expression: string, userID: string, more: Record<string, unknown> = {}): unknown =>
  evaluate(`\${${expression}}`, scopeWith({}, { request: { userID, amount: money('12.30') }, ...more }));
const hostile = ['p7&cents=1&player=admin', '"}', ']]>', '</a><b>', "'", '\\', 'ş€ 😀', 'a=b', '%26', '+', ''];
const texts = () => fc.string({ unit: 'binary' });

describe('form(x)', () => {
  test.each([
    ['p7&cents=1&player=admin', 'p7%26cents%3D1%26player%3Dadmin'],
    ['a b+c', 'a+b%2Bc'],
    ['ş', '%C5%9F'],
    ['a.b-c_d*', 'a.b-c_d*'],
  ])('%s is %s', (value, written) => {
    expect(of('form(request.userID)', value)).toBe(written);
  });

  test('is one value again', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const read = new URLSearchParams(`a=${String(of('form(request.userID)', value))}&b=1`);

        expect([...read]).toEqual([
          ['a', value],
          ['b', '1'],
        ]);
      }),
    );
  });

  test('is in the wallet’s charset, and refuses what that does not have', () => {
    const inTurkish = { charset: 'iso-8859-9' };

    expect(of('form(request.userID)', 'şğ', inTurkish)).toBe('%FE%F0');
    expect(() => of('form(request.userID)', 'слово', inTurkish)).toThrow(Unfit);
  });

  test('takes numbers and truths, and no bare amount', () => {
    expect(evaluate('${form(12)}|${form(1.5)}|${form(true)}')).toBe('12|1.5|true');
    expect(problemsOf('${form(request.amount)}')).toEqual([
      '2: form does not take (Money): write .minor(), .major(), .number() or .scaled(n)',
    ]);
  });
});

describe('json(x)', () => {
  test.each(hostile)('%j is one string again', (value) => {
    expect(parseJson(`{"a":${String(of('json(request.userID)', value))},"b":1}`)).toEqual({ a: value, b: 1n });
  });

  test('is the text of maps, lists and exact numbers, as a body would be', () => {
    expect(of('json({"ref": request.userID, "amount": request.amount.number(), "of": [1, true, null]})', 'a"b')).toBe(
      '{"ref":"a\\"b","amount":12.3,"of":[1,true,null]}',
    );
    expect(of('json(request.amount.minor())', '')).toBe('1230');
    expect(evaluate('${json(response.body)}', scopeWith({}), { kind: 'reply', operation: 'withdraw' }, 'any')).toBe(
      '{}',
    );
    expect(of('json(sent.body)', '', { sent: { body: { n: DecimalNumber.parse('90071992547409.93') } } })).toBe(
      '{"n":90071992547409.93}',
    );
  });

  test('holds no bare amount, however deep', () => {
    expect(problemsOf('${json(request.amount)}')).toEqual([
      '2: json does not take (Money): write .minor(), .major(), .number() or .scaled(n)',
    ]);
    expect(problemsOf('${json({"a": request.amount})}')).toEqual([
      '7: this cannot be sent, this is map: write .minor(), .major(), .number() or .scaled(n)',
    ]);
    expect(problemsOf('${json([request.?gameID])}')).toHaveLength(1);
    expect(() => of('json({"a": [request.amount], "b": 1})', '')).toThrow(EvaluationFailure);
    expect(problemsOf('${json([now])}')).toHaveLength(1);
  });
});

describe('xml(x)', () => {
  test('is one text again, in an element and in an attribute of either quotes', () => {
    fc.assert(
      fc.property(texts(), (value) => {
        const legal = value.replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
        const written = String(of('xml(request.userID)', legal));

        expect(readXml(`<r><a>${written}</a><b x="${written}"/><c x='${written}'/></r>`)).toEqual({
          r: { a: legal, b: { '@x': legal }, c: { '@x': legal } },
        });
      }),
    );
  });

  test('refuses what XML cannot hold', () => {
    expect(() => of('xml(request.userID)', 'a\u0001')).toThrow('a value has a character that XML does not');
  });
});

describe('line(x)', () => {
  test('is the text as it is', () => {
    expect(of('line(request.userID)', 'Jürgen; p|7')).toBe('Jürgen; p|7');
    expect(evaluate('${line(12)}')).toBe('12');
  });

  test.each(['a\nb', 'a\r', '\t', 'a\u0000', '\u007f', '\u0085', '\u2028', '\u2029'])('%j is refused', (value) => {
    expect(() => of('line(request.userID)', value)).toThrow('a value for a line of text holds a control character');
  });

  test('refuses what ends it there', () => {
    expect(of('line(request.userID, "|;")', 'p7')).toBe('p7');
    for (const value of ['p|7', 'p7;'])
      expect(() => of('line(request.userID, "|;")', value)).toThrow(
        'a value for a line of text holds a character that ends it',
      );
  });
});

test('no message holds the value', () => {
  for (const expression of ['line(request.userID)', 'xml(request.userID)'])
    expect(() => of(expression, 'hidden\u0001')).toThrow(/^(?!.*hidden)a value /s);
});
