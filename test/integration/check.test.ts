import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCheck } from '../../src/commands/check.js';
import { environment, fileWith, soundFile } from '../support/operator-text.js';

const directory = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(directory, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
const checked = (files: string[], format: 'text' | 'json' = 'text') => runCheck(files, { format, env: environment });
const withExample = (example: string) => fileWith(['errors:', `examples:\n  - ${example}\nerrors:`]);

describe('check', () => {
  test('a sound file', () => {
    expect(checked([written('sound.yaml', soundFile)])).toEqual({ lines: ['0 errors, 0 warnings'], exitCode: 0 });
  });

  test('warnings alone do not fail', () => {
    const file = written('warned.yaml', fileWith(['https:', 'http:']));

    expect(checked([file])).toEqual({
      lines: [
        `${file}:8:12 wallet.baseUrl: warning: the way to the wallet is not encrypted, so keys can be read on it; expected https://`,
        '0 errors, 1 warning',
      ],
      exitCode: 0,
    });
  });

  test('errors do, with every file’s place', () => {
    const wrong = written('wrong.yaml', fileWith(['rollback: inverse', 'rollback: invers']));
    const twin = written('zwilling.yaml', soundFile);

    const { lines, exitCode } = checked([wrong, written('sound.yaml', soundFile), twin]);

    expect(exitCode).toBe(1);
    expect(lines.map((line) => line.split(': ')[0])).toEqual([
      `${wrong}:20:13 operations.rollback`,
      `${twin}:2:11 operator`,
      `${twin}:4:23 platform.agents[0].agentID`,
      '3 errors, 0 warnings',
    ]);
  });

  test('secrets that are not set are counted, and an error where they are demanded', () => {
    const file = written('unset.yaml', soundFile);
    const signed = written(
      'signed.yaml',
      fileWith(
        ['operator: sound', 'operator: signed'],
        ['SOUND01', 'SIGNED01'],
        ['{ env: GSP_KEY }', '{ env: SIGNED_KEY }\n  pem: { file: /no/such.pem }'],
        [
          'repeatable: always',
          "repeatable: always\n  request: { headers: { X-S: '${hex(rsaSha256(secrets.pem, sent.raw))}' } }",
        ],
      ),
    );
    const unset = (secrets: boolean) => runCheck([file, signed], { format: 'text', env: {}, secrets });

    expect(unset(false)).toEqual({
      lines: [
        '0 errors, 0 warnings',
        '3 secrets not set here: sound.gsp, signed.gsp, signed.pem; --secrets demands what serve demands',
      ],
      exitCode: 0,
    });
    expect(unset(true)).toMatchObject({
      exitCode: 1,
      lines: [
        expect.stringContaining('secrets.gsp.env: the environment variable GSP_KEY is not set or empty'),
        expect.stringContaining('secrets.gsp.env: the environment variable SIGNED_KEY is not set or empty'),
        expect.stringContaining('secrets.pem.file: the file /no/such.pem cannot be read or is empty'),
        '3 errors, 0 warnings',
      ],
    });
    expect(runCheck([file], { format: 'text', env: environment, secrets: true })).toMatchObject({ exitCode: 0 });
  });

  test('and a certificate or an address that is not set', () => {
    const file = written(
      'tls.yaml',
      fileWith(
        ['https://wallet.example/api/', '{ env: WALLET_URL }'],
        ['  gsp:', '  cert: { env: CERT }\n  key: { env: KEY }\n  gsp:'],
        ['repeatable: always', 'repeatable: always\n  auth: { type: mtls, cert: cert, key: key }'],
      ),
    );

    expect(runCheck([file], { format: 'text', env: {} })).toMatchObject({ exitCode: 0 });
    expect(runCheck([file], { format: 'text', env: { CERT: 'no', KEY: 'pem' } })).toMatchObject({ exitCode: 1 });
  });

  test('JSON for programs', () => {
    const file = written('warned.yaml', fileWith(['https:', 'http:']));

    const { lines, exitCode } = checked([file], 'json');

    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines.join(''))).toEqual({
      operators: ['sound'],
      problems: [
        {
          severity: 'warning',
          file,
          line: 8,
          col: 12,
          path: 'wallet.baseUrl',
          message: 'the way to the wallet is not encrypted, so keys can be read on it; expected https://',
        },
      ],
      failed: [],
      unset: [],
    });
  });

  test('warnings fail where asked to be strict', () => {
    const warned = written('warned.yaml', fileWith(['https:', 'http:']));
    const sound = written('sound.yaml', soundFile);
    const strictly = (file: string) => runCheck([file], { format: 'text', strict: true, env: environment }).exitCode;

    expect([strictly(warned), strictly(sound)]).toEqual([1, 0]);
  });

  test('what is not there cannot be checked', () => {
    const missing = join(directory, 'missing.yaml');

    expect(checked([missing])).toEqual({ lines: [`${missing}: no such file`], exitCode: 2 });
    expect(checked([missing], 'json')).toEqual({
      lines: [JSON.stringify({ operators: [], problems: [], failed: [`${missing}: no such file`], unset: [] })],
      exitCode: 2,
    });
    expect(checked([])).toMatchObject({ exitCode: 2 });
  });
});

