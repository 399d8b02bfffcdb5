import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runExplain, type ExplainOptions } from '../../src/commands/explain.js';
import { environment, fileWith } from '../support/operator-text.js';
import { apiToken, fileWithSites, platformEnvironment, platformKey } from '../support/platform-stage.js';

const directory = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(directory, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const withToken = fileWith(
  ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  token: { env: WALLET_TOKEN }'],
  ['repeatable: always', 'repeatable: always\n  auth: { type: bearer, token: token }'],
);
const explained = (text: string, operation: string, options: Partial<ExplainOptions> = {}) =>
  runExplain(written('operator.yaml', text), operation, { env: environment, ...options });

describe('explain', () => {
  test('prints the exact request of a callback', () => {
    const { lines, exitCode } = explained(withToken, 'withdraw', {
      fields: { transactionID: 't1', amount: '12.30', userID: 'ann' },
    });

    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'withdraw',
      '  POST https://wallet.example/api/debits',
      '  Accept: application/json',
      '  Content-Type: application/json; charset=utf-8',
      '  Authorization: Bearer ‹secret:token›',
      '  ',
      '  {"reference":"t1","cents":1230}',
      '',
    ]);
  });

  test('shows that a call carries its trace, unless the file says which', () => {
    const traced = 'repeatable: always\n  traceparent: true';
    const own = `${traced}\n  request: { headers: { Traceparent: ours } }`;
    const headersOf = (wallet: string): string[] =>
      explained(fileWith(['repeatable: always', wallet]), 'withdraw').lines.filter((line) => /traceparent/i.test(line));

    expect(headersOf('repeatable: always')).toEqual([]);
    expect(headersOf(traced)).toEqual(['  traceparent: ‹the trace of the callback›']);
    expect(headersOf(own)).toEqual(['  Traceparent: ours']);
  });

  test('as a value for programs, with what is masked marked', () => {
    const { lines, exitCode } = explained(withToken, 'withdraw', { fields: { transactionID: 't1' }, format: 'json' });

    expect(exitCode).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        unset: [],
        calls: [
          {
            title: 'withdraw',
            request: {
              method: 'POST',
              url: [{ text: 'https://wallet.example/api/debits', is: 'plain' }],
              headers: [
                { name: 'Accept', value: [{ text: 'application/json', is: 'plain' }] },
                { name: 'Content-Type', value: [{ text: 'application/json; charset=utf-8', is: 'plain' }] },
                {
                  name: 'Authorization',
                  value: [
                    { text: 'Bearer ', is: 'plain' },
                    { text: '‹secret:token›', is: 'masked' },
                  ],
                },
              ],
              body: [{ text: '{"reference":"t1","cents":1230}', is: 'plain' }],
            },
          },
        ],
      },
    ]);
  });

  test('and both calls of a betWin, and an undo', () => {
    const titles = (operation: string) => explained(withToken, operation).lines.filter((line) => /^\S/.test(line));

    expect([titles('betWin'), titles('rollback')]).toEqual([['withdraw', 'deposit'], ['undo of a withdraw']]);
  });

  test('and an undo of each kind, as the file makes it', () => {
    const text = withToken.replace(
      'rollback: inverse',
      "rollback: { withdraw: { request: { path: '/undo/${original.reference}', body: { id: '${reference}' } } }, deposit: inverse, betWin: legs }",
    );
    const made = (of: 'withdraw' | 'deposit' | 'betWin') =>
      explained(text, 'rollback', { of, fields: { transactionID: 't1' } }).lines.filter((line) =>
        /^\S|POST|{/.test(line),
      );

    expect(made('withdraw')).toEqual([
      'undo of a withdraw',
      '  POST https://wallet.example/api/undo/t1',
      '  {"id":"t1-r"}',
    ]);
    expect(made('deposit')).toEqual([
      'undo of a deposit',
      '  POST https://wallet.example/api/debits',
      '  {"reference":"t1-r","cents":1230}',
    ]);
    // The bet comes back first: taking the win first could find too little money.
    expect(made('betWin')).toEqual([
      'undo of a withdraw',
      '  POST https://wallet.example/api/undo/t1',
      '  {"id":"t1-r"}',
      'undo of a deposit',
      '  POST https://wallet.example/api/debits',
      '  {"reference":"t1-w-r","cents":1230}',
    ]);
  });

  test('and a lookup', () => {
    const text = withToken.replace(
      'rollback: inverse',
      "rollback: inverse\n  lookup: { request: { method: GET, path: '/movements/${original.reference}' }, response: { applied: '${response.status == 200}', absent: '${response.status == 404 && response.body.code == 8}' } }",
    );

    const { lines } = explained(text, 'lookup', {
      of: 'deposit',
      fields: { transactionID: 't1' },
      replyFile: written('reply.json', '{"status": 404, "body": {"code": 8}}'),
    });

    expect(lines).toEqual([
      'lookup of a deposit',
      '  GET https://wallet.example/api/movements/t1',
      '  Accept: application/json',
      '  Authorization: Bearer ‹secret:token›',
      '',
      '  HTTP 404, 10 bytes',
      '  does not hold        operations.lookup.response.applied: ${response.status == 200}',
      '  holds                operations.lookup.response.absent: ${response.status == 404 && response.body.code == 8}',
      '  becomes outcome notFound, result notFound',
      '',
    ]);
  });

  test('and a free spin of its own', () => {
    const text = withToken.replace(
      'rollback: inverse',
      "freeSpin: { request: { path: /spins, body: { reference: '${reference}' } } }\n  rollback: unsupported",
    );

    const { lines, exitCode } = explained(text, 'freeSpin', { fields: { transactionID: 't1' } });

    expect(exitCode).toBe(0);
    expect(lines.filter((line) => /^\S|POST|{/.test(line))).toEqual([
      'withdraw',
      '  POST https://wallet.example/api/spins',
      '  {"reference":"t1"}',
    ]);
    expect(explained(withToken, 'freeSpin')).toMatchObject({ lines: ['the file has no freeSpin'], exitCode: 1 });
  });

  test('what is turned away for its session is shown once more, as it would be sent then', () => {
    const text = fileWith(
      [
        "path: /credits, body: { reference: '${reference}', cents: '${request.amount.minor()}' }",
        "path: /credits, body: { s: '${player.?session}', again: '${repeat}' }",
      ],
      [
        'repeatable: always',
        'repeatable: always\n  onBadSession: { when: \'${response.body.error == "TOKEN"}\', session: offline }',
      ],
    );
    const replyFile = written('turned-away.json', '{ "status": 401, "body": { "error": "TOKEN" } }');
    const lines = (session: string) =>
      explained(text, 'deposit', { fields: { session }, replyFile }).lines.filter((line) =>
        /^deposit|^ {2}(\{|becomes)/.test(line),
      );

    expect(lines('s7')).toEqual([
      'deposit',
      '  {"s":"s7","again":false}',
      '  becomes outcome notApplied (the wallet turned the session away)',
      'deposit, once more with another session',
      '  {"s":"offline","again":true}',
    ]);
  });

  test('a player who only has a game has no session, unless one is given', () => {
    const text = withToken.replace("cents: '${request.amount.minor()}'", 'session: \'${player.?session.orValue("")}\'');
    const body = (fields: Record<string, string>) =>
      explained(text, 'withdraw', { fields: { transactionID: 't1', ...fields } }).lines.at(-2);

    expect([body({ gameID: '2001' }), body({ gameID: '2001', session: 's7' })]).toEqual([
      '  {"reference":"t1","session":""}',
      '  {"reference":"t1","session":"s7"}',
    ]);
  });

  test('says what a reply becomes for each leg of a betWin', () => {
    const replyFile = written('reply.json', '{"status": 402, "body": {"error": "FUNDS"}}');

    const { lines } = explained(withToken, 'betWin', { replyFile, fields: { betAmount: '2', winAmount: '5.5' } });

    expect(lines.filter((line) => /^\S|{|becomes/.test(line) && !line.includes('${'))).toEqual([
      'withdraw',
      '  {"reference":"0123456789abcdef0123456789abcdef","cents":200}',
      '  becomes outcome refused, result insufficientFunds',
      'deposit',
      '  {"reference":"0123456789abcdef0123456789abcdef-w","cents":550}',
      '  becomes outcome refused, result insufficientFunds',
    ]);
  });

  test('says what a reply becomes, rule by rule', () => {
    const replyFile = written(
      'reply.json',
      '{"status": 402, "headers": {"X-A": "b"}, "body": {"error": "FUNDS", "balance": 5}}',
    );

    const { lines } = explained(withToken, 'withdraw', { replyFile });

    expect(lines.slice(8)).toEqual([
      '  HTTP 402, 29 bytes',
      '  does not hold        wallet.applied: ${response.status == 200}',
      '  holds                errors[0].when: ${response.body.error == "FUNDS"}',
      '  becomes outcome refused, result insufficientFunds, balance 0.05',
      '',
    ]);
  });

  test('and which rules cannot be evaluated, or are not asked', () => {
    const asked = (reply: string) =>
      explained(withToken, 'withdraw', { replyFile: written('reply.json', reply) }).lines.slice(8, -1);

    expect(asked('{"status": 200, "body": {}}')).toEqual([
      '  HTTP 200, 2 bytes',
      '  holds                wallet.applied: ${response.status == 200}',
      '  cannot be evaluated  errors[0].when: ${response.body.error == "FUNDS"}  (`response.body.error` is absent)',
      '  becomes outcome applied',
    ]);
    expect(asked('{"status": 200, "text": "<html>"}')).toEqual([
      '  HTTP 200, 6 bytes: the body is not JSON: not JSON at character 0 (HTTP 200), so no rule is asked',
      '  becomes outcome unknown (the body is not JSON: not JSON at character 0 (HTTP 200))',
    ]);
  });

  test('works without the secrets and the address', () => {
    const text = withToken.replace('https://wallet.example/api/', '{ env: WALLET_URL }');

    expect(explained(text, 'getBalance', { env: {} })).toEqual({
      lines: [
        'getBalance',
        '  GET https://wallet.invalid/players/player_12345',
        '  Accept: application/json',
        '  Authorization: Bearer ‹secret:token›',
        '',
      ],
      exitCode: 0,
    });
  });

  test('marks what is computed from a secret that is not set, and nothing else', () => {
    const signing = (sign: string) =>
      withToken.replace('path: /debits,', `path: /debits, headers: { X-Sign: '${sign}', X-Time: '\${now.unix()}' },`);
    const shown = (sign: string, env: Record<string, string> = {}) =>
      explained(signing(sign), 'withdraw', { env, fields: { transactionID: 't1' } }).lines.filter((line) =>
        /X-Sign|not set/.test(line),
      );
    const marked = 'not set here: gsp, token; what is computed from what stands in for it is marked ‹stand-in:…›';

    expect(shown('t=1,v1=${hex(hmac("sha256", secrets.token, sent.raw))}')).toEqual([
      expect.stringMatching(/^ {2}X-Sign: t=‹stand-in:1,v1=|^ {2}X-Sign: t=1,‹stand-in:v1=[0-9a-f]{64}›$/),
      marked,
    ]);
    expect(shown('${secrets.token}|${size(secrets.token)}')).toEqual(['  X-Sign: ‹secret:token›|18']);
    expect(shown('${digits(md5(secrets.token))}.${request.userID}')).toEqual([
      expect.stringMatching(/^ {2}X-Sign: ‹stand-in:\d+›.player_12345$/),
      marked,
    ]);
    expect(shown('${hex(md5(secrets.token))}', environment)).toEqual([
      `  X-Sign: ${createHash('md5').update(environment.WALLET_TOKEN).digest('hex')}`,
    ]);
  });

  test('masks every form a secret is sent in', () => {
    const secret = 'a"b/c d+é';
    const text = withToken
      .replace('type: bearer, token: token', 'type: basic, username: token, password: token')
      .replace(
        "{ reference: '${reference}'",
        "{ plain: '${secrets.token}', coded: '${base64(secrets.token)}', reference: '${reference}'",
      )
      .replace(
        'path: /debits,',
        "path: '/debits/${secrets.token}', query: { key: '${secrets.token}' }, headers: { X-Key: 'k=${secrets.token}' },",
      );

    const { lines } = explained(text, 'withdraw', {
      env: { ...environment, WALLET_TOKEN: secret },
      fields: { transactionID: 't1' },
    });

    expect(lines.slice(1, 8)).toEqual([
      '  POST https://wallet.example/api/debits/‹secret:token›?key=‹secret:token›',
      '  Accept: application/json',
      '  Content-Type: application/json; charset=utf-8',
      '  Authorization: Basic ‹secret:token:token›',
      '  X-Key: k=‹secret:token›',
      '  ',
      '  {"plain":"‹secret:token›","coded":"‹secret:token›","reference":"t1","cents":1230}',
    ]);
  });

  test('masks them in forms and in XML, and as hexadecimal digits', () => {
    const secret = "a&b <c> ~(é)'";
    const asked = (change: (text: string) => string) =>
      explained(change(withToken), 'withdraw', {
        env: { ...environment, WALLET_TOKEN: secret },
        fields: { transactionID: 't1' },
      }).lines.at(-2) ?? '';
    const body = "{ reference: '${reference}', cents: '${request.amount.minor()}' }";

    expect(
      asked((text) =>
        text
          .replace('repeatable: always', 'repeatable: always\n  format: { request: form, response: json }')
          .replace(body, "{ id: '${reference}', key: '${secrets.token}', hex: '${upper(hex(secrets.token))}' }"),
      ),
    ).toBe('  id=t1&key=‹secret:token›&hex=‹secret:token›');
    expect(
      asked((text) =>
        text
          .replace('path: /debits,', 'format: xml, path: /debits,')
          .replace(body, "{ debit: { '@key': '${secrets.token}', id: '${reference}', key: '${secrets.token}' } }"),
      ),
    ).toMatch(/<debit key="‹secret:token›"><id>t1<\/id><key>‹secret:token›<\/key><\/debit>$/);
  });

  test('asks for no token, and says where one will stand', () => {
    const text = withToken.replace(
      'auth: { type: bearer, token: token }',
      'auth: { type: oauth2, tokenUrl: https://id.example/token, clientId: token, clientSecret: token }',
    );

    expect(explained(text, 'getBalance').lines.slice(-2)).toEqual([
      '  Authorization: Bearer ‹token of wallet.auth.tokenUrl›',
      '',
    ]);
  });

  test.each([
    [
      'an operation there is not',
      'bet',
      {},
      2,
      'unknown operation; expected one of getBalance, withdraw, deposit, betWin, freeSpin, closeRound, rollback, lookup',
    ],
    [
      'an operation that is mistyped',
      'withdrow',
      {},
      2,
      'unknown operation – did you mean "withdraw"?; expected one of ',
    ],
    ['a lookup the file has not', 'lookup', {}, 1, 'the file has no lookup of a withdraw'],
    [
      'a field there is not',
      'withdraw',
      { fields: { amont: '1' } },
      1,
      'unknown field "amont" – did you mean "amount"?',
    ],
    ['an amount that is none', 'withdraw', { fields: { amount: '1,5' } }, 1, 'an amount that cannot be read'],
    [
      'a callback that moves nothing',
      'withdraw',
      { fields: { amount: '0.00' } },
      1,
      'no money moves, so the wallet is not called',
    ],
    [
      'an amount that does not fit',
      'withdraw',
      { fields: { amount: '0.001' } },
      1,
      'withdraw: no request, because the amount has more decimals than its unit can hold (wrongInput)',
    ],
    [
      'a reply that is not there',
      'withdraw',
      { replyFile: '/no/such/reply.json' },
      2,
      '/no/such/reply.json: cannot be read',
    ],
  ])('%s', (_what, operation, options, exitCode, line) => {
    const result = explained(withToken, operation, options);

    expect([result.exitCode, result.lines.length]).toEqual([exitCode, 1]);
    expect(result.lines[0]?.startsWith(line)).toBe(true);
  });

  test('a file with mistakes is not explained', () => {
    const { lines, exitCode } = explained(withToken.replace('rollback: inverse', 'rollback: invers'), 'withdraw');

    expect([exitCode, lines.length, lines[0]?.includes('operations.rollback')]).toEqual([1, 1, true]);
  });
});

describe('explain of a call of the platform', () => {
  const file = fileWithSites('https://api.platform.example/v1/');
  const asked = (operation: string, fields: Record<string, string> = {}, text = file) =>
    explained(text, operation, { env: platformEnvironment, fields });

  test('prints the exact request, its secrets masked', () => {
    const { lines, exitCode } = asked('free-spins', { userID: 'ann', count: '3' });

    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'free-spins',
      '  POST https://api.platform.example/v1/assignFreeSpin',
      '  Accept: application/json',
      '  Content-Type: application/json',
      '  ',
      expect.stringMatching(
        /^ {2}\{"apiToken":"‹secret:apiToken›","agentID":"SOUND01","userID":"ann","gameID":"2001","spinCount":3,"sign":"[0-9A-F]{64}"\}$/,
      ),
      '',
    ]);
  });

  test.each(['games', 'launch', 'free-spins', 'free-spin-status'])('shows no secret of %s', (operation) => {
    const { lines, exitCode } = asked(operation);

    expect(exitCode).toBe(0);
    expect(lines.join('\n')).not.toContain(apiToken);
    expect(lines.join('\n')).not.toContain(platformKey);
  });

  test('says why there is no request', () => {
    expect(asked('free-spin-cancel')).toEqual({ lines: ['dialect seamless has no such call'], exitCode: 1 });
    expect(asked('launch', { userId: 'ann' })).toEqual({
      lines: ['userId: unknown field; expected it left out'],
      exitCode: 1,
    });
    expect(asked('launch', {}, withToken).lines).toEqual([
      'the file has no platform.api, so no site has the platform asked',
    ]);
    expect(asked('lunch').lines[0]).toContain('did you mean "launch"');
  });

  test('needs no secrets', () => {
    expect(explained(file, 'launch', { env: {} }).exitCode).toBe(0);
  });
});
