// Why: the load shares its core with the wallet and Redis, so it must cost far less per callback than any
// server under test: ready-made bytes on raw sockets, one request at a time on each.
// Never: counts an answer it has not verified (HTTP 200, the result its kind must have), and never sends the same
// request twice.
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { kindOf, newRun, prepareCallbacks, prepareWalletCalls } from './wire.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '' }, // several, joined by commas: by turns
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    rate: { type: 'string' }, // callbacks per second; absent: as fast as the answers come
    wallet: { type: 'boolean', default: false }, // straight at the wallet stub
    kind: { type: 'string', default: 'mix' },
    run: { type: 'string', default: newRun() }, // whose transactionIDs
    most: { type: 'string', default: 'Infinity' }, // callbacks; it ends with the last of them
    agents: { type: 'string', default: '1' },
  },
});
const ports = values.port.split(',').map(Number);
const seconds = Number(values.seconds);
const rate = values.rate === undefined ? undefined : Number(values.rate);
const { operations, result } = kindOf(values.kind);
const most = Math.min(Number(values.most), rate === undefined ? Infinity : Math.ceil(rate * seconds));
const PREPARED_PER_SECOND = 30_000; // a faster server gets more, made while it runs
const PREPARED_AT_MOST = 100_000; // a longer load, too
const MADE_AT_ONCE = 1_000;
const PATIENCE_MS = 10_000;

let made = 0;
/** The next so many requests, fewer where there are no more. @param {number} count */
function prepare(count) {
  const part = { ...values, agents: Number(values.agents), from: made, count: Math.min(count, most - made) };
  made += part.count;
  return values.wallet ? prepareWalletCalls(part) : prepareCallbacks(process.env['BENCH_KEY'] ?? '', part);
}
let prepared = prepare(Math.min(Math.ceil((rate ?? PREPARED_PER_SECOND) * seconds), PREPARED_AT_MOST));
let used = 0;

/** Undefined when all are used. */
function nextRequest() {
  if (used === prepared.length) {
    prepared = prepare(MADE_AT_ONCE);
    used = 0;
  }
  return prepared[used++];
}

const GOOD_STATUS = values.wallet ? /^HTTP\/1\.1 20[01] / : /^HTTP\/1\.1 200 /;
const GOOD_BODY = values.wallet ? /"balanceMinor":\d/ : new RegExp(`"result":${String(result)}[,}]`);
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * @typedef {{ socket: import('node:net').Socket, then: (() => void) | undefined, since: number }} Connection
 */

/** Connections that wait, by port. @type {Connection[][]} */
const waiting = ports.map(() => []);
let sent = 0;
/** @type {number[]} */
const latencies = [];
let errors = 0;
/** @type {string | undefined} */
let firstError;

/** @param {string} reason */
function fail(reason) {
  errors += 1;
  firstError ??= reason;
}

/** @param {string} text */
function isWhole(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = CONTENT_LENGTH.exec(text);
  return length === null ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length[1]);
}

/**
 * A connection that is handed one request at a time; `then` is called once per request, whatever happened.
 * @param {number} port
 * @param {Connection[]} idle where it waits between two
 */
function open(port, idle) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  /** @type {Connection} */
  const connection = { socket, then: undefined, since: 0 };
  let text = '';
  const settle = () => {
    const { then } = connection;
    connection.then = undefined;
    text = '';
    then?.();
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
    if (!isWhole(text)) return;
    if (GOOD_STATUS.test(text) && GOOD_BODY.test(text)) latencies.push(performance.now() - connection.since);
    else fail(text.slice(0, 400));
    idle.push(connection);
    settle();
  });
  socket.on('error', (error) => connection.then && fail(error.message));
  socket.on('close', () => {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    if (connection.then !== undefined) {
      fail('connection closed before its answer');
      settle();
    }
  });
  return connection;
}

/** @param {string} request @param {number} since @param {() => void} then */
function send(request, since, then) {
  // A whole turn of the mix goes to one port, or each would get operations of its own.
  const turn = Math.floor(sent++ / operations.length) % ports.length;
  const idle = waiting[turn] ?? [];
  const connection = idle.pop() ?? open(ports[turn] ?? 0, idle);
  connection.since = since;
  connection.then = then;
  connection.socket.write(request, 'latin1');
}

/** Every connection sends its next request when the last one is answered. */
async function saturate() {
  const end = performance.now() + seconds * 1000;
  const worker = async () => {
    while (performance.now() < end && errors < 100) {
      const request = nextRequest();
      if (request === undefined) return;
      await new Promise((/** @type {(value?: void) => void} */ resolve) => send(request, performance.now(), resolve));
    }
  };
  await Promise.all(Array.from({ length: Number(values.connections) }, worker));
}

/**
 * Sends on a fixed schedule whatever the server does; latency counts from when a request should have left.
 * @param {number} rate
 */
async function keepRate(rate) {
  const start = performance.now() + 10;
  const pending = [];
  for (let request = nextRequest(); request !== undefined; request = nextRequest()) {
    const due = start + (sent * 1000) / rate;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    const now = request;
    pending.push(new Promise((/** @type {(value?: void) => void} */ resolve) => send(now, due, resolve)));
  }
  await Promise.all(pending);
}

const started = performance.now();
const cpuBefore = process.cpuUsage();
const watchdog = setTimeout(
  () => {
    process.stderr.write('load: the server stopped answering\n');
    process.exit(1);
  },
  seconds * 1000 + PATIENCE_MS,
);
await (rate === undefined ? saturate() : keepRate(rate));
clearTimeout(watchdog);
const elapsed = performance.now() - started;
const { user, system } = process.cpuUsage(cpuBefore);
latencies.sort((a, b) => a - b);
/** @param {number} share */
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? null;
const report = {
  done: latencies.length,
  errors,
  seconds: elapsed / 1000,
  cpuMs: (user + system) / 1000,
  p50: percentile(0.5),
  p99: percentile(0.99),
  firstError,
};
process.stdout.write(JSON.stringify(report) + '\n', () => process.exit(0));
