// What one put has Redis run: the parts of the put script that it needs, with their keys and values.

import type { TransactionKey, Write } from '../domain/ports.js';
import type { Epochs } from './epochs.js';
import { placeOf, signOf, trustOf, type Bucket, type Kept } from './keys.js';
import type { PutRun, PutRunner } from './put-runner.js';
import { encodeRecord } from './record-codec.js';
import type { RedisConnection } from './redis-connection.js';
import type { Room } from './room.js';
import { trustedSince } from './redis-counts.js';
import { encodeStanding } from './standing-codec.js';

export interface PutOptions {
  /**
   * Milliseconds a sign stays bound to its transaction: as long as the record may last, unfinished and after
   * its end.
   */
  readonly signLifetime: number;
  readonly replication?: unknown;
  /** Asked before each claim; absent: Redis does not say how full it is. */
  readonly room?: Room | undefined;
}

export class RedisPuts {
  private writes = 0;

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

  /** One server runs all parts at once; the masters of a Cluster one after the other, as long as it goes well. */
  private async runParts({ parts, given }: PutParts, notAfter: number): Promise<readonly unknown[]> {
    const turns: readonly (readonly Part['name'][])[] = this.redis.isCluster
      ? [['s'], ['t'], ['r'], ['f']]
      : [['r', 's', 't']];
    let said: readonly unknown[] = [];
    for (const together of turns) {
      const run = together.flatMap((name) => parts.filter((part) => part.name === name));
      const [first] = run;
      if (first === undefined) continue;
      const names = run.map(({ name }) => name).join('');
      const reply = await this.runPart(
        {
          bucket: first.bucket,
          keys: run.flatMap(({ keys }) => keys),
          values: argumentsOf({ ...given, parts: names }),
        },
        run,
        notAfter,
      ).catch((error: unknown) => {
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
    for (const { bucket } of parts) this.epochs.seen(bucket);
    if (kind === 'done' && parts.some(({ name }) => name === 'r')) this.epochs.wrote(run.bucket, Number(value));
    return reply;
  }

  private async partsOf(write: Write, notAfter: number): Promise<PutParts> {
    const { transaction, expected, due, lifetime = 0, sign, trust } = write;
    const { bucket, record, member } = placeOf(transaction);
    const bound = trust?.kind === 'on' ? trust.bound : undefined;
    const operator = transaction.home?.operator ?? '';
    const signed = sign === undefined ? undefined : signOf(transaction.agentID, sign);
    const trusted = trust === undefined ? undefined : trustOf(operator);
    return {
      parts: [
        recordPart(bucket, record),
        ...(signed === undefined ? [] : [{ name: 's' as const, bucket: signed.bucket, keys: keysOf(signed) }]),
        ...(trusted === undefined ? [] : trustParts(trusted)),
      ],
      given: {
        ...(await this.commonTo(bucket)),
        ...{ expected, notAfter, record: encodeRecord(transaction), member, lifetime },
        due: due === undefined ? '' : due === Infinity ? '+inf' : due,
        standing: encodeStanding(transaction),
        ...(expected === 0 && this.options.room?.isFor(bucket) === false && { noRoom: 1 }),
        ...(signed && { signEpoch: await this.epochs.of(signed.bucket), signLifetime: this.options.signLifetime }),
        ...(trusted && { trustEpoch: await this.epochs.of(trusted.bucket), operator }),
        ...(trust && { trustedSince: trust.kind === 'on' ? trustedSince(transaction) : 'off' }),
        ...(bound && { most: bound.most, oldest: this.redis.now() - bound.maxAge }),
      },
    };
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
  readonly name: 'r' | 's' | 't' | 'f';
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
  ...(['trustEpoch', 'operator', 'trustedSince', 'most', 'oldest', 'noRoom'] as const),
];
type Given = Readonly<Partial<Record<(typeof order)[number], string | number>>>;
const argumentsOf = (given: Given): (string | number)[] => order.map((name) => given[name] ?? '');

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
