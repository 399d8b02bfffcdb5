// Texts that a mapping writes itself, past every codec: what may stand in them as it is, what must be
// escaped, and that a value which wants to be more than a value stays one.

import { describe, expect, test } from '@jest/globals';
import { isHarmless } from '../../../src/protocol/formats.js';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';

type Change = readonly [string, string];
const sound = "body: { reference: '${reference}', cents: '${request.amount.minor()}' }";
const hostile = 'p7&cents=1&player=admin';

/** The sound file with a body written as one text. */
const writing = (format: string, body: string, ...changes: readonly Change[]): string =>
  fileWith(
    ['repeatable: always', `repeatable: always\n  format: { request: ${format}, response: json }`],
    [sound, `body: ${JSON.stringify(body)}`],
    [sound, `body: 'cents=\${request.amount.minor()}&ref=1'`],
    ...changes,
  );
const withFormats = (formats: string): Change => ['secrets:', `  formats: ${formats}\nsecrets:`];

function bodyOf(file: string, fields: Readonly<Record<string, string>> = {}): string {
  const sampled = sampleCalls(operatorOf(file), { operation: 'withdraw', fields: { transactionID: 't1', ...fields } });
  const [made] = 'because' in sampled ? [] : sampled.calls.map(({ call, subject }) => call.render(subject, 0));
  if (made?.kind !== 'request') throw new Error(made?.because);
  return Buffer.from(made.request.body ?? []).toString();
}

const raw = (name: string): unknown => expect.stringContaining(` ${name} could end its place in this text; expected `);
const wrong = (file: string): string[] => problemsOf(file).filter((problem) => problem.includes('end its place'));

describe('a value in a text by hand is one value again', () => {
  test('in a form', () => {
    const body = bodyOf(writing('form', 'player=${form(request.userID)}&cents=${request.amount.minor()}'), {
      userID: hostile,
    });

    expect(body).toBe('player=p7%26cents%3D1%26player%3Dadmin&cents=1230');
    expect([...new URLSearchParams(body)]).toEqual([
      ['player', hostile],
      ['cents', '1230'],
    ]);
  });

  test('in JSON', () => {
    const text = '{"player":${json(request.userID)},"cents":${request.amount.minor()}}';

    expect(JSON.parse(bodyOf(writing('text', text), { userID: 'p7","admin":true,"x":"' }))).toEqual({
      player: 'p7","admin":true,"x":"',
      cents: 1230,
    });
  });

  test('in XML', () => {
    expect(
      bodyOf(writing('text', '<b id="${xml(reference)}">${xml(request.userID)}</b>'), { userID: '</b><c/>' }),
    ).toBe('<b id="t1">&lt;/b&gt;&lt;c/&gt;</b>');
  });

  test('in a line, or there is no request', () => {
    const file = writing('text', 'BET|${line(request.userID, "|")}|${request.amount.minor()}');

    expect(bodyOf(file, { userID: 'Jürgen 7' })).toBe('BET|Jürgen 7|1230');
    expect(() => bodyOf(file, { userID: 'p7|999' })).toThrow(
      'a value for a line of text holds a character that ends it',
    );
    expect(() => bodyOf(file, { userID: 'p7\nBET' })).toThrow('a value for a line of text holds a control character');
  });

  test('and what cannot be sent for the value’s sake is the platform’s mistake', () => {
    const operator = operatorOf(writing('text', 'BET|${line(request.userID, "|")}|1'));
    const sampled = sampleCalls(operator, { operation: 'withdraw', fields: { userID: 'p7|999' } });
    const [made] = 'because' in sampled ? [] : sampled.calls.map(({ call, subject }) => call.render(subject, 0));

    expect(made).toMatchObject({ kind: 'cannot', result: 'wrongInput' });
  });
});

