// Whether Redis has room for what begins. The last of its memory is kept for what runs: it must be stored to its
// end, so new claims stop before Redis itself refuses every write.

import type { Redis } from 'ioredis';
import type { Bucket } from './keys.js';
import type { RedisConnection } from './redis-connection.js';

/** The share of maxmemory from which on nothing new is claimed. */
export const fullFrom = 0.9;
/** Milliseconds between two looks: in so long nobody writes what is kept back. */
const looksEvery = 1_000;

export class Room {
  private readonly full = new Set<Redis>();
  private readonly looking: NodeJS.Timeout;
  private wasFull = false;

  /** `onFull` is told when some node is nearly full, and when none is any more. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly onFull: (isFull: boolean) => void,
  ) {
    this.looking = setInterval(() => void this.look(), looksEvery).unref();
  }

  /** As of the last look. */
  isFor({ due }: Bucket): boolean {
    return this.full.size === 0 || ![...this.full].some((node) => this.connection.serves(node, due));
  }

  /** Where it cannot be asked, what it said last counts: Redis itself refuses what it cannot keep. */
  async look(): Promise<void> {
    const nodes = this.connection.masters().filter(({ status }) => status === 'ready');
    await Promise.allSettled(
      nodes.map(async (node) => {
        const memory = await this.connection.timed('memory', () => node.info('memory'));
        const [used, most] = ['used_memory', 'maxmemory'].map((name) => factIn(memory, name));
        // Without a limit there is nothing to run into here.
        if (used !== undefined && most !== undefined && most > 0 && used >= most * fullFrom) this.full.add(node);
        else this.full.delete(node);
      }),
    );
    for (const node of this.full) if (!this.connection.masters().includes(node)) this.full.delete(node);
    const isFull = this.full.size > 0;
    if (isFull !== this.wasFull) this.onFull(isFull);
    this.wasFull = isFull;
  }

  close(): void {
    clearInterval(this.looking);
  }
}

function factIn(info: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info) ?? [];
  return value === undefined ? undefined : Number(value);
}
