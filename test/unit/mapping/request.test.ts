import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '../../../src/domain/money.js';
import { sampleCalls, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import type { Rendered } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf } from '../../support/operator-text.js';
import type { WalletRequest } from '../../../src/wallet/message.js';

type Fields = Readonly<Record<string, string>>;

function rendered(text: string, sample: Partial<SampleRequest> = {}): Rendered[] {
  const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields: {}, ...sample });
  if ('because' in sampled) throw new Error(sampled.because);
  return sampled.calls.map(({ call, subject }) => call.render(subject, 1_700_000_000_000));
}

function requestOf(text: string, sample?: Partial<SampleRequest>): WalletRequest {
  const [made] = rendered(text, sample);
  if (made?.kind !== 'request') throw new Error(made?.because);
  return made.request;
}

const bodyOf = (text: string, fields: Fields = {}): string =>
  Buffer.from(requestOf(text, { fields }).body ?? []).toString();

/** The sound file with another request of the withdraw. */
const withdrawing = (request: string, ...more: (readonly [string, string])[]): string =>
  fileWith(
    ["{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }", request],
    ...more,
  );
const withBody = (body: string, ...more: (readonly [string, string])[]): string =>
  withdrawing(`{ path: /debits, body: ${body} }`, ...more);

describe('the body', () => {
  test('is the file’s, in its order, with exact numbers', () => {
    const text = withBody(
      "{ z: '${request.amount.minor()}', a: [1, 2.50, true, null, text], '2001': x, '10': '${request.amount.number()}', deep: { m: '${request.amount.major()}' } }",
    );

    expect(bodyOf(text, { amount: '90071992547409.93' })).toBe(
      '{"z":9007199254740993,"a":[1,2.50,true,null,"text"],"2001":"x","10":90071992547409.93,"deep":{"m":"90071992547409.93"}}',
    );
  });

  test('leaves out what is absent, in lists too', () => {
    const text = withBody(
      "{ game: '${request.?gameID}', list: ['a', '${request.?gameID}'], in: { game: '${request.?gameID}' } }",
    );

    expect(bodyOf(text)).toBe('{"list":["a"],"in":{}}');
    expect(bodyOf(text, { gameID: '7' })).toBe('{"game":"7","list":["a","7"],"in":{"game":"7"}}');
  });

  test('can be one expression, and can be absent', () => {
    expect(bodyOf(withBody("'${[request.userID]}'"), { userID: 'ann' })).toBe('["ann"]');
    expect(requestOf(withdrawing('{ path: /debits }')).body).toBeUndefined();
  });

  test('says its type, unless the file does', () => {
    const own = withdrawing(
      '{ path: /debits, headers: { content-type: application/vnd.wallet+json }, body: { a: 1 } }',
    );

    expect(requestOf(withBody('{ a: 1 }')).headers).toEqual({
      Accept: 'application/json',
      'Content-Type': 'application/json; charset=utf-8',
    });
    expect(requestOf(own).headers).toEqual({
      Accept: 'application/json',
      'content-type': 'application/vnd.wallet+json',
    });
    expect(requestOf(withdrawing('{ path: /debits }')).headers).toEqual({ Accept: 'application/json' });
  });

  test('an amount the wallet’s unit cannot hold is the platform’s mistake', () => {
    const text = withBody("{ units: '${request.amount.scaled(100)}' }");

    expect(rendered(text, { fields: { amount: '12.345' } })).toMatchObject([
      { kind: 'cannot', because: 'the amount has more decimals than its unit can hold', result: 'wrongInput' },
    ]);
  });

  test('a table that has no entry for this game is the mapping’s', () => {
    const text = withBody('{ game: \'${settings.games[request.?gameID.orValue("")]}\' }', [
      'wallet:',
      "settings: { games: { '7': seven } }\nwallet:",
    ]);

    const [made] = rendered(text, { fields: { gameID: '8' } });

    expect(bodyOf(text, { gameID: '7' })).toBe('{"game":"seven"}');
    expect(made).toMatchObject({ kind: 'cannot' });
    expect(made).not.toHaveProperty('result');
  });

  test('shared pieces come under every request, and null takes one out', () => {
    const shared = [
      'repeatable: always',
      'repeatable: always\n  request: { headers: { X-Brand: b }, body: { brand: b, auth: { user: u, pin: p } } }',
    ] as const;
    const text = withBody('{ auth: { pin: null, own: 1 }, brand: null, kept: null }', shared, [
      "{ method: GET, path: '/players/${request.userID}' }",
      "{ method: GET, path: '/players', headers: null, body: null }",
    ]);

    expect(bodyOf(text)).toBe('{"auth":{"user":"u","own":1},"kept":null}');
    expect(requestOf(text).headers).toMatchObject({ 'X-Brand': 'b' });
    expect(requestOf(text, { operation: 'getBalance' })).toMatchObject({
      headers: { Accept: 'application/json' },
      path: '/players',
    });
  });
});

