// The public listener over real sockets: whatever is posted gets its exact answer, and the next good callback
// goes through.

import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Callback } from '../../src/domain/callback.js';
import type { Reply } from '../../src/domain/outcome.js';
import type { Operator, Wallet } from '../../src/domain/ports.js';
import { createCallbackApp, type CallbackPorts } from '../../src/http/callbacks.js';
import { listen, type Listener } from '../../src/http/server.js';
import { createLog } from '../../src/observe/log.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import { base, fields, json, sign, transport } from '../support/bad-callbacks.js';
import { bet, roundID, signedBody, signText, someAgent, transactionID } from '../support/platform-side.js';
import { request, talk, type RawReply } from '../support/raw-http.js';
import { eur, someHomes, someTerms } from '../support/transactions.js';

const untouched = (): never => {
  throw new Error('nothing here may reach a wallet');
};
const wallet: Wallet = {
  reference: untouched,
  send: untouched,
  undo: untouched,
  lookup: untouched,
  lookupUndo: untouched,
  balance: untouched,
  bears: untouched,
  patience: untouched,
};
const operator: Operator = { name: 'northstar', terms: someTerms(), wallet, homes: someHomes };
const strict = someAgent({
  agentID: 'Strict01',
  remembersSigns: false,
  formats: { userID: (text) => /^[a-z]+$/.test(text), transactionID: (text) => /^[0-9a-f]{32}$/.test(text) },
});
const agents = new Map([someAgent(), strict].map((agent) => [agent.agentID, agent]));
const answered: Reply = { kind: 'success', duplicate: false, balance: eur('150') };
const goodAnswer = '{"result":0,"message":"success","balance":150.00}';
const good = request('POST', `${base}/Withdraw`, signedBody(bet));

const handled: Callback[] = [];
const ports: CallbackPorts = {
  findAgent: (agentID) => agents.get(agentID),
  operatorOf: () => operator,
  handle: (callback) => {
    handled.push(callback);
    return Promise.resolve(answered);
  },
  observe: createMonitor(createLog('silent')),
  now: () => performance.now(),
  isDraining: () => false,
};

async function serve(change: Partial<CallbackPorts> = {}, requestWithin = 10_000): Promise<Listener> {
  return listen(createCallbackApp(base, { ...ports, ...change }), { host: '127.0.0.1', port: 0, requestWithin });
}

async function served<T>(
  change: Partial<CallbackPorts>,
  use: (port: number) => Promise<T>,
  requestWithin?: number,
): Promise<T> {
  const listener = await serve(change, requestWithin);
  try {
    return await use(listener.port);
  } finally {
    await listener.stop(1000);
  }
}

let listener: Listener;
beforeAll(async () => {
  listener = await serve();
});
beforeEach(() => {
  handled.length = 0;
});
afterAll(async () => {
  await listener.stop(1000);
});

const statuses = (replies: RawReply[]): number[] => replies.map(({ status }) => status);
const bodies = (replies: RawReply[]): string[] => replies.map(({ body }) => body);

describe.each([
  ['transport', transport],
  ['JSON', json],
  ['fields', fields],
  ['sign', sign],
])('bad input in %s', (_group, cases) => {
  test('no two cases are the same', () => {
    expect(new Set(cases.map(({ bytes }) => bytes.join(''))).size).toBe(cases.length);
  });

  test.each(cases)('$name', async ({ bytes, status, body }) => {
    const [reply] = await talk(listener.port, bytes);

    expect(reply).toMatchObject({ status, body });
    if (status === 200) expect(reply?.head).toMatch(/^content-type: application\/json\r?$/im);
    if (status === 405) expect(reply?.head).toMatch(/^allow: POST\r?$/im);
    expect(handled).toEqual([]);
    expect(bodies(await talk(listener.port, [good]))).toEqual([goodAnswer]);
    expect(handled).toHaveLength(1);
  });
});

