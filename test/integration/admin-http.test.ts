// The admin listener: alive while it serves, ready only between loading and the end, metrics as Prometheus
// reads them.

import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { JournalUnavailable } from '../../src/domain/ports.js';
import { createAdminApp, type AdminPorts } from '../../src/http/admin.js';
import { createLog } from '../../src/observe/log.js';
import { createMonitor } from '../../src/observe/create-monitor.js';

type Method = 'get' | 'post' | 'put' | 'delete';

function ask(path: string, change: Partial<AdminPorts> = {}, method: Method = 'get') {
  const { scrape } = createMonitor(createLog('silent'));
  const sessions = { keepSession: () => Promise.resolve(true), forgetSession: () => Promise.resolve(true) };
  const own = { scrape, turnedAway: () => undefined, access: {}, whyNotReady: () => undefined, isReady: () => true };
  const console: AdminPorts['console'] = ({ path }) => Promise.resolve({ status: 200, type: 'html', body: path });
  return request(createAdminApp({ ...own, console, ...sessions, ...change }))[method](path);
}

describe('/healthz', () => {
  test.each([undefined, 'stopping'])('is 200 while the process serves, not ready because: %s', async (why) => {
    expect((await ask('/healthz', { whyNotReady: () => why })).status).toBe(200);
  });
});

describe('/readyz', () => {
  test.each([
    [undefined, 200, 'ready\n'],
    ['stopping: for a test', 503, 'not ready: stopping: for a test\n'],
  ])('not ready because %s is %d, and says so', async (why, status, text) => {
    const response = await ask('/readyz', { whyNotReady: () => why });

    expect([response.status, response.text]).toEqual([status, text]);
  });
});

describe('/metrics', () => {
  test('is the text format, with Node’s own metrics', async () => {
    const response = await ask('/metrics');

    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.text).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  });

  test.each([
    [
      'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'application/openmetrics-text',
    ],
    ['application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.1', 'application/openmetrics-text'],
    ['text/plain;version=0.0.4', 'text/plain'],
    ['*/*', 'text/plain'],
  ])('asked for %s is %s', async (accept, type) => {
    const response = await ask('/metrics').set('Accept', accept);

    expect(response.headers['content-type']).toContain(type);
    expect(response.text.endsWith('# EOF\n')).toBe(type !== 'text/plain');
  });

  test('that cannot be read are a 500 that says nothing of why', async () => {
    const response = await ask('/metrics', { scrape: () => Promise.reject(new Error('a secret')) });

    expect(response.status).toBe(500);
    expect(response.text).toBe('the metrics cannot be read\n');
  });
});

