// Why: a benchmark starts a dozen processes and must leave none behind, whatever goes wrong in it. Every
// child is known by its pid and ended by it; the server under test has a core of its own where `taskset`
// exists.
// Never: ends a process it did not start.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const SERVER_CORE = '0';
const OTHER_CORE = '1';
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', OTHER_CORE, 'true']).status === 0;
/** What every server under test is started with: what the image starts the bridge with. */
export const V8_FLAGS = ['--max-semi-space-size=16', '--heap-growing-percent=50'];
const MS_PER_TICK = 10; // Linux reports 100 ticks a second to programs, on every architecture
/** @import { ChildProcess } from 'node:child_process' */
/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Whether the server under test has its own core; without it the figures mean little, and the report says so.
 */
export const pinned = canPin;

/** Has this process leave the server's core to the server, where there are two. */
export function makeRoom() {
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', OTHER_CORE, String(process.pid)]);
}

/**
 * Milliseconds the core of all but the server was at work so far; undefined where there is no such core. A server
 * that has to wait for it looks slower than it is.
 */
export function otherCoreMs() {
  const line = readFileSync('/proc/stat', 'latin1')
    .split('\n')
    .find((one) => one.startsWith(`cpu${OTHER_CORE} `));
  if (!canPin || line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) * MS_PER_TICK;
}

/**
 * Starts a program. Its output goes to `logFile`, or is piped when there is none.
 * @param {'server' | 'other'} core
 * @param {[string, ...string[]]} command
 * @param {{ env?: Record<string, string>, logFile?: string, ipc?: boolean }} [how]
 * @returns {ChildProcess}
 */
export function start(core, command, { env = {}, logFile, ipc = false } = {}) {
  const out = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
  const pin = canPin ? ['taskset', '-c', core === 'server' ? SERVER_CORE : OTHER_CORE] : [];
  const [program = command[0], ...args] = [...pin, ...command];
  const errors = logFile === undefined ? 'inherit' : out;
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ipc ? ['ignore', out, errors, 'ipc'] : ['ignore', out, errors],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  child.on('error', () => running.delete(child));
  return child;
}

/**
 * The command of a server under test, on the Node that runs the bench.
 * @type {(file: string) => [string, ...string[]]}
 */
export const underTest = (file) => [process.execPath, ...V8_FLAGS, file];

/**
 * Ends a child and waits for it: politely first, for good after two seconds.
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (!running.has(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 2000);
  await gone;
  clearTimeout(deadline);
}

/** Ends every child that still runs and waits for it. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Waits until `port` takes connections. Throws when the process ends first, or after ten seconds.
 * @param {ChildProcess} child
 * @param {number} port
 * @param {string} name
 */
export async function untilListening(child, port, name) {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null || !running.has(child)) throw new Error(`${name} did not start`);
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`${name} did not listen on port ${String(port)} in time`);
}

/** A loopback port nobody uses now. */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/**
 * Processor time the process has used so far, all its threads, in milliseconds.
 * @param {ChildProcess} child
 */
export function cpuMs(child) {
  const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/**
 * Resident memory of the process, in MB.
 * @param {ChildProcess} child
 */
export function residentMB(child) {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'latin1');
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6;
}
