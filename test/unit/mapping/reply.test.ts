import { describe, expect, test } from '@jest/globals';
import { Money } from '../../../src/domain/money.js';
import type { BalanceVerdict, Verdict } from '../../../src/domain/outcome.js';
import { sampleCalls, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import { fileWith, operatorOf } from '../../support/operator-text.js';

interface Reply {
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

function verdictOn(
  text: string,
  { status = 200, body = '', headers = {} }: Reply,
  sample: Partial<SampleRequest> = {},
): Verdict | BalanceVerdict {
  const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields: {}, ...sample });
  if ('because' in sampled) throw new Error(sampled.because);
  const [only] = sampled.calls;
  const made = only?.call.render(only.subject, 0);
  if (only === undefined || made?.kind !== 'request') throw new Error('no request');
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return only.call.read(only.subject, made.request, { status, headers, body: bytes }, 0).verdict;
}

const kindOn = (text: string, reply: Reply, sample?: Partial<SampleRequest>): string =>
  verdictOn(text, reply, sample).kind;
const sound = fileWith();
/** The sound file with other error rules. */
const withRules = (...rules: string[]): string =>
  fileWith([
    `  - { when: '\${response.body.error == "FUNDS"}', result: insufficientFunds }\n`,
    rules.map((rule) => `  - ${rule}\n`).join(''),
  ]);

describe('a yes', () => {
  test('is only what the applied rule says', () => {
    expect(verdictOn(sound, { body: '{"balance": 1234, "id": "d-1"}' })).toEqual({
      kind: 'applied',
      balance: Money.of(1234n, 2),
      receipt: 'd-1',
    });
  });

  test.each([
    ['another good status', { status: 201, body: '{}' }],
    ['a bad status', { status: 500, body: '{}' }],
    ['a redirect with the right body', { status: 302, body: '{}' }],
    ['HTML', { body: '<html>OK</html>' }],
    ['an empty body', { body: '' }],
    ['white space', { body: '\n' }],
    ['half a body', { body: '{"balance": 12' }],
    ['doubled keys', { body: '{"id": 1, "id": 2}' }],
    ['bytes that are no text', { body: Uint8Array.of(0x7b, 0xff, 0x7d) }],
  ])('is not %s', (_what, reply) => {
    expect(kindOn(sound, reply)).toBe('unknown');
  });

  test('can be an empty reply whose status says so', () => {
    expect(kindOn(fileWith(['response.status == 200', 'response.status == 204']), { status: 204 })).toBe('applied');
  });

  test('can echo what was sent', () => {
    const text = fileWith(
      ['response.status == 200', 'response.body.reference == sent.body.reference'],
      ["path: '/players/${request.userID}' }", "path: '/x' }"],
      [
        "response: { balance: '${money.fromMinor(response.body.balance)}' }",
        "response: { applied: '${response.status == 200}', balance: '${money.fromMinor(response.body.balance)}' }",
      ],
    );
    const fields = { transactionID: 't1' };

    expect(kindOn(text, { body: '{"reference":"t1"}' }, { fields })).toBe('applied');
    expect(kindOn(text, { body: '{"reference":"t2"}' }, { fields })).toBe('unknown');
    expect(kindOn(text, { body: '{}' }, { fields })).toBe('unknown');
  });

  test.each([
    ['missing', '{}'],
    ['text with thousands', '{"balance": "1,250.00"}'],
    ['null', '{"balance": null}'],
    ['a map', '{"balance": {}}'],
    ['true', '{"balance": true}'],
  ])('stays a yes when the balance is %s', (_what, body) => {
    expect(verdictOn(sound, { body })).toEqual({ kind: 'applied' });
  });

  test.each([
    ['{"id": 90071992547409931234}', '90071992547409931234'],
    ['{"id": 1.50}', '1.50'],
    [`{"id": "${'x'.repeat(200)}"}`, 'x'.repeat(200)],
    [`{"id": "${'x'.repeat(201)}"}`, undefined],
    ['{"id": ""}', undefined],
    ['{"id": ["a"]}', undefined],
    ['{}', undefined],
  ])('the receipt in %s', (body, receipt) => {
    expect(verdictOn(sound, { body })).toEqual(
      receipt === undefined ? { kind: 'applied' } : { kind: 'applied', receipt },
    );
  });

  test('a negative balance is one', () => {
    expect(verdictOn(sound, { body: '{"balance": -5}' })).toEqual({ kind: 'applied', balance: Money.of(-5n, 2) });
  });
});

