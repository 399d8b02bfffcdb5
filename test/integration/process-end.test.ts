// How the process ends, as whoever runs it meets it: a signal while it starts, and a reader of its log that
// stalls, is gone, or has no room. Run as it is built.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../src/demo/processes.js';
import { until } from '../support/until.js';

const root = join(__dirname, '../..');
const running: ChildProcess[] = [];
afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
}

async function serve(env: NodeJS.ProcessEnv = {}, stdout: 'pipe' | number = 'pipe'): Promise<Served> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ['dist/main.js', 'serve'], {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ...{ PORT: String(port), HOST: '127.0.0.1', ADMIN_PORT: String(adminPort) },
      ...{ DEMO_GSP_KEY: 'platform-test-key', DEMO_WALLET_TOKEN: 'token', DEMO_WALLET_URL: 'http://127.0.0.1:1' },
      ...env,
    },
  });
  running.push(child);
  return { child, url: `http://127.0.0.1:${port}/WalletService`, adminUrl: `http://127.0.0.1:${adminPort}` };
}

const answers = async (url: string): Promise<boolean> => (await fetch(url).catch(() => undefined))?.ok === true;
const isReady = ({ adminUrl }: Served): Promise<void> =>
  until('it is ready', () => answers(`${adminUrl}/readyz`), 60_000);

/** How long it takes to end, and with what. */
async function ended(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<[code: number | null, signal: string | null]> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code, by] = (await exit) as [number | null, NodeJS.Signals | null];
  return [code, by];
}

describe('a signal while it starts', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s ends it at once, by itself, as process 1 must', async (signal, code) => {
    // A Redis that is away keeps a start waiting.
    const served = await serve({ REDIS_URL: 'redis://127.0.0.1:1' });
    await until('it has begun to start', () => answers(`${served.adminUrl}/healthz`), 60_000);

    expect(await ended(served.child, signal)).toEqual([code, null]);
  });
});

describe('once it is ready', () => {
  test('a signal that comes twice ends it once', async () => {
    const served = await serve();
    await isReady(served);

    const exit = once(served.child, 'exit');
    served.child.kill('SIGINT');
    served.child.kill('SIGINT');

    expect(await exit).toEqual([0, null]);
  });

  test('a reader of the log that stalls does not keep it', async () => {
    const served = await serve();
    await isReady(served);
    // Far more lines than a pipe holds, and nobody reads one of them.
    const refused = { method: 'POST', body: '{}' };
    for (let i = 0; i < 30; i += 1)
      await Promise.all(
        Array.from({ length: 50 }, async () => (await fetch(`${served.url}/Withdraw`, refused)).text()),
      );

    expect(await ended(served.child, 'SIGTERM')).toEqual([0, null]);
  });

  test.each([
    ['is gone', (child: ChildProcess) => void child.stdout?.destroy(), 'pipe' as const],
    ['has no room', () => undefined, '/dev/full'],
  ])('a reader of the log that %s neither ends it nor keeps it', async (_, leave, where) => {
    const stdout = where === 'pipe' ? where : openSync(where, 'w');
    const served = await serve({ LOG_LEVEL: 'info' }, stdout);
    if (stdout !== 'pipe') closeSync(stdout);
    leave(served.child);
    await isReady(served);
    await new Promise((resume) => setTimeout(resume, 1_500));

    expect(await answers(`${served.adminUrl}/readyz`)).toBe(true);
    expect(await ended(served.child, 'SIGTERM')).toEqual([0, null]);
  });
});