describe('examples', () => {
  test.each([
    '{ operation: withdraw, reply: { status: 200, body: { balance: 1234, id: d-1 } }, expect: { outcome: applied, balance: 12.34, receipt: d-1 } }',
    '{ operation: withdraw, reply: { status: 402, body: { error: FUNDS } }, expect: { outcome: refused, result: insufficientFunds } }',
    "{ operation: getBalance, reply: { status: 200, body: { balance: 1200 } }, expect: { balance: '12' } }",
    "{ operation: deposit, reply: { status: 200, text: '<html>' }, expect: { outcome: unknown } }",
    '{ operation: rollback, of: deposit, reply: { status: 200, body: {} }, expect: { outcome: applied } }',
  ])('holds: %s', (example) => {
    expect(checked([written('example.yaml', withExample(example))])).toMatchObject({ exitCode: 0 });
  });

  test.each([
    [
      '{ operation: withdraw, reply: { status: 500, body: {} }, expect: { outcome: refused, result: userNotFound } }',
      'comes out as outcome unknown, result none (no rule holds (HTTP 500)); expected outcome refused, result userNotFound',
    ],
    [
      '{ operation: withdraw, reply: { status: 200, body: { balance: 1234 } }, expect: { outcome: applied, balance: 1234 } }',
      'comes out as balance 12.34; expected balance 1234',
    ],
    [
      '{ operation: withdraw, request: { amount: 1.234 }, reply: { status: 200 }, expect: { outcome: applied } }',
      'no request can be made of it: the amount has more decimals than its unit can hold',
    ],
    [
      '{ operation: withdraw, request: { amont: 1 }, reply: { status: 200 }, expect: { outcome: applied } }',
      'unknown field "amont" – did you mean "amount"?; expected one of agentID, userID, transactionID, roundID, amount, betAmount, winAmount, gameID, freeSpin, receipt, repeat, session, original.session, bet, round.bet.reference, round.bet.receipt, round.bet.amount, now, uuid',
    ],
    [
      '{ operation: betWin, reply: { status: 200 }, expect: { outcome: applied } }',
      'more than one wallet call; expected an example of each, withdraw and deposit',
    ],
  ])('does not hold: %s', (example, message) => {
    const file = written('example.yaml', withExample(example));

    expect(checked([file])).toEqual({
      lines: [`${file}:22:5 examples[0]: ${message}`, '1 error, 0 warnings'],
      exitCode: 1,
    });
  });
});

