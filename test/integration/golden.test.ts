// Requests that must come of a callback, to the byte: what a vendor published holds the file for ever. Sample
// secrets that stand in an example are used for that example, and for nothing else.

import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCheck } from '../../src/commands/check.js';
import { runGolden } from '../../src/commands/explain/print-golden.js';
import { runExamples } from '../../src/commands/check/run-examples.js';
import { sampleCalls } from '../../src/commands/samples/sample-callback.js';
import { environment, fileWith, loadTexts, operatorOf, problemsOf } from '../support/operator-text.js';

const directory = mkdtempSync(join(tmpdir(), 'golden-'));
afterAll(() => rmSync(directory, { recursive: true }));
function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const signing = fileWith(
  ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  key: { env: WALLET_TOKEN }'],
  [
    'path: /debits,',
    "path: '/debits?v=1', headers: { X-Time: '${now.unix()}', X-Id: '${uuid()}', X-Sign: '${hex(hmac(\"sha256\", secrets.key, text(now.unix()) + \".\" + sent.raw))}' },",
  ],
);
const sample = 'vendors-published-key';
const body = '{"reference":"t1","cents":1230}';
const sign = createHmac('sha256', sample).update(`1700000000.${body}`).digest('hex');
const golden = (change: (text: string) => string = (text) => text): string =>
  `${signing}examples:\n${change(`  - operation: withdraw
    given:
      transactionID: t1
      amount: '12.30'
      now: 1700000000123
      uuid: 00000000-0000-4000-8000-000000000001
      secrets:
        key: ${sample}
    request:
      method: POST
      path: /debits?v=1
      headers:
        x-sign: ${sign}
        X-Id: 00000000-0000-4000-8000-000000000001
        X-Other: null
      body: '${body}'
`)}`;
const problems = (text: string): string[] => problemsOf(text, { inspect: runExamples });

describe('a golden request', () => {
  test('holds, whatever the secrets of this machine are', () => {
    expect(problems(golden())).toEqual([]);
    expect(problemsOf(golden(), { inspect: runExamples, env: {}, standIns: true })).toEqual([]);
  });

  test('may say its body as a value, too', () => {
    expect(problems(golden((text) => text.replace(`'${body}'`, '{ reference: t1, cents: 1230 }')))).toEqual([]);
    expect(problems(golden((text) => text.replace(`'${body}'`, '{ cents: 1230, reference: t1 }')))).toEqual([
      '40:13 examples[0].request.body: differs from character 3 on: the request has {"reference":"t1","cents":…; expected {"cents":1230,"reference":…',
    ]);
  });

  test.each([
    ['method: POST', 'method: PUT', 'request.method: the request is a POST; expected PUT'],
    ['?v=1', '?v=2', 'request.path: differs from character 11 on: the request has /debits?v=1; expected /debits?v=2'],
    [
      '"cents":1230',
      '"cents":12300',
      'request.body: differs from character 31 on (31 characters for 32): the request has …rence":"t1","cents":1230}; expected …rence":"t1","cents":12300}',
    ],
    [sign, sign.replace(/.$/, 'x'), 'request.headers.x-sign: differs from character 64 on'],
    [
      'X-Other: null',
      'X-Other: a',
      'request.headers.X-Other: this header is not sent; sent are Accept, Content-Type, X-Time, X-Id, X-Sign',
    ],
    ['X-Other: null', 'X-TIME: null', 'request.headers.X-TIME: this header is sent; expected none'],
    [`key: ${sample}`, 'key: another', 'request.headers.x-sign: differs from character 1 on'],
    [
      `key: ${sample}`,
      `kei: ${sample}`,
      'given.secrets.kei: not the name of a declared secret – did you mean "key"?; expected one of gsp, key',
    ],
    ['now: 1700000000123', 'now: yesterday', 'now is no time; expected epoch milliseconds or 2026-01-31T12:00:00Z'],
    ['method: POST', 'methd: POST', 'unknown key "methd" – did you mean "method"?'],
    ['amount:', 'amont:', 'unknown field "amont" – did you mean "amount"?'],
  ])('%s → %s is told', (from, to, problem) => {
    const told = problems(golden((text) => text.replace(from, to)));

    expect(told).toContainEqual(expect.stringContaining(problem));
  });

  test('may stand beside a reply, and shows something or nothing at all', () => {
    const replied = golden(
      (text) =>
        `${text}    reply: { status: 402, body: { error: FUNDS } }\n    expect: { result: insufficientFunds }\n`,
    );
    const empty = `${signing}examples:\n  - { operation: withdraw, given: { amount: 1 } }\n`;
    const half = `${signing}examples:\n  - { operation: withdraw, reply: { status: 200 } }\n`;

    expect(problems(replied)).toEqual([]);
    const otherwise = replied.replace('expect: { result: insufficientFunds', 'expect: { result: userNotFound');
    expect(problems(otherwise)).toEqual([expect.stringContaining('comes out as result insufficientFunds')]);
    expect(problems(empty)).toEqual([
      expect.stringContaining('examples[0].reply: nothing that is shown; expected a reply with expect, or request'),
    ]);
    expect(problems(half)).toEqual([expect.stringContaining('examples[0].expect: missing')]);
  });

  test('older files say the fields as request', () => {
    const older = `${signing}examples:\n  - { operation: withdraw, request: { transactionID: t1 }, reply: { status: 200, body: { a: 1 } }, expect: { outcome: applied } }\n`;

    expect(problems(older)).toEqual([]);
  });
});

