// The demo's child processes, the stand-in wallet and the bridge, each started as anybody would start it.
// Must never leave one behind: whoever starts a child stops it, whatever happened between.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isLosslessNumber, parse } from 'lossless-json';
import { isJsonObject, type JsonObject } from '../stand-ins/json-object.js';
import type { StagedWallet, WalletSaw } from './script.js';

const STARTS_WITHIN_MS = 15_000;
const STOPS_WITHIN_MS = 5_000;
const OUTPUT_KEPT = 4_000;

/** Looks again and again until something is there; undefined when it is not in time. Rejects once aborted. */
export async function poll<T>(
  look: () => T | undefined | Promise<T | undefined>,
  withinMs: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const ends = performance.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined || performance.now() > ends) return found;
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

// Below the ports the kernel gives to outgoing connections: one of those could take a port before its server
// is there, or is there again. Above the ports that fetch refuses.
const [firstPort, lastPort] = [11_000, 30_000];

/** A TCP port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** A Node program in a process of its own. */
export class ChildProgram {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  constructor(
    readonly name: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = started;
    this.#exited = once(started, 'exit');
    started.stdout.on(
      'data',
      (chunk: Buffer) => (this.#stdout = (this.#stdout + chunk.toString()).slice(-OUTPUT_KEPT)),
    );
    started.stderr.on(
      'data',
      (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-OUTPUT_KEPT)),
    );
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves when the process is gone. */
  get exited(): Promise<unknown> {
    return this.#exited;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /**
   * Waits until `look` finds the program ready; rejects with the program's own words when it ends first, or
   * is late.
   */
  async ready<T>(look: (stdout: string) => T | undefined | Promise<T | undefined>): Promise<T> {
    const found = await poll(() => (this.isRunning ? look(this.#stdout) : null), STARTS_WITHIN_MS);
    if (found !== undefined && found !== null) return found;
    const how = this.isRunning ? 'was not ready in time' : 'ended while it started';
    throw new Error(`the ${this.name} ${how}:\n${this.#stderr.trim() || this.#stdout.trim()}`);
  }

  /** Sends a signal it may take as it likes. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** SIGKILL, and the process is gone when this resolves. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** SIGTERM, then SIGKILL when that takes too long; its exit code, null when it had to be killed. */
  async stop(): Promise<number | null> {
    if (!this.isRunning) return this.#process.exitCode;
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), STOPS_WITHIN_MS);
    this.#process.kill('SIGTERM');
    await this.#exited;
    clearTimeout(impatience);
    return this.#process.exitCode;
  }

  /** For a process that is about to exit and cannot wait. */
  killNow(): void {
    if (this.isRunning) this.#process.kill('SIGKILL');
  }
}

/** The stand-in wallet as a process that can be killed and started again on the same port and ledger. */
export class WalletProcess implements StagedWallet {
  #child: ChildProgram | undefined;
  #port = 0;
  #callsRead = 0;

  constructor(private readonly launch: (portArgs: readonly string[]) => ChildProgram) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#child = this.launch(['--port', String(this.#port)]);
    this.#port = await this.#child.ready(readPort);
    this.#callsRead = 0;
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  get isRunning(): boolean {
    return this.#child?.isRunning ?? false;
  }

  /** The calls it saw since this was asked last. */
  async newCalls(): Promise<WalletSaw[]> {
    if (!this.isRunning) return [];
    const body = parse(await (await fetch(`${this.url}/control/calls`)).text());
    const calls = isJsonObject(body) && Array.isArray(body['calls']) ? body['calls'].filter(isJsonObject) : [];
    const fresh = calls.slice(this.#callsRead);
    this.#callsRead = calls.length;
    return fresh.map((call) => ({ line: walletLine(call), movesMoney: call['method'] === 'POST' }));
  }

  async befall(player: string, fault: string): Promise<void> {
    const match = { method: 'POST', pathIncludes: `/${player}/debits` };
    // More often than the bridge can ask within the platform's patience.
    const body = JSON.stringify({ fault, times: 1000, match });
    const answer = await fetch(`${this.url}/control/faults`, { method: 'POST', body });
    if (answer.status !== 201) throw new Error(`the stand-in wallet does not know the fault ${fault}`);
  }

  async recover(): Promise<void> {
    await fetch(`${this.url}/control/faults`, { method: 'DELETE' });
  }
}

function readPort(stdout: string): number | undefined {
  if (!stdout.includes('\n')) return undefined;
  const line = parse(stdout.slice(0, stdout.indexOf('\n')));
  const port = isJsonObject(line) ? line['port'] : undefined;
  return isLosslessNumber(port) ? Number(port.value) : undefined;
}

function walletLine(call: JsonObject): string {
  const word = (name: string): string => (typeof call[name] === 'string' ? `${call[name]} ` : '');
  const status = isLosslessNumber(call['status']) ? call['status'].value : 'no answer';
  const reference = word('path').includes(word('reference').trim()) ? '' : word('reference');
  return `${word('method')}${word('path')}${reference}${word('amountMinor')}→ ${status}`;
}
