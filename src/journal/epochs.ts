// Whether Redis still holds what this process knows to be in it, bucket by bucket. A bucket's epoch is a
// random id beside its records: where it is gone or another one, the bucket was emptied, or is another
// journal's. The last writes say the rest: a failover, or an older copy, that forgot what this process or one
// beside it wrote. Such a bucket must not be taken for one that never heard of a bet.

import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { JournalUnavailable } from '../domain/ports.js';
import { buckets, type Bucket } from './keys.js';
import { lookScript, markScript } from './look-script.js';
import { membersIn, scoreIn, textsIn, timeIn, type Member } from './read-reply.js';
import type { RedisConnection } from './redis-connection.js';

/** Why Redis does not hold the journal any more: its data is gone, or it lost writes it had acknowledged. */
export type Loss = 'emptied' | 'writes';

/** What Redis holds in the place of each epoch. Rejects with JournalUnavailable. */
export async function readEpochs(redis: RedisConnection): Promise<ReadonlyMap<Bucket, string | undefined>> {
  const found = await redis.read('epoch', (client) => Promise.all(buckets.map(({ epoch }) => client.get(epoch))));
  return new Map(buckets.map((bucket, i) => [bucket, found[i] ?? undefined]));
}

/** A bucket that lost writes is marked, and is nobody's journal until a person adopts it. */
export const isJournal = (epoch: string | undefined): epoch is string => epoch !== undefined && !epoch.startsWith('!');

export const newEpoch = (): string => randomBytes(12).toString('base64url');

/**
 * Milliseconds for which the last write of a process is looked after, its own too: Redis remembers them for a
 * day, and what it no longer remembers must not be taken for lost.
 */
const remembered = 43_200_000;

/** Buckets: so many that few runs do, and so few that Redis is busy with each for less than 0.2 ms. */
const lookedAtTogether = 16;
const unanswered = { status: 'rejected', reason: undefined } as const;

export class Epochs {
  /** Who writes, among those who write here. */
  readonly writer = randomBytes(6).toString('base64url');
  private readonly known = new Map<Bucket, string>();
  /** The last write of this process that Redis acknowledged, as the bucket names it. */
  private readonly written = new Map<Bucket, number>();
  /** What others wrote last, as it was when this process looked. */
  private readonly others = new Map<Bucket, ReadonlyMap<string, number>>();
  private readonly servedBy = new Map<Bucket, Redis['stream']>();
  private readonly lost = new Map<Bucket, Loss>();
  private learning: Promise<void> | undefined;
  /** Since when this process knows which journal it is (monotonic ms). */
  private learnedAt = -Infinity;

  /**
   * `begins`: where Redis holds no epoch, the first use begins one. `onLost` is told when the first bucket is
   * lost, and when none is any more.
   */
  constructor(
    private readonly redis: RedisConnection,
    private readonly begins: boolean,
    private readonly onLost: (loss: Loss | undefined) => void,
  ) {}

  /** What every write in this bucket must find there. Rejects with JournalUnavailable. */
  async of(bucket: Bucket): Promise<string> {
    if (this.known.size === 0) {
      this.learning ??= this.learn().finally(() => (this.learning = undefined));
      await this.learning;
    }
    const known = this.known.get(bucket);
    if (known !== undefined) return known;
    const found = await this.redis.read('epoch', (client) => client.get(bucket.epoch));
    if (found === null) throw this.isLost(bucket, 'emptied');
    if (!isJournal(found)) throw this.isLost(bucket, 'writes');
    return this.remember(bucket, found);
  }

  /** The same, where it is known already: what may be left out waits for nothing. */
  ifKnown(bucket: Bucket): string | undefined {
    return this.known.get(bucket);
  }

  /** Of two callers at once the first decides: they must not come to remember different epochs. */
  private remember(bucket: Bucket, found: string): string {
    const known = this.known.get(bucket) ?? found;
    this.known.set(bucket, known);
    return known;
  }

  private async learn(): Promise<void> {
    if (this.begins) {
      const id = newEpoch();
      await this.redis.read('epoch', (client) => Promise.all(buckets.map(({ epoch }) => client.set(epoch, id, 'NX'))));
    }
    for (const [bucket, found] of await readEpochs(this.redis)) if (isJournal(found)) this.remember(bucket, found);
    this.learnedAt = performance.now();
  }

  /** The last write here that Redis must still know of; 0: none. */
  lastWrite(bucket: Bucket): number {
    const at = this.written.get(bucket) ?? 0;
    return at > this.redis.now() - remembered ? at : 0;
  }

  wrote(bucket: Bucket, at: number): void {
    this.written.set(bucket, Math.max(at, this.written.get(bucket) ?? 0));
  }

  /** The bucket was seen to hold the journal, as it should. */
  seen(bucket: Bucket): void {
    if (this.lost.delete(bucket) && this.lost.size === 0) this.onLost(undefined);
  }