describe('a raw value is a load error', () => {
  test.each([
    ['form', 'player=${request.userID}', 'request.userID'],
    ['form', 'player=x${upper(request.userID)}', 'upper(request.userID)'],
    ['form', '${"player=" + request.userID}', 'request.userID'],
    ['form', '${join(["a=1", request.userID], "&")}', 'request.userID'],
    ['form', '${join(pairs({"a": request.userID}).map(p, p[0] + "=" + form(p[1])), "&")}', 'p[0]'],
    ['form', 'game=${request.?gameID.orValue("")}', 'request.?gameID'],
    ['form', 'token=${player.?session.orValue("")}', 'player.?session'],
    ['form', 'round=${request.roundID}', 'request.roundID'],
    ['form', 'ref=${reference}', 'reference'],
    ['form', 'a=${json(request.userID)}', 'json(request.userID)'],
    ['form', 'a=${line(request.userID)}', 'line(request.userID)'],
    // Of its alphabet a form reads `+` as a space.
    ['form', 'sign=${base64(sha256("x"))}', 'base64(sha256("x"))'],
    // A piece of an escape is no escape.
    ['form', 'a=${first(form(request.userID), 5)}', 'first(form(request.userID), 5)'],
    ['form', 'a=${request.userID.replace("&", "")}', 'request.userID.replace("&", "")'],
    ['form', 'a=${request.amount == money.fromMinor(0) ? "0" : request.userID}', 'request.userID'],
    ['text', 'BET|${request.userID}', 'request.userID'],
    ['text', '${request.userID}', 'request.userID'],
    ['text', '${split(request.userID, ",")[0]}', 'split(request.userID, ",")[0]'],
    ['text', '<p>${request.userID}</p>', 'request.userID'],
    ['text', '{"a":${request.userID}}', 'request.userID'],
    ['text', 'A|${line(request.userID)}|B', 'line(request.userID)'],
    ['text', 'A|${line(request.userID, ";")}', 'line(request.userID, ";")'],
    ['text', '${line(request.userID)} ${hex(reference)}', 'line(request.userID)'],
    ['text', '${join([line(request.userID), "1"], "|")}', 'line(request.userID)'],
    ['text', '${"A|" + line(request.userID)}', 'line(request.userID)'],
    ['text', '{"a":"${json(request.userID)}"}', 'json(request.userID)'],
  ])('%s: %s', (format, body, name) => {
    expect(wrong(writing(format, body))).toEqual([raw(name)]);
  });

  test('each is told of', () => {
    const vars = ['wallet:', "vars:\n  who: 'player=${request.userID}'\nwallet:"] as const;

    expect(wrong(writing('form', 'round=${request.roundID}&${vars.who}&ref=${reference}', vars))).toEqual([
      raw('request.userID'),
      raw('request.roundID'),
      raw('reference'),
    ]);
  });

  test('a secret is a value nobody sees in the file', () => {
    expect(wrong(writing('form', 'key=${secrets.gsp}'))).toEqual([raw('secrets.gsp')]);
    expect(wrong(writing('form', 'key=${form(secrets.gsp)}'))).toEqual([]);
  });

  test('in a var it is told of there, and once', () => {
    const file = writing('form', 'cents=1&${vars.who}', [
      'wallet:',
      "vars:\n  who: 'player=${request.userID}'\nwallet:",
    ]);

    expect(wrong(file)).toEqual([expect.stringMatching(/^\d+:\d+ vars\.who: request\.userID could end/)]);
  });

  test.each([
    ['JSON in a field of a form', 'form', '{ data: \'{"player":"${request.userID}"}\' }'],
    ['JSON put together in an expression', 'form', '{ data: \'${"{\\"p\\":\\"" + request.userID + "\\"}"}\' }'],
    ['XML in a member of JSON', 'json', "{ xml: '<player>${request.userID}</player>' }"],
    ['a form in a member of JSON', 'json', "{ form: 'a=1&player=${request.userID}' }"],
    ['a list of JSON in a list', 'json', '[[\'["${request.userID}"]\']]'],
  ])('%s', (_what, format, body) => {
    const file = fileWith(
      ['repeatable: always', `repeatable: always\n  format: { request: ${format}, response: json }`],
      [sound, `body: ${body}`],
    );

    expect(wrong(file)).toEqual([raw('request.userID')]);
  });

  test('in a parameter and in a header that hold such a text, too', () => {
    const with_ = (part: string): string => fileWith([sound, `${part}, ${sound}`]);

    expect(wrong(with_('query: { q: \'{"p":"${request.userID}"}\' }'))).toEqual([raw('request.userID')]);
    expect(wrong(with_('headers: { X-Q: \'{"p":"${request.userID}"}\' }'))).toEqual([raw('request.userID')]);
    expect(wrong(with_('query: { q: \'{"p":${json(request.userID)}}\' }'))).toEqual([]);
  });

  test.each(['{"ref":${json(reference)}}', '${json({"ref": reference})}'])('JSON in a JSON body: %s', (body) => {
    expect(problemsOf(fileWith([sound, `body: '${body}'`]))).toEqual([
      expect.stringContaining('JSON would put quotes around this text; expected a map or a list, or format: text'),
    ]);
  });
});