describe('the sample secrets of an example', () => {
  test('are never used live', () => {
    const sampled = sampleCalls(operatorOf(golden()), {
      operation: 'withdraw',
      fields: { transactionID: 't1', amount: '12.30', now: '1700000000123' },
    });
    if ('because' in sampled) throw new Error(sampled.because);
    const [made] = sampled.calls.map(({ call, subject }) => call.render(subject, sampled.now, sampled.uuid));
    const live = createHmac('sha256', environment.WALLET_TOKEN).update(`1700000000.${body}`).digest('hex');

    expect(made).toMatchObject({ kind: 'request', request: { headers: { 'X-Sign': live } } });
  });

  test('and stand in for no secret that is not set', () => {
    const { operators, problems: found } = loadTexts(
      { 'a.yaml': golden() },
      { env: { GSP_KEY: environment.GSP_KEY }, inspect: runExamples },
    );

    expect(operators).toEqual([]);
    expect(found.map(({ path }) => path)).toEqual(['secrets.key.env']);
  });
});

describe('explain --golden', () => {
  test('prints an example that check takes, with sample secrets only', () => {
    const file = written('signing.yaml', signing);
    const { lines, exitCode } = runGolden(file, 'withdraw', {
      fields: { transactionID: 't1', now: '1700000000123' },
      secrets: { key: sample },
    });

    expect(exitCode).toBe(0);
    expect(lines).toContain(`        X-Sign: ${/^[a-z]/.test(sign) ? sign : `'${sign}'`}`);
    const pasted = written('pasted.yaml', `${signing}${lines.join('\n')}\n`);
    expect(runCheck([pasted], { format: 'text', env: {}, strict: true })).toMatchObject({ exitCode: 0 });
    const broken = written(
      'broken.yaml',
      `${signing.replace('amount.minor()', 'amount.scaled(1000)')}${lines.join('\n')}\n`,
    );
    expect(runCheck([broken], { format: 'text', env: {} }).lines.join('\n')).toContain(
      'examples[0].request.body: differs from',
    );
  });

  test('takes samples of secrets the file has, and amounts a callback can have', () => {
    const file = written('signing.yaml', signing);

    expect(runGolden(file, 'withdraw', { secrets: { kee: 'a' } })).toEqual({
      exitCode: 2,
      lines: [
        expect.stringMatching(
          /^--sample kee: not the name of a declared secret – did you mean "key"\?; expected one of /,
        ),
      ],
    });
    for (const fields of [{ amount: '-5' }, { amount: 'many' }])
      expect(runGolden(file, 'withdraw', { fields })).toMatchObject({
        exitCode: 1,
        lines: [expect.stringContaining('an amount')],
      });
  });

  test.each([
    ['bet', 2, 'unknown operation'],
    ['lookup', 1, 'the file has no lookup of a withdraw'],
    ['betWin', 1, 'more than one wallet call; expected withdraw or deposit'],
  ])('%s', (operation, exitCode, line) => {
    expect(runGolden(written('signing.yaml', signing), operation, {})).toEqual({
      exitCode,
      lines: [expect.stringContaining(line)],
    });
  });
});
