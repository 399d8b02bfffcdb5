// Why: two operators behind one bridge and one Redis, each with a wallet whose mood a script sets, so that what
// one of them does to the other can be measured with real processes.
// Never: lets a wallet keep a connection back, or imports anything of src or dist.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, makeRoom, pinned, start, stopAll, underTest, untilListening } from './processes.mjs';
import { AGENT, BASE_PATH, SIGNED_FIELDS, sign } from './wire.mjs';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-neighbours-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const key = randomBytes(16).toString('hex');
/** Milliseconds a wallet that is well takes. */
export const QUICK = 20;
export const OTHER = 'OTHER01';

/** @typedef {{ after: number, status: number, body?: string }} Answer */
/** @typedef {(reference: string) => Answer} Mood */

/** @type {Mood} */
const soundBalance = () => ({ after: QUICK, status: 200 });

/**
 * A wallet that says yes or fails as `mood` says, and what it said yes to, when. Balances are quick and sound,
 * unless it has a mood for them, too.
 * @param {number} port
 */
async function startWallet(port) {
  const wallet = {
    mood: /** @type {Mood} */ (() => ({ after: QUICK, status: 201 })),
    balances: /** @type {Mood | undefined} */ (undefined),
    yes: /** @type {Map<string, number>} */ (new Map()),
  };
  const server = createServer((message, response) => {
    let sent = '';
    message.setEncoding('latin1').on('data', (chunk) => (sent += chunk));
    message.on('end', () => {
      const reference = /"reference":"([^"]*)"/.exec(sent)?.[1] ?? '';
      const isBalance = message.method === 'GET';
      const { mood, balances = soundBalance } = wallet;
      const { after, status, body } = (isBalance ? balances : mood)(reference);
      setTimeout(() => {
        const yes = `{"reference":"${reference}","debitId":"d-1","balanceMinor":10000000}`;
        const text = body ?? (status < 300 ? yes : '{}');
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
        response.end(text);
        if (status === 201 && !wallet.yes.has(reference)) wallet.yes.set(reference, performance.now());
      }, after).unref();
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise((/** @type {(value?: void) => void} */ resolve) => server.listen(port, '127.0.0.1', resolve));
  return wallet;
}

const usual = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends one callback; what it was answered, or an empty text where it was no answer to rely on.
 * @param {number} port @param {string} operation @param {Record<string, string>} all
 * @param {{ agent?: Agent, badSign?: boolean }} [how]
 * @returns {Promise<string>}
 */
export function send(port, operation, all, { agent = usual, badSign = false } = {}) {
  const fields = Object.fromEntries((SIGNED_FIELDS[operation] ?? []).map((name) => [name, all[name]]));
  const signed = badSign ? '0'.repeat(64) : sign(key, Object.values(fields));
  const body = JSON.stringify({ ...fields, sign: signed });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const path = `${BASE_PATH}/${operation}`;
    const sent = request({ port, host: '127.0.0.1', path, method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? text : ''));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Whether the platform was told that it is done. @param {string} answer */
export const isDone = (answer) => /"result":0[,}]/.test(answer);

export const newID = () => randomBytes(16).toString('hex');

/** @typedef {{ p50: number, p99: number, errors: number, firstError?: string }} Load */

/**
 * Half balances, a quarter bets, a quarter wins of the first operator, at a rate.
 * @param {number} port @param {{ seconds: number, rate: string }} how @returns {Promise<Load>}
 */
export async function load(port, { seconds, rate }) {
  const options = ['--port', String(port), '--seconds', String(seconds), '--rate', rate];
  const child = start('other', [process.execPath, here('load.mjs'), ...options], { env: { BENCH_KEY: key } });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text);
}

/**
 * Operators' files: that of the bench under two names, which owe as much as they like. Gives the ports of
 * their wallets.
 */
async function writeOperators() {
  mkdirSync(join(directory, 'operators'));
  const ports = [await freePort(), await freePort()];
  for (const [i, agentID] of [AGENT, OTHER].entries())
    writeOperator(agentID.toLowerCase(), agentID, ports[i] ?? 0, {
      timeout: i === 0 ? ['10s', '2500ms'] : ['4s', '500ms'],
    });
  return ports;
}

/**
 * @param {string} name @param {string} agentID @param {number} walletPort
 * @param {{ timeout: readonly string[], errors?: string }} how
 */
export function writeOperator(name, agentID, walletPort, { timeout: [platform = '', wallet = ''], errors = '' }) {
  const text = readFileSync(here('operators/bench.yaml'), 'utf8')
    .replace('operator: bench', `operator: ${name}`)
    .replace(AGENT, agentID)
    .replace('18311', String(walletPort))
    .replace('timeout: 10s', `timeout: ${platform}`)
    .replace('timeout: 2500ms', `timeout: ${wallet}`)
    .replace('concurrency: 128', 'concurrency: 64\n  breaker: { tryAgainAfter: 1s }');
  writeFileSync(
    join(directory, 'operators', `${agentID}.yaml`),
    `${text}${errors}policy:\n  accept: { most: 1000000 }\n`,
  );
}

/** A bridge with an empty Redis of its own. @param {string} program */
export async function startBridge(program) {
  const redisPort = await freePort();
  const options = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  const redis = start('other', ['redis-server', ...options, '--appendonly', 'yes'], {
    logFile: join(directory, 'redis.log'),
  });
  await untilListening(redis, redisPort, 'redis-server (is it installed?)');
  const [port, adminPort] = [await freePort(), await freePort()];
  const redisUrl = `redis://127.0.0.1:${String(redisPort)}`;
  const env = {
    ...{ PORT: String(port), HOST: '127.0.0.1', ADMIN_PORT: String(adminPort), LOG_LEVEL: 'warn' },
    ...{ REDIS_URL: redisUrl, OPERATORS_DIR: join(directory, 'operators') },
    ...{ BENCH_KEY: key, BENCH_WALLET_TOKEN: 'bench' },
  };
  const bridge = start('server', [...underTest(program), 'serve'], { env, logFile: join(directory, 'bridge.log') });
  await untilListening(bridge, port, 'the bridge');
  return { port, adminPort, redisUrl, redis, bridge };
}

/** @typedef {Awaited<ReturnType<typeof startWallet>>} Wallet */

/**
 * Runs a script between two wallets, and ends everything with it, whatever goes wrong.
 * @param {(ground: { first: Wallet, second: Wallet, ports: readonly number[] }) => Promise<void>} measure
 */
export async function measured(measure) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  makeRoom();
  try {
    const ports = await writeOperators();
    const [first, second] = [await startWallet(ports[0] ?? 0), await startWallet(ports[1] ?? 0)];
    if (!pinned) console.log('No taskset, or one core only: all shared the processor.');
    await measure({ first, second, ports });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    if (process.env['KEEP']) console.error(readFileSync(join(directory, 'bridge.log'), 'utf8').slice(-3000));
    process.exitCode = 1;
  } finally {
    await stopAll();
  }
  process.exit();
}

export const builtBridge = here('../../dist/main.js');