describe('what cannot hold such a character stands as it is', () => {
  test.each([
    ['form', 'cents=${request.amount.minor()}&sum=${request.amount.major()}&n=${request.amount.number()}'],
    [
      'form',
      'free=${request.?freeSpin.orValue(false)}&time=${now.unix()}&day=${now.format("yyyy-MM-dd HH:mm", "UTC")}',
    ],
    ['form', 'sign=${hex(md5(request.userID))}&id=${uuid()}&s=${upper(sha1(request.userID).hex())}'],
    ['form', 'id=${uuid5("8f0c4c62-5b1d-4a53-9a3c-0d6b1f5f7f11", request.userID)}&n=${digits(request.userID)}'],
    ['form', 'id=${first(digits(sha256(request.userID)), 18)}&b=${base64url(sha256(request.userID))}'],
    ['form', 'currency=${currency}&agent=${agent}&long=${size(request.userID) + 1}'],
    ['form', '${formEncode({"player": request.userID}, "php")}&x=1'],
    ['form', '${{"player": request.userID}}'],
    ['form', '${sorted({"player": request.userID} + {"b": "1"})}'],
    ['form', '${[["player", request.userID]]}'],
    ['form', '${join(pairs({"a": request.userID}).map(p, form(p[0]) + "=" + form(p[1])), "&")}'],
    ['form', 'a=${request.amount == money.fromMinor(0) ? "0" : form(request.userID)}'],
    ['text', '${json({"player": request.userID})}'],
    ['text', '${base64(request.userID)}|${text(request.amount.minor())}'],
    ['text', 'player=${line(request.userID)}\nround: ${line(request.roundID)}'],
    ['text', '${line(request.userID, "|,")}|${line(request.roundID, "|")}'],
    ['text', '${join([line(request.userID, "|"), "1"], "|")}'],
    ['text', '<a>${xml(request.userID)}</a>'],
    ['text', 'data=${form(json({"p": request.userID}))}'],
    ['text', 'nothing of a callback'],
  ])('%s: %s', (format, body) => {
    expect(wrong(writing(format, body))).toEqual([]);
  });

  test('a constant of the file, also one that is picked by a value', () => {
    const file = writing(
      'form',
      'shop=${settings.shop}&game=${settings.games[?request.?gameID.orValue("")].orValue("x")}',
      ['wallet:', "settings: { shop: 'a&b', games: { '1': book } }\nwallet:"],
    );

    expect(wrong(file)).toEqual([]);
    expect(bodyOf(file, { gameID: '1' })).toBe('shop=a&b&game=book');
  });

  test('an id whose declared format has no such character, and a reference that is made of it', () => {
    const body = 'player=${request.userID}&ref=${reference}&round=${request.roundID}';
    const formats = (userID: string): Change =>
      withFormats(`{ userID: '${userID}', transactionID: '[0-9a-f]{1,32}', roundID: '[0-9a-f]+' }`);

    expect(wrong(writing('form', body, formats('[0-9]{1,12}')))).toEqual([]);
    expect(wrong(writing('form', body, formats('.{1,12}')))).toEqual([raw('request.userID')]);
    expect(bodyOf(writing('form', body, formats('[0-9]{1,12}')), { userID: '7', roundID: 'f' })).toBe(
      'player=7&ref=t1&round=f',
    );
  });

  test('a reference that is digits whatever the id', () => {
    const file = writing('text', 'BET|${reference}', [
      'repeatable: always',
      'reference: ${first(digits(sha256(id)), 18)}\n  repeatable: always',
    ]);

    expect(wrong(file)).toEqual([]);
  });

  test('a form or JSON as the codec writes it needs nothing', () => {
    expect(
      problemsOf(fileWith([sound, "body: { player: 'gsp-${request.userID}', note: 'a: ${reference}, b' }"])),
    ).toEqual([]);
  });
});

describe('a format without such a character', () => {
  test.each(['[0-9]{1,12}', '[0-9a-f]{32}', '\\d+', '[\\w.-]{1,64}', '(?:gsp-)?[a-z]+|[0-9]+', '^[A-Z]$', 'p\\.[0-9]'])(
    '%s',
    (pattern) => expect(isHarmless(pattern)).toBe(true),
  );

  test.each([
    undefined,
    '.*',
    '[^&]+',
    '[0-z]+',
    '[ -~]+',
    'a&b',
    '[a-z:]+',
    '[a-z]+@x',
    '[a-z|]',
    '\\S+',
    '[+-9]',
    'a b',
    '"',
    '[a-ÿ]',
    '\\W',
    '[z-a]',
    '(',
  ])('not %s', (pattern) => expect(isHarmless(pattern)).toBe(false));
});