describe('the path and the query', () => {
  test('values are percent-encoded, the file’s own parts are not', () => {
    const text = withdrawing(
      "{ path: '/a%20b/${request.userID}/x?op=bet', query: { who: '${request.userID}', tags: [a, '${request.?gameID}', 'c d'], none: '${request.?gameID}' } }",
    );

    const { path } = requestOf(text, { fields: { userID: 'a/b?c#d&é' } });

    expect(path).toBe('/a%20b/a%2Fb%3Fc%23d%26%C3%A9/x?op=bet&who=a%2Fb%3Fc%23d%26%C3%A9&tags=a&tags=c%20d');
  });

  test.each(['..', '.', '', '\ud800'])('a userID %j cannot be put into a path', (userID) => {
    const text = withdrawing("{ path: '/players/${request.userID}/debits' }");

    expect(rendered(text, { fields: { userID } })).toMatchObject([{ kind: 'cannot', result: 'wrongInput' }]);
  });

  test('no value changes which segment the path has', () => {
    const operator = operatorOf(withdrawing("{ path: '/players/${request.userID}/debits' }"));
    let rendered = 0;

    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (userID) => {
        const sampled = sampleCalls(operator, { operation: 'withdraw', fields: { userID } });
        if ('because' in sampled) throw new Error(sampled.because);
        const [made] = sampled.calls.map(({ call, subject }) => call.render(subject, 0));
        if (made?.kind !== 'request') return;
        rendered += 1;

        const url = new URL(`https://wallet.example${made.request.path}`);

        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'players', userID, 'debits']);
        expect(url.search + url.hash).toBe('');
      }),
    );
    expect(rendered).toBeGreaterThan(50);
  });
});

describe('headers and credentials', () => {
  const auth = (written: string) =>
    [
      ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  token: { env: WALLET_TOKEN }'],
      ['repeatable: always', `repeatable: always\n  auth: ${written}`],
    ] as const;

  test('bearer', () => {
    expect(requestOf(fileWith(...auth('{ type: bearer, token: token }'))).headers).toMatchObject({
      Authorization: 'Bearer wallet-token',
    });
  });

  test('basic', () => {
    const { headers } = requestOf(fileWith(...auth('{ type: basic, username: token, password: token }')));

    expect(headers).toMatchObject({ Authorization: 'Basic d2FsbGV0LXRva2VuOndhbGxldC10b2tlbg==' });
  });

  test('a key in a header or in the query', () => {
    expect(requestOf(fileWith(...auth('{ type: apiKey, in: header, name: X-Key, key: token }'))).headers).toMatchObject(
      { 'X-Key': 'wallet-token' },
    );
    expect(requestOf(fileWith(...auth('{ type: apiKey, in: query, name: key, key: token }'))).path).toBe(
      '/debits?key=wallet-token',
    );
  });

  test('a header can sign all that was rendered before it', () => {
    const text = withdrawing(
      '{ path: /debits, query: { a: b }, body: { n: 1 }, headers: { X-Sign: \'${hmac("sha256", secrets.token, sent.raw).hex()}\', X-Seen: \'${sent.path}|${sent.query.a}|${text(sent.body.n)}|${sent.headers.Authorization}|${sent.headers["X-Sign"].size() > 0}\' } }',
      ...auth('{ type: bearer, token: token }'),
    );

    // openssl dgst -sha256 -hmac wallet-token over {"n":1}
    expect(requestOf(text).headers).toMatchObject({
      'X-Sign': '71a0a15a061eb78b33c2757781ad139dcc7e21bcd706f2bc2c270871e5991d0d',
      'X-Seen': '/debits|b|1|Bearer wallet-token|true',
    });
  });

  test.each(['a\r\nX-Evil: 1', 'a\nb', 'a\0', 'ü€'])('a value %j cannot be put into a header', (userID) => {
    const text = withdrawing("{ path: /debits, headers: { X-User: '${request.userID}' } }");

    expect(rendered(text, { fields: { userID } })).toMatchObject([{ kind: 'cannot', result: 'wrongInput' }]);
  });
});

