// Every test file ends what it starts, or the run would never end: what is still open after its last hook is
// named, which fails the file, and is then ended here. A failed test is often why, so it is told as well.

import { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { TestEnvironment } from 'jest-environment-node';

/** A socket that is being closed needs a moment. */
const CLOSES_WITHIN_MS = 3_000;
const LOOKS_EVERY_MS = 20;

export default class NothingLeftOpen extends TestEnvironment {
  readonly #before: ReadonlySet<unknown> = new Set(openHandles());

  async handleTestEvent(
    event: { readonly name: string },
    state: { readonly unhandledErrors: unknown[] },
  ): Promise<void> {
    if (event.name !== 'run_finish') return;
    const late = performance.now() + CLOSES_WITHIN_MS;
    while (this.#open().length > 0 && performance.now() < late) await pause(LOOKS_EVERY_MS);
    const left = this.#open();
    if (left.length > 0) state.unhandledErrors.push(complaint(left));
    left.forEach(end);
  }

  /** What keeps this process alive since the file began. */
  #open(): unknown[] {
    return openHandles().filter((handle) => !this.#before.has(handle));
  }
}

function openHandles(): unknown[] {
  // Node's own list, which it documents nowhere and every version of it has.
  const list: unknown = Reflect.get(process, '_getActiveHandles');
  const handles: unknown = typeof list === 'function' ? Reflect.apply(list, process, []) : [];
  const own: unknown[] = [process.stdin, process.stdout, process.stderr];
  return Array.isArray(handles) ? handles.filter((handle) => !own.includes(handle)) : [];
}

function complaint(left: readonly unknown[]): Error {
  const error = new Error(['left open at the end of this file:', ...left.map(describe)].join('\n  '));
  // Where this was found says nothing of where it was opened.
  error.stack = '';
  return error;
}

function describe(handle: unknown): string {
  if (handle instanceof ChildProcess) return `a process: ${handle.spawnargs.slice(0, 4).join(' ')}`;
  if (handle instanceof Server) return `a server: ${JSON.stringify(handle.address())}`;
  if (handle instanceof Socket)
    return handle.localPort === undefined ? 'a pipe' : `a socket: port ${handle.localPort} to ${handle.remotePort}`;
  return handle instanceof Object ? handle.constructor.name : String(handle);
}

function end(handle: unknown): void {
  if (handle instanceof ChildProcess) handle.kill('SIGKILL');
  else if (handle instanceof Socket) handle.destroy();
  else if (handle instanceof Object && 'close' in handle && typeof handle.close === 'function')
    Reflect.apply(handle.close, handle, []);
}