describe('a no', () => {
  test('is what a rule says, with the balance if there is one', () => {
    expect(verdictOn(sound, { status: 402, body: '{"error": "FUNDS", "balance": 7}' })).toEqual({
      kind: 'refused',
      result: 'insufficientFunds',
      balance: Money.of(7n, 2),
      because: 'errors[0] holds (HTTP 402)',
    });
  });

  test('is nothing when the reply is a yes at the same time', () => {
    expect(kindOn(sound, { status: 200, body: '{"error": "FUNDS"}' })).toBe('unknown');
  });

  test('can be said without a body, but not by a body that is not JSON', () => {
    const text = withRules("{ when: '${response.status == 402}', result: insufficientFunds }");

    expect(kindOn(text, { status: 402 })).toBe('refused');
    expect(kindOn(text, { status: 402, body: 'Payment Required' })).toBe('unknown');
  });

  test('is not said by a rule that cannot be evaluated', () => {
    expect(kindOn(sound, { status: 402, body: '{}' })).toBe('unknown');
    expect(kindOn(sound, { status: 402, body: '{"error": 3}' })).toBe('unknown');
    expect(kindOn(sound, { status: 402, body: '[]' })).toBe('unknown');
    expect(kindOn(sound, { status: 402, body: '"FUNDS"' })).toBe('unknown');
  });

  test('the first rule that holds wins, own rules before common ones', () => {
    const common = withRules("{ when: '${response.status == 409}', result: duplicate }");
    const own = common.replace(
      "receipt: '${response.body.id}' }",
      () => "receipt: '${response.body.id}' }\n    errors: [{ when: '${response.status == 409}', result: wrongInput }]",
    );

    expect(kindOn(common, { status: 409 })).toBe('duplicate');
    expect(verdictOn(own, { status: 409 })).toEqual({
      ...{ kind: 'refused', result: 'wrongInput' },
      because: 'operations.withdraw.errors[0] holds (HTTP 409)',
    });
    expect(kindOn(own, { status: 409 }, { operation: 'deposit' })).toBe('duplicate');
  });

  const said = 'errors[0] holds (HTTP 418)';
  test.each([
    ['result: insufficientFunds', { kind: 'refused', result: 'insufficientFunds', because: said }],
    ['result: userNotFound', { kind: 'refused', result: 'userNotFound', because: said }],
    ['result: wrongInput', { kind: 'refused', result: 'wrongInput', because: said }],
    ['result: generalError, outcome: refused', { kind: 'refused', result: 'generalError', because: said }],
    [
      'result: generalError, outcome: notApplied',
      { kind: 'notApplied', because: `a rule says generalError, not applied: ${said}`, reached: true },
    ],
    ['result: generalError, outcome: unknown', { kind: 'unknown', because: `a rule says generalError: ${said}` }],
    ['result: generalError', { kind: 'unknown', because: `a rule says generalError: ${said}` }],
    [
      'result: insufficientFunds, outcome: unknown',
      { kind: 'unknown', because: `a rule says insufficientFunds: ${said}` },
    ],
    ['result: duplicate', { kind: 'duplicate', because: said }],
    ['result: duplicate, outcome: unknown', { kind: 'unknown', because: `a rule says duplicate, unknown: ${said}` }],
    ['result: notFound', { kind: 'notFound', because: said }],
    ['result: alreadyRolledBack', { kind: 'alreadyRolledBack', because: said }],
  ])('%s', (rule, verdict) => {
    expect(verdictOn(withRules(`{ when: '\${response.status == 418}', ${rule} }`), { status: 418 })).toEqual(verdict);
  });

  test('reads headers in lower case', () => {
    const text = withRules('{ when: \'${response.headers["x-result"] == "NO"}\', result: insufficientFunds }');

    expect(kindOn(text, { status: 400, headers: { 'x-result': 'NO' } })).toBe('refused');
    expect(kindOn(text, { status: 400 })).toBe('unknown');
  });
});

