import { describe, expect, test } from '@jest/globals';
import { alwaysTrue, compile, compilePieces, negatesReply } from '../../../src/expressions/expressions.js';
import { declared, evaluate, holds, money, problemsOf, reply, request, scopeWith } from '../../support/expressions.js';
import { absent } from '../../../src/expressions/result.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { EvaluationFailure } from '../../../src/codecs/evaluation-failure.js';

describe('a value with ${…} in it', () => {
  test.each([
    ['plain text', 'plain text'],
    ['', ''],
    ['$', '$'],
    ['$${x}', '${x}'],
    ['$$${x}', '$${x}'],
    ['{x}', '{x}'],
    ['${reference}', 'gsp-tx-1'],
    [' ${reference}', ' gsp-tx-1'],
    ['/p/${request.userID}/r/${request.roundID}', '/p/player-1/r/round-1'],
    ['${request.userID}${reference}', 'player-1gsp-tx-1'],
    ['${"}"}', '}'],
    ["${'}'}", '}'],
    ['${"\\"}"}', '"}'],
    ['${"""a"}b"""}', 'a"}b'],
    ['${{"a": "}"}["a"]}', '}'],
    ['${"a" // } not here\n + "b"}', 'ab'],
    ['${"http://x"}', 'http://x'],
  ])('%p becomes %p', (source, value) => {
    expect(evaluate(source)).toBe(value);
  });

  test('keeps its type when it is one expression, and is text among other text', () => {
    expect(evaluate('${request.amount.minor()}')).toBe(1230n);
    expect(evaluate('${request.amount.minor()} cents')).toBe('1230 cents');
    expect(evaluate('${true}')).toBe(true);
    expect(evaluate('is ${true}')).toBe('is true');
    expect(evaluate('x${1.50}')).toBe('x1.50');
    expect(evaluate('${null}')).toBeNull();
    expect(evaluate('${[1, 2]}')).toEqual([1n, 2n]);
  });

  test('one absent optional says that it is absent; one that is there gives its value', () => {
    expect(evaluate('${request.?gameID}')).toBe(absent);
    expect(evaluate('${request.?gameID}', scopeWith({}, { request: { gameID: 'g1' } }))).toBe('g1');
    expect(evaluate('${request.?gameID}', scopeWith({}), request, 'text')).toBe(absent);
    expect(evaluate('${1 == 2 ? optional.of("a") : optional.none()}')).toBe(absent);
    expect(evaluate('${request.?gameID.orValue("none")}')).toBe('none');
  });

  test('static text has no expression to evaluate', () => {
    const { template } = compile('EUR', request, declared, 'any');

    expect(template?.type).toBe('text');
    expect(template?.evaluate({})).toBe('EUR');
  });

  test('gives its pieces to who puts them together himself', () => {
    const { pieces } = compilePieces('/p/${request.userID}/x$${', request, declared);

    expect(pieces?.map((piece) => (typeof piece === 'string' ? piece : piece.evaluate(scopeWith({}))))).toEqual([
      '/p/',
      'player-1',
      '/x${',
    ]);
    expect(compilePieces('/p/${request.amount}', request, declared)).toEqual({
      problems: [expect.objectContaining({ offset: 5 })],
    });
  });

  test.each([
    ['${reference', '0: this ${ is not closed by a }, or a quote inside it is not closed'],
    ['a ${"x}', '2: this ${ is not closed by a }, or a quote inside it is not closed'],
    ['${}', '2: the expression is empty'],
    ['a${  }b', '3: the expression is empty'],
    ['${1 +}', '5: the expression ends too early'],
    ['${(1}', '4: not an expression: expected ), got the end'],
    ['${reference = "a"}', '12: write == to compare'],
    ['${true & true}', '7: write && for "and"'],
    ['${true | true}', '7: write || for "or"'],
    ['${"a" "b"}', "6: not an expression: unexpected character: '\"'"],
    ['${1 ? 2}', '7: not an expression: expected :, got the end'],
    ['${5u}', '2: write the number without u'],
  ])('%p is refused', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
    expect(compile(source, request, declared, 'any').template).toBeUndefined();
  });

  test('all wrong names of all expressions are told at once', () => {
    expect(problemsOf('${requst.userID} ${request.userId} ${foo(refrence)}')).toEqual([
      '2: unknown name "requst" – did you mean "request"?',
      expect.stringMatching(/^27: request\.userId is not a field of a withdraw/),
      expect.stringMatching(/^37: unknown function "foo"; expected one of all, base64, .*, value, xml$/),
      '41: unknown name "refrence" – did you mean "reference"?',
    ]);
  });
});

