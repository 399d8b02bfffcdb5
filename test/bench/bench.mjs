// Why: says what the bridge costs, as ratios to rivals measured in the same run on the same machine, because
// absolute figures drift from machine to machine and hour to hour.
// Never: leaves a rival out silently, and never reports a round in which one answer was wrong.
/** @import { ChildProcess } from 'node:child_process' */
/** @import { Result } from './report.mjs' */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { printProfile } from './profile-report.mjs';
import { printReport } from './report.mjs';
import { cpuMs, freePort, pinned, start, stopAll, untilListening } from './processes.mjs';

const WALLET_PORT = 18_311; // fixed, because the operator's file names it
const SLOW_WALLET_MS = 20;
const STEADY_RATE = 500;
const WARM_SECONDS = 10;
const REWARM_SECONDS = 0.5;
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** @type {(path: string) => [string, string]} */
const node = (path) => [process.execPath, here(path)];

/** @typedef {{ name: string, port: number, direct: boolean, server: ChildProcess }} Rival */
/**
 * @typedef {{ done: number, errors: number, seconds: number, p50: number, p99: number, firstError?: string }}
 * Loaded
 */

/** @type {Readonly<Record<string, { command: [string, ...string[]] | undefined }>>} */
const RIVALS = {
  direct: { command: undefined },
  floor: { command: node('floor.mjs') },
  'pass-through': { command: node('pass-through.mjs') },
  naive: { command: node('naive.mjs') },
  bridge: { command: [...node('../../dist/main.js'), 'serve'] },
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('bench [--rounds 3] [--seconds 3] [--connections 64] [--only floor,naive] [--json FILE] [--profile]');
  console.log(`rivals: ${Object.keys(RIVALS).join(', ')}`);
  process.exit(0);
}
const names = values.only?.split(',') ?? Object.keys(RIVALS);
for (const name of names) {
  if (!Object.hasOwn(RIVALS, name)) throw new Error(`no rival is called ${name}`);
}
const seconds = Number(values.seconds);
const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-bench-'));
const key = randomBytes(16).toString('hex');
const profileFile = join(directory, 'profile.json');

async function startRedis() {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const server = start('other', ['redis-server', ...options, ...durable], { logFile: join(directory, 'redis.log') });
  await untilListening(server, port, 'redis-server (is it installed?)');
  return `redis://127.0.0.1:${String(port)}`;
}

async function startWallet() {
  /** @type {[string, ...string[]]} */
  const command = [...node('wallet-stub.mjs'), '--port', String(WALLET_PORT)];
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

/**
 * @param {Pick<Rival, 'name' | 'port' | 'direct'>} rival @param {number} duration @param {readonly string[]}
 * options
 */
async function load({ name, port, direct }, duration, options = []) {
  const target = ['--port', String(port), '--connections', values.connections, '--seconds', String(duration)];
  /** @type {[string, ...string[]]} */
  const command = [...node('load.mjs'), ...target, ...(direct ? ['--wallet'] : []), ...options];
  const child = start('other', command, { env: { BENCH_KEY: key } });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${name}: the load ended with code ${String(code)}`);
  /** @type {Loaded} */
  const result = JSON.parse(text);
  if (result.errors > 0)
    throw new Error(`${name}: ${String(result.errors)} wrong answers, first: ${result.firstError ?? ''}`);
  return result;
}

/** @typedef {Awaited<ReturnType<typeof startWallet>>} Stub */

/**
 * Starts a rival and warms it up: V8 needs seconds to settle, and a cold server would be compared with a warm
 * one.
 * @param {string} name
 * @param {string} redisUrl
 * @param {Stub} stub
 * @returns {Promise<Rival>}
 */
async function startRival(name, redisUrl, stub) {
  const command = RIVALS[name]?.command;
  if (command === undefined) return { name, direct: true, port: WALLET_PORT, server: stub.wallet };
  const port = await freePort();
  const logFile = join(directory, `${name}.log`);
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    ADMIN_PORT: String(await freePort()),
    REDIS_URL: redisUrl,
    WALLET_URL: `http://127.0.0.1:${String(WALLET_PORT)}`,
    OPERATORS_DIR: here('operators'),
    LOG_LEVEL: 'info',
    BENCH_KEY: key,
    BENCH_WALLET_TOKEN: 'bench',
  };
  const profiled = { NODE_OPTIONS: `--import=${here('profiler.mjs')}`, BENCH_PROFILE: profileFile };
  const server = start('server', command, { env: values.profile ? { ...env, ...profiled } : env, logFile });
  const rival = { name, direct: false, port, server };
  try {
    await untilListening(rival.server, port, name);
    await load(rival, WARM_SECONDS);
  } catch (error) {
    const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
    throw new Error(`${name}: ${messageOf(error)}\n${lastLines}`, { cause: error });
  }
  return rival;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Everything but the journal's ids and what each process wrote last: without those the bridge takes Redis for
 * emptied, and moves no money.
 * @param {Redis} redis
 */
async function forgetRecords(redis) {
  const names = [...(await redis.keys('wb:{b-*}:epoch')), ...(await redis.keys('wb:{b-*}:last'))];
  const kept = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  const all = redis.multi().flushall();
  names.forEach((name, i) => kept[i] && all.restore(name, 0, kept[i]));
  await all.exec();
}

/**
 * @param {Rival} rival
 * @param {number} done
 */
async function reportProfile({ name, server }, done) {
  server.kill('SIGUSR2');
  while (!existsSync(profileFile)) await pause(100);
  console.log(`\n${name}`);
  printProfile(profileFile, done);
  rmSync(profileFile);
}

/**
 * One rival in one round: as fast as it can with an instant wallet, then at a fixed rate with a slow one.
 * @param {Rival} rival
 * @param {number} round
 * @param {Stub} stub
 * @returns {Promise<Result>}
 */
async function measure(rival, round, { setDelay }) {
  await load(rival, REWARM_SECONDS);
  const before = cpuMs(rival.server);
  if (values.profile) rival.server.kill('SIGUSR2');
  const fast = await load(rival, seconds);
  if (values.profile) await reportProfile(rival, fast.done);
  const used = cpuMs(rival.server) - before;
  await setDelay(SLOW_WALLET_MS);
  const steady = await load(rival, seconds, ['--rate', String(STEADY_RATE)]);
  await setDelay(0);
  return {
    round,
    name: rival.name,
    perSecond: fast.done / fast.seconds,
    cpuMicros: (used * 1000) / fast.done,
    busy: used / 1000 / fast.seconds,
    p50: steady.p50,
    p99: steady.p99,
  };
}

async function main() {
  const redisUrl = await startRedis();
  const redis = new Redis(redisUrl);
  const stub = await startWallet();
  /** @type {Rival[]} */
  const rivals = [];
  for (const name of names) rivals.push(await startRival(name, redisUrl, stub));
  /** @type {Result[]} */
  const results = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const rival of rivals) {
      await forgetRecords(redis);
      const result = await measure(rival, round, stub);
      results.push(result);
      const speed = result.perSecond.toFixed(0).padStart(6);
      console.log(`round ${String(round)}  ${rival.name.padEnd(12)} ${speed} callbacks/s`);
    }
  }
  redis.disconnect();
  if (!pinned) console.log('No taskset, or one core only: server, load, wallet and Redis shared the processor.');
  const summary = printReport(results);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ results, summary }, null, 2));
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();
