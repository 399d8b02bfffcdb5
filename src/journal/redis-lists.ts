// Reads many records: what is due, what is unfinished, all there are. It reads them in pages, so that nothing
// depends on how many there are. No record that was there all the while may be missing, least of all one that
// cannot be read.

import type { Listed, Stored, TransactionKey, Unreadable } from '../domain/ports.js';
import { isUnfinished } from '../domain/transaction.js';
import { readEpoch, type Epoch } from './epoch.js';
import { dueKeys, epochKey, keyOf, keyOfRecord, placeOf, recordPattern } from './keys.js';
import { membersIn, storedOrNot, timeIn } from './read-reply.js';
import type { RedisConnection } from './redis-connection.js';

const scannedAtOnce = 1000;
/** Few enough for callbacks not to wait while they are read. */
const countedAtOnce = 100;
/** Of each bucket. */
const dueAtOnce = 64;

/** Rejects with JournalUnavailable, also where Redis does not hold this journal any more. */
export class RedisLists {
  constructor(
    private readonly redis: RedisConnection,
    private readonly epoch: Epoch,
  ) {}

  /**
   * Also watches the epoch, so that an emptied Redis is noticed although no callback comes, and nothing of
   * another journal is resolved. And watches Redis' clock: a replica that has long written nothing must not
   * take a live lease for over because that clock was set back.
   */
  async *due(): AsyncGenerator<TransactionKey> {
    const epoch = await this.epoch.remembered();
    const until = String(this.redis.now());
    let more = true;
    for (let past = 0; more; past += dueAtOnce) {
      const sent = performance.now();
      const [found, time, ...replies] = await this.redis.pipelined('due', (pipeline) => {
        pipeline.get(epochKey).time();
        for (const key of dueKeys)
          pipeline.zrange(key, '-inf', until, 'BYSCORE', 'LIMIT', past, dueAtOnce, 'WITHSCORES');
      });
      this.redis.heardTime(timeIn(time), sent);
      if (found !== epoch) this.epoch.lost();
      this.epoch.seen();
      const pages = replies.map(membersIn);
      for (const { member } of pages.flat().sort((a, b) => a.due - b.due)) yield keyOf(member);
      more = pages.some(({ length }) => length === dueAtOnce);
    }
  }

  async *unfinished(): AsyncGenerator<Listed> {
    const epoch = await this.epoch.remembered();
    for (const index of dueKeys) yield* this.listedIn(index);
    // In an emptied Redis nothing would be unfinished.
    if ((await readEpoch(this.redis)) !== epoch) this.epoch.lost();
  }

  /**
   * By ZSCAN, because a place in the order changes with every write: a record that changes places between two
   * pages would be missed.
   */
  private async *listedIn(index: string): AsyncGenerator<Listed> {
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const from = cursor;
      const [next, page] = await this.redis.read('unfinished', (client) =>
        client.zscan(index, from, 'COUNT', countedAtOnce),
      );
      cursor = next;
      const fresh = membersIn(page).filter(({ member }) => isNew(member, seen));
      const keys = fresh.map(({ member }) => keyOf(member));
      const values = await this.valuesOf(
        'unfinished',
        keys.map((key) => placeOf(key).record),
      );
      for (const [i, key] of keys.entries()) {
        const found = storedOrNot(key, values[i]);
        // It may have ended since the index was read.
        if ('unreadable' in found || isUnfinished(found.transaction.state))
          yield { ...found, due: fresh[i]?.due ?? Infinity };
      }
    } while (cursor !== '0');
  }

  /** A record that is written or expires meanwhile may be in it or not. */
  async *scan(): AsyncGenerator<Stored | Unreadable> {
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const from = cursor;
      const [next, names] = await this.redis.read('scan', (client) =>
        client.scan(from, 'MATCH', recordPattern, 'COUNT', scannedAtOnce),
      );
      cursor = next;
      const fresh = names.filter((name) => isNew(name, seen));
      const values = await this.valuesOf('scan', fresh);
      for (const [i, name] of fresh.entries())
        if (typeof values[i] === 'string') yield storedOrNot(keyOfRecord(name), values[i]);
    } while (cursor !== '0');
  }

  private valuesOf(command: 'unfinished' | 'scan', names: readonly string[]): Promise<(string | null)[]> {
    return names.length === 0 ? Promise.resolve([]) : this.redis.read(command, (client) => client.mget([...names]));
  }
}

/** A scan may give the same name twice. */
function isNew(name: string, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}