  /** It does not. The error to throw: not "nothing written", for the record may only be forgotten. */
  isLost(bucket: Bucket, loss: Loss): JournalUnavailable {
    const isFirst = this.lost.size === 0;
    this.lost.set(bucket, loss);
    if (isFirst) this.onLost(loss);
    return new JournalUnavailable(
      loss === 'emptied'
        ? 'Redis does not hold the journal this process began with'
        : 'Redis lost writes of the journal that it had acknowledged',
      false,
    );
  }

  /**
   * Milliseconds to wait before a write leaves for a bucket. One that another node serves now, or over another
   * connection, may have lost what others wrote: first they are given time to look. So may one in which this
   * process never wrote, where it was connected again or another master was made since it began.
   */
  quarantine(bucket: Bucket, node: Redis, others: number, connection: RedisConnection): number {
    const before = this.servedBy.get(bucket);
    if (before === node.stream) return 0;
    const isAsBegun = before === undefined && connection.isAsFirstMet(node, this.learnedAt);
    const wait = isAsBegun ? 0 : connection.servesSince(node) + others - performance.now();
    if (wait <= 0) this.servedBy.set(bucket, node.stream);
    return Math.max(0, wait);
  }

  /**
   * Looks at buckets: so many at most that are due there until an instant. Of one that is not the journal's any
   * more, or does not answer, the error to throw: a JournalUnavailable.
   */
  async look(
    where: readonly Spot[],
    until: number,
    most: number,
  ): Promise<readonly (readonly Member[] | { readonly failure: Error })[]> {
    const known = await Promise.all(where.map(({ bucket }) => this.of(bucket).then(found, failed)));
    const sent = performance.now();
    const spots = where.map((spot, i) => ({ ...spot, epoch: known[i]?.epoch ?? '' }));
    const replies = await this.looked(spots, until, most);
    return Promise.all(
      where.map(async ({ bucket }, i) => {
        const { epoch = '', failure } = known[i] ?? {};
        const reply = replies[i];
        if (failure !== undefined) return { failure };
        if (reply?.status !== 'fulfilled') return failed(reply?.reason);
        return this.seeIn(bucket, epoch, reply.value, sent).catch(failed);
      }),
    );
  }

  /**
   * What the script says of each: many buckets of one server in one run, for each run costs the callbacks their
   * turn. Where one is refused each is asked for alone, so that a bucket that is broken hides no other.
   */
  private async looked(
    spots: readonly (Spot & { readonly epoch: string })[],
    until: number,
    most: number,
    together = this.redis.isCluster ? 1 : lookedAtTogether,
  ): Promise<readonly PromiseSettledResult<unknown>[]> {
    const groups = Array.from({ length: Math.ceil(spots.length / together) }, (_, i) =>
      spots.slice(i * together, (i + 1) * together),
    );
    const runs = await this.redis.runEach(
      'due',
      lookScript,
      groups.map((group) => ({
        keys: group.flatMap(({ bucket }) => [bucket.epoch, bucket.last, bucket.due]),
        values: [
          ...[this.writer, until, most],
          ...group.flatMap(({ bucket, epoch, from, past }) => [epoch, this.lastWrite(bucket), scoreIn(from), past]),
        ],
      })),
    );
    const all = groups.map(async (group, i) => {
      const run = runs[i];
      if (run?.status === 'fulfilled') {
        const rows: readonly unknown[] = Array.isArray(run.value) ? run.value : [];
        return group.map((_, row) => ({ status: 'fulfilled', value: rows[row] }) as const);
      }
      return group.length > 1 ? this.looked(group, until, most, 1) : [run ?? unanswered];
    });
    return (await Promise.all(all)).flat();
  }

  private async seeIn(bucket: Bucket, epoch: string, reply: unknown, sent: number): Promise<Member[]> {
    const [kind, time, found, writes] = Array.isArray(reply) ? (reply as unknown[]) : [];
    if (kind === 'lost') throw this.isLost(bucket, found === 'writes' ? 'writes' : 'emptied');
    this.redis.heardTime(timeIn(time), sent);
    await this.compare(bucket, epoch, writes, timeIn(time));
    this.seen(bucket);
    return membersIn(found);
  }

  /** What another process wrote may be lost as well, and that process be gone. */
  private async compare(bucket: Bucket, epoch: string, writes: unknown, now: number): Promise<void> {
    const flat = textsIn(writes);
    const last = new Map(flat.flatMap((writer, i) => (i % 2 === 0 ? [[writer, Number(flat[i + 1])] as const] : [])));
    for (const [writer, before] of this.others.get(bucket) ?? [])
      if (before > now - remembered && (last.get(writer) ?? 0) < before) {
        await this.redis.run('due', markScript, [bucket.epoch], [epoch]);
        throw this.isLost(bucket, 'writes');
      }
    this.others.set(bucket, last);
  }
}

/** From where on the due index of a bucket is read: since when something is due, and how many then to pass over. */
export interface Spot {
  readonly bucket: Bucket;
  readonly from: number;
  readonly past: number;
}

interface Known {
  readonly epoch?: string;
  readonly failure?: Error;
}
const found = (epoch: string): Known => ({ epoch });
const failed = (error: unknown): Known & { readonly failure: Error } => ({
  failure: error instanceof Error ? error : new JournalUnavailable('Redis did not say what is due', true),
});