describe('what a call is about', () => {
  const names =
    "{ path: /debits, body: { id: '${request.transactionID}', round: '${request.roundID}', own: '${reference}', cents: '${request.amount.minor()}', agent: '${agent}', currency: '${currency}', ms: '${now.unixMs()}' } }";
  const fields = { transactionID: 't1', roundID: 'r1', amount: '5.00' };

  test('a withdraw', () => {
    expect(bodyOf(withdrawing(names), fields)).toBe(
      '{"id":"t1","round":"r1","own":"t1","cents":500,"agent":"SOUND01","currency":"EUR","ms":1700000000000}',
    );
  });

  test('a betWin of two calls: each has its own reference and amount', () => {
    const made = rendered(fileWith(), {
      operation: 'betWin',
      fields: { transactionID: 't1', betAmount: '5.00', winAmount: '7.00' },
    });

    expect(
      made.map((one) =>
        one.kind === 'request' ? [one.request.path, Buffer.from(one.request.body ?? []).toString()] : one,
      ),
    ).toEqual([
      ['/debits', '{"reference":"t1","cents":500}'],
      ['/credits', '{"reference":"t1-w","cents":700}'],
    ]);
  });

  test('a betWin of one call has both', () => {
    const text = fileWith([
      '  rollback: inverse',
      "  betWin:\n    request: { path: /spins, body: { bet: '${request.betAmount.minor()}', win: '${request.winAmount.minor()}', ids: ['${reference}', '${winReference}'] } }\n  rollback: unsupported",
    ]);

    const { path, body } = requestOf(text, {
      operation: 'betWin',
      fields: { transactionID: 't1', betAmount: '5.00', winAmount: '0.00' },
    });

    expect([path, Buffer.from(body ?? []).toString()]).toEqual(['/spins', '{"bet":500,"win":0,"ids":["t1","t1-w"]}']);
  });

  test('an inverse calls the opposite operation with the amount that was moved and a reference of its own', () => {
    const undone = (of: 'withdraw' | 'deposit') => {
      const { path, body } = requestOf(fileWith(), {
        operation: 'rollback',
        of,
        fields: { transactionID: 't1', amount: '5.00' },
      });
      return [path, Buffer.from(body ?? []).toString()];
    };

    expect(undone('withdraw')).toEqual(['/credits', '{"reference":"t1-r","cents":500}']);
    expect(undone('deposit')).toEqual(['/debits', '{"reference":"t1-r","cents":500}']);
  });

  test('a mapped undo knows what is on record', () => {
    const text = fileWith([
      '  rollback: inverse',
      "  rollback:\n    request: { path: /undo, body: { undo: '${reference}', of: '${original.reference}', kind: '${original.operation}', receipt: '${original.?receipt}', round: '${original.roundID}', user: '${request.userID}' } }",
    ]);
    const sample = { operation: 'rollback', of: 'deposit' } as const;

    expect(
      Buffer.from(
        requestOf(text, { ...sample, fields: { transactionID: 't1', roundID: 'r1', receipt: 'c9', userID: 'ann' } })
          .body ?? [],
      ).toString(),
    ).toBe('{"undo":"t1-r","of":"t1","kind":"deposit","receipt":"c9","round":"r1","user":"ann"}');
    expect(Buffer.from(requestOf(text, sample).body ?? []).toString()).not.toContain('receipt');
  });

  test('a lookup asks for the reference on record', () => {
    const text = fileWith([
      'errors:',
      "  lookup:\n    request: { method: GET, path: '/movements/${original.reference}' }\n    response: { applied: '${response.body.done == true}' }\nerrors:",
    ]);

    expect(requestOf(text, { operation: 'lookup', fields: { transactionID: 't1' } })).toMatchObject({
      method: 'GET',
      path: '/movements/t1',
    });
  });

  test('an own intermediate value means what it says where it is read', () => {
    const text = withBody("{ a: '${vars.cents}', b: '${vars.twice}' }", [
      'wallet:',
      'vars:\n  total: ${request.amount + request.amount}\n  cents: ${request.amount.minor()}\n  twice: ${vars.total.minor()}\nwallet:',
    ]);

    expect(bodyOf(text, fields)).toBe('{"a":500,"b":1000}');
  });

  test('a freeSpin is there only when the callback says so', () => {
    const text = withBody("{ free: '${request.?freeSpin}' }", ['errors:', 'policy: { freeSpins: forward }\nerrors:']);

    expect([bodyOf(text), bodyOf(text, { freeSpin: 'true' })]).toEqual(['{}', '{"free":true}']);
  });

  test('an agent that is not in the file any more gets no request', () => {
    const operator = operatorOf(fileWith());

    const made = operator.wallet.balance.render({ player: { agentID: 'GONE', userID: 'ann' } }, 0);

    expect(made).toEqual({ kind: 'cannot', because: 'the agent is no longer in the operator file' });
  });

  test('amounts of any size arrive as they left', () => {
    const operator = operatorOf(fileWith());

    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 17n }), (cents) => {
        const sampled = sampleCalls(operator, {
          operation: 'deposit',
          fields: { amount: Money.of(cents, 2).toString() },
        });
        if ('because' in sampled) throw new Error(sampled.because);
        const [made] = sampled.calls.map(({ call, subject }) => call.render(subject, 0));

        expect(made?.kind === 'request' && Buffer.from(made.request.body ?? []).toString()).toContain(
          `"cents":${cents}}`,
        );
      }),
    );
  });
});
