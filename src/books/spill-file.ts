// Lines that do not fit in memory, on disk for a while. The file has no name from the moment it is there, so
// that nothing of it stays, however the process ends.

import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Where lines stand that were kept together. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Thrown where the disk does not take, or give back, what was kept. */
export class SpillFailed extends Error {}

const readAtOnce = 16_384;
const writtenAtOnce = 1_000;

export class SpillFile {
  private file: FileHandle | undefined;
  private size = 0;

  constructor(private readonly directory = tmpdir()) {}

  /** Lines hold no newline. */
  async keep(lines: readonly string[]): Promise<Stretch> {
    const from = this.size;
    try {
      this.file ??= await nameless(this.directory);
      for (let i = 0; i < lines.length; i += writtenAtOnce) {
        const bytes = Buffer.from(`${lines.slice(i, i + writtenAtOnce).join('\n')}\n`);
        await this.file.appendFile(bytes);
        this.size += bytes.length;
      }
    } catch (error) {
      const code =
        typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
      throw new SpillFailed(
        `what does not fit in memory cannot be kept in ${this.directory} (${code}): name another directory in TMPDIR, or export a shorter time`,
      );
    }
    return { from, to: this.size };
  }

  async *linesOf({ from, to }: Stretch): AsyncGenerator<string> {
    const { file } = this;
    if (file === undefined) return;
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let at = from; at < to;) {
      const wanted = Math.min(readAtOnce, to - at);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, at);
      if (bytesRead === 0) throw new SpillFailed('what was kept on disk is cut short');
      at += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}

async function nameless(directory: string): Promise<FileHandle> {
  const own = await mkdtemp(join(directory, 'wallet-bridge-'));
  try {
    return await open(join(own, 'rows'), 'ax+', 0o600);
  } finally {
    await rm(own, { recursive: true });
  }
}
