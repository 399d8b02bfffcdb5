// Which part of a request may read which: a sign in the query is made over the very bytes of the body, or one
// in the body over the query, and vars that are read twice say the same twice.

import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import { environment, fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';
import type { WalletRequest } from '../../../src/wallet/message.js';

const sound = "{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }";
const withdrawing = (request: string, ...more: (readonly [string, string])[]): string =>
  fileWith([sound, request], ...more);

function requestOf(text: string): WalletRequest {
  const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields: { transactionID: 't1' } });
  const [made] = 'because' in sampled ? [] : sampled.calls.map(({ call, subject }) => call.render(subject, 0));
  if (made?.kind !== 'request') throw new Error(made?.because);
  return made.request;
}
const hash = '${hex(hmac("sha256", secrets.gsp, sent.raw))}';

describe('a sign over the body in the query', () => {
  test('is over the bytes that are sent', () => {
    const { path, body } = requestOf(
      withdrawing(`{ path: '/bets?v=1', query: { hash: '${hash}' }, body: { ref: '\${reference}', "ş": '\${1}' } }`),
    );

    expect(Buffer.from(body ?? []).toString()).toBe('{"ref":"t1","ş":1}');
    expect(path).toBe(
      `/bets?v=1&hash=${createHmac('sha256', environment.GSP_KEY)
        .update(body ?? '')
        .digest('hex')}`,
    );
  });

  test('may be made of its values, too, and of the path, and through a var', () => {
    const vars = ['wallet:', 'vars:\n  fields: \'${join(pairs(sent.body).map(p, p[1]), "|")}\'\nwallet:'] as const;
    const request =
      "{ path: /bets, query: { of: '${vars.fields}', at: '${sent.path}' }, body: { a: 1, ref: '${reference}' } }";

    expect(requestOf(withdrawing(request, vars)).path).toBe('/bets?of=1%7Ct1&at=%2Fbets');
  });

  test('is seen by the headers', () => {
    const { headers } = requestOf(
      withdrawing(
        `{ path: /bets, query: { h: '\${size(sent.raw)}' }, headers: { X-H: '\${sent.query.h}' }, body: { a: 1 } }`,
      ),
    );

    expect(headers['X-H']).toBe('7');
  });
});

describe('what a sign is made over', () => {
  const header = (sign: string, rest = "body: { ref: '${reference}' }, ") =>
    requestOf(withdrawing(`{ path: /bets, ${rest}headers: { X-T: '1700000000', X-Sign: '${sign}' } }`)).headers[
      'X-Sign'
    ];
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

  test.each([
    ['${hex(md5(sent.headers["X-T"] + "." + sent.raw))}', '1700000000.{"ref":"t1"}'],
    ['${hex(md5(sent.raw + "." + sent.headers["X-T"]))}', '{"ref":"t1"}.1700000000'],
    ['${hex(md5("ş" + sent.raw + "é"))}', 'ş{"ref":"t1"}é'],
    ['${hex(md5(sent.raw + sent.raw))}', '{"ref":"t1"}{"ref":"t1"}'],
  ])('text and bytes in a row are bytes: %s', (sign, over) => {
    expect(header(sign)).toBe(md5(over));
  });

  test('a request without a body has empty bytes', () => {
    expect(header('${hex(md5(sent.raw))}', 'method: GET, ')).toBe(md5(''));
    expect(header('${hex(md5("a" + sent.raw))}', 'method: GET, ')).toBe(md5('a'));
    expect(requestOf(withdrawing("{ method: GET, path: /bets, query: { h: '${hex(md5(sent.raw))}' } }")).path).toBe(
      `/bets?h=${md5('')}`,
    );
  });

  test('and bytes are still no text that could be sent', () => {
    expect(
      problemsOf(
        withdrawing('{ path: /bets, body: { a: \'${reference}\' }, headers: { X-S: \'${"a" + bytes("b")}\' } }'),
      ),
    ).toEqual([expect.stringContaining('this cannot be sent, this is bytes')]);
  });
});

