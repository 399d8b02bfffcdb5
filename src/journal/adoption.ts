// A person's word that what Redis holds is the journal. Until a bucket is adopted nobody writes in it, so its
// counts are mended here, by its records. It changes no record.

import { recountScript } from './count-script.js';
import { isJournal, newEpoch, readEpochs } from './epochs.js';
import { buckets, keyOf, operatorOfTrust, placeOf, trustPattern, type Bucket } from './keys.js';
import type { RedisConnection } from './redis-connection.js';
import type { RedisCounts } from './redis-counts.js';
import type { RedisLists } from './redis-lists.js';

export class Adoption {
  constructor(
    private readonly redis: RedisConnection,
    private readonly lists: RedisLists,
    private readonly counts: RedisCounts,
  ) {}

  /** Returns how many buckets it adopted. Rejects with JournalUnavailable. */
  async adopt(replace: boolean): Promise<{ readonly adopted: number; readonly of: number }> {
    const before = await readEpochs(this.redis);
    const wanting = buckets.filter((bucket) => replace || !isJournal(before.get(bucket)));
    for (const bucket of wanting) await this.recount(bucket);
    if (wanting.length > 0) await this.mendTrust();
    const id = newEpoch();
    await Promise.all(wanting.map(({ epoch }) => this.redis.read('adopt', (client) => client.set(epoch, id))));
    return { adopted: wanting.length, of: buckets.length };
  }

  private async recount(bucket: Bucket): Promise<void> {
    // No process writes where this stands.
    await this.redis.read('adopt', (client) => client.set(bucket.epoch, '!adopted'));
    await this.redis.read('adopt', (client) => client.del(bucket.last, bucket.tally, bucket.ages));
    for await (const members of this.lists.pagesOf(bucket.due)) {
      await Promise.all(
        members.map(({ member }) =>
          this.redis.run('adopt', recountScript, [placeOf(keyOf(member)).record, bucket.tally, bucket.ages], [member]),
        ),
      );
    }
  }

  /** What operators have on trust stands in other buckets than the records: by then either may be lost. */
  private async mendTrust(): Promise<void> {
    for await (const trust of this.lists.names(trustPattern))
      for await (const members of this.lists.pagesOf(trust))
        for (const { member } of members) await this.counts.mend(operatorOfTrust(trust), keyOf(member));
    for (const { due } of buckets)
      for await (const found of this.lists.listedIn(due))
        if (!('unreadable' in found) && found.transaction.home !== undefined)
          await this.counts.mend(found.transaction.home.operator, found.transaction);
  }
}
