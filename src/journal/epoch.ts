// Which journal this Redis holds: a random id beside the records, remembered by every process that works on
// them. A Redis that was emptied, or put in another's place, has none or another one, and must not be taken
// for one that never heard of a bet.

import { randomBytes } from 'node:crypto';
import { JournalUnavailable } from '../domain/ports.js';
import { epochKey } from './keys.js';
import type { RedisConnection } from './redis-connection.js';

/** The epoch Redis holds; undefined when it holds none. Rejects with JournalUnavailable. */
export async function readEpoch(redis: RedisConnection): Promise<string | undefined> {
  return (await redis.read('epoch', (client) => client.get(epochKey))) ?? undefined;
}

/**
 * Begins an epoch: everything this Redis holds is the journal from now on. With `replace` also where there is
 * one, and every process that remembers that one stops moving money. Returns whether it did. Rejects with
 * JournalUnavailable.
 */
export async function beginEpoch(redis: RedisConnection, replace = false): Promise<boolean> {
  const id = randomBytes(12).toString('base64url');
  const done = await redis.read('epoch', (client) =>
    replace ? client.set(epochKey, id) : client.set(epochKey, id, 'NX'),
  );
  return done === 'OK';
}

/** What one process remembers of its journal's epoch. */
export class Epoch {
  private known: string | undefined;
  private isLost = false;

  /**
   * `begins`: where Redis holds none, the first use begins one. `onLost` is told when Redis loses it (true)
   * and has it again.
   */
  constructor(
    private readonly redis: RedisConnection,
    private readonly begins: boolean,
    private readonly onLost: (lost: boolean) => void,
  ) {}

  /** What every write must find in Redis; the first use reads it. Rejects with JournalUnavailable. */
  async remembered(): Promise<string> {
    if (this.known !== undefined) return this.known;
    if (this.begins) await beginEpoch(this.redis);
    const found = await readEpoch(this.redis);
    if (found === undefined) return this.lost();
    // Of two callers at once the first decides: they must not come to remember different epochs.
    return (this.known ??= found);
  }

  /** Redis was seen to hold it, as it should. */
  seen(): void {
    if (this.isLost) this.onLost(false);
    this.isLost = false;
  }

  /** Redis does not hold it. Throws JournalUnavailable. */
  lost(): never {
    if (!this.isLost) this.onLost(true);
    this.isLost = true;
    // Not "nothing written": the record in question may have been written before, and only be forgotten.
    throw new JournalUnavailable('Redis does not hold the journal this process began with', false);
  }
}
