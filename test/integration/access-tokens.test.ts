// Calls that need an access token, over real sockets: how many tokens are asked for, when, and what a call
// becomes where there is none.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JournalUnavailable, type SharedTexts } from '../../src/domain/ports.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { MemoryTexts } from '../../src/journal/shared-texts.js';
import { createAuthorizedTransport } from '../../src/wallet/auth/authorized-transport.js';
import { createAccessTokens, sharedToken, type AccessTokens, type OAuth2Client } from '../../src/wallet/auth/oauth2.js';
import { isInfrastructureFailure, verdictOnFailure } from '../../src/wallet/classify-failure.js';
import { createHttpWallet } from '../../src/wallet/http-wallet.js';
import { createTransport, type Exchange, type Transport } from '../../src/wallet/transport.js';
import { fileWith, operatorOf } from '../support/operator-text.js';
import { someLeg, someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';
import type { WalletRequest } from '../../src/wallet/message.js';

const debit: WalletRequest = {
  method: 'POST',
  path: '/debits',
  headers: { 'x-own': '1' },
  body: Buffer.from('{}'),
  sent: {},
};
const settings = { within: 5_000, mayStillSend: () => true };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let origin: URL;
let asked: Seen[];
let debits: Seen[];
/** The token endpoint, and the wallet. */
let issue: Answer;
let accept: Answer;
let now: number;
let tokens: AccessTokens;
let transport: Transport;
let cleanups: (() => unknown)[];

const token = (name: string, fields: object = { expires_in: 3600 }): Answer => {
  return (response) => response.end(JSON.stringify({ access_token: name, token_type: 'Bearer', ...fields }));
};
const numbered: Answer = (response, request) => token(`t${asked.length}`)(response, request);

function open(client: Partial<OAuth2Client> = {}, texts?: SharedTexts): void {
  const to = (baseUrl: URL, connections: number) => createTransport({ baseUrl, connections, maxReplyBytes: 4096 });
  const whole = {
    tokenUrl: new URL('/oauth/token?tenant=7', origin),
    clientId: 'client:1',
    clientSecret: 'hush hush%',
    clientAuth: 'basic' as const,
    ...client,
  };
  const shared = texts && sharedToken(whole, texts);
  tokens = createAccessTokens(whole, to(new URL(whole.tokenUrl.origin), 1), () => now, shared);
  transport = createAuthorizedTransport(to(origin, 100), tokens);
  cleanups.push(() => transport.close());
}

beforeEach(async () => {
  [asked, debits, cleanups, now] = [[], [], [], 1_000];
  issue = numbered;
  accept = (response) => response.writeHead(201).end();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const isDebit = request.url === '/debits';
      (isDebit ? debits : asked).push({ headers: request.headers, body });
      (isDebit ? accept : issue)(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  open();
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const call = (): Promise<Exchange> => transport.exchange(debit, settings);
const became = (exchange: Exchange): unknown =>
  exchange.kind === 'reply' ? exchange.reply.status : [exchange.sent, exchange.because];
const bearers = (): unknown[] => debits.map(({ headers }) => headers.authorization);

describe('a token', () => {
  test('is asked for once, however many calls need it at once, and carried by each', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, call));

    expect(new Set(all.map(became))).toEqual(new Set([201]));
    expect(asked).toHaveLength(1);
    expect(debits).toHaveLength(100);
    expect(new Set(bearers())).toEqual(new Set(['Bearer t1']));
    expect(debits[0]?.headers['x-own']).toBe('1');
  });

  test('is asked for with the client in a header, each part urlencoded', async () => {
    await call();

    expect(asked[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('client%3A1:hush+hush%25').toString('base64')}`,
    });
    expect(asked[0]?.body).toBe('grant_type=client_credentials');
  });

  test('is asked for with the client in the body, for a scope and an audience', async () => {
    open({ clientAuth: 'body', scope: 'bets wins', audience: 'https://wallet' });

    await call();

    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(asked[0]?.body).toBe(
      'grant_type=client_credentials&scope=bets+wins&audience=https%3A%2F%2Fwallet&client_id=client%3A1&client_secret=hush+hush%25',
    );
  });

  test('is renewed before it ends, while calls go on with the old one', async () => {
    await call();
    now += 3_539_999;
    await call();
    expect(asked).toHaveLength(1);

    now += 1;
    await Promise.all(Array.from({ length: 20 }, call));
    await until('the new token', async () =>
      isDeepStrictEqual(await tokens.get(1_000), { kind: 'token', token: 't2' }),
    );
    await call();

    expect(asked).toHaveLength(2);
    expect(bearers().slice(0, 22)).toEqual(Array(22).fill('Bearer t1'));
    expect(bearers().at(-1)).toBe('Bearer t2');
  });

  test('that has ended is not used, also where its renewal fails', async () => {
    await call();
    now += 3_600_000;
    issue = (response) => response.writeHead(500).end();

    expect(became(await call())).toEqual([false, 'no access token: HTTP 500']);
    expect(debits).toHaveLength(1);
  });

  test.each([
    [{ expires_in: 10 }, 10_000],
    [{ expires_in: '100' }, 100_000],
    [{}, 300_000],
    [{ expires_in: -1 }, 300_000],
    [{ expires_in: 1.5, token_type: 'bearer' }, 300_000],
  ])('with %j lives %i ms', async (fields, lifetime) => {
    issue = token('t1', fields);
    await call();
    issue = (response) => response.writeHead(500).end();

    now += lifetime - 1;
    expect(await tokens.get(1_000)).toEqual({ kind: 'token', token: 't1' });
    now += 1;
    expect(await tokens.get(1_000)).toEqual({ kind: 'none', because: 'no access token: HTTP 500' });
  });
});

test.each(['Bearer', 'bearer', 'BEARER', 'BearerToken', 'Bearer Token', 'bearer_token', ' Bearer ', '', null])(
  'a token of the type %j is one for its bearer',
  async (type) => {
    issue = token('t1', { token_type: type });

    expect(became(await call())).toBe(201);
    expect(bearers()).toEqual(['Bearer t1']);
  },
);

describe('a token the wallet refuses', () => {
  const takesOnly =
    (good: string): Answer =>
    (response, request) =>
      response.writeHead(request.headers.authorization === `Bearer ${good}` ? 201 : 401).end();

  test('is renewed once, and the request sent once more', async () => {
    await call();
    now += 10_000;
    accept = takesOnly('t2');

    const all = await Promise.all(Array.from({ length: 10 }, call));

    expect(new Set(all.map(became))).toEqual(new Set([201]));
    expect(asked).toHaveLength(2);
    expect(debits).toHaveLength(1 + 20);
  });

  test('is not sent a third time', async () => {
    await call();
    now += 10_000;
    accept = takesOnly('none');

    expect(became(await call())).toBe(401);
    expect([asked.length, debits.length]).toEqual([2, 3]);
  });

  test('is not renewed while it is new: the refusal is not about its age', async () => {
    accept = takesOnly('none');

    for (let i = 0; i < 5; i += 1) expect(became(await call())).toBe(401);

    expect([asked.length, debits.length]).toEqual([1, 5]);
  });

  test('leaves the 401 to the mapping where no other token comes', async () => {
    await call();
    now += 10_000;
    accept = takesOnly('none');
    issue = (response) => response.writeHead(503).end();

    expect(became(await call())).toBe(401);
    expect(debits).toHaveLength(2);
  });

  test('leaves the 401 to the mapping where nothing may be sent any more', async () => {
    await call();
    now += 10_000;
    accept = takesOnly('t2');
    let looks = 0;

    const exchange = await transport.exchange(debit, { ...settings, mayStillSend: () => (looks += 1) === 1 });

    expect(became(exchange)).toBe(401);
    expect(debits).toHaveLength(2);
  });

  test('makes a second try that breaks unknown, not a 401', async () => {
    await call();
    now += 10_000;
    accept = (response, request) =>
      request.headers.authorization === 'Bearer t1' ? response.writeHead(401).end() : request.socket.destroy();

    const exchange = await call();

    expect(became(exchange)).toEqual([true, 'connection closed']);
  });
});

describe('a server on which a new token ends the one before', () => {
  let live: string;
  let texts: MemoryTexts;
  beforeEach(() => {
    texts = new MemoryTexts(() => Date.now());
    live = '';
    issue = (response, request) => {
      live = `t${asked.length}`;
      token(live)(response, request);
    };
    accept = (response, request) =>
      response.writeHead(request.headers.authorization === `Bearer ${live}` ? 201 : 401).end();
  });

  function replicas(store: () => SharedTexts | undefined): Transport[] {
    return Array.from({ length: 3 }, () => {
      open({}, store());
      return transport;
    });
  }
  const allCall = async (all: readonly Transport[]): Promise<unknown[]> =>
    (await Promise.all(all.map((one) => one.exchange(debit, settings)))).map(became);

  test('is asked once for all replicas, however they begin', async () => {
    const all = replicas(() => texts);

    for (let round = 0; round < 5; round += 1) {
      expect(await allCall(all)).toEqual([201, 201, 201]);
      now += 10_000;
    }

    expect(asked).toHaveLength(1);
    expect(debits).toHaveLength(15);
  });

  test('is asked once more where the token was ended by somebody else, and each call is repeated once at most', async () => {
    const all = replicas(() => texts);
    await allCall(all);
    now += 10_000;
    live = 'of somebody else';

    expect(await allCall(all)).toEqual([201, 201, 201]);

    expect(asked).toHaveLength(2);
    expect(debits.length).toBeLessThanOrEqual(3 + 6);
  });

  test('is asked once where the token is to be renewed, and nobody stays behind', async () => {
    const all = replicas(() => texts);
    await allCall(all);
    now += 3_545_000;
    await allCall(all);
    await until('it is renewed', () => asked.length === 2);
    now += 10_000;

    for (let round = 0; round < 3; round += 1) expect(await allCall(all)).toEqual([201, 201, 201]);

    expect(asked).toHaveLength(2);
  });

  test('that gives another replica none leaves each to ask in its turn', async () => {
    const good = issue;
    issue = (response) => response.writeHead(503).end();
    const all = replicas(() => texts);
    expect(await allCall(all)).toEqual(Array(3).fill([false, 'no access token: HTTP 503']));

    issue = good;
    now += 1_000;

    expect(await allCall(all)).toEqual([201, 201, 201]);
  });

  test('is asked by each on its own while the store is away', async () => {
    const isAway = (): Promise<never> => Promise.reject(new JournalUnavailable('Redis is not connected', true));
    const away: SharedTexts = { read: isAway, keep: isAway, claim: isAway, release: isAway };
    accept = (response) => response.writeHead(201).end();

    expect(await allCall(replicas(() => away))).toEqual([201, 201, 201]);
    expect(asked).toHaveLength(3);
  });

  test('leaves nothing in the store that can be read without the client’s secret', async () => {
    const kept: string[] = [];
    const keep = texts.keep.bind(texts);
    texts.keep = (name, text, lifetime) => {
      kept.push(name, text);
      return keep(name, text, lifetime);
    };
    await allCall(replicas(() => texts));

    expect(kept).toHaveLength(2);
    expect(kept.join()).not.toMatch(/t1|hush|client:1/);
    open({ clientSecret: 'another secret' }, texts);
    expect(became(await call())).toBe(201);
    expect(asked).toHaveLength(2);
  });
});

test('an operator file is enough', async () => {
  const text = fileWith(
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  id: { env: CLIENT_ID }\n  hush: { env: CLIENT_SECRET }'],
    [
      '  repeatable: always',
      '  repeatable: always\n  auth: { type: oauth2, tokenUrl: { env: TOKEN_URL }, clientId: id, clientSecret: hush, scope: bets }',
    ],
    ['https://wallet.example/api/', origin.href],
  );
  const env = { GSP_KEY: 'platform-test-key', CLIENT_ID: 'c1', CLIENT_SECRET: 's1', TOKEN_URL: `${origin.href}token` };
  const wallet = createHttpWallet(operatorOf(text, { env }).wallet, {
    name: 'sound',
    now: () => 0,
    facts: new MemoryFacts(() => 0),
  });
  cleanups.push(() => wallet.close());
  accept = (response) => response.writeHead(200).end('{"id":"d1"}');

  const verdict = await wallet.send(someTransaction({ agentID: 'SOUND01' }), someLeg(), settings);

  expect(verdict).toEqual({ kind: 'applied', receipt: 'd1' });
  expect(asked.map(({ body }) => body)).toEqual(['grant_type=client_credentials&scope=bets']);
  expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('c1:s1').toString('base64')}`);
  expect(bearers()).toEqual(['Bearer t1']);
});

describe('without a token nothing leaves for the wallet', () => {
  const failures: [name: string, issue: Answer, because: string][] = [
    ['refuses us', (response) => response.writeHead(401).end('{"error":"invalid_client"}'), 'HTTP 401'],
    ['redirects', (response) => response.writeHead(302, { location: '/debits' }).end(), 'HTTP 302'],
    ['answers HTML', (response) => response.end('<html>'), 'unreadable reply'],
    ['answers nothing', (response) => response.end(), 'unreadable reply'],
    ['answers another shape', (response) => response.end('["t1"]'), 'unreadable reply'],
    ['answers an empty token', token(''), 'unreadable reply'],
    ['answers a token with a line break', token('t1\r\nX-Evil: 1'), 'unreadable reply'],
    ['answers a token of another type', token('t1', { token_type: 'mac' }), 'unreadable reply'],
    ['breaks the connection', (response) => response.socket?.resetAndDestroy(), 'connection reset'],
    ['answers without end', (response) => response.end('x'.repeat(5_000)), 'reply too large'],
  ];
  test.each(failures)('the token endpoint %s', async (_, answer, because) => {
    issue = answer;

    const exchange = await call();

    expect(became(exchange)).toEqual([false, `no access token: ${because}`]);
    if (exchange.kind !== 'failed') throw new Error('a reply');
    expect(verdictOnFailure(exchange).kind).toBe('notApplied');
    expect(isInfrastructureFailure(exchange)).toBe(true);
    expect(debits).toHaveLength(0);
  });

  test('the token endpoint is down; then it is left alone for a second', async () => {
    open({ tokenUrl: new URL('http://127.0.0.1:1/token') });
    expect(became(await call())).toEqual([false, 'no access token: connection refused']);
    open();
    issue = (response) => response.writeHead(503).end();
    for (let i = 0; i < 5; i += 1) await call();
    expect(asked).toHaveLength(1);

    issue = numbered;
    now += 1_000;

    expect(became(await call())).toBe(201);
  });

  test('the token endpoint is slow: the call waits its own time only, and the token comes for the next', async () => {
    let finish: () => void = () => undefined;
    issue = (response, request) => (finish = () => token('late')(response, request));

    expect(became(await transport.exchange(debit, { ...settings, within: 50 }))).toEqual([
      false,
      'no access token: timeout',
    ]);
    await until('the token endpoint is asked', () => asked.length === 1);
    finish();

    expect(became(await call())).toBe(201);
    expect(asked).toHaveLength(1);
    expect(bearers()).toEqual(['Bearer late']);
  });

  test('nothing that is said of it holds a token or a secret', async () => {
    issue = (response) => response.writeHead(400).end('{"error_description":"hush hush% is wrong"}');

    const said = JSON.stringify([await call(), await tokens.get(10)]);

    expect(said).toContain('no access token');
    expect(said).not.toContain('hush');
    expect(said).not.toContain('client:1');
  });
});
