// The admin listener: alive while it serves, ready only between loading and the end, metrics as Prometheus reads them.

import { afterEach, describe, expect, test } from '@jest/globals';
import { createAdminApp, type AdminPorts } from '../../src/http/admin.js';
import { listen, type Listener } from '../../src/http/server.js';
import { createLog } from '../../src/observe/log.js';
import { createObserve } from '../../src/observe/observe.js';

let listener: Listener | undefined;
afterEach(() => listener?.stop(1000));

async function get(path: string, change: Partial<AdminPorts> = {}, method = 'GET'): Promise<Response> {
  const { scrape } = createObserve(createLog('silent'));
  const app = createAdminApp({ scrape, isReady: () => true, ...change });
  listener = await listen(app, { host: '127.0.0.1', port: 0, requestWithin: 10_000 });
  return fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
}

describe('/healthz', () => {
  test.each([true, false])('is 200 while the process serves, ready: %s', async (ready) => {
    expect((await get('/healthz', { isReady: () => ready })).status).toBe(200);
  });
});

describe('/readyz', () => {
  test.each([
    [true, 200],
    [false, 503],
  ])('ready: %s is %d', async (ready, status) => {
    expect((await get('/readyz', { isReady: () => ready })).status).toBe(status);
  });
});

describe('/metrics', () => {
  test('is the text format, with Node’s own metrics', async () => {
    const response = await get('/metrics');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  });

  test('that cannot be read are a 500 that says nothing of why', async () => {
    const response = await get('/metrics', { scrape: () => Promise.reject(new Error('a secret')) });

    expect(response.status).toBe(500);
    expect(await response.text()).toBe('the metrics cannot be read\n');
  });
});

describe('anything else', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/metrics/x'],
    ['POST', '/readyz'],
    ['DELETE', '/metrics'],
    ['POST', '/WalletService/GetBalance'],
  ])('%s %s is 404', async (method, path) => {
    const response = await get(path, {}, method);

    expect(response.status).toBe(404);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});
