// Why: what all measurements stand on: one wallet, Redis servers and operator files of their own, and loads. All of
// it is gone when the process ends.
// Never: goes on after one wrong answer.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { values } from './options.mjs';
import { freePort, start, stop, untilListening } from './processes.mjs';
import { AGENT, agentOf } from './wire.mjs';

/** @param {string} path */
export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const WALLET_PORT = 18_311; // fixed, because the operator's file names it
export const SLOW_WALLET_MS = 20;
export const key = randomBytes(16).toString('hex');
export const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/**
 * A Redis that keeps what it is told, with `settings` besides.
 * @param {string} name
 * @param {readonly string[]} settings
 */
export async function startRedis(name, settings = []) {
  const port = await freePort();
  const own = mkdtempSync(join(directory, `${name}-`));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', own, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const logFile = join(own, 'redis.log');
  const server = start('other', ['redis-server', ...options, ...durable, ...settings], { logFile });
  await untilListening(server, port, 'redis-server (is it installed?)');
  const url = `redis://127.0.0.1:${String(port)}`;
  const client = new Redis(url).on('error', () => undefined); // it ends before its client
  return {
    ...{ url, server, client },
    async stop() {
      client.disconnect();
      await stop(server);
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof startRedis>>} OwnRedis */

/** Answers at once, until `setDelay` says otherwise (ms). */
export async function startWallet() {
  /** @type {[string, ...string[]]} */
  const command = [process.execPath, here('wallet-stub.mjs'), '--port', String(WALLET_PORT)];
  const wallet = start('other', command, { logFile: join(directory, 'wallet.log'), ipc: true });
  await untilListening(wallet, WALLET_PORT, 'the wallet stub');
  /** @param {number} delay */
  const setDelay = async (delay) => {
    const heard = once(wallet, 'message');
    wallet.send({ delay });
    await heard;
  };
  return { wallet, setDelay };
}

/** @typedef {Awaited<ReturnType<typeof startWallet>>} Stub */

/**
 * The bench's file for another operator, agent and port of a wallet.
 * @param {string} operator
 * @param {string} agentID
 * @param {number} walletPort
 */
export function operatorFile(operator, agentID, walletPort = WALLET_PORT) {
  const text = readFileSync(here('operators/bench.yaml'), 'utf8');
  const named = text.replace('operator: bench', `operator: ${operator}`).replace(AGENT, agentID);
  return named.replace(String(WALLET_PORT), String(walletPort));
}

/**
 * A directory of so many operators: bench1 and on, each with an agent of its own.
 * @param {number} count
 * @param {Readonly<Record<string, string>>} others files besides, by name
 */
export function writeOperators(count, others = {}) {
  const written = mkdtempSync(join(directory, 'operators-'));
  const own = Array.from({ length: count }, (_, i) => `bench${String(i + 1)}`);
  const files = own.map((name, i) => [`${name}.yaml`, operatorFile(name, agentOf(i + 1))]);
  for (const [name = '', text = ''] of [...files, ...Object.entries(others)]) writeFileSync(join(written, name), text);
  return written;
}

/**
 * Everything but the journal's ids and what each process wrote last: without those the bridge takes Redis for
 * emptied, and moves no money.
 * @param {OwnRedis} redis
 */
export async function forgetRecords({ client }) {
  const names = [...(await client.keys('wb:{b-*}:epoch')), ...(await client.keys('wb:{b-*}:last'))];
  const kept = await Promise.all(names.map((name) => client.dumpBuffer(name)));
  const all = client.multi().flushall();
  names.forEach((name, i) => kept[i] && all.restore(name, 0, kept[i]));
  await all.exec();
}

/**
 * Who is loaded, over which ports; `direct`: it is the wallet itself.
 * @typedef {{ name: string, ports: readonly number[], direct?: boolean }} Target
 */

/**
 * What a load found; `cpuMs` is what it used of its core.
 * @typedef {{ done: number, errors: number, seconds: number, cpuMs: number, p50: number, p99: number,
 *   firstError?: string }} Loaded
 */

/**
 * Throws when one answer is wrong.
 * @param {Target} target
 * @param {number} duration seconds
 * @param {readonly string[]} options of load.mjs
 * @returns {Promise<Loaded>}
 */
export async function load({ name, ports, direct = false }, duration, options = []) {
  const to = ['--port', ports.join(','), '--connections', values.connections, '--seconds', String(duration)];
  /** @type {[string, ...string[]]} */
  const command = [process.execPath, here('load.mjs'), ...to, ...(direct ? ['--wallet'] : []), ...options];
  const child = start('other', command, { env: { BENCH_KEY: key } });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${[name, ...options].join(' ')}: the load ended with code ${String(code)}`);
  /** @type {Loaded} */
  const result = JSON.parse(text);
  if (result.errors > 0)
    throw new Error(`${name}: ${String(result.errors)} wrong answers, first: ${result.firstError ?? ''}`);
  return result;
}