describe('what is wanted', () => {
  test.each([
    ['true', '0: this is plain text: write ${…} with what is wanted here'],
    ['${response.status}', '2: a rule is true or false, this is integer'],
    ['a${true}', '0: this is plain text: write ${…} with what is wanted here'],
    [
      '${request.?freeSpin}',
      '2: a rule is true or false, this is optional true/false: it may be absent: write .orValue(…)',
    ],
  ])('a rule is not %p', (source, problem) => {
    expect(problemsOf(source, reply, 'bool')).toEqual([problem]);
  });

  test('a rule whose type only the wallet knows must turn out true or false', () => {
    expect(holds('response.body.ok', { ok: true })).toBe(true);
    expect(() => holds('response.body.ok', { ok: 'true' })).toThrow(EvaluationFailure);
    expect(() => holds('response.body.ok', { ok: null })).toThrow(EvaluationFailure);
  });

  const advice = 'write money.fromMajor(…), money.fromMinor(…) or money.fromScaled(…, n)';
  test.each([
    ['12.30', '0: this is plain text: write ${…} with what is wanted here'],
    ['${response.body.balance}', `2: an amount is wanted here, this is any value: ${advice}`],
    ['${1.5}', `2: an amount is wanted here, this is number: ${advice}`],
    ['${response.body.?balance}', `2: an amount is wanted here, this is optional any value: ${advice}`],
  ])('an amount is not %p', (source, problem) => {
    expect(problemsOf(source, reply, 'money')).toEqual([problem]);
  });

  test('an amount may be absent', () => {
    expect(evaluate('${null}', scopeWith({}), reply, 'money')).toBe(absent);
    expect(evaluate('${optional.none()}', scopeWith({}), reply, 'kept')).toBe(absent);
  });

  test('text is made of texts, numbers and true or false, and of nothing else', () => {
    const receipt = (body: unknown): unknown => evaluate('${response.body.id}', scopeWith(body), reply, 'text');

    expect(receipt({ id: 'r1' })).toBe('r1');
    expect(receipt({ id: 900719925474099312345n })).toBe('900719925474099312345');
    expect(receipt({ id: DecimalNumber.parse('1.5') })).toBe('1.5');
    expect(receipt({ id: false })).toBe('false');
    expect(() => receipt({ id: null })).toThrow('the value is no text, number or true/false');
    expect(() => receipt({ id: {} })).toThrow(EvaluationFailure);
    expect(() => receipt({})).toThrow('`response.body.id` is absent');
  });

  test.each([
    ['${request.amount}', '2: this cannot be sent, this is Money: write .minor(), .major(), .number() or .scaled(n)'],
    [
      '${[request.amount]}',
      '2: this cannot be sent, this is list of Money: write .minor(), .major(), .number() or .scaled(n)',
    ],
    [
      '${optional.of(request.amount)}',
      '2: this cannot be sent, this is optional Money: write .minor(), .major(), .number() or .scaled(n)',
    ],
    ['a${request.amount}', '3: text is wanted here, this is Money: write .minor(), .major(), .number() or .scaled(n)'],
    ['a${request.?gameID}', '3: text is wanted here, this is optional text: it may be absent: write .orValue(…)'],
    ['a${null}', '3: text is wanted here, this is null'],
    ['a${[1]}', '3: text is wanted here, this is list of integer'],
    ['${sha256("a")}', '2: this cannot be sent, this is bytes: write .hex() or .base64()'],
    ['${now}', '2: this cannot be sent, this is clock: write now.unix(), now.unixMs() or now.format(…)'],
    [
      '${[request.?gameID]}',
      '2: this cannot be sent, this is list of optional text: it may be absent: write .orValue(…)',
    ],
  ])('%p cannot stand in a request', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });

  test('an amount that hides behind an untyped value is found before it is sent', () => {
    expect(() => evaluate('${vars.total}')).toThrow('the value cannot be sent as it is');
    expect(() => evaluate('${[vars.total]}')).toThrow('the value cannot be sent as it is');
    expect(() => evaluate('${{"a": vars.total}}')).toThrow('the value cannot be sent as it is');
    expect(() => evaluate('a${vars.total}')).toThrow('the value is no text, number or true/false');
    expect(evaluate('${vars.total.minor()}')).toBe(500n);
    expect(evaluate('${vars.total}', scopeWith({}), request, 'kept')).toEqual(money('5.00'));
  });
});

