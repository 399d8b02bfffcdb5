// What strangers can do to the listener of the callbacks, who have no key and need none to connect, to send
// ahead, or to hold on: each has a bound, and good callbacks go on beside them.

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import express from 'express';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startApp } from '../../src/app.js';
import { holds, readAddresses } from '../../src/http/addresses.js';
import { createCallbackApp, type Allowed, type CallbackPorts } from '../../src/http/callbacks.js';
import { listen, type Listener, type ListenerSettings } from '../../src/http/server.js';
import { createStrangersQueue } from '../../src/http/strangers.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import { createLog } from '../../src/observe/log.js';
import { readSettings } from '../../src/settings.js';
import { request, talk } from '../support/raw-http.js';
import { until } from '../support/until.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const one = request('POST', '/callback', 'x'.repeat(200));

/** A listener whose requests are answered when they are let go. */
async function door(bounds: Partial<ListenerSettings> = {}) {
  const waiting: (() => void)[] = [];
  const app = express();
  let letGo = true;
  app.post('/callback', (received, response) => {
    received.resume().on('end', () => {
      waiting.push(() => response.end('done'));
      if (letGo) waiting.splice(0).forEach((go) => go());
    });
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0, requestWithin: 10_000, ...bounds });
  ends.push(() => listener.stop(100));
  return {
    ...listener,
    waiting,
    hold: () => void (letGo = false),
    letGo: () => {
      letGo = true;
      waiting.splice(0).forEach((go) => go());
    },
  };
}

function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  ends.push(() => void socket.destroy());
  return socket;
}

