// The admin listener: alive while it serves, ready only between loading and the end, metrics as Prometheus reads them.

import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createAdminApp, type AdminPorts } from '../../src/http/admin.js';
import { createLog } from '../../src/observe/log.js';
import { createObserve } from '../../src/observe/observe.js';

type Method = 'get' | 'post' | 'delete';

function ask(path: string, change: Partial<AdminPorts> = {}, method: Method = 'get') {
  const { scrape } = createObserve(createLog('silent'));
  return request(createAdminApp({ scrape, isReady: () => true, ...change }))[method](path);
}

describe('/healthz', () => {
  test.each([true, false])('is 200 while the process serves, ready: %s', async (ready) => {
    expect((await ask('/healthz', { isReady: () => ready })).status).toBe(200);
  });
});

describe('/readyz', () => {
  test.each([
    [true, 200],
    [false, 503],
  ])('ready: %s is %d', async (ready, status) => {
    expect((await ask('/readyz', { isReady: () => ready })).status).toBe(status);
  });
});

describe('/metrics', () => {
  test('is the text format, with Node’s own metrics', async () => {
    const response = await ask('/metrics');

    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.text).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  });

  test('that cannot be read are a 500 that says nothing of why', async () => {
    const response = await ask('/metrics', { scrape: () => Promise.reject(new Error('a secret')) });

    expect(response.status).toBe(500);
    expect(response.text).toBe('the metrics cannot be read\n');
  });
});

describe('anything else', () => {
  test.each<[Method, string]>([
    ['get', '/'],
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
