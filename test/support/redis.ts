// A real Redis of its own for each suite, on a free port of loopback, with its data in a directory that goes
// with it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/demo/processes.js';
import { endsWithUs } from './ends-with-us.js';

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  readonly dir: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Ends it at once; what it has answered is in its file, because the machine goes on. */
  kill9(): Promise<void>;
  /** Starts it again, on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * With `aof` every write is on disk before it is answered; without, when the machine likes: once a second would put
 * writes off while the disk is slow, and lose them in a kill. `more`: further words of its command line. Throws when
 * there is no redis-server.
 */
export async function startRedis({
  aof = false,
  more = [],
}: { aof?: boolean; more?: string[] } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-redis-'));
  const port = await freePort();
  const options = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync: aof ? 'always' : 'no',
    'maxmemory-policy': 'noeviction',
  };
  const start = (): Promise<ChildProcess> =>
    launch([...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]), ...more]);
  let server = await start();

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    dir,
    get pid() {
      return server.pid ?? 0;
    },
    kill9: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      server = await start();
    },
    async stop() {
      // Its data goes too, and asked politely it stays as long as it is writing that.
      await end('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function launch(args: string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    endsWithUs(server.pid, new Promise((exited) => server.once('exit', exited)));
    let printed = '';
    const read = (text: string): void => {
      printed += text;
      if (printed.includes('Ready to accept connections')) resolve(server);
    };
    server.stdout.setEncoding('utf8').on('data', read);
    server.stderr.setEncoding('utf8').on('data', read);
    server.once('error', () =>
      reject(
        new Error(
          'The tests need redis-server, which is not on the PATH: install it (Debian, Ubuntu: apt-get install redis-server).',
        ),
      ),
    );
    server.once('exit', () => reject(new Error(`redis-server ended before it was ready:\n${printed}`)));
  });
}
