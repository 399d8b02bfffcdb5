// Everything a socket can do to one call. What is held: the right phrase, `sent` false only when no byte
// left, and never a second request at the wallet.
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type LookupFunction, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AxiosHeaders } from 'axios';
import { Pool } from 'undici';
import { createTransport, type Exchange, type Transport } from '../../src/wallet/transport.js';
import { PoolCall } from '../../src/wallet/undici-adapter.js';
import type { WalletRequest } from '../../src/wallet/message.js';
import { until } from '../support/until.js';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK';
const debit: WalletRequest = {
  method: 'POST',
  path: '/debits',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"a":1}'),
  sent: {},
};
const always = { within: 5_000, mayStillSend: () => true };

let cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

interface Listening {
  readonly url: URL;
  /** Whole requests as they arrived, latin1. */
  readonly requests: string[];
  readonly sockets: Socket[];
}

async function listen(server: Server, sockets: Socket[]): Promise<URL> {
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** A wallet that does `respond` once a whole request has come. */
async function walletThat(respond: (socket: Socket, request: string) => void): Promise<Listening> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      const length = Number.parseInt(/content-length: (\d+)/i.exec(heard)?.[1] ?? '0', 10);
      const head = heard.indexOf('\r\n\r\n');
      if (head < 0 || heard.length < head + 4 + length) return;
      const request = heard;
      heard = '';
      requests.push(request);
      respond(socket, request);
    });
  });
  return { url: await listen(server, sockets), requests, sockets };
}

function transportTo(baseUrl: URL, connections = 4): Transport {
  const transport = createTransport({ baseUrl, connections, maxReplyBytes: 1024 });
  cleanups.push(() => transport.close());
  return transport;
}

const outcome = (exchange: Exchange) =>
  exchange.kind === 'failed'
    ? { sent: exchange.sent, because: exchange.because }
    : { status: exchange.reply.status, body: Buffer.from(exchange.reply.body).toString() };

describe('no byte left', () => {
  test('connection refused', async () => {
    const closed = createServer();
    const url = await listen(closed, []);
    closed.close();
    await once(closed, 'close');

    const exchange = await transportTo(url).exchange(debit, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'connection refused' });
  });

  test('a name that does not exist', async () => {
    const exchange = await transportTo(new URL('http://wallet.invalid')).exchange(debit, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'name not resolved' });
  });

  test.each([
    ['the call’s own time', 300],
    ['the connection’s time', 20_000],
  ])('no connection within %s', async (_, within) => {
    const { transport } = await fullBacklog();

    const exchange = await transport.exchange(debit, { ...always, within });

    expect(outcome(exchange)).toEqual({ sent: false, because: 'connect timeout' });
  });

  test('a certificate nobody vouches for', async () => {
    const sockets: Socket[] = [];
    let requests = 0;
    const server = createHttpsServer({ key: untrusted.key, cert: untrusted.cert }, () => (requests += 1));
    const url = await listen(server, sockets);
    url.protocol = 'https:';
    url.hostname = 'localhost';

    const exchange = await transportTo(new URL(`https://localhost:${url.port}`)).exchange(debit, always);

    expect(outcome(exchange)).toEqual({
      sent: false,
      because: 'TLS: the certificate is self-signed, by nobody who is trusted',
    });
    expect(requests).toBe(0);
  });

  test('no TLS on the other side', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-hello\r\n')));
    const { port } = await listen(server, []);

    const exchange = await transportTo(new URL(`https://127.0.0.1:${port}`)).exchange(debit, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'TLS: what answers does not speak TLS' });
  });

  test('the connection goes away in the TLS handshake', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { port } = await listen(server, []);

    const exchange = await transportTo(new URL(`https://127.0.0.1:${port}`)).exchange(debit, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'connection reset' });
  });

  test.each([
    ['a line break in a header', { headers: { 'x-note': 'a\r\nx-evil: 1' } }],
    ['a space in the path', { path: '/debits of me' }],
    ['a path without its slash', { path: 'debits' }],
    ['a path beyond latin', { path: '/players/игрок' }],
    ['a header name that is none', { headers: { 'x note': 'a' } }],
    ['framing of its own', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['a length of its own', { headers: { 'content-length': '3' } }],
    ['another host', { headers: { Host: 'elsewhere.example' } }],
  ])('%s; and it blocks no later call', async (_, change) => {
    const { url, requests } = await walletThat((socket) => socket.write(ok));
    const transport = transportTo(url, 1);

    const exchange = await transport.exchange({ ...debit, ...change }, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'request cannot be sent' });
    expect(requests).toHaveLength(0);
    expect(outcome(await transport.exchange(debit, always))).toEqual({ status: 200, body: 'OK' });
  });

  test('no longer allowed when the connection is there; the connection stays good for the next call', async () => {
    const { url, requests, sockets } = await walletThat((socket) => socket.write(ok));
    const transport = transportTo(url, 1);
    const forbidden = { ...always, mayStillSend: () => false };

    const onNew = await transport.exchange(debit, forbidden);
    const first = await transport.exchange(debit, always);
    const onUsed = await transport.exchange(debit, forbidden);
    const second = await transport.exchange(debit, always);

    expect([onNew, onUsed].map(outcome)).toEqual(Array(2).fill({ sent: false, because: 'no longer allowed to send' }));
    expect([first, second].map(outcome)).toEqual(Array(2).fill({ status: 200, body: 'OK' }));
    expect(requests).toHaveLength(2);
    expect(sockets).toHaveLength(1);
  });

  test('a closed transport', async () => {
    const { url, requests } = await walletThat((socket) => socket.write(ok));
    const transport = createTransport({ baseUrl: url, connections: 1, maxReplyBytes: 1024 });
    await transport.close();

    const exchange = await transport.exchange(debit, always);

    expect(outcome(exchange)).toEqual({ sent: false, because: 'no longer allowed to send' });
    expect(requests).toHaveLength(0);
  });
});

