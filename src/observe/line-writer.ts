// Writes the log's lines to a file descriptor, in blocks and never waiting. pino's own destination waits at the
// exit of a process for a reader that stalls, or tries for ever where the reader is gone or the disk is full; here
// lines are lost before a callback, or the end of the process, is held up.

import { write, writeSync } from 'node:fs';

export interface LineWriterSettings {
  /** Bytes that are written at once, without waiting for more. */
  readonly block: number;
  /** Milliseconds after which fewer are. */
  readonly atLatest: number;
  /** Bytes kept for a reader that stalls; further lines are lost. */
  readonly most: number;
  /** Milliseconds the end of the process may be held up by what is not written yet. */
  readonly lastWords: number;
}

const usual: LineWriterSettings = { block: 65_536, atLatest: 1_000, most: 8 * 1024 * 1024, lastWords: 1_000 };
/** Milliseconds between two tries at a reader that stalls. */
const pause = 50;

const writers = new Set<LineWriter>();
const flushAll = (): void => writers.forEach((writer) => writer.flush());

interface Block {
  readonly bytes: Buffer;
  done: number;
}

export class LineWriter {
  private lines: string[] = [];
  private size = 0;
  /** Under way; its next part is tried until it is written or lost. */
  private block: Block | undefined;
  /** The same while its reader stalls. */
  private stalled: Block | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fd: number,
    private readonly settings: LineWriterSettings = usual,
  ) {}

  write(line: string): void {
    if (this.size >= this.settings.most) return;
    if (writers.size === 0) process.on('exit', flushAll);
    writers.add(this);
    this.lines.push(line);
    this.size += line.length;
    this.goOn();
  }

  /** Writes what is left at once, for as long as the end may be held up. What is under way is not written twice. */
  flush(done?: () => void): void {
    const until = performance.now() + this.settings.lastWords;
    for (const block of [this.stalled, this.take()]) if (block !== undefined) this.finish(block, until);
    done?.();
  }

  private finish(block: Block, until: number): void {
    while (block.done < block.bytes.length) {
      try {
        block.done += writeSync(this.fd, block.bytes, block.done);
      } catch (error) {
        if (!isFull(error) || performance.now() > until) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      }
    }
  }

  private goOn(): void {
    if (this.block !== undefined || this.size === 0) return;
    if (this.size >= this.settings.block) this.begin();
    else this.timer ??= setTimeout(() => this.begin(), this.settings.atLatest).unref();
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.block !== undefined) return;
    this.block = this.take();
    this.attempt(this.block);
  }

  private attempt(block: Block): void {
    this.stalled = undefined;
    write(this.fd, block.bytes, block.done, (error, written) => {
      if (isFull(error)) {
        this.stalled = block;
        setTimeout(() => this.attempt(block), pause).unref();
        return;
      }
      // What cannot be written is lost: the reader is gone, the disk is full. The next lines may fare better.
      block.done = error === null ? block.done + written : block.bytes.length;
      if (block.done < block.bytes.length) {
        this.attempt(block);
        return;
      }
      this.block = undefined;
      this.goOn();
    });
  }

  private take(): Block {
    const bytes = Buffer.from(this.lines.join(''));
    this.lines = [];
    this.size = 0;
    return { bytes, done: 0 };
  }
}

function isFull(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'EAGAIN' || error.code === 'EBUSY')
  );
}