describe('rules on a reply', () => {
  test('numbers and texts are what the wallet sent, never alike', () => {
    expect(holds('response.status == 201', {})).toBe(true);
    expect(holds('response.status in [200, 201]', {})).toBe(true);
    expect(holds('response.body.code == 0', { code: 0n })).toBe(true);
    expect(holds('response.body.code == 0', { code: '0' })).toBe(false);
    expect(holds('response.body.code == 0', { code: '' })).toBe(false);
    expect(holds('response.body.code == 0', { code: null })).toBe(false);
    expect(holds('response.body.code == 0', { code: false })).toBe(false);
    expect(holds('response.body.code == "0"', { code: 0n })).toBe(false);
    expect(holds('response.body.code == "0"', { code: '0' })).toBe(true);
    expect(holds('0 == response.body.code', { code: '0' })).toBe(false);
    expect(holds('response.body.code in [0, 11]', { code: 11n })).toBe(true);
    expect(holds('response.body.code in [0, 11]', { code: '11' })).toBe(false);
  });

  test('numbers with a fraction are compared exactly', () => {
    const body = { n: DecimalNumber.parse('90071992547409.93') };

    expect(holds('response.body.n == 90071992547409.93', body)).toBe(true);
    expect(holds('response.body.n == 90071992547409.92', body)).toBe(false);
    expect(holds('response.body.n == 90071992547409', body)).toBe(false);
    expect(holds('90071992547409 < response.body.n', body)).toBe(true);
    expect(holds('response.body.n >= 90071992547410', body)).toBe(false);
    expect(holds('response.body.n <= 90071992547409.93', body)).toBe(true);
    expect(holds('response.body.n in [1.5, 90071992547409.93]', body)).toBe(true);
    expect(holds('[1.5].exists(x, x < response.body.n)', body)).toBe(true);
    expect(holds('response.body.n == 1.0', { n: 1n })).toBe(true);
    expect(holds('response.body.n > 0.5', { n: 1n })).toBe(true);
  });

  test('a rule that needs an absent field cannot be worked out, and says which', () => {
    expect(() => holds('response.body.error.code == "LOW"', { ok: true })).toThrow(
      '`response.body.error.code` is absent',
    );
    expect(() => holds('response.status == 201 && response.body["error"].code == "LOW"', null)).toThrow(
      '`response.body.error.code` is absent',
    );
    expect(() => holds('response.body.e.a == 1 || response.body.e.b == 2', {})).toThrow('`response.body.e` is absent');
    expect(() => holds('response.headers["x-code"] == "1"', {})).toThrow('`response.headers["x-code"]` is absent');
    expect(() => holds('response.body.list[3] == 1', { list: [1n] })).toThrow('`response.body.list[3]` is absent');
    expect(() => holds('response.body.code < 5', { code: 'LOW' })).toThrow(
      '`response.body.code < 5` does not work with values of these kinds',
    );
  });

  test('what is not needed may be absent', () => {
    expect(holds('response.status == 201 || response.body.error.code == "LOW"', {})).toBe(true);
    expect(holds('response.body.error.code == "LOW" || response.status == 201', {})).toBe(true);
    expect(holds('response.body.e.a == 1 || response.body.e.b == 2', { e: { b: 2n } })).toBe(true);
    expect(holds('has(response.body.error)', {})).toBe(false);
    expect(holds('has(response.body.error)', { error: null })).toBe(true);
    expect(holds('response.body.?error.?code.orValue("") == "LOW"', {})).toBe(false);
    expect(holds('response.body.?error.hasValue() ? response.body.error.code == 1 : true', {})).toBe(true);
    expect(holds('response.body.list.exists(x, x.code == 1)', { list: [{}, { code: 1n }] })).toBe(true);
    expect(evaluate('${response.status == 404 && response.body.x == 1 ? "a" : "b"}', scopeWith({}), reply)).toBe('b');
  });

  test('a field that is looked for in a list, a text or null is absent', () => {
    for (const error of [[], 'text', null, 5n, true])
      expect(() => holds('response.body.error.code == "LOW"', { error })).toThrow(
        '`response.body.error.code` is absent',
      );
  });

  test('an echo of what was sent can be demanded', () => {
    const rule = 'response.status == 201 && response.body.reference == sent.body.reference';

    expect(holds(rule, { reference: 'gsp-tx-1' })).toBe(true);
    expect(holds(rule, { reference: 'another' })).toBe(false);
  });

  test('a body of maps works like one of objects', () => {
    const body = new Map<string, unknown>([['error', new Map([['code', 'LOW']])]]);

    expect(holds('response.body.error.code == "LOW"', body)).toBe(true);
    expect(() => holds('response.body.error.kind == "LOW"', body)).toThrow('`response.body.error.kind` is absent');
  });
});