describe('bytes may have left', () => {
  const big = 'x'.repeat(2_000);
  const cases: [name: string, respond: (socket: Socket) => void, because: string][] = [
    ['reset after the request was read', (socket) => socket.resetAndDestroy(), 'connection reset'],
    ['closed without an answer', (socket) => socket.end(), 'connection closed'],
    ['no answer', () => undefined, 'timeout'],
    ['half a head', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-le'), 'timeout'],
    [
      'half a body, then nothing',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"'),
      'timeout',
    ],
    ['an endless body', (socket) => trickle(socket), 'timeout'],
    [
      'a body shorter than said',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"'),
      'reply cut',
    ],
    [
      'the same on a connection not kept',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{"a"'),
      'reply cut',
    ],
    [
      'chunks without an end',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n'),
      'reply cut',
    ],
    [
      'the same on a connection not kept',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n'),
      'unreadable reply',
    ],
    [
      'reset in the body',
      (socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"', () =>
          setImmediate(() => socket.resetAndDestroy()),
        ),
      'reply cut',
    ],
    [
      'too large, and said so',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n${big}`),
      'reply too large',
    ],
    [
      'too large in chunks',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n${big}\r\n0\r\n\r\n`),
      'reply too large',
    ],
    [
      'too large a head',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n`),
      'reply too large',
    ],
    ['not HTTP', (socket) => socket.write('+OK redis here\r\n'), 'unreadable reply'],
    [
      'packed, and cut',
      (socket) => socket.write(packed('gzip', gzipSync('{"ok":true}').subarray(0, 20))),
      'unreadable reply',
    ],
    [
      'packed as nobody here can unpack',
      (socket) => socket.write(packed('zstd', Buffer.from('(\xb5/\xfd', 'latin1'))),
      'unreadable reply',
    ],
    [
      'packed, and without end',
      (socket) => socket.write(packed('gzip', gzipSync(Buffer.alloc(1_000_000)))),
      'reply too large',
    ],
    [
      '101 instead of an answer',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      'connection closed',
    ],
  ];

  test.each(cases)('%s', async (_, respond, because) => {
    const { url, requests } = await walletThat(respond);

    const exchange = await transportTo(url).exchange(debit, { ...always, within: because === 'timeout' ? 200 : 5_000 });

    expect(outcome(exchange)).toEqual({ sent: true, because });
    expect(requests).toHaveLength(1);
  });

  test('reset before the request was read', async () => {
    const server = createServer({ pauseOnConnect: true });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const sockets: Socket[] = [];
    const url = await listen(server, sockets);
    const mayStillSend = () => {
      // Our bytes are written in this turn of the loop; the wallet resets in a later one, without having
      // looked.
      void accepted.then(([socket]) => setImmediate(() => socket.resetAndDestroy()));
      return true;
    };

    const exchange = await transportTo(url).exchange(debit, { ...always, mayStillSend });

    expect(outcome(exchange)).toEqual({ sent: true, because: 'connection reset' });
    expect(sockets).toHaveLength(1);
  });

  test('reset on a connection that worked before', async () => {
    const { url, requests, sockets } = await walletThat((socket) =>
      requests.length === 1 ? socket.write(ok) : socket.resetAndDestroy(),
    );
    const transport = transportTo(url, 1);

    expect(outcome(await transport.exchange(debit, always))).toEqual({ status: 200, body: 'OK' });
    expect(outcome(await transport.exchange({ ...debit, path: '/second' }, always))).toEqual({
      sent: true,
      because: 'connection reset',
    });

    expect(requests).toHaveLength(2);
    expect(requests.filter((request) => request.startsWith('POST /second'))).toHaveLength(1);
    expect(sockets).toHaveLength(1);
  });

  test('a GET is not repeated either', async () => {
    const { url, requests } = await walletThat((socket) => socket.resetAndDestroy());

    const exchange = await transportTo(url).exchange(
      { method: 'GET', path: '/balance', headers: {}, sent: {} },
      always,
    );

    expect(outcome(exchange)).toEqual({ sent: true, because: 'connection reset' });
    expect(requests).toHaveLength(1);
  });

  test('a second start of the same call is refused', async () => {
    const { url, requests } = await walletThat((socket) => socket.write(ok));
    const pool = new Pool(url.origin, { connections: 1 });
    cleanups.push(() => pool.close());
    let controller: Parameters<PoolCall['onRequestStart']>[0] | undefined;
    class Watched extends PoolCall {
      override onRequestStart(given: typeof controller & object): void {
        super.onRequestStart((controller = given));
      }
    }
    const call = new Watched(
      pool,
      { method: 'POST', path: '/debits', headers: {}, body: undefined },
      5_000,
      () => true,
    );
    await call.adapter({ headers: new AxiosHeaders() });

    expect(() => controller && call.onRequestStart(controller)).toThrow('started twice');
    expect(call.progress).toBe('answering');
    expect(requests).toHaveLength(1);
  });
});

describe('a reply', () => {
  test.each([200, 201, 302, 307, 400, 404, 409, 500, 503])(
    'of status %d is handed on, and nothing follows it',
    async (status) => {
      const elsewhere = await walletThat((socket) => socket.write(ok));
      const { url, requests } = await walletThat((socket) =>
        socket.write(`HTTP/1.1 ${status} X\r\nlocation: ${elsewhere.url.href}\r\ncontent-length: 2\r\n\r\n{}`),
      );

      const exchange = await transportTo(url).exchange(debit, always);

      expect(outcome(exchange)).toEqual({ status, body: '{}' });
      expect(requests).toHaveLength(1);
      expect(elsewhere.sockets).toHaveLength(0);
    },
  );

  test.each([
    ['an empty 200', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', { status: 200, body: '' }],
    ['a 204', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '' }],
    [
      'a page of HTML',
      'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>',
      { status: 200, body: '<html>' },
    ],
    [
      'early hints before the answer',
      `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}`,
      { status: 200, body: 'OK' },
    ],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nO\r\n1\r\nK\r\n0\r\n\r\n',
      { status: 200, body: 'OK' },
    ],
    [
      'identity said aloud',
      'HTTP/1.1 200 OK\r\ncontent-encoding: Identity\r\ncontent-length: 2\r\n\r\nOK',
      { status: 200, body: 'OK' },
    ],
  ])('%s', async (_, reply, expected) => {
    const { url, requests } = await walletThat((socket) => socket.write(reply));

    const exchange = await transportTo(url).exchange(debit, always);

    expect(outcome(exchange)).toEqual(expected);
    expect(requests).toHaveLength(1);
  });

  test('that ends with its connection', async () => {
    const { url } = await walletThat((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nOK'));

    expect(outcome(await transportTo(url).exchange(debit, always))).toEqual({ status: 200, body: 'OK' });
  });

  test('has lower-case header names, repeated ones joined, and its bytes untouched', async () => {
    const { url } = await walletThat((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Result: OK\r\nX-Tag: a\r\nx-tag: b\r\nContent-Length: 4\r\n\r\n');
      socket.write(Buffer.from([0x00, 0xff, 0xfe, 0x0a]));
    });

    const exchange = await transportTo(url).exchange(debit, always);

    if (exchange.kind !== 'reply') throw new Error(exchange.because);
    expect(exchange.reply.headers).toMatchObject({ 'x-result': 'OK', 'x-tag': 'a, b', 'content-length': '4' });
    expect([...exchange.reply.body]).toEqual([0x00, 0xff, 0xfe, 0x0a]);
    expect(exchange.ms).toBeGreaterThan(0);
  });

  test('on a connection the wallet has closed since is fetched over a new one', async () => {
    const { url, requests, sockets } = await walletThat((socket) => socket.end(ok));
    const transport = transportTo(url);

    await transport.exchange(debit, always);
    const second = await transport.exchange(debit, always);

    expect(outcome(second)).toEqual({ status: 200, body: 'OK' });
    expect(requests).toHaveLength(2);
    expect(sockets).toHaveLength(2);
  });
});

describe('a request', () => {
  test('arrives exactly as rendered, below the path prefix', async () => {
    const { url, requests } = await walletThat((socket) => socket.write(ok));
    const body = Buffer.from([0x7b, 0x00, 0xff, 0xe2, 0x82, 0xac, 0x7d]);

    await transportTo(new URL('/wallet/v2/', url)).exchange(
      {
        method: 'PUT',
        path: '/debits/7?q=a%20b',
        headers: { 'X-Sign': 'AbC', authorization: 'Bearer t' },
        body,
        sent: {},
      },
      always,
    );

    expect(requests).toEqual([
      [
        'PUT /wallet/v2/debits/7?q=a%20b HTTP/1.1',
        `host: ${url.host}`,
        'connection: keep-alive',
        'accept-encoding: identity',
        'X-Sign: AbC',
        'authorization: Bearer t',
        'content-length: 7',
        '',
        body.toString('latin1'),
      ].join('\r\n'),
    ]);
  });

  test('without body is sent without', async () => {
    const { url, requests } = await walletThat((socket) => socket.write(ok));

    await transportTo(url).exchange({ method: 'GET', path: '/balance', headers: {}, sent: {} }, always);

    expect(requests[0]).toMatch(/^GET \/balance HTTP\/1\.1\r\n/);
    expect(requests[0]).not.toMatch(/content-length|content-type/i);
  });

  test.each(['/wallet', ''])('cannot leave its host by its path (prefix "%s")', async (prefix) => {
    const elsewhere = await walletThat((socket) => socket.write(ok));
    const { url, requests } = await walletThat((socket) => socket.write(ok));
    const transport = transportTo(new URL(prefix, url));

    const absolute = await transport.exchange({ ...debit, path: elsewhere.url.href }, always);
    const relative = await transport.exchange({ ...debit, path: `//${elsewhere.url.host}/x` }, always);

    expect(outcome(absolute)).toEqual({ sent: false, because: 'request cannot be sent' });
    expect(outcome(relative)).toEqual({ status: 200, body: 'OK' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(`POST ${prefix}//${elsewhere.url.host}/x HTTP/1.1\r\nhost: ${url.host}\r\n`);
    expect(elsewhere.sockets).toHaveLength(0);
  });

  test('that timed out waiting never leaves later', async () => {
    const { url, requests, sockets } = await walletThat(() => undefined);
    const transport = transportTo(url, 1);

    const first = transport.exchange(debit, { ...always, within: 400 });
    const queued = await transport.exchange({ ...debit, path: '/queued' }, { ...always, within: 50 });
    expect(outcome(queued)).toEqual({ sent: false, because: 'connect timeout' });

    expect(outcome(await first)).toEqual({ sent: true, because: 'timeout' });
    await transport.exchange({ ...debit, path: '/third' }, { ...always, within: 400 });
    expect(requests.map((request) => request.split(' ')[1])).toEqual(['/debits', '/third']);
    expect(sockets).toHaveLength(2);
  });

  test('keeps within its own answer when many run side by side', async () => {
    const { url, requests } = await walletThat((socket, request) => {
      const path = request.split(' ')[1] ?? '';
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${path.length}\r\n\r\n${path}`);
    });
    const transport = transportTo(url);

    const paths = Array.from({ length: 60 }, (_, i) => `/debits/${i}`);
    const replies = await Promise.all(paths.map((path) => transport.exchange({ ...debit, path }, always)));

    expect(replies.map(outcome)).toEqual(paths.map((body) => ({ status: 200, body })));
    expect(requests).toHaveLength(60);
  });
});

function packed(coding: string, body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

describe('a reply is read as other clients read it', () => {
  const plain = Buffer.from('{"ok":true}');

  test.each([
    ...['UTF-8', 'utf8', 'none', '', 'identity', 'Identity', 'plain', 'binary', '8bit', 'identity, none', 'gzip'].map(
      (coding): [string, Buffer] => [coding, plain],
    ),
    ['gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['gzip, gzip', gzipSync(gzipSync(plain))],
    ['gzip, gzip', gzipSync(plain)],
    ['UTF-8, gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['gzip', Buffer.alloc(0)],
  ])('Content-Encoding: %s (%#)', async (coding, body) => {
    const { url } = await walletThat((socket) => socket.write(packed(coding, body)));

    expect(outcome(await transportTo(url).exchange(debit, always))).toEqual({
      status: 200,
      body: body.length === 0 ? '' : '{"ok":true}',
    });
  });

  test.each([
    ['chunks with trailers', 'transfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nOK\r\n0\r\nx-sum: 1\r\n\r\n'],
    ['chunks with extensions', 'transfer-encoding: chunked\r\n\r\n2;name=value\r\nOK\r\n0\r\n\r\n'],
    ['a type nobody knows', 'content-type: text/x-unknown;;charset="utf8"\r\ncontent-length: 2\r\n\r\nOK'],
    ['no type', 'content-length: 2\r\n\r\nOK'],
  ])('%s', async (_, rest) => {
    const { url } = await walletThat((socket) => socket.write(`HTTP/1.1 200 OK\r\n${rest}`));

    expect(outcome(await transportTo(url).exchange(debit, always))).toEqual({ status: 200, body: 'OK' });
  });
});

describe('a name', () => {
  /** Looks names up as it is told, and counts. */
  function names(...addresses: { address: string; family: number }[]): { lookup: LookupFunction; asked: () => number } {
    let asked = 0;
    const lookup: LookupFunction = (_, __, told) => {
      asked += 1;
      told(null, addresses);
    };
    return { lookup, asked: () => asked };
  }
  const named = (port: string, lookup: LookupFunction, now?: () => number): Transport => {
    const baseUrl = new URL(`http://wallet.example:${port}`);
    const transport = createTransport({ baseUrl, connections: 1, maxReplyBytes: 1024, lookup, ...(now && { now }) });
    cleanups.push(() => transport.close());
    return transport;
  };

  test('with a second address that is dead is reached at the first, however far away that is', async () => {
    // It takes a lost SYN, so a second, until it is connected: more than Node gives one of several addresses.
    const { port } = await backlogThatClears(500);
    const { lookup } = names({ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 });

    expect(outcome(await named(port, lookup).exchange(debit, always))).toEqual({ status: 200, body: 'OK' });
  });

  test('that moves is looked up again within a minute, although its connection is never idle', async () => {
    const before = await walletThat((socket) => socket.write(ok));
    let time = 0;
    const { lookup, asked } = names({ address: '127.0.0.1', family: 4 });
    const transport = named(before.url.port, lookup, () => time);
    const calls = async (): Promise<unknown[]> =>
      Promise.all([transport.exchange(debit, always), transport.exchange(debit, always)]).then((all) =>
        all.map(outcome),
      );

    await calls();
    for (; time < 29_000; time += 1_000) await calls();
    expect(asked()).toBe(1);
    time = 31_000;

    expect(await calls()).toEqual(Array(2).fill({ status: 200, body: 'OK' }));
    expect(asked()).toBe(2);
    await until('the first connection is closed', () => before.sockets[0]?.destroyed === true);
  });

  test('is not looked up where an address is written', async () => {
    const { url, sockets } = await walletThat((socket) => socket.write(ok));
    let time = 0;
    const transport = createTransport({ baseUrl: url, connections: 1, maxReplyBytes: 1024, now: () => time });
    cleanups.push(() => transport.close());

    for (; time < 120_000; time += 30_000) await transport.exchange(debit, always);

    expect(sockets).toHaveLength(1);
  });
});

/** A body that never ends but always moves, so that only a bound over the whole call can end it. */
function trickle(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
  const timer = setInterval(() => socket.write('1\r\nx\r\n'), 20);
  socket.on('close', () => clearInterval(timer));
}

/**
 * A wallet that listens and never accepts: a thread that sleeps, its queue filled, so that the next SYN is
 * dropped.
 */
async function fullBacklog(): Promise<{ transport: Transport }> {
  const listener = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  cleanups.push(() => listener.terminate());
  const [port] = (await once(listener, 'message')) as [number];
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  cleanups.push(() => fillers.forEach((filler) => filler.destroy()));
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  return { transport: transportTo(new URL(`http://127.0.0.1:${port}`)) };
}

/** A wallet that accepts nobody for so long, its queue full, and then answers everybody. */
async function backlogThatClears(after: number): Promise<{ port: string }> {
  const listener = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer((socket) => {
       socket.on('error', () => undefined).on('data', () => socket.write(${JSON.stringify(ok)}));
     }).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       parentPort.once('message', () => undefined);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${after}));
     });`,
    { eval: true },
  );
  cleanups.push(() => listener.terminate());
  const [port] = (await once(listener, 'message')) as [number];
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  cleanups.push(() => fillers.forEach((filler) => filler.destroy()));
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  return { port: String(port) };
}

/** For localhost, signed by itself, made for this test. */
const untrusted = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBfzCCASSgAwIBAgITXmzm7JSfl/YrITw07C8Ui8/lKjAKBggqhkjOPQQDAjAU
MRIwEAYDVQQDDAlsb2NhbGhvc3QwIBcNMjYxMTIyMTYxMzI3WhgPMjEyNjEwMjkx
NjEzMjdaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABPpVIO1f31ceyaqxh6mzGpii6XF7URJcHDS+zJdjgN+W6Jw60C2pmmZJ
R514db/9P3ElfpY8LeyVYCipzHC8zaijUzBRMB0GA1UdDgQWBBTDyEJ9v1ZWiEnd
KvnYVFol46RKvjAfBgNVHSMEGDAWgBTDyEJ9v1ZWiEndKvnYVFol46RKvjAPBgNV
HRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDO6Ut8Hgk9bVuAedz+hW6m
qY3Mi399UfjbU7wKziSCPAIhALOwACp4XzyDwdWGX5ZZ+rzQ4Fg5hVbCoSbsPysQ
TV3J
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFcqQ3uRvEhtTeMq+
pR8/ir0hGw3FbqAixKNARe+QzemhRANCAAT6VSDtX99XHsmqsYepsxqYoulxe1ES
XBw0vsyXY4DfluicOtAtqZpmSUedeHW//T9xJX6WPC3slWAoqcxwvM2o
-----END PRIVATE KEY-----`,
};
