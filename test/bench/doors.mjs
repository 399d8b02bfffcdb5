// Why: says what a flood without any key costs good callbacks, as the ratio of their p99 with it and without it,
// by turns in one run. `--bridge` measures another build on the same machine.
// Never: floods with a key, or counts an answer of a good callback it has not verified.
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './median.mjs';
import { freePort, pinned, start, stopAll, underTest, untilListening } from './processes.mjs';
import { prepareCallbacks } from './wire.mjs';

const { values } = parseArgs({
  options: {
    bridge: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '100' },
    only: { type: 'string' },
    flood: { type: 'string' }, // the flood itself: a process of its own
    port: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});
const GOAL = 2;
const WALLET_PORT = 18_311; // the operator's file names it
const WALLET_MS = 20;
/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const strangers = prepareCallbacks('a key of nobody', { count: 400 });
const garbage = 'POST /WalletService/Withdraw HTTP/1.1\r\nhost: x\r\ncontent-length: 4000\r\n\r\n' + '[{'.repeat(2000);
const unfinished = 'POST /WalletService/Withdraw HTTP/1.1\r\nhost: x\r\ncontent-length: 8000\r\n\r\n{"agentID"';

/**
 * How each flood is made: so many connections, what each sends, how many of that ahead of any answer.
 * @type {Readonly<Record<string, { connections: number, sends: readonly string[], ahead: number }>>}
 */
const FLOODS = {
  'bad signs': { connections: 50, sends: strangers, ahead: 1 },
  garbage: { connections: 50, sends: [garbage], ahead: 1 },
  pipelines: { connections: 10, sends: strangers, ahead: 1000 },
  connections: { connections: 2000, sends: [unfinished], ahead: 1 },
};
if (values.help) {
  console.log('doors.mjs [--bridge dist/main.js] [--rounds 3] [--seconds 3] [--rate 100] [--only pipelines]');
  console.log(`floods: ${Object.keys(FLOODS).join(', ')}`);
  process.exit(0);
}

/**
 * Floods until it is ended. Each connection is opened again when it is closed, and sends on as it is answered.
 * @param {string} name
 * @param {number} port
 */
function flood(name, port) {
  const { connections, sends, ahead } = FLOODS[name] ?? { connections: 0, sends: [], ahead: 0 };
  let next = 0;
  const one = () => sends[next++ % sends.length] ?? '';
  const open = () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => socket.write(Array.from({ length: ahead }, one).join(''), 'latin1'));
    socket.on('data', (chunk) => {
      const answers = chunk.toString('latin1').split('HTTP/1.1 ').length - 1;
      if (answers > 0 && sends.length > 1) socket.write(Array.from({ length: answers }, one).join(''), 'latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(open, 20));
  };
  for (let i = 0; i < connections; i++) open();
}

/** @param {string} directory @param {string} key */
async function startBridge(directory, key) {
  const redisPort = await freePort();
  const redis = ['redis-server', '--port', String(redisPort), '--dir', directory, '--save', '', '--appendonly', 'yes'];
  const logFile = join(directory, 'log');
  await untilListening(start('other', /** @type {[string, ...string[]]} */ (redis), { logFile }), redisPort, 'Redis');
  /** @type {[string, ...string[]]} */
  const stub = [process.execPath, here('wallet-stub.mjs'), '--port', String(WALLET_PORT)];
  const wallet = start('other', stub, { logFile, ipc: true });
  await untilListening(wallet, WALLET_PORT, 'the wallet stub');
  const heard = once(wallet, 'message');
  wallet.send({ delay: WALLET_MS });
  await heard;
  const port = await freePort();
  const env = {
    ...{ PORT: String(port), HOST: '127.0.0.1', ADMIN_PORT: '0', LOG_LEVEL: 'info', NODE_ENV: 'development' },
    ...{ REDIS_URL: `redis://127.0.0.1:${String(redisPort)}`, OPERATORS_DIR: here('operators') },
    ...{ BENCH_KEY: key, BENCH_WALLET_TOKEN: 'bench', WALLET_URL: `http://127.0.0.1:${String(WALLET_PORT)}` },
  };
  const bridge = start('server', [...underTest(values.bridge), 'serve'], { logFile, env });
  await untilListening(bridge, port, 'the bridge');
  return port;
}

/**
 * The p99 of good callbacks at a fixed rate, in ms.
 * @param {number} port @param {string} key
 */
async function good(port, key) {
  const target = ['--port', String(port), '--rate', values.rate, '--seconds', values.seconds];
  const load = start('other', [process.execPath, here('load.mjs'), ...target], { env: { BENCH_KEY: key } });
  let text = '';
  load.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const [code] = await once(load, 'close');
  if (code !== 0) return Infinity; // it gave up
  /** @type {{ p99: number, errors: number, firstError?: string }} */
  const { p99, errors, firstError } = JSON.parse(text);
  if (errors > 0) throw new Error(`${String(errors)} good callbacks failed, first: ${firstError ?? ''}`);
  return p99;
}

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-doors-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const key = randomBytes(16).toString('hex');
  const port = await startBridge(directory, key);
  for (let i = 0; i < 2; i++) await good(port, key); // warm
  if (!pinned) console.log('No taskset, or one core only: all of it shared the processor.');
  for (const name of values.only?.split(',') ?? Object.keys(FLOODS)) {
    const [quiet, flooded] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
    for (let round = 0; round < Number(values.rounds); round++) {
      quiet.push(await good(port, key));
      // Last in its core's queue, or it would slow down who measures and not the bridge.
      const self = ['nice', '-n', '19', process.execPath, here('doors.mjs'), '--flood', name, '--port', String(port)];
      const flooding = start('other', /** @type {[string, ...string[]]} */ (self), { logFile: '/dev/null' });
      await pause(500);
      flooded.push(await good(port, key));
      flooding.kill('SIGKILL');
      await once(flooding, 'exit');
      await pause(500);
    }
    const [without, beside] = [median(quiet), median(flooded)];
    const ratio = beside / without;
    const verdict = ratio <= GOAL ? 'within' : 'beyond';
    console.log(
      `${name.padEnd(12)} p99 ${without.toFixed(1)} ms quiet, ${beside.toFixed(1)} ms flooded: ${ratio.toFixed(2)} times, ${verdict} the goal of ${String(GOAL)}`,
    );
  }
}

if (values.flood !== undefined) flood(values.flood, Number(values.port));
else
  try {
    await main();
  } finally {
    await stopAll();
  }
if (values.flood === undefined) process.exit();