describe('a sign over the query in the body', () => {
  test('is made as before: the query first', () => {
    const { path, body } = requestOf(
      withdrawing("{ path: /bets, query: { a: '1', b: '${sent.query.a}2' }, body: { of: '${sent.query.b}' } }"),
    );

    expect(path).toBe('/bets?a=1&b=12');
    expect(Buffer.from(body ?? []).toString()).toBe('{"of":"12"}');
  });
});

describe('what reads a part that is made later', () => {
  test.each([
    [
      `{ path: /bets, query: { h: '${hash}' }, body: { of: '\${sent.query.h}' } }`,
      'query: reads sent.raw, and the body',
    ],
    [
      "{ path: /bets, query: { h: '${sent.body.of}' }, body: { of: '${sent.query.x}' } }",
      'query: reads sent.body, and',
    ],
    [
      "{ path: '/bets/${sent.query.a}', query: { a: '1' }, body: { a: 1 } }",
      'path: reads sent.query, which is made later',
    ],
    ["{ path: '/bets/${sent.path}', body: { a: 1 } }", 'path: reads sent.path, which is made later'],
    ["{ path: /bets, body: { a: '${hex(sha256(sent.raw))}' } }", 'body: reads sent.raw, which is made later'],
    ["{ path: /bets, body: { a: 1, b: '${sent.body.a}' } }", 'body: reads sent.body, which is made later'],
    [
      "{ path: /bets, query: { a: '${sent.headers.X}' }, headers: { X: '1' }, body: { a: 1 } }",
      'query: reads sent.headers',
    ],
  ])('%s', (request, message) => {
    expect(problemsOf(withdrawing(request)).filter((problem) => problem.includes('reads sent.'))).toEqual([
      expect.stringContaining(`operations.withdraw.request.${message}`),
    ]);
  });

  test('through a var, too', () => {
    const vars = ['wallet:', `vars:\n  sum: '\${hex(sha256(sent.raw))}'\n  sign: 'v1-\${vars.sum}'\nwallet:`] as const;

    expect(problemsOf(withdrawing("{ path: /bets, body: { s: '${vars.sign}', r: '${reference}' } }", vars))).toEqual([
      expect.stringContaining('operations.withdraw.request.body: reads sent.raw, which is made later'),
    ]);
    expect(
      problemsOf(withdrawing("{ path: /bets, query: { s: '${vars.sign}' }, body: { r: '${reference}' } }", vars)),
    ).toEqual([]);
  });
});

describe('a var', () => {
  test('is worked out once for a call, so that one id is one id', () => {
    const vars = ['wallet:', "vars: { id: '${uuid()}', tag: 'x-${vars.id}' }\nwallet:"] as const;
    const text = withdrawing(
      "{ path: /bets, headers: { X-Id: '${vars.id}', X-Tag: '${vars.tag}' }, body: { id: '${vars.id}' } }",
      vars,
    );
    const [one, other] = [requestOf(text), requestOf(text)];
    const idIn = (request: WalletRequest): unknown => JSON.parse(Buffer.from(request.body ?? []).toString());

    expect(idIn(one)).toEqual({ id: one.headers['X-Id'] });
    expect(one.headers['X-Tag']).toBe(`x-${one.headers['X-Id']}`);
    expect(other.headers['X-Id']).not.toBe(one.headers['X-Id']);
  });

  test('of what is sent grows with it', () => {
    const vars = ['wallet:', "vars: { seen: '${size(sent.headers)}' }\nwallet:"] as const;
    const { headers } = requestOf(
      withdrawing("{ path: /bets, headers: { A: '${vars.seen}', B: '${vars.seen}' }, body: { a: 1 } }", vars),
    );

    expect(headers).toMatchObject({ A: '0', B: '1' });
  });
});
