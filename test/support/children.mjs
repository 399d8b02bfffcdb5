// Why: the processes under test are real ones, so that they can be killed, stopped and started again.
// Never: ends a process it did not start, or leaves one behind.
/** @import { ChildProcess } from 'node:child_process' */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const STARTS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 5_000;
const LOOKS_EVERY_MS = 25;
/** @type {Set<Child>} */
const all = new Set();

process.on('exit', () => all.forEach((child) => child.signal('SIGKILL')));

/** One program that can be started again and again; its output is appended to its log file. */
export class Child {
  /** @type {ChildProcess | undefined} */
  #process;

  /**
   * `isReady` is asked until it answers true. `command` and `env` may be changed between two starts.
   * @param {string} name
   * @param {[string, ...string[]]} command
   * @param {{ env?: Record<string, string>, logFile: string, isReady: () => Promise<boolean> }} how
   */
  constructor(name, command, { env = {}, logFile, isReady }) {
    this.name = name;
    this.command = command;
    this.env = env;
    this.logFile = logFile;
    this.isReady = isReady;
    this.isPaused = false;
    all.add(this);
  }

  get isRunning() {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Of the process that was started last; 0: none was. */
  get pid() {
    return this.#process?.pid ?? 0;
  }

  /** Resolves when it is ready; rejects with the end of its log when it ends first, or takes too long. */
  async start() {
    const [program, ...args] = this.command;
    const log = openSync(this.logFile, 'a');
    const env = { PATH: process.env['PATH'], ...this.env };
    this.#process = spawn(program, args, { env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process.on('error', () => undefined);
    const late = performance.now() + STARTS_WITHIN_MS;
    while (!(await this.isReady())) {
      if (!this.isRunning || performance.now() > late)
        throw new Error(`${this.name} did not start:\n${readFileSync(this.logFile, 'utf8').slice(-2000)}`);
      await pause(LOOKS_EVERY_MS);
    }
  }

  /** @param {NodeJS.Signals} name */
  signal(name) {
    if (this.isRunning) this.#process?.kill(name);
  }

  /** SIGKILL: as the end of a machine, for everything but the page cache. It is gone when this resolves. */
  async kill9() {
    if (this.#process === undefined || !this.isRunning) return;
    const gone = once(this.#process, 'exit');
    this.signal('SIGKILL');
    await gone;
    this.isPaused = false;
  }

  /** SIGSTOP: it stands still and knows nothing of it. */
  freeze() {
    this.isPaused = true;
    this.signal('SIGSTOP');
  }

  thaw() {
    this.signal('SIGCONT');
    this.isPaused = false;
  }

  async stop() {
    if (this.#process === undefined || !this.isRunning) return;
    const gone = once(this.#process, 'exit');
    if (this.isPaused) this.thaw();
    this.signal('SIGTERM');
    const impatience = setTimeout(() => this.signal('SIGKILL'), STOPS_WITHIN_MS);
    await gone;
    clearTimeout(impatience);
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export const takesConnections = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** @param {string} url */
export async function isOk(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

// Below the ports the kernel gives to outgoing connections: one of those could take a killed server's port
// before its restart. Above the ports that fetch refuses.
const [FIRST_PORT, LAST_PORT] = [11_000, 30_000];

/**
 * Ports of loopback nobody uses now, and that stay free while their server is down.
 * @param {number} count
 */
export async function freePorts(count) {
  /** @type {Set<number>} */
  const found = new Set();
  while (found.size < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    const probe = createServer();
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) found.add(port);
  }
  return [...found];
}