describe('a good callback is answered', () => {
  const { agentID, userID } = bet;
  const balance = '{"result":0,"message":"success","balance":150.00,"currency":"EUR"}';

  test.each([
    ['GetBalance', signedBody({ agentID, userID }), balance],
    ['Withdraw', signedBody(bet), goodAnswer],
    ['Deposit', signedBody(bet), goodAnswer],
    [
      'BetWin',
      signedBody({ agentID, userID, betAmount: '10.00', winAmount: '5.00', transactionID, roundID }),
      goodAnswer,
    ],
    ['RollbackTransaction', signedBody({ agentID, userID, transactionID }), goodAnswer],
  ])('%s', async (path, body, answer) => {
    const [reply] = await talk(listener.port, [request('POST', `${base}/${path}`, body)]);

    expect(reply).toMatchObject({ status: 200, body: answer });
    expect(reply?.head).toMatch(/^content-type: application\/json\r?$/im);
    expect(reply?.head).not.toMatch(/x-powered-by|etag/i);
  });

  const text = signedBody(bet);
  const inBytes = Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`).toString('latin1');
  test.each([
    ['with a wrong Content-Type', [request('POST', `${base}/Withdraw`, text, { 'Content-Type': 'text/html' })]],
    [
      'with a charset',
      [request('POST', `${base}/Withdraw`, text, { 'Content-Type': 'application/json; charset=latin1' })],
    ],
    ['with an identity encoding', [request('POST', `${base}/Withdraw`, text, { 'Content-Encoding': 'Identity' })]],
    ['with a query', [request('POST', `${base}/Withdraw?a[b]=1&a=%zz`, text)]],
    ['with an absolute target', [request('POST', `http://elsewhere${base}/Withdraw`, text)]],
    [
      'with an offer to speak HTTP/2',
      [request('POST', `${base}/Withdraw`, text, { Connection: 'Upgrade', Upgrade: 'h2c' })],
    ],
    ['with a body of exactly 8 kB', [request('POST', `${base}/Withdraw`, text.padEnd(8192))]],
    ['with a byte order mark', [request('POST', `${base}/Withdraw`, `\ufeff${text}`)]],
    ['in chunks', [request('POST', `${base}/Withdraw`, inBytes, { 'Transfer-Encoding': 'chunked' })]],
    ['byte by byte', Array.from(good, (byte) => Buffer.of(byte))],
    ['indented', [request('POST', `${base}/Withdraw`, JSON.stringify(JSON.parse(text), null, 2))]],
    [
      'with fields nobody knows',
      [request('POST', `${base}/Withdraw`, text.replace('{', '{"__proto__":{"sign":1},"x":[{}],'))],
    ],
    ['with its amount as a number', [request('POST', `${base}/Withdraw`, text.replace('"12.30"', '12.3'))]],
    ['by HTTP/1.0', [good.toString().replace('HTTP/1.1', 'HTTP/1.0')]],
  ])('%s', async (_name, bytes) => {
    expect(bodies(await talk(listener.port, bytes))).toEqual([goodAnswer]);
    expect(handled).toHaveLength(1);
  });

  test('after asking whether it may continue', async () => {
    const replies = await talk(
      listener.port,
      [request('POST', `${base}/Withdraw`, text, { Expect: '100-continue' })],
      2,
    );

    expect(statuses(replies)).toEqual([100, 200]);
  });

  test('one after the other on one connection, in order, also behind bad ones', async () => {
    const bad = request('POST', `${base}/Withdraw`, '[]');
    const replies = await talk(
      listener.port,
      [Buffer.concat([good, bad, request('GET', `${base}/Withdraw`), good])],
      4,
    );

    expect(statuses(replies)).toEqual([200, 200, 405, 200]);
    expect(bodies(replies)).toEqual([
      goodAnswer,
      '{"result":2,"code":2,"message":"wrong input parameters"}',
      '',
      goodAnswer,
    ]);
  });

  test('with a number where a text is usual, in its own digits', async () => {
    const digits = '12345678901234567890';
    const body = `{"agentID":"Partner01","userID":${digits},"sign":"${signText(`Partner01${digits}`)}"}`;

    expect(bodies(await talk(listener.port, [request('POST', `${base}/GetBalance`, body)]))).toEqual([balance]);
    expect(handled).toMatchObject([{ userID: digits }]);
  });
});

describe('what the bridge decides', () => {
  test.each([
    [{ kind: 'failure', result: 'insufficientFunds' }, 200, '{"result":6,"message":"insufficient funds"}'],
    [{ kind: 'askAgain', because: 'the journal is down' }, 503, '{"result":1,"message":"try again later"}'],
    [{ kind: 'success', duplicate: true, balance: undefined }, 200, '{"result":0,"message":"success","balance":0.00}'],
  ] satisfies [Reply, number, string][])('%j is %d', async (reply, status, body) => {
    const [got] = await served({ handle: () => Promise.resolve(reply) }, (port) => talk(port, [good]));

    expect(got).toMatchObject({ status, body });
    expect(got?.head).toMatch(/^content-type: application\/json\r?$/im);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('lost'))],
    ['throws', () => untouched()],
  ])('is not known when it %s, so it must be asked again', async (_name, handle) => {
    const replies = await served({ handle }, (port) => talk(port, [good, good], 2));

    expect(statuses(replies)).toEqual([503, 503]);
  });

  test.each([
    ['findAgent', '"result":1,"code":1'],
    ['operatorOf', '"result":1'],
  ])('is code 1 when %s fails, for nothing has begun', async (name, code) => {
    const replies = await served({ [name]: untouched }, (port) => talk(port, [good]));

    expect(replies).toMatchObject([{ status: 200, body: `{${code},"message":"general error"}` }]);
    expect(handled).toEqual([]);
  });

  test('is counted from the moment the callback arrived', async () => {
    const startedAts: number[] = [];
    const handle: CallbackPorts['handle'] = (_callback, _operator, startedAt) => {
      startedAts.push(startedAt);
      return Promise.resolve(answered);
    };
    let time = 100;

    await served({ handle, now: () => time++ }, (port) => talk(port, [good]));

    expect(startedAts).toEqual([100]);
  });
});

