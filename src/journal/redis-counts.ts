// What is unfinished, counted. Each bucket keeps its own counts, exact because the script that writes a record
// keeps them in the same step; here they are only added up. Whoever counts also finds out what became of
// places on trust that a process died over.

import { JournalUnavailable, UnreadableRecord, type Stored, type Tally, type TransactionKey } from '../domain/ports.js';
import { isOnTrust, type Transaction } from '../domain/transaction.js';
import { countScript, trustScript } from './count-script.js';
import type { Epochs } from './epochs.js';
import { buckets, keyOf, memberOf, trustOf } from './keys.js';
import { membersIn, type Member } from './read-reply.js';
import type { RedisConnection } from './redis-connection.js';
import { talliesIn, together } from './standing-codec.js';

/**
 * A held record ages for nobody: only a person can end it, and other records must not wait for that person.
 */
export const trustedSince = ({ state, since }: Transaction): number | '+inf' => (state === 'held' ? '+inf' : since);

/** Of each bucket, at one count. */
const foundOutAtOnce = 100;

export class RedisCounts {
  constructor(
    private readonly redis: RedisConnection,
    private readonly epochs: Epochs,
    private readonly get: (key: TransactionKey) => Promise<Stored | undefined>,
  ) {}

  /** Rejects with JournalUnavailable: a part is no count. */
  async count(): Promise<readonly Tally[]> {
    const epochs = await Promise.all(buckets.map((bucket) => this.epochs.of(bucket)));
    const counted = await this.redis.runEach(
      'count',
      countScript,
      buckets.map(({ epoch, tally, ages, pending }, i) => ({
        keys: [epoch, tally, ages, pending],
        values: [epochs[i] ?? '', this.redis.now(), foundOutAtOnce],
      })),
    );
    const rows: Tally[] = [];
    for (const reply of counted) {
      if (reply.status === 'rejected') throw reply.reason;
      const [kind, pending, ...tallies] = Array.isArray(reply.value) ? (reply.value as unknown[]) : [];
      if (kind === 'lost')
        throw new JournalUnavailable('Redis does not hold the journal this process began with', true);
      rows.push(...talliesIn(tallies));
      for (const place of membersIn(pending)) await this.findOut(place);
    }
    return together(rows);
  }

  private async findOut({ member: name, due }: Member): Promise<void> {
    const colon = name.indexOf(':');
    await this.mend(name.slice(0, colon), keyOf(name.slice(colon + 1)), String(due));
  }

  /** Puts a record where its place on trust is by what it says; `due`: only if that is what is pending still. */
  async mend(operator: string, key: TransactionKey, due = ''): Promise<void> {
    const { bucket, key: trust } = trustOf(operator);
    const since = await this.trusted(key);
    if (since === undefined) return;
    await this.redis.run('count', trustScript, [trust, bucket.pending], [memberOf(key), since, operator, due]);
  }

  /** Undefined where nobody here can read it: it stays as it is. */
  private async trusted(key: TransactionKey): Promise<number | string | undefined> {
    try {
      const stored = await this.get(key);
      return stored !== undefined && isOnTrust(stored.transaction) ? trustedSince(stored.transaction) : 'off';
    } catch (error) {
      if (error instanceof UnreadableRecord) return undefined;
      throw error;
    }
  }
}
