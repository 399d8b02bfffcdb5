// What one put has Redis run: the parts of the put script that it needs, with their keys and values.

import type { TransactionKey, Write } from '../domain/ports.js';
import type { Epochs } from './epochs.js';
import { dayOf, placeOf, playerDay, signOf, trustOf, type Bucket, type Kept } from './keys.js';
import type { PutRun, PutRunner } from './put-runner.js';
import { encodeRecord } from './record-codec.js';
import type { RedisConnection } from './redis-connection.js';
import type { Room } from './room.js';
import { trustedSince } from './redis-counts.js';
import { encodeStanding } from './standing-codec.js';

export interface PutOptions {
  /**
   * Milliseconds a sign stays bound to its transaction, and a player's list of a day stays after it grew: as long
   * as the record may last, unfinished and after its end.
   */
  readonly signLifetime: number;
  readonly replication?: unknown;
  /** Told of each claim that its player's list does not have. */
  readonly onUnlisted?: (() => void) | undefined;
  /** Asked before each claim; absent: Redis does not say how full it is. */
  readonly room?: Room | undefined;
}

/** Milliseconds a list waits for its node: the claims of an outage must not pile up behind it. */
const listedWithin = 250;

export class RedisPuts {
  private writes = 0;
  /** What is listed beside a record, and waited for by nobody. */
  private readonly listing = new Set<Promise<void>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly runner: PutRunner,
    private readonly epochs: Epochs,
    private readonly options: PutOptions,
  ) {}

  /** What the script says of a write. Rejects with JournalUnavailable. */
  async write(write: Write, notAfter: number): Promise<readonly unknown[]> {
    return this.runParts(await this.partsOf(write, notAfter), notAfter);
  }

  /**
   * Looks for a record. Somebody wrote it, but perhaps no replica has it yet: the script writes again what it
   * finds, so that replicas confirm it.
   */
  async find(key: TransactionKey, notAfter: number): Promise<readonly unknown[]> {
    const { bucket, record, member } = placeOf(key);
    const part = recordPart(bucket, record);
    // A revision of -1 is never found.
    const given = { ...(await this.commonTo(bucket)), expected: -1, notAfter, member };
    return this.runParts({ parts: [part], given }, notAfter);
  }

  /** Until what left beside a record is done, or given up. */
  async settle(): Promise<void> {
    await Promise.all(this.listing);
  }

  /** One server runs all parts at once; the masters of a Cluster one after the other, as long as it goes well. */
  private async runParts({ parts, given }: PutParts, notAfter: number): Promise<readonly unknown[]> {
    const turns: readonly (readonly Part['name'][])[] = this.redis.isCluster
      ? [['s'], ['t'], ['r'], ['f']]
      : [['r', 's', 't', 'p']];
    let said: readonly unknown[] = [];
    for (const together of turns) {
      const run = together.flatMap((name) => parts.filter((part) => part.name === name));
      const [first] = run;
      if (first === undefined) continue;
      const names = run.map(({ name }) => name).join('');
      if (names === 'r') this.listBeside({ parts, given });
      const reply = await this.runPart(runOf(first.bucket, run, given), run, notAfter).catch((error: unknown) => {
        // What became of its place on trust is found out by who counts next.
        if (names === 'f') return said;
        throw error;
      });
      if (names !== 'f') said = reply;
      if (said[0] !== 'done' && !(said[0] === 'late' && names !== 'r')) return said;
    }
    return said;
  }

  private async runPart(run: PutRun, parts: readonly Part[], notAfter: number): Promise<readonly unknown[]> {
    const reply = await this.runner.run(run, notAfter);
    const [kind, , value, where] = reply;
    if (kind === 'lost') {
      const { bucket } = parts.find(({ name }) => name === where) ?? run;
      throw this.epochs.isLost(bucket, value === 'writes' ? 'writes' : 'emptied');
    }
    for (const { name, bucket } of parts) if (name !== 'p') this.epochs.seen(bucket);
    this.noteUnlisted(reply);
    if (kind === 'done' && parts.some(({ name }) => name === 'r')) this.epochs.wrote(run.bucket, Number(value));
    return reply;
  }

  /** On a Cluster, at the same time as the record: a claim neither waits for it nor fails by it. */
  private listBeside({ parts, given }: PutParts): void {
    const part = parts.find(({ name }) => name === 'p');
    if (part === undefined) return;
    const listing = this.runner
      .run(runOf(part.bucket, [part], given), this.redis.now() + listedWithin)
      .then(
        (reply) => this.noteUnlisted(reply),
        () => this.options.onUnlisted?.(),
      )
      .finally(() => this.listing.delete(listing));
    this.listing.add(listing);
  }

  private noteUnlisted([, , , unlisted]: readonly unknown[]): void {
    if (typeof unlisted === 'string') this.options.onUnlisted?.();
  }

  private async partsOf(write: Write, notAfter: number): Promise<PutParts> {
    const { transaction, expected, due, lifetime = 0, sign, trust } = write;
    const { bucket, record, member } = placeOf(transaction);
    const bound = trust?.kind === 'on' ? trust.bound : undefined;
    const operator = transaction.home?.operator ?? '';
    const signed = sign === undefined ? undefined : signOf(transaction.agentID, sign);
    const trusted = trust === undefined ? undefined : trustOf(operator);
    const common = await this.commonTo(bucket);
    const noRoom = expected === 0 && this.options.room?.isFor(bucket) === false;
    const listed = noRoom ? undefined : this.listOf(write);
    return {
      parts: [
        recordPart(bucket, record),
        ...(signed === undefined ? [] : [{ name: 's' as const, bucket: signed.bucket, keys: keysOf(signed) }]),
        ...(trusted === undefined ? [] : trustParts(trusted)),
        ...(listed === undefined ? [] : [{ name: 'p' as const, bucket: listed.bucket, keys: keysOf(listed) }]),
      ],
      given: {
        ...common,
        ...{ expected, notAfter, record: encodeRecord(transaction), member, lifetime },
        due: due === undefined ? '' : due === Infinity ? '+inf' : due,
        standing: encodeStanding(transaction),
        ...(noRoom && { noRoom: 1 }),
        signLifetime: this.options.signLifetime,
        ...(signed && { signEpoch: await this.epochs.of(signed.bucket) }),
        ...(listed && { playerEpoch: this.epochs.ifKnown(listed.bucket) ?? '' }),
        ...(trusted && { trustEpoch: await this.epochs.of(trusted.bucket), operator }),
        ...(trust && { trustedSince: trust.kind === 'on' ? trustedSince(transaction) : 'off' }),
        ...(bound && { most: bound.most, oldest: this.redis.now() - bound.maxAge }),
      },
    };
  }

  /** Where a claim is listed for its player; undefined: nowhere. */
  private listOf({ transaction, expected, indexed }: Write): Kept | undefined {
    return expected === 0 && indexed === true ? playerDay(transaction, dayOf(transaction.since)) : undefined;
  }

  /** What every run about a record is given. */
  private async commonTo(bucket: Bucket) {
    const waits = this.options.replication === undefined ? 0 : 1;
    const { writer } = this.epochs;
    const epoch = await this.epochs.of(bucket);
    return { writeId: this.nextWriteId(), waits, epoch, writer, lastWrite: this.epochs.lastWrite(bucket) };
  }

  private nextWriteId(): string {
    return this.epochs.writer + (this.writes++).toString(36);
  }
}