describe('nothing of JavaScript can be reached', () => {
  const body: unknown = JSON.parse('{"a": {}, "list": [], "text": "x"}');

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s of a map, a list or a text is absent',
    (name) => {
      for (const path of [
        'response.body',
        'response.body.a',
        'response.body.list',
        'response.body.text',
        'sent.raw',
        'sent.body',
      ])
        expect(() => holds(`${path}.${name} == 1`, body)).toThrow(EvaluationFailure);
      expect(problemsOf(`\${sent.${name}}`)[0]).toMatch(/is not a part of what is sent/);
      expect(holds(`has(response.body.${name})`, body)).toBe(false);
      expect(holds(`"${name}" in response.body`, body)).toBe(false);
    },
  );

  test('a wallet that sends such names sends plain values', () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"ok": true}, "x": {"constructor": null}}');

    expect(() => holds('response.body.ok == true', hostile)).toThrow(EvaluationFailure);
    expect(() => holds('response.body.x.constructor.name == "Object"', hostile)).toThrow(EvaluationFailure);
    expect(Object.hasOwn(Object.prototype, 'ok')).toBe(false);
  });

  test('amounts have methods and no fields', () => {
    for (const name of ['units', 'constructor', '__proto__', 'plus'])
      expect(problemsOf(`\${request.amount.${name}}`)).toEqual([`17: request.amount.${name} has no such field`]);
    expect(() => evaluate('${vars.total.units}')).toThrow(EvaluationFailure);
  });
});

describe('judging a rule by its shape', () => {
  test.each([
    '${response.body.code != "0"}',
    '${!(response.body.code == 0)}',
    '${response.status == 200 && !has(response.body.ok)}',
    '${response.body.errors.exists(e, e.code != 1)}',
    '${response.body.errors.all(e, !(e.code == 1))}',
    '${(response.body.code == 0) == false}',
    '${false == has(response.body.ok)}',
    '${response.body.code == 0 ? false : true}',
    '${request.userID == "x" ? true : response.text != ""}',
  ])('%s denies something of the reply', (source) => {
    expect(negatesReply(source)).toBe(true);
  });

  test.each([
    '${response.body.code == "LOW"}',
    '${response.body.ok == false}',
    '${response.status == 404 && request.userID != "x"}',
    '${!request.?freeSpin.orValue(false) && response.status == 402}',
    '${["a"].exists(e, e != "b") && response.status == 402}',
    'response.body.code != 0',
    '${response.body.code !=}',
  ])('%s does not', (source) => {
    expect(negatesReply(source)).toBe(false);
  });

  test.each(['${true}', '${1 == 1}', '${response.status == 200 || true}', '${true && "a" == "a"}'])(
    '%s always holds',
    (source) => {
      expect(alwaysTrue(source)).toBe(true);
    },
  );

  test.each(['${false}', '${1 == 2}', '${response.status == 200}', '${response.status == 200 && true}', 'true', '${'])(
    '%s does not always hold',
    (source) => {
      expect(alwaysTrue(source)).toBe(false);
    },
  );
});

test('a name the maker of the scope forgot is a bug, not a rule that does not hold', () => {
  expect(() => evaluate('${reference}', {})).toThrow(/Unknown variable/);
  expect(() => evaluate('${reference}', { reference: 5n })).toThrow(/not of type/);
});
