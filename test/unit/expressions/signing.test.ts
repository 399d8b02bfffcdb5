// Signs as real wallets want them, written in an operator file and rendered as the bridge does. Expected
// values are published vectors, or come from node:crypto and openssl, never from the functions under test.
import { createHash, createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';
import type { WalletRequest } from '../../../src/wallet/message.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const env = {
  GSP_KEY: 'platform-test-key',
  SIGN_KEY: 'secret',
  RSA_KEY: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  EC_KEY: ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/** An operator file with this withdraw request, and further wallet settings. */
const file = (request: string, wallet = '', variable = 'SIGN_KEY'): string =>
  fileWith(
    ["{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }", `\n${request}`],
    ['  gsp: { env: GSP_KEY }', `  gsp: { env: GSP_KEY }\n  key: { env: ${variable} }`],
    ['  repeatable: always', `  repeatable: always${wallet}`],
  );

function withdrawOf(text: string, fields: Readonly<Record<string, string>> = {}): WalletRequest {
  const operator = operatorOf(text, { env });
  const sampled = sampleCalls(operator, { operation: 'withdraw', fields });
  if ('because' in sampled) throw new Error(sampled.because);
  const [made] = sampled.calls.map(({ call, subject }) => call.render(subject, 1_700_000_000_123));
  if (made?.kind !== 'request') throw new Error(made?.because);
  return made.request;
}

const bodyOf = ({ body = new Uint8Array() }: WalletRequest): string => Buffer.from(body).toString();

describe('signs of wallets in use', () => {
  test('HMAC-SHA256 over the exact body, in a header', () => {
    const request = withdrawOf(
      file(`      path: /play
      headers: { X-REQUEST-SIGN: '\${hmac("sha256", secrets.key, sent.raw).hex()}' }
      body:
        user_id: \${request.userID}
        currency: \${currency}
        game: demo:slot
        game_id: \${request.roundID}
        finished: true
        actions:
          - { action: bet, amount: '\${request.amount.minor()}', action_id: '\${reference}' }
          - { action: win, amount: 250, action_id: '\${reference}w' }`),
      { userID: 'p1', roundID: 'r1', amount: '1.00', transactionID: 't1' },
    );

    expect(request.headers['X-REQUEST-SIGN']).toBe('86201161e0c01c41bc0303a53c381e0ed8f0afd601178b38c09c198aae71f476');
  });

  test('HMAC-SHA1 over body and headers, merged, sorted by bytes and urlencoded', () => {
    const request = withdrawOf(
      file(
        `      path: /
      body:
        type: bet
        transaction_id: \${reference}
        session_id: s 1
        player_id: \${request.userID}
        game_uuid: g1
        currency: \${currency}
        amount: \${request.amount.major()}
        action: bet
      headers:
        X-Merchant-Id: m1
        X-Timestamp: \${now.unix()}
        X-Nonce: n1
        X-Sign: \${hmac("sha1", secrets.key, formEncode(sorted(sent.body + sent.headers), "php")).hex()}`,
        '\n  format: { request: form, response: json }',
      ),
      { userID: 'p1', amount: '1.00', transactionID: 't1' },
    );

    expect(request.headers).toMatchObject({
      'X-Timestamp': '1700000000',
      'X-Sign': 'c6f96120d1b07c2767f4ffda99b7a041f2fdceeb',
    });
    expect(bodyOf(request)).toContain('session_id=s+1&player_id=p1');
  });

  test('RSA-SHA256 over the exact body, base64', () => {
    const request = withdrawOf(
      file(
        "      { path: /bet, body: { amount: '${request.amount.scaled(100000)}' }, headers: { X-Sign: '${rsaSha256(secrets.key, sent.raw).base64()}' } }",
        '',
        'RSA_KEY',
      ),
      { amount: '3.56' },
    );

    expect(bodyOf(request)).toBe('{"amount":356000}');
    const sign = Buffer.from(request.headers['X-Sign'] ?? '', 'base64');
    expect(verify('RSA-SHA256', request.body ?? new Uint8Array(), rsa.publicKey, sign)).toBe(true);
  });

  test('upper-case hex over the values alone, in the order of the body, in a field of it', () => {
    const request = withdrawOf(
      file(
        `      path: /Withdraw
      body:
        partnerID: '42'
        name: \${request.userID}
        amount: \${request.amount.number()}
        sign: \${upper(hmac("sha256", secrets.key, join(["42", request.userID, text(request.amount.number())], "")).hex())}`,
      ),
      { userID: 'p1', amount: '12.50' },
    );

    const sign = createHmac('sha256', 'secret').update('42p112.5').digest('hex').toUpperCase();
    expect(bodyOf(request)).toBe(`{"partnerID":"42","name":"p1","amount":12.5,"sign":"${sign}"}`);
  });

  test('MD5 with the secret at either end, empty values skipped', () => {
    const request = withdrawOf(
      file(
        `      path: /bet
      query: { b: '\${request.userID}', a: '', c: x }
      headers:
        X-Sign: \${md5(secrets.key + join(sorted(pairs(sent.query).filter(p, p[1] != "")).map(p, p[0] + "=" + p[1]), "&") + secrets.key).hex()}`,
      ),
      { userID: 'p1' },
    );

    expect(request.headers['X-Sign']).toBe(createHash('md5').update('secretb=p1&c=xsecret').digest('hex'));
  });

  test('SHA-1 over the reversed sorted pairs and a salt', () => {
    const request = withdrawOf(
      file(
        `      path: /cgi
      body: { b: '2', a: '1', Z: '\${request.userID}' }
      headers:
        X-Sign: \${sha1(join(reversed(sorted(pairs(sent.body))).map(p, p[0] + "=" + p[1]), "&") + secrets.key).hex()}`,
      ),
      { userID: 'é' },
    );

    expect(request.headers['X-Sign']).toBe(createHash('sha1').update('b=2&a=1&Z=ésecret').digest('hex'));
  });
});

describe('a key that cannot sign', () => {
  const signed = (secret: string): string =>
    `      { path: /bet, body: { id: '\${reference}' }, headers: { X-Sign: '\${rsaSha256(${secret}, sent.raw).hex()}' } }`;

  test.each(['SIGN_KEY', 'EC_KEY'])('is found when the file is loaded: %s', (variable) => {
    expect(problemsOf(file(signed('secrets.key'), '', variable), { env })).toEqual([
      '7:8 secrets.key: rsaSha256 signs with this secret, and it is no RSA private key; expected its PEM text',
    ]);
  });

  test('is made up where a request is only shown and the secret is not set', () => {
    const options = { env: { GSP_KEY: 'platform-test-key' }, standIns: true };
    const sampled = sampleCalls(operatorOf(file(signed('secrets.key')), options), {
      operation: 'withdraw',
      fields: {},
    });
    if ('because' in sampled) throw new Error(sampled.because);

    expect(sampled.calls.map(({ call, subject }) => call.render(subject, 0).kind)).toEqual(['request']);
  });
});

describe('order and pairs', () => {
  const value = (source: string): string =>
    bodyOf(
      withdrawOf(
        file(`      { path: /x, query: { b: '2', B: '1', '10': x, '9': y, list: [p, q] }, body: { v: '${source}' } }`),
        { userID: 'ann' },
      ),
    );

  test.each([
    ['${formEncode(sorted(sent.query))}', '10=x&9=y&B=1&b=2&list%5B0%5D=p&list%5B1%5D=q'],
    ['${join(sorted(["b", "a", "B", "é", "z"]), "")}', 'Babzé'],
    ['${formEncode({"b": "1", "a": "2"} + {"c": "3", "b": "4"})}', 'b=4&a=2&c=3'],
    ['${formEncode([["b", "a c"], ["b", "~"]], "rfc3986")}', 'b=a%20c&b=~'],
    ['${join(pairs(sorted({"b": "1", "a": ""})).map(p, p[0] + p[1]), ";")}', 'a;b1'],
    ['${join(reversed(["a", "b"]), "")}', 'ba'],
  ])('%s', (source, text) => {
    expect(value(source)).toBe(`{"v":"${text}"}`);
  });

  test('what has no one way of being text is in no sign', () => {
    const text = file('      { path: /x, body: { v: \'${join([request.amount], "")}\' } }');

    expect(() => withdrawOf(text)).toThrow('a list holds what has no one way of being text');
  });
});

describe('the clock', () => {
  const body = (now: string): string => bodyOf(withdrawOf(file(`      { path: /x, body: { at: "\${now.${now}}" } }`)));

  test.each([
    [`format('yyyy-MM-dd HH:mm:ss', 'UTC')`, '2023-11-14 22:13:20'],
    [`format('dd.MM.yyyy HH:mm', 'Europe/Istanbul')`, '15.11.2023 01:13'],
    [`format(\\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\\", 'Europe/Istanbul')`, '2023-11-15T01:13:20.123+03:00'],
    [`format(\\"yyyyMMdd'T'HHmmssXX\\", 'America/St_Johns')`, '20231114T184320-0330'],
    [`format(\\"yy-MM-dd'T'HH:mmXXX\\", 'UTC')`, '23-11-14T22:13Z'],
    [`format(\\"'it''s' HHxxx\\", 'UTC')`, "it's 22+00:00"],
  ])('%s', (source, text) => {
    expect(body(source)).toBe(`{"at":"${text}"}`);
  });

  test('knows the day the clocks change', () => {
    const at = (epochMs: number): string => {
      const operator = operatorOf(
        file(`      { path: /x, body: { at: "\${now.format('yyyy-MM-dd HH:mm XXX', 'Europe/Berlin')}" } }`),
        { env },
      );
      const sampled = sampleCalls(operator, { operation: 'withdraw', fields: {} });
      const [made] =
        'because' in sampled ? [] : sampled.calls.map(({ call, subject }) => call.render(subject, epochMs));
      return made?.kind === 'request' ? bodyOf(made.request) : '';
    };

    expect(at(Date.UTC(2026, 2, 29, 0, 59))).toBe('{"at":"2026-03-29 01:59 +01:00"}');
    expect(at(Date.UTC(2026, 2, 29, 1, 0))).toBe('{"at":"2026-03-29 03:00 +02:00"}');
  });
});