interface Part {
  readonly name: 'r' | 's' | 't' | 'f' | 'p';
  readonly bucket: Bucket;
  readonly keys: readonly string[];
}

interface PutParts {
  readonly parts: readonly Part[];
  /** To all parts alike. */
  readonly given: Given;
}

/** What the script is given, in its order; what says nothing here is the empty text. */
const order = [
  ...(['expected', 'writeId', 'notAfter', 'record', 'parts', 'member', 'due', 'lifetime', 'waits'] as const),
  ...(['epoch', 'writer', 'lastWrite', 'standing', 'signEpoch', 'signLifetime'] as const),
  ...(['trustEpoch', 'operator', 'trustedSince', 'most', 'oldest', 'noRoom', 'playerEpoch'] as const),
];
type Given = Readonly<Partial<Record<(typeof order)[number], string | number>>>;
const argumentsOf = (given: Given): (string | number)[] => order.map((name) => given[name] ?? '');

const runOf = (bucket: Bucket, run: readonly Part[], given: Given): PutRun => ({
  bucket,
  keys: run.flatMap(({ keys }) => keys),
  values: argumentsOf({ ...given, parts: run.map(({ name }) => name).join('') }),
});

const recordPart = (bucket: Bucket, record: string): Part => ({
  name: 'r',
  bucket,
  keys: [record, bucket.epoch, bucket.last, bucket.due, bucket.tally, bucket.ages],
});
const keysOf = ({ bucket, key }: Kept): string[] => [bucket.epoch, key];
const trustParts = (trusted: Kept): Part[] =>
  (['t', 'f'] as const).map((name) => ({
    ...{ name, bucket: trusted.bucket, keys: [...keysOf(trusted), trusted.bucket.pending] },
  }));