describe('/sessions/:agentID/:userID', () => {
  const keeping = () => {
    const kept: unknown[] = [];
    const keepSession: AdminPorts['keepSession'] = (player, session) => {
      kept.push([player, session]);
      return Promise.resolve(true);
    };
    return { kept, keepSession };
  };

  test('a launch is taken as it is told', async () => {
    const { kept, keepSession } = keeping();

    const whole = await ask('/sessions/DEMO01/ann%2Fb', { keepSession }, 'put').send({
      session: 's1',
      gameID: '2001',
      currency: 'EUR',
    });
    const bare = await ask('/sessions/DEMO01/ann', { keepSession }, 'put').type('text/plain').send('{"session":"s2"}');

    expect([whole.status, whole.text, bare.status]).toEqual([204, '', 204]);
    expect(kept).toEqual([
      [
        { agentID: 'DEMO01', userID: 'ann/b' },
        { session: 's1', gameID: '2001', currency: 'EUR' },
      ],
      [{ agentID: 'DEMO01', userID: 'ann' }, { session: 's2' }],
    ]);
  });

  test.each([
    ['{}', /^not a session \(wrong: session\); expected JSON \{ "session"/],
    ['{"session":""}', /wrong: session/],
    ['{"session":12}', /wrong: session/],
    ['{"session":"s3cr3t","game":"7","gameID":7}', /wrong: gameID, game/],
    ['[]', /wrong: all of it/],
    ['', /wrong: session/],
    ['{"session":"s3cr3t"', /^this cannot be read; expected JSON/],
    [`{"session":"${'s3cr3t'.repeat(2000)}"}`, /^this cannot be read/],
  ])('%.50s is a 400 with a sentence, and nothing is kept', async (body, sentence) => {
    const { kept, keepSession } = keeping();

    const response = await ask('/sessions/DEMO01/ann', { keepSession }, 'put').type('application/json').send(body);

    expect(response.status).toBe(400);
    expect(response.text).toMatch(sentence);
    expect(response.text).not.toContain('s3cr3t');
    expect(kept).toEqual([]);
  });

  test('a userID that is not percent-encoded as it should be is a 400', async () => {
    expect((await ask('/sessions/DEMO01/%zz', {}, 'delete')).status).toBe(400);
  });

  test('a name no callback would have is a 400, and is not kept', async () => {
    const { kept, keepSession } = keeping();

    const response = await ask(`/sessions/DEMO01/${'x'.repeat(201)}`, { keepSession }, 'put').send({ session: 's1' });

    expect([response.status, response.text]).toEqual([400, expect.stringContaining('200 characters')]);
    expect(kept).toEqual([]);
  });

  test('it ends, also one that was not there', async () => {
    expect((await ask('/sessions/DEMO01/ann', {}, 'delete')).status).toBe(204);
  });

  test('of an agent in no operator file it is a 404', async () => {
    const nobodys = { keepSession: () => Promise.resolve(false), forgetSession: () => Promise.resolve(false) };

    const put = await ask('/sessions/GONE/ann', nobodys, 'put').send({ session: 's1' });
    const ended = await ask('/sessions/GONE/ann', nobodys, 'delete');

    expect([put.status, put.text, ended.status]).toEqual([404, 'no operator file names this agent\n', 404]);
  });

  test('without its store, or before everything is loaded, it is a 503', async () => {
    const away = { keepSession: () => Promise.reject(new JournalUnavailable('Redis is not connected', true)) };

    const lost = await ask('/sessions/DEMO01/ann', away, 'put').send({ session: 's1' });
    const early = await ask('/sessions/DEMO01/ann', { isReady: () => false }, 'delete');

    expect([lost.status, early.status]).toEqual([503, 503]);
  });

  test('cannot be read', async () => {
    expect((await ask('/sessions/DEMO01/ann')).status).toBe(404);
  });
});

describe('tokens', () => {
  const both = { token: 'operators-own-token', viewerToken: 'viewers-own-token' };
  const presented = (token: string) => (token === '' ? {} : { Authorization: `Bearer ${token}` });

  test.each<[string, keyof typeof both | 'both', string, number, number]>([
    ['nobody', 'both', '', 401, 401],
    ['a stranger', 'both', 'strangers-own-token', 401, 401],
    ['a viewer', 'both', both.viewerToken, 200, 403],
    ['an operator', 'both', both.token, 200, 204],
    ['a viewer, where there are none', 'token', both.viewerToken, 401, 401],
    ['an operator', 'token', both.token, 200, 204],
    ['an operator, where there are none', 'viewerToken', both.token, 401, 401],
    ['a viewer', 'viewerToken', both.viewerToken, 200, 403],
  ])('let %s, with %s set, do what is theirs', async (_who, set, token, look, change) => {
    const access = set === 'both' ? both : { [set]: both[set] };

    const metrics = await ask('/metrics', { access }).set(presented(token));
    const ended = await ask('/sessions/DEMO01/ann', { access }, 'delete').set(presented(token));
    const probes = await Promise.all(['/healthz', '/readyz'].map((path) => ask(path, { access })));

    expect([metrics.status, ended.status]).toEqual([look, change]);
    expect(probes.map(({ status }) => status)).toEqual([200, 200]);
    if (look === 401) expect(metrics.headers['www-authenticate']).toBe('Bearer');
  });

  test('are asked for before a session is read, and who has none is told of', async () => {
    const told: unknown[] = [];
    const change: Partial<AdminPorts> = { access: both, turnedAway: (because) => told.push(because) };

    const response = await ask('/sessions/DEMO01/ann', change, 'put').type('application/json').send('no JSON');

    expect([response.status, told]).toEqual([401, ['noToken']]);
  });
});

describe('the name it is asked by', () => {
  test.each([
    ['localhost', 200],
    ['LOCALHOST:9090', 200],
    ['127.0.0.1:9090', 200],
    ['[::1]:9090', 200],
    ['bridge.internal:9090', 200],
    ['rebound.example', 421],
    ['rebound.example:9090', 421],
    ['127.0.0.1.rebound.example', 421],
  ])('%s, on this machine alone, is %d', async (host, status) => {
    const access = { names: ['bridge.internal'] };

    expect((await ask('/metrics', { access }).set('Host', host)).status).toBe(status);
    expect((await ask('/sessions/DEMO01/ann', { access }, 'delete').set('Host', host)).status).toBe(
      status === 200 ? 204 : status,
    );
    expect((await ask('/healthz', { access }).set('Host', host)).status).toBe(200);
  });

  test('does not count where others reach it, too', async () => {
    expect((await ask('/metrics').set('Host', 'rebound.example')).status).toBe(200);
  });
});

describe('/console', () => {
  test('is where the port itself leads', async () => {
    const response = await ask('/');

    expect([response.status, response.headers['location']]).toEqual([302, '/console/']);
    expect((await ask('/console')).text).toBe('/');
  });

  test('is answered by the names of this machine only, and with a browser kept to what is ours', async () => {
    const access = { names: ['bridge.internal'] };
    const response = await ask('/console/queue', { access });

    expect((await ask('/console/queue', { access }).set('Host', 'rebound.example')).status).toBe(421);
    expect([response.status, response.text]).toEqual([200, '/queue']);
    expect(response.headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    ['a', 262_145, 400],
    ['a', 260_000, 200],
  ])('takes a form of 256 kB at most: %s, %d times, is %d', async (letter, times, status) => {
    const response = await ask('/console/x', {}, 'post')
      .type('form')
      .send(`a=${letter.repeat(times)}`);

    expect(response.status).toBe(status);
    expect((await ask('/console/x', {}, 'delete')).status).toBe(405);
  });
});

describe('anything else', () => {
  test.each<[Method, string]>([
    ['get', '/metrics/x'],
    ['post', '/readyz'],
    ['delete', '/metrics'],
    ['post', '/WalletService/GetBalance'],
  ])('%s %s is 404', async (method, path) => {
    const response = await ask(path, {}, method);

    expect(response.status).toBe(404);
    expect(response.headers).not.toHaveProperty('x-powered-by');
  });
});
