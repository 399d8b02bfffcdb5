// Why: says what a backlog costs those it does not belong to, and how fast it is worked off, with real processes
// and a real Redis: one operator's wins owed to a slow wallet beside another's void, and wins owed after an
// outage beside live traffic. `--bridge` measures another build on the same machine.
// Never: counts a win as delivered that the wallet did not answer with yes.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, pinned, start, stopAll, untilListening } from './processes.mjs';
import { AGENT, BASE_PATH, SIGNED_FIELDS, sign } from './wire.mjs';

const { values } = parseArgs({
  options: {
    bridge: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
    wins: { type: 'string', default: '20000' },
    beside: { type: 'string', default: '5000' },
    rate: { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('backlog.mjs [--bridge dist/main.js] [--wins 20000] [--beside 5000] [--rate 100]');
  process.exit(0);
}
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-backlog-'));
const key = randomBytes(16).toString('hex');
const QUICK = 20; // ms a wallet that is well takes
const SLOW = 2_000;
const OTHER = 'OTHER01';
const LOAD_SECONDS = 12;
/** Wins the wallet gets later than ones younger by so much (ms) are out of order. */
const ORDER = 1_000;

/** @typedef {(reference: string) => { after: number, status: number }} Mood */

/**
 * A wallet that says yes or fails as `mood` says, and what it said yes to, when.
 * @param {number} port
 */
async function startWallet(port) {
  const wallet = {
    mood: /** @type {Mood} */ (() => ({ after: QUICK, status: 201 })),
    yes: /** @type {Map<string, number>} */ (new Map()),
  };
  const server = createServer((message, response) => {
    let body = '';
    message.setEncoding('latin1').on('data', (chunk) => (body += chunk));
    message.on('end', () => {
      const reference = /"reference":"([^"]*)"/.exec(body)?.[1] ?? '';
      const { after, status } = message.method === 'GET' ? { after: QUICK, status: 200 } : wallet.mood(reference);
      setTimeout(() => {
        const text = status < 300 ? `{"reference":"${reference}","debitId":"d-1","balanceMinor":10000000}` : '{}';
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
        response.end(text);
        if (status === 201 && !wallet.yes.has(reference)) wallet.yes.set(reference, performance.now());
      }, after).unref();
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise((/** @type {(value?: void) => void} */ resolve) => server.listen(port, '127.0.0.1', resolve));
  return { wallet, close: () => server.close() };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends one callback; what it was answered.
 * @param {number} port @param {string} operation @param {Record<string, string>} all
 * @returns {Promise<string>}
 */
function send(port, operation, all) {
  const fields = Object.fromEntries((SIGNED_FIELDS[operation] ?? []).map((name) => [name, all[name]]));
  const body = JSON.stringify({ ...fields, sign: sign(key, Object.values(fields)) });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const path = `${BASE_PATH}/${operation}`;
    const sent = request({ port, host: '127.0.0.1', path, method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** @param {number} port @param {string} agentID @param {number} count */
async function owe(port, agentID, count) {
  const run = randomBytes(8).toString('hex');
  const ids = Array.from({ length: count }, (_, i) => run + i.toString(16).padStart(16, '0'));
  const players = Array.from({ length: 100 }, (_, i) => `player_${String(i)}`);
  for (const userID of players) await send(port, 'GetBalance', { agentID, userID });
  /** @type {Map<string, number>} */
  const since = new Map();
  let next = 0;
  const sender = async () => {
    for (let i = next++; i < count; i = next++) {
      const transactionID = ids[i] ?? '';
      since.set(`gsp-${transactionID}`, performance.now());
      const win = { agentID, userID: players[i % 100] ?? '', amount: '1.00', transactionID, roundID: transactionID };
      const answer = await send(port, 'Deposit', win);
      if (!/"result":0[,}]/.test(answer)) throw new Error(`a win was not accepted: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, sender));
  return since;
}

/** @param {string} what @param {number} most @param {() => boolean} isSo */
async function until(what, most, isSo) {
  const end = performance.now() + most;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${String(most / 1000)} s`);
    await pause(20);
  }
}

/** @param {number} port @returns {Promise<{ p50: number, p99: number, errors: number }>} */
async function load(port) {
  const options = ['--port', String(port), '--seconds', String(LOAD_SECONDS), '--rate', values.rate];
  const child = start('other', [process.execPath, here('load.mjs'), ...options], { env: { BENCH_KEY: key } });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text);
}

/** Operators' files: that of the bench under two names, which owe as much as they like. */
async function writeOperators() {
  mkdirSync(join(directory, 'operators'));
  const text = readFileSync(here('operators/bench.yaml'), 'utf8');
  const ports = [await freePort(), await freePort()];
  for (const [i, agentID] of [AGENT, OTHER].entries()) {
    const own = text
      .replace('operator: bench', `operator: ${agentID.toLowerCase()}`)
      .replace(AGENT, agentID)
      .replace('18311', String(ports[i]))
      .replace('timeout: 10s', `timeout: ${i === 0 ? '10s' : '4s'}`)
      .replace('timeout: 2500ms', `timeout: ${i === 0 ? '2500ms' : '500ms'}`)
      .replace('concurrency: 128', 'concurrency: 64\n  breaker: { tryAgainAfter: 1s }');
    writeFileSync(join(directory, 'operators', `${agentID}.yaml`), `${own}policy:\n  accept: { most: 1000000 }\n`);
  }
  return ports;
}

async function startBridge() {
  const redisPort = await freePort();
  const options = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  const redis = start('other', ['redis-server', ...options, '--appendonly', 'yes'], {
    logFile: join(directory, 'redis.log'),
  });
  await untilListening(redis, redisPort, 'redis-server (is it installed?)');
  const port = await freePort();
  const env = {
    ...{ PORT: String(port), HOST: '127.0.0.1', ADMIN_PORT: String(await freePort()), LOG_LEVEL: 'warn' },
    ...{ REDIS_URL: `redis://127.0.0.1:${String(redisPort)}`, OPERATORS_DIR: join(directory, 'operators') },
    ...{ BENCH_KEY: key, BENCH_WALLET_TOKEN: 'bench' },
  };
  const bridge = start('server', [process.execPath, values.bridge, 'serve'], {
    env,
    logFile: join(directory, 'bridge.log'),
  });
  await untilListening(bridge, port, 'the bridge');
  return port;
}

/** @typedef {Awaited<ReturnType<typeof startWallet>>['wallet']} Wallet */

/** @param {number} port @param {Wallet} slow @param {Wallet} well */
async function voidBesideSlow(port, slow, well) {
  const count = Number(values.beside);
  slow.mood = () => ({ after: 0, status: 503 });
  await owe(port, AGENT, count);
  slow.mood = () => ({ after: SLOW, status: 201 });
  await until('the slow wallet is asked', 60_000, () => slow.yes.size > 0);
  await send(port, 'GetBalance', { agentID: OTHER, userID: 'p1' });
  const transactionID = randomBytes(16).toString('hex');
  well.mood = () => ({ after: 30_000, status: 503 });
  await send(port, 'Withdraw', { agentID: OTHER, userID: 'p1', amount: '1.00', transactionID, roundID: 'r1' });
  const told = performance.now();
  well.mood = () => ({ after: QUICK, status: 201 });
  await until('the void', 600_000, () => well.yes.has(`gsp-${transactionID}-r`));
  const waited = (well.yes.get(`gsp-${transactionID}-r`) ?? 0) - told;
  console.log(
    `a void beside ${String(count)} wins owed to a wallet of ${String(SLOW / 1000)} s: ${(waited / 1000).toFixed(1)} s`,
  );
}

/** @param {number} port @param {Wallet} wallet */
async function afterAnOutage(port, wallet) {
  await load(port);
  const alone = await load(port);
  wallet.mood = () => ({ after: 0, status: 503 });
  const owed = await owe(port, OTHER, Number(values.wins));
  const before = await load(port);
  wallet.mood = () => ({ after: QUICK, status: 201 });
  wallet.yes.clear();
  const well = performance.now();
  await until('the first win', 120_000, () => [...wallet.yes.keys()].some((it) => owed.has(it)));
  const beside = load(port);
  await until(
    'the backlog',
    900_000,
    () => wallet.yes.size >= owed.size && [...owed.keys()].every((it) => wallet.yes.has(it)),
  );
  const during = await beside;
  let youngest = -Infinity;
  let late = 0;
  let last = 0;
  let first = Infinity;
  for (const [reference, at] of wallet.yes) {
    const since = owed.get(reference);
    if (since === undefined) continue;
    if (since < youngest - ORDER) late += 1;
    youngest = Math.max(youngest, since);
    last = Math.max(last, at);
    first = Math.min(first, at);
  }
  const seconds = (last - well) / 1000;
  const span = (last - first) / 1000;
  console.log(
    `${String(owed.size)} wins owed to a wallet of ${String(QUICK)} ms, delivered in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  the first after ${((first - well) / 1000).toFixed(1)} s, then ${(owed.size / span).toFixed(0)} a second`,
  );
  console.log(`  out of the order of age: ${((late / owed.size) * 100).toFixed(1)} %`);
  const shown = [alone, before, during].map(({ p50, p99 }) => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`);
  console.log(
    `  live p50 / p99 at ${values.rate} a second: alone ${shown[0]}, beside what is owed ${shown[1]}, while it is delivered ${shown[2]}`,
  );
  console.log(`  ratio of p99: ${(before.p99 / alone.p99).toFixed(2)}, then ${(during.p99 / alone.p99).toFixed(2)}`);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
try {
  const [one = 0, two = 0] = await writeOperators();
  const [first, second] = [await startWallet(one), await startWallet(two)];
  if (!pinned) console.log('No taskset, or one core only: all shared the processor.');
  await afterAnOutage(await startBridge(), second.wallet);
  await stopAll();
  await voidBesideSlow(await startBridge(), first.wallet, second.wallet);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env['KEEP']) console.error(readFileSync(join(directory, 'bridge.log'), 'utf8').slice(-3000));
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();