describe('a client', () => {
  const leaveAfter = (port: number, bytes: string | Buffer): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(bytes, () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
    });

  test.each([
    ['inside the head', good.subarray(0, 40)],
    ['inside the body', good.subarray(0, good.length - 10)],
    ['inside a body that is too large', request('POST', `${base}/Withdraw`, 'x'.repeat(20_000)).subarray(0, 15_000)],
  ])('may leave %s', async (_name, bytes) => {
    await leaveAfter(listener.port, bytes);

    expect(bodies(await talk(listener.port, [good]))).toEqual([goodAnswer]);
    expect(handled).toHaveLength(1);
  });

  test('may leave before its answer: the callback is worked on to its end', async () => {
    let finish: (reply: Reply) => void = untouched;
    let begun: () => void = untouched;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const handle: CallbackPorts['handle'] = (callback) => {
      handled.push(callback);
      begun();
      return handled.length > 1 ? Promise.resolve(answered) : new Promise((resolve) => (finish = resolve));
    };

    const replies = await served({ handle }, async (port) => {
      await leaveAfter(port, good);
      await started;
      finish(answered);
      return talk(port, [good]);
    });

    expect(bodies(replies)).toEqual([goodAnswer]);
  });

  test('that announces more than it sends is told so, and nothing is done', async () => {
    const replies = await served({}, (port) => talk(port, [good.subarray(0, good.length - 10)]), 100);

    expect(statuses(replies)).toEqual([408]);
    expect(handled).toEqual([]);
  });

  test('that never ends a body too large is answered and dropped', async () => {
    const endless = `POST ${base}/Withdraw HTTP/1.1\r\nHost: bridge\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(9000)}`;
    const replies = await served({}, (port) => talk(port, [endless], 2), 100);

    expect(replies).toMatchObject([{ status: 200, body: '{"result":2,"code":2,"message":"wrong input parameters"}' }]);
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'two lengths',
      `POST ${base}/Withdraw HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
      400,
    ],
    [
      'a length and chunks',
      `POST ${base}/Withdraw HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a head of 20 kB', `POST ${base}/Withdraw HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('that speaks %s is refused', async (_name, bytes, status) => {
    expect(statuses(await talk(listener.port, [bytes]))).toEqual([status]);
    expect(bodies(await talk(listener.port, [good]))).toEqual([goodAnswer]);
  });
});

describe('stopping', () => {
  test('lets what runs finish, asks for the connection to be closed, and takes nothing new', async () => {
    let finish: (reply: Reply) => void = untouched;
    let begun: () => void = untouched;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const handle: CallbackPorts['handle'] = () => {
      begun();
      return new Promise((resolve) => (finish = resolve));
    };
    let draining = false;
    const stopping = await serve({ handle, isDraining: () => draining });
    const running = talk(stopping.port, [good]);
    await started;

    draining = true;
    const stopped = stopping.stop(10_000);
    await expect(talk(stopping.port, [good])).rejects.toThrow('ECONNREFUSED');
    finish(answered);

    const [reply] = await running;
    expect(reply?.body).toBe(goodAnswer);
    expect(reply?.head).toMatch(/^connection: close\r?$/im);
    await stopped;
  });

  test('does not wait for connections nobody uses', async () => {
    const stopping = await serve();
    const idle = connect(stopping.port, '127.0.0.1');
    const used = connect(stopping.port, '127.0.0.1');
    const closed = Promise.all([idle, used].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    await new Promise((resolve) => used.once('data', resolve).write(good));

    await stopping.stop(10_000);

    await closed;
    expect(handled).toHaveLength(1);
  });

  test('drops at its limit what does not finish', async () => {
    let begun: () => void = untouched;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const handle: CallbackPorts['handle'] = () => {
      begun();
      return new Promise(() => undefined);
    };
    const stopping = await serve({ handle });
    const running = talk(stopping.port, [good]).catch(() => []);
    await started;

    await stopping.stop(50);

    expect(await running).toEqual([]);
  });

  test('a port that is taken is refused', async () => {
    const app = createCallbackApp(base, ports);

    await expect(listen(app, { host: '127.0.0.1', port: listener.port, requestWithin: 1000 })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