describe('connections', () => {
  test('beyond the bound are closed as they come, and told of', async () => {
    const told: unknown[] = [];
    const { port } = await door({ mostConnections: 2, turnedAway: (address) => told.push(address) });
    const [first, second] = [dial(port), dial(port)];
    await Promise.all([first, second].map((socket) => once(socket, 'connect')));

    const third = dial(port);
    await once(third, 'close');

    expect(told).toEqual(['127.0.0.1']);
    first.write(one);
    expect(String(await once(first, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    second.destroy();
    await until('a place', async () => (await talk(port, [one]).catch(() => []))[0]?.status === 200);
  });

  test('of strangers leave half of them to the others', async () => {
    const told: unknown[] = [];
    const settings = { mostConnections: 4, turnedAway: () => void told.push('away') };
    let isStranger = true;
    const { port } = await door({ ...settings, mayCall: () => !isStranger });
    for (let i = 0; i < 2; i++) await once(dial(port), 'connect');

    await once(dial(port), 'close');
    isStranger = false;

    expect(await talk(port, [one])).toMatchObject([{ status: 200 }]);
    expect(told).toEqual(['away']);
  });

  test('are closed by the last of their requests', async () => {
    const { port } = await door({ mostRequests: 3 });

    const replies = await talk(port, [one, one, one, one], 4);

    expect(replies.map(({ head }) => /^connection: close/im.test(head))).toEqual([false, false, true]);
  });
});

describe('requests that are sent ahead', () => {
  const ahead = 5_000;

  test('are read only as those before them are answered, and all are answered', async () => {
    const { port, hold, letGo, waiting } = await door();
    hold();
    const socket = dial(port);
    let answers = 0;
    socket.on('data', (chunk) => (answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1));
    socket.write(Buffer.concat(Array.from({ length: ahead }, () => one)));
    await until('the first ones', () => waiting.length > 3);
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(waiting.length).toBe(4);
    const before = waiting.length;
    dial(port).write(one);
    await until('one of another connection', () => waiting.length > before);

    letGo();
    await until('all answers', () => answers === ahead);
  });

  test('do not keep others waiting for all of them', async () => {
    const app = express();
    let served = 0;
    app.post('/callback', (received, response) => {
      received.resume().on('end', () => {
        served += 1;
        response.end('done');
      });
    });
    let servedMeanwhile = Infinity;
    app.get('/other', (_request, response) => {
      const before = served;
      // As many turns of the event loop as a bet needs: for the journal, the wallet, and the journal again.
      setImmediate(() =>
        setImmediate(() => setImmediate(() => response.end(String((servedMeanwhile = served - before))))),
      );
    });
    const listener = await listen(app, { host: '127.0.0.1', port: 0, requestWithin: 10_000 });
    ends.push(() => listener.stop(100));
    const many = Buffer.concat(Array.from({ length: ahead }, () => one));
    dial(listener.port).resume().write(many);
    await until('the first of them', () => served > 0);

    await talk(listener.port, [request('GET', '/other')]);

    expect(served).toBeLessThan(ahead);
    expect(servedMeanwhile).toBeLessThanOrEqual(4 * 4);
  });

  test('behind one whose body is on its way do not keep that from arriving', async () => {
    const { port } = await door();
    const many = Array.from({ length: 9 }, () => one);

    const replies = await talk(port, [Buffer.concat(many), one.subarray(0, 150), one.subarray(150)], 10);

    expect(replies).toHaveLength(10);
  });
});

describe('callbacks nobody vouches for', () => {
  test('are answered at a bounded rate past the first few, and others do not wait for them', async () => {
    const now = (): number => performance.now();
    const untouched = (): never => {
      throw new Error('nobody vouched for it');
    };
    const app = createCallbackApp('/W', {
      ...{ findAgent: () => undefined, operatorOf: untouched, handle: untouched },
      ...{ observe: createMonitor(createLog('silent')), now, isDraining: () => false },
      strangersTurn: createStrangersQueue(now),
    });
    const listener = await listen(app, { host: '127.0.0.1', port: 0, requestWithin: 10_000 });
    const { port } = listener;
    ends.push(() => listener.stop(100));
    const stranger = request('POST', '/W/Withdraw', '{"agentID":"nobody"}');
    const began = now();
    let answered = 0;
    const flood = Array.from({ length: 10 }, async () => {
      const replies = await talk(port, [Buffer.concat(Array.from({ length: 15 }, () => stranger))], 15);
      answered += replies.length;
    });
    await until('the first of them wait', () => now() > began + 100);

    expect(await talk(port, [request('GET', '/W/Withdraw')])).toMatchObject([{ status: 405 }]);
    expect(answered).toBeLessThan(150);
    await Promise.all(flood);

    // 100 of the 150 wait 5 ms more than the one before.
    expect(now() - began).toBeGreaterThan(450);
    expect(answered).toBe(150);
  });
});

describe('TLS', () => {
  const pem = (name: string): string => readFileSync(`test/vectors/tls/${name}`, 'utf8');
  const own = { cert: pem('server.pem'), key: pem('server.key') };

  async function shown(port: number, status = 200): Promise<string> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => undefined);
    ends.push(() => void socket.destroy());
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.write(one);
    expect(String(await once(socket, 'data'))).toContain(`HTTP/1.1 ${status} `);
    return fingerprint256;
  }

  test('is spoken, with another certificate once that is shown, and on the same port', async () => {
    const listener = await door({ tls: own });
    const before = await shown(listener.port);

    expect(() => listener.secure({ cert: own.cert, key: pem('client.key') })).toThrow('key values mismatch');
    expect(await shown(listener.port)).toBe(before);
    listener.secure({ cert: pem('elsewhere.pem'), key: pem('elsewhere.key') });

    expect(await shown(listener.port)).not.toBe(before);
    await expect(talk(listener.port, [one])).resolves.not.toMatchObject([{ status: 200 }]);
  });

  test('is spoken with what the files of a running bridge hold, and a wrong pair is told of', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-doors-'));
    ends.push(() => rmSync(directory, { recursive: true }));
    const [TLS_CERT_FILE, TLS_KEY_FILE] = [join(directory, 'tls.pem'), join(directory, 'tls.key')];
    const write = (cert: string, key: string): void => {
      writeFileSync(TLS_CERT_FILE, pem(cert));
      writeFileSync(TLS_KEY_FILE, pem(key));
    };
    write('server.pem', 'server.key');
    const files = { TLS_CERT_FILE, TLS_KEY_FILE };
    const read = readSettings({ PORT: '0', HOST: '127.0.0.1', ADMIN_PORT: '0', BASE_PATH: '', ...files });
    if ('problems' in read) throw new Error(read.problems.join());
    const log = join(directory, 'log');
    const env = { DEMO_GSP_KEY: 'k'.repeat(16), DEMO_WALLET_TOKEN: 't', DEMO_WALLET_URL: 'http://127.0.0.1:1' };
    const logged = createLog('warn', log);
    const app = await startApp(read.settings, env, logged);
    ends.push(() => app.stop());
    const before = await shown(app.port, 404);

    write('elsewhere.pem', 'server.key');
    await app.reload();
    expect(await shown(app.port, 404)).toBe(before);
    write('elsewhere.pem', 'elsewhere.key');
    await app.reload();

    expect(await shown(app.port, 404)).not.toBe(before);
    await new Promise<void>((flushed) => logged.flush(() => flushed()));
    expect(readFileSync(log, 'utf8')).toContain('the certificate of the public port cannot be taken');
    write('elsewhere.pem', 'server.key');
    await expect(startApp(read.settings, env, createLog('silent'))).rejects.toThrow(/^TLS_CERT_FILE: cannot be used/);
  });

  test('a stopping listener waits for no connection that was never used', async () => {
    const listener: Listener = await listen(express(), {
      ...{ host: '127.0.0.1', port: 0, requestWithin: 10_000, tls: own },
    });
    const socket = connectTls({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const began = performance.now();

    await listener.stop(5_000);

    expect(performance.now() - began).toBeLessThan(2_000);
    socket.destroy();
  });
});

describe('an address', () => {
  test.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['192.0.2.1, 2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['10.0.0.0/8', 'not an address', false],
    ['10.0.0.0/8', undefined, false],
  ])('of %s is %s: %s', (list, address, isOne) => {
    const addresses = readAddresses(list);

    expect(addresses !== undefined && holds(addresses, address)).toBe(isOne);
  });

  test.each([
    '',
    ',',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'localhost',
    '10.0.0',
    '1.2.3.4/-1',
  ])('stands in no list such as %j', (list) => expect(readAddresses(list)).toBeUndefined());
});

describe('ALLOW_FROM', () => {
  const list = (text: string) => {
    const addresses = readAddresses(text);
    if (addresses === undefined) throw new Error('no list');
    return addresses;
  };
  const untouched = (): never => {
    throw new Error('nothing of a stranger is looked at');
  };

  async function guarded(from: string, proxies?: string) {
    const monitor = createMonitor(createLog('silent'));
    const allowed: Allowed = { from: list(from), proxies: proxies === undefined ? undefined : list(proxies) };
    const ports: CallbackPorts = {
      ...{ findAgent: () => undefined, operatorOf: untouched, handle: untouched, observe: monitor },
      ...{ now: () => performance.now(), isDraining: () => false, allowed },
    };
    const listener = await listen(createCallbackApp('/W', ports), {
      ...{ host: '127.0.0.1', port: 0, requestWithin: 10_000 },
    });
    ends.push(() => listener.stop(100));
    const call = async (forwarded?: string) => {
      const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
      const [reply] = await talk(listener.port, [request('POST', '/W/GetBalance', '[]', headers)]);
      return reply?.status;
    };
    return { call, port: listener.port, scrape: async () => (await monitor.scrape()).text };
  }

  test('lets those call it names', async () => {
    expect(await (await guarded('127.0.0.0/8')).call()).toBe(200);
    expect(await (await guarded('203.0.113.0/24, ::1')).call()).toBe(403);
  });

  test('believes nobody but its proxies of whom they call for: the last that is none of them', async () => {
    const behind = await guarded('203.0.113.0/24', '127.0.0.1, 10.0.0.0/8');

    expect(await behind.call('203.0.113.9')).toBe(200);
    expect(await behind.call('198.51.100.1, 203.0.113.9, 10.2.3.4')).toBe(200);
    expect(await behind.call('203.0.113.9, 198.51.100.1')).toBe(403);
    expect(await behind.call('203.0.113.9, nonsense')).toBe(403);
    expect(await behind.call('nonsense')).toBe(403);
    expect(await behind.call()).toBe(403);
    expect(await (await guarded('203.0.113.0/24')).call('203.0.113.9')).toBe(403);
  });

  test('turns away before a body is there, says why, and counts it', async () => {
    const { port, scrape } = await guarded('203.0.113.0/24');

    const [reply] = await talk(port, [request('POST', '/W/Withdraw', '', { 'Content-Length': '5000' })]);

    expect(reply).toMatchObject({ status: 403, body: expect.stringContaining('ALLOW_FROM') });
    expect(reply?.head).toMatch(/^connection: close\r?$/im);
    expect(await scrape()).toContain('wallet_bridge_turned_away_total{because="notAllowed"} 1');
  });
});