describe('what the whole of a file makes unsafe', () => {
  const rules = (...lines: string[]) =>
    fileWith([
      `errors:\n  - { when: '\${response.body.error == "FUNDS"}', result: insufficientFunds }\n`,
      lines.join('\n'),
    ]);
  const funds = `  - { when: '\${response.body.code == 5}', result: insufficientFunds }`;

  test.each([
    [
      'an operation says otherwise than the common rules',
      rules(`errors:`, funds).replace(
        '  deposit:\n',
        `  deposit:\n    errors:\n      - { when: '\${response.body.code == 5}', result: wrongInput }\n`,
      ),
    ],
    [
      'a narrower rule stands before a wider one',
      rules(
        'errors:',
        `  - { when: '\${response.body.code == 5}', result: insufficientFunds }`,
        `  - { when: '\${response.body.code in [4, 5]}', result: userNotFound }`,
      ),
    ],
    [
      'a rule holds with the yes only where there is no body to ask it of',
      rules('errors:', funds, `  - { when: '\${response.status == 200}', result: generalError, outcome: notApplied }`),
    ],
    [
      'the reference comes from a var that is made of another',
      soundFile
        .replace('wallet:', "vars:\n  id: '${reference}'\n  tag: 'x${vars.id}'\nwallet:")
        .replaceAll("reference: '${reference}'", "tag: '${vars.tag}'"),
    ],
    [
      'a wallet that is not called twice has refuted nothing',
      withExample(
        '{ operation: withdraw, repeatOf: applied, reply: { status: 402, body: { error: FUNDS } }, expect: { outcome: refused } }',
      )
        .replace('repeatable: always', 'repeatable: no\n  whenUnresolved: askAgain')
        .replace(
          'rollback: inverse',
          "rollback: inverse\n  lookup: { request: { path: '/x/${original.reference}' }, response: { applied: '${response.status == 200}' } }",
        ),
    ],
    [
      'a repeat of a success is applied again, or a duplicate',
      withExample(
        '{ operation: withdraw, repeatOf: applied, reply: { status: 200, body: {} }, expect: { outcome: applied } }',
      ),
    ],
    [
      'a wallet that remembers successes only executes what it had refused',
      withExample(
        '{ operation: withdraw, repeatOf: refused, reply: { status: 200, body: {} }, expect: { outcome: applied } }',
      ).replace('repeatable: always', 'repeatable: successes'),
    ],
  ])('not: %s', (_what, text) => {
    expect(checked([written('fine.yaml', text)]).lines).toEqual(['0 errors, 0 warnings']);
  });

  const withLookup = (absent: string, vars = ''): string =>
    soundFile
      .replace('wallet:', `${vars}wallet:`)
      .replace('repeatable: always', 'repeatable: successes')
      .replace(
        'rollback: inverse',
        `rollback: inverse\n  lookup: { request: { path: '/x/\${original.reference}' }, response: { applied: '\${response.body.s == "DONE"}', absent: '\${${absent}}' } }`,
      );
  const bare =
    'rests on the status alone, which a proxy in between may answer for a while, too; expected a field of the body that says so beside it';

  test.each([
    'response.status == 404',
    'response.status in [404, 410]',
    'response.status >= 400 && response.status < 500',
    'response.status == 404 || response.body.s == "NONE"',
    'response.status == 404 ? true : response.status == 410',
    'response.status == 404 && settings.strict == true',
    'response.status == 404 && sent.path == "/x"',
    'vars.gone',
    'vars.gone && response.status == 404',
  ])('a lookup’s absent that is nothing but a status: %s', (rule) => {
    const text = withLookup(rule, 'settings: { strict: true }\nvars: { gone: "${response.status == 404}" }\n');

    const lines = checked([written('bare.yaml', text)]).lines.filter((line) => line.includes(' rests on '));

    expect(lines).toEqual([expect.stringContaining(` operations.lookup.response.absent: warning: ${bare}`)]);
  });

  test.each([
    'response.status == 404 && response.body.code == "UNKNOWN"',
    'response.status == 404 && response.text.contains("unknown")',
    'response.status == 404 && response.headers["x-wallet"] == "1"',
    'response.body.code == "UNKNOWN"',
    'response.status == 404 && (response.body.code == 8 || response.body.code == 9)',
    'response.status == 404 && vars.gone',
    'vars.gone',
  ])('and one that is more: %s', (rule) => {
    const text = withLookup(rule, "vars: { gone: '${response.body.code == 8}' }\n");

    expect(checked([written('more.yaml', text)]).lines.filter((line) => line.includes(' rests on '))).toEqual([]);
  });

  test('an undo’s notFound that is nothing but a status proves as little', () => {
    const text = soundFile.replace(
      'rollback: inverse',
      `rollback: { request: { path: /undo, body: { of: '\${original.reference}', by: '\${reference}' } }, errors: [{ when: '\${response.status == 404}', result: notFound }] }`,
    );

    expect(checked([written('undo.yaml', text)]).lines).toContainEqual(
      expect.stringContaining(` operations.rollback.errors[0].when: warning: ${bare}`),
    );
  });

  test('an id that is taken from the clock', () => {
    const warned = (field: string, vars = ''): number => {
      const text = soundFile
        .replace('wallet:', `${vars}wallet:`)
        .replaceAll("reference: '${reference}'", `${field}, reference: '\${reference}'`);
      return checked([written('clock.yaml', text)]).lines.filter((line) => line.includes('taken from the clock'))
        .length;
    };

    expect(warned("nonce: '${now.unixMs()}'")).toBe(2);
    expect(warned("request_uuid: '${request.userID}-${now.unix()}'")).toBe(2);
    expect(warned("requestId: '${hex(md5(request.userID + text(now.unixMs())))}'")).toBe(2);
    expect(warned('call: \'${uuid5("8f0c4c62-5b1d-4a53-9a3c-0d6b1f5f7f11", text(now.unixMs()))}\'')).toBe(2);
    expect(warned("nonce: '${vars.at}'", "vars: { ms: '${now.unixMs()}', at: 'n${vars.ms}' }\n")).toBe(2);
    expect(warned("nonce: '${uuid()}'")).toBe(0);
    expect(warned("nonce: '${now.unixMs()}-${uuid()}'")).toBe(0);
    expect(warned("nonce: '${reference}-${now.unixMs()}'")).toBe(0);
    expect(warned("timestamp: '${now.unix()}'")).toBe(0);
  });

  test('an operator may override a rule of his preset', () => {
    const file = written(
      'casino.yaml',
      [
        'version: 1',
        'operator: casino',
        'extends: softswiss',
        'platform: { agents: [{ agentID: C01, currency: EUR, keys: [gsp] }] }',
        'secrets: { gsp: { env: GSP_KEY }, authToken: { env: WALLET_TOKEN } }',
        'settings: { game: slot }',
        'wallet: { baseUrl: https://wallet.example }',
        "errors: [{ when: '${response.body.code == 101}', result: wrongInput }]",
      ].join('\n'),
    );

    const { lines, exitCode } = checked([file]);

    expect(exitCode).toBe(0);
    expect(lines.filter((line) => line.includes('never the first'))).toEqual([]);
  });
});