describe('what nothing says', () => {
  test('is unknown, with the status for the log and nothing of the body', () => {
    expect(verdictOn(sound, { status: 500, body: '{"secret": "abc"}' })).toEqual({
      kind: 'unknown',
      because: 'no rule holds (HTTP 500)',
    });
    expect(verdictOn(sound, { status: 502, body: '<html>abc' })).toEqual({
      kind: 'unknown',
      because: 'the body is not JSON: not JSON at character 0 (HTTP 502)',
    });
  });

  test('text that looks like a number is no number', () => {
    const text = fileWith(['response.status == 200', 'response.body.code == 0']);

    expect(kindOn(text, { body: '{"code": 0}' })).toBe('applied');
    expect(kindOn(text, { body: '{"code": "0"}' })).toBe('unknown');
    expect(kindOn(text, { body: '{"code": false}' })).toBe('unknown');
  });

  test.each([
    'response.body.constructor.name == "Object"',
    'response.body["__proto__"] == response.body["__proto__"]',
    'has(response.body.toString)',
  ])('a body cannot reach what it does not hold: %s', (rule) => {
    expect(kindOn(fileWith(['response.status == 200', rule]), { body: '{"a": {}}' })).toBe('unknown');
  });
});

describe('a balance call', () => {
  const asked = { operation: 'getBalance' } as const;

  test.each<[string, Reply, BalanceVerdict]>([
    ['the balance', { body: '{"balance": 1234}' }, { kind: 'balance', balance: Money.of(1234n, 2) }],
    ['no balance', { body: '{}' }, { kind: 'unknown', because: 'the balance cannot be read' }],
    [
      'a refusal',
      { status: 404, body: '{"error": "FUNDS"}' },
      { kind: 'refused', result: 'insufficientFunds', because: 'errors[0] holds (HTTP 404)' },
    ],
    [
      'a balance and a refusal',
      { body: '{"balance": 1, "error": "FUNDS"}' },
      { kind: 'unknown', because: 'the reply is applied and insufficientFunds at once' },
    ],
    [
      'a balance in a bad reply',
      { status: 500, body: '{"balance": 1234}' },
      { kind: 'unknown', because: 'no rule holds (HTTP 500)' },
    ],
  ])('%s', (_what, reply, verdict) => {
    expect(verdictOn(sound, reply, asked)).toEqual(verdict);
  });

  test('cannot be a duplicate', () => {
    const text = withRules("{ when: '${response.status == 409}', result: duplicate }");

    expect(verdictOn(text, { status: 409 }, asked)).toEqual({
      kind: 'unknown',
      because: 'a balance call answered duplicate',
    });
  });
});

describe('a lookup', () => {
  const text = fileWith([
    'errors:\n',
    `  lookup:
    request: { method: GET, path: '/movements/\${original.reference}' }
    response:
      applied: \${response.body.state == "DONE"}
      refused: \${response.body.state in ["NO", "DONE?"]}
      absent: \${response.status == 404 && response.body.state in ["NONE", "DONE"]}
errors:
`,
  ]);
  const asked = { operation: 'lookup' } as const;

  test.each<[string, Reply, Verdict]>([
    ['applied', { body: '{"state":"DONE"}' }, { kind: 'applied' }],
    [
      'refused',
      { body: '{"state":"NO"}' },
      { kind: 'refused', result: 'generalError', because: 'operations.lookup.response.refused holds (HTTP 200)' },
    ],
    [
      'absent',
      { status: 404, body: '{"state":"NONE"}' },
      { kind: 'notFound', because: 'operations.lookup.response.absent holds (HTTP 404)' },
    ],
    ['not the wallet’s word', { status: 404 }, { kind: 'unknown', because: 'no rule of the lookup holds (HTTP 404)' }],
    [
      'two answers at once',
      { status: 404, body: '{"state":"DONE"}' },
      { kind: 'unknown', because: 'the lookup answers two things at once' },
    ],
    [
      'no answer',
      { body: '{"state":"PENDING"}' },
      { kind: 'unknown', because: 'no rule of the lookup holds (HTTP 200)' },
    ],
    [
      'a page of a proxy',
      { status: 404, body: '<html>' },
      { kind: 'unknown', because: 'the body is not JSON: not JSON at character 0 (HTTP 404)' },
    ],
    [
      'what a common rule would refuse',
      { status: 402, body: '{"error":"FUNDS"}' },
      { kind: 'unknown', because: 'no rule of the lookup holds (HTTP 402)' },
    ],
  ])('%s', (_what, reply, verdict) => {
    expect(verdictOn(text, reply, asked)).toEqual(verdict);
  });
});
