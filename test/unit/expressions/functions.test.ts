import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { evaluate, holds, money, problemsOf, reply, scopeWith } from '../../support/expressions.js';

describe('hashes and encodings, by published vectors', () => {
  test.each([
    ['md5("abc").hex()', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1("abc").hex()', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['hex(sha256("abc"))', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha512("").base64()', 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=='],
    ['hmac("md5", "Jefe", "what do ya want for nothing?").hex()', '750c783e6ab0b503eaa86e310a5db738'],
    ['hmac("sha1", "Jefe", "what do ya want for nothing?").hex()', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      'hmac("sha256", bytes("Jefe"), bytes("what do ya want for nothing?")).hex()',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['base64("Aladdin:open sesame")', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['hex("aÿ")', '61c3bf'],
    ['upper(hex("aÿ"))', '61C3BF'],
    ['base64url(bytes("aÿ?>"))', 'YcO_Pz4'],
    ['digits(bytes("\\x00\\x01\\x00"))', '256'],
    ['text("€".size()) + reversed("a€b")', '1b€a'],
    ['text(bytes("aÿ"))', 'aÿ'],
    ['uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
  ])('%s', (source, value) => {
    expect(evaluate(`\${${source}}`)).toBe(value);
  });

  test('a sign over the exact bytes of the body, as one wallet wants it', () => {
    const body =
      '{"user_id":"p1","currency":"EUR","game":"demo:slot","game_id":"r1","finished":true,"actions":[{"action":"bet","amount":100,"action_id":"t1"},{"action":"win","amount":250,"action_id":"t1w"}]}';
    const scope = scopeWith({}, { sent: { raw: Buffer.from(body) } });

    expect(evaluate('${hmac("sha256", secrets.key, sent.raw).hex()}', scope)).toBe(
      '86201161e0c01c41bc0303a53c381e0ed8f0afd601178b38c09c198aae71f476',
    );
  });

  test('only the bytes of a view are hashed, not the buffer behind it', () => {
    const raw = Buffer.from('xxabcxx').subarray(2, 5);

    expect(evaluate('${hmac("sha1", secrets.key, sent.raw).hex()}', scopeWith({}, { sent: { raw } }))).toBe(
      createHmac('sha1', 'secret').update('abc').digest('hex'),
    );
    expect(
      evaluate('${hex(sent.raw)}', scopeWith({}, { sent: { raw: new Uint8Array(raw.buffer, raw.byteOffset, 3) } })),
    ).toBe('616263');
  });
});

describe('text', () => {
  test.each([
    ['upper("aB")', 'AB'],
    ['"aB".lower()', 'ab'],
    ['trim(" a ")', 'a'],
    ['" a ".trim()', 'a'],
    ['digits("tx-12-3")', '123'],
    ['"$a$a".replace("$a", "$&")', '$&$&'],
    ['join(["a", "b"], "|")', 'a|b'],
    ['["a", "b"].join("|")', 'a|b'],
    ['split("OK|1250.00|TX99", "|")[1]', '1250.00'],
    ['request.userID.substring(0, 3)', 'pla'],
    ['text(5) + text(true) + text(1.5) + text("a")', '5true1.5a'],
    ['join(["a", "b"].map(x, upper(x)), "")', 'AB'],
  ])('%s', (source, value) => {
    expect(evaluate(`\${${source}}`)).toBe(value);
  });

  test('join takes what has one way of being text', () => {
    const joined = (list: unknown[]) => evaluate('${join(response.body.list, ",")}', scopeWith({ list }), reply);

    expect(joined(['a', 1n, true, DecimalNumber.parse('1.50')])).toBe('a,1,true,1.50');
    for (const item of [null, ['a'], money('1.00')])
      expect(() => joined([item])).toThrow('a list holds what has no one way');
  });

  test('first and last cut, and never fail', () => {
    expect(evaluate('${first("abc", 2)}|${last("abc", 2)}|${"abc".first(9)}|${"abc".last(9)}|${last("abc", 0)}')).toBe(
      'ab|bc|abc|abc|',
    );
  });

  test('an amount with a decimal comma and dots between thousands is read exactly', () => {
    const scope = scopeWith({ balance: '-1.234.567,89' });

    expect(
      evaluate('${money.fromMajor(replace(replace(response.body.balance, ".", ""), ",", "."))}', scope, reply, 'money'),
    ).toEqual(money('-1234567.89'));
  });

  test('integer() is strict, because an empty text is not zero', () => {
    expect(holds('integer(response.body.code) == 12', { code: '12' })).toBe(true);
    expect(holds('integer(response.body.code) == -12', { code: -12n })).toBe(true);
    for (const code of ['', ' ', '0x0', '0.0', '1e0', '0b0', '9'.repeat(19)])
      expect(() => holds('integer(response.body.code) == 0', { code })).toThrow('the text is not a whole number');
  });
});

describe('like', () => {
  test('matches the whole value', () => {
    expect(holds('response.body.t.like("TX[0-9]+")', { t: 'TX12' })).toBe(true);
    expect(holds('like(response.body.t, "TX[0-9]+")', { t: 'TX12 ' })).toBe(false);
    expect(holds('like(response.body.t, "TX[0-9]+")', { t: 'aTX12' })).toBe(false);
  });

  test('runs in linear time', () => {
    expect(holds('like(response.body.t, "(a*)*b")', { t: 'a'.repeat(50_000) })).toBe(false);
  });

  test.each([
    ['${like(request.userID, request.roundID)}', '23: the pattern of like is a text in quotes: it is compiled at load'],
    ['${request.userID.like("(")}', '22: the pattern of like cannot be read, or cannot run in linear time'],
    ['${like(request.userID, "(?=a)")}', '23: the pattern of like cannot be read, or cannot run in linear time'],
    [
      '${request.userID.matches("a")}',
      '17: matches is not part of this language: write like(text, pattern): it runs in linear time',
    ],
  ])('%s is refused', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });
});

describe('time and ids come with the scope', () => {
  test('so the same scope gives the same request', () => {
    expect(evaluate('${now.unix()}')).toBe(1_700_000_000n);
    expect(evaluate('${now.unixMs()}')).toBe(1_700_000_000_123n);
    expect(evaluate('${uuid()}')).toBe('11111111-2222-4333-8444-555555555555');
  });

  test('an evaluation inside another leaves the outer scope at work', () => {
    const vars = {
      get total() {
        return evaluate('${uuid()}', scopeWith({}, { uuid: () => 'inner' }));
      },
    };

    expect(evaluate('${text(vars.total) + uuid()}', scopeWith({}, { vars, uuid: () => 'outer' }))).toBe('innerouter');
  });
});

describe('functions that are not there', () => {
  test.each([
    ['hmca("sha1", "a", "b")', '2: unknown function "hmca" – did you mean "hmac"?'],
    ['formEncod({"a": "b"})', '2: unknown function "formEncod" – did you mean "formEncode"?'],
    ['minor(request.amount)', '2: minor is written x.minor(…)'],
    ['request.userID.sha256()', '17: sha256 is written sha256(…)'],
    ['int("")', '2: int is not part of this language: write integer(…)'],
    ['string(1)', '2: string is not part of this language: write text(…)'],
    [
      'double("1.5")',
      '2: double is not part of this language: numbers are exact here: use the value as it is, or money.fromMajor(…)',
    ],
    [
      'timestamp("2026-01-01T00:00:00Z")',
      '2: timestamp is not part of this language: write now.unix(), now.unixMs() or now.format(…)',
    ],
    ['type(1)', expect.stringMatching(/^2: unknown function "type"; expected one of all, base64, /)],
    ['dyn(1)', expect.stringMatching(/^2: unknown function "dyn"; expected one of all, base64, /)],
    ['toUpperCase("a")', '2: unknown function "toUpperCase" – did you mean "upper"?'],
    ['hmac_sha1("a")', '2: unknown function "hmac_sha1" – did you mean "hmac"?'],
    ['substr("a", 1)', '2: unknown function "substr" – did you mean "substring"?'],
    ['eur("a")', '2: unknown function "eur" – did you mean the text "EUR"?'],
    ['eur == "a"', '2: unknown name "eur" – did you mean the text "EUR"?'],
    ['len("a")', '2: len is not part of this language: write size(…)'],
    ['parseInt("1")', '2: parseInt is not part of this language: write integer(…)'],
    ['urlencode("a")', '2: urlencode is not part of this language: write form(…)'],
    ['has({"a": 1}["a"])', '6: has(…) takes no brackets: write "a" in {"a": 1}'],
    ['has([1][0])', '6: has(…) takes no brackets: write [1][?0].hasValue()'],
    ['has()', '2: has(…) asks for a field by its name, as has(response.body.code) does'],
    ['cel.bind(x, 1, x)', expect.stringContaining('unknown function "bind"')],
    ['hmac("sha3", "a", "b")', '7: the first argument of hmac is one of "md5", "sha1", "sha256", "sha512"'],
    ['hmac(reference, "a", "b")', '7: the first argument of hmac is one of "md5", "sha1", "sha256", "sha512"'],
    ['uuid5("x", "y")', '8: the first argument of uuid5 is the UUID of a namespace'],
    ['rsaSha256("key", "a")', '12: the first argument of rsaSha256 is the name of a secret: write secrets.…'],
    [
      'formEncode({"a": "b"}, "http")',
      '25: the second argument of formEncode is one of "form", "php", "rfc3986", "uri"',
    ],
    ['now.format("yyyy", "Mars/Olympus")', '21: not a time zone: write one such as "UTC" or "Europe/Istanbul"'],
    ['now.format("yyyy", request.userID)', '21: not a time zone: write one such as "UTC" or "Europe/Istanbul"'],
    [
      'now.format("YYYY-MM-dd", "UTC")',
      '13: not a pattern of yyyy yy MM dd HH mm ss SSS XXX xxx XX xx: other letters stand in single quotes',
    ],
    ['now.format("", "UTC")', expect.stringContaining('not a pattern of')],
    ["now.format(\"HH 'o\", 'UTC')", expect.stringContaining('not a pattern of')],
  ])('%s', (source, problem) => {
    expect(problemsOf(`\${${source}}`)[0]).toEqual(problem);
  });
});

test('no message repeats a value: it may be a secret', () => {
  const scope = scopeWith({ v: 'hunter2' }, { secrets: { key: 'hunter2' } });
  for (const [source, place] of [
    ['${bool(secrets.key)}', undefined],
    ['${integer(secrets.key)}', undefined],
    ['${[1][integer(response.body.v)]}', reply],
    ['${money.fromMajor(response.body.v)}', reply],
    ['${bool(response.body.v)}', reply],
    ['${settings.games[secrets.key]}', undefined],
    ['${secrets.key.substring(99)}', undefined],
  ] as const) {
    let message = '';
    try {
      evaluate(source, scope, place);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('EvaluationFailure');
    expect(message).not.toContain('hunter2');
  }
});
