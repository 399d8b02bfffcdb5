// A callback's trace through the bridge to the wallet, and in the log; and what a process says as it ends.

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApp, type App } from '../../src/app.js';
import { createLog, type Log } from '../../src/observe/log.js';
import { readSettings } from '../../src/settings.js';
import { environment, fileWith } from '../support/operator-text.js';
import { signedBody } from '../support/platform-side.js';
import { until } from '../support/until.js';

const traceID = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';

let home: string;
let wallet: Server;
let calls: { path: string; headers: IncomingHttpHeaders }[];
let reply: { status: number; body: object };
let log: Log;
let app: App | undefined;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'wallet-bridge-traces-'));
  calls = [];
  reply = { status: 200, body: { balance: '5000', id: 'r1' } };
  wallet = createServer((request, response) => {
    request.resume().on('end', () => {
      calls.push({ path: request.url ?? '', headers: request.headers });
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((listening) => wallet.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  await new Promise((closed) => wallet.close(closed));
  rmSync(home, { recursive: true });
});

/** A bridge whose file has `key` in its wallet. */
async function start(key: string, more: NodeJS.ProcessEnv = {}): Promise<App> {
  const { port } = wallet.address() as AddressInfo;
  const file = fileWith(
    ['https://wallet.example/api/', `http://127.0.0.1:${port}/`],
    ['  repeatable: always\n', `  repeatable: always\n${key}`],
  );
  writeFileSync(join(home, 'a.yaml'), file);
  const env = { ...environment, PORT: '0', ADMIN_PORT: '0', HOST: '127.0.0.1', OPERATORS_DIR: home, ...more };
  const read = readSettings(env);
  if ('problems' in read) throw new Error(read.problems.join());
  log = createLog('debug', join(home, 'log'));
  app = await startApp(read.settings, env, log);
  return app;
}

function lines(event: string): Record<string, unknown>[] {
  log.flush(() => undefined);
  const all = readFileSync(join(home, 'log'), 'utf8').trimEnd().split('\n');
  return all.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['event'] === event);
}

const bet = { agentID: 'SOUND01', userID: 'ann', amount: '12.30', transactionID: 't1', roundID: 'r1' };
async function send({ port }: App, headers: Record<string, string> = {}, fields: object = bet): Promise<unknown> {
  const body = signedBody({ ...fields }, undefined, environment.GSP_KEY);
  const answer = await fetch(`http://127.0.0.1:${port}/WalletService/Withdraw`, { method: 'POST', headers, body });
  return answer.json();
}
const traced = { traceparent: `00-${traceID}-${caller}-00` };
const sent = (): (string | undefined)[] => calls.map(({ headers }) => headers['traceparent']?.toString());
const on = '  traceparent: true\n';

describe('the trace of a callback', () => {
  test('goes to the wallet where the file says so, with a call’s own id, and is logged', async () => {
    const bridge = await start(on);

    await send(bridge, traced);
    await send(bridge, traced, { ...bet, transactionID: 't2' });

    expect(sent()).toEqual(Array(2).fill(expect.stringMatching(`^00-${traceID}-[0-9a-f]{16}-00$`)));
    expect(new Set([...sent(), traced.traceparent]).size).toBe(3);
    expect(lines('callback')).toMatchObject(Array(2).fill({ traceID, agentID: 'SOUND01', code: 0, result: 'success' }));
    expect(lines('walletCall')).toMatchObject(Array(2).fill({ traceID, agentID: 'SOUND01', outcome: 'applied' }));
  });

  test.each([[{}], [{ traceparent: 'a' }], [{ traceparent: `00-${'0'.repeat(32)}-${caller}-01` }]])(
    'is made where it comes with %j',
    async (headers) => {
      const bridge = await start(on);

      await send(bridge, headers);

      const [line] = lines('callback');
      expect(line).toMatchObject({ traceID: expect.stringMatching(/^[0-9a-f]{32}$/) });
      expect(sent()).toEqual([expect.stringMatching(`^00-${String(line?.['traceID'])}-[0-9a-f]{16}-01$`)]);
    },
  );

  test('stays in the log where the file says nothing', async () => {
    const bridge = await start('');

    await send(bridge, traced);

    expect(sent()).toEqual([undefined]);
    expect(lines('callback')).toMatchObject([{ traceID }]);
  });

  test('leaves a header of the file alone', async () => {
    const bridge = await start(`${on}  request: { headers: { TraceParent: 'ours-\${request.userID}' } }\n`);

    await send(bridge, traced);

    expect(sent()).toEqual(['ours-ann']);
  });

  test('is another one for what is done later', async () => {
    const bridge = await start(on);
    reply = { status: 500, body: {} };

    await send(bridge, traced);
    const inTime = calls.length;
    await until('a look of the resolver', () => calls.length > inTime);

    const later = sent().slice(inTime);
    expect(
      sent()
        .slice(0, inTime)
        .every((header) => header?.includes(traceID) === true),
    ).toBe(true);
    expect(later[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(later[0]).not.toContain(traceID);
  });
});

test('a process says when it begins, is ready, stops and has stopped, with what it leaves', async () => {
  const bridge = await start('', { DRAIN_DELAY: '300ms' });
  reply = { status: 500, body: {} };
  await send(bridge);

  const stopped = bridge.stop();
  await send(bridge);
  await stopped;
  app = undefined;

  expect(['starting', 'ready', 'stopping', 'stopped'].map((event) => lines(event).length)).toEqual([1, 1, 1, 1]);
  expect(lines('stopped')).toMatchObject([{ callbacks: 1, records: 1, ms: expect.any(Number) }]);
});

test('every line has an event', async () => {
  const bridge = await start('');
  await send(bridge);

  log.flush(() => undefined);
  const all = readFileSync(join(home, 'log'), 'utf8').trimEnd().split('\n');
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((line) => !/"event":"[a-zA-Z]+"/.test(line))).toEqual([]);
});
