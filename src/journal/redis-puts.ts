// What one put has Redis run: the parts of the put script that it needs, with their keys and values.

import type { TransactionKey, Write } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';
import type { Epochs } from './epochs.js';
import { dayOf, placeOf, playerDay, signOf, trustOf, type Bucket, type Kept, type Place } from './keys.js';
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
  /** A WAIT follows each run. */
  private readonly waits: true | undefined;
  /** What is listed beside a record, and waited for by nobody. */
  private readonly listing = new Set<Promise<void>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly runner: PutRunner,
    private readonly epochs: Epochs,
    private readonly options: PutOptions,
  ) {
    this.waits = options.replication === undefined ? undefined : true;
  }

  /** What the script says of a write. Rejects with JournalUnavailable. */
  async write(write: Write, notAfter: number): Promise<readonly unknown[]> {
    const places = this.placesOf(write);
    const unknown = this.unknownOf(places);
    if (unknown.length > 0) await Promise.all(unknown.map((bucket) => this.epochs.of(bucket)));
    return this.runAll(partsOf(places), this.givenOf(write, places, notAfter));
  }

  private placesOf(write: Write): Places {
    const { transaction, expected, sign, trust } = write;
    const own = placeOf(transaction);
    const noRoom = expected === 0 && this.options.room?.isFor(own.bucket) === false;
    return {
      own,
      signed: sign === undefined ? undefined : signOf(transaction.agentID, sign),
      trusted: trust === undefined ? undefined : trustOf(operatorOf(transaction)),
      listed: noRoom ? undefined : listOf(write),
      noRoom,
    };
  }

  /** Whose epoch must be asked for; the player's list waits for nothing. */
  private unknownOf({ own, signed, trusted }: Places): Bucket[] {
    const unknown: Bucket[] = [];
    for (const place of [own, signed, trusted])
      if (place !== undefined && this.epochs.ifKnown(place.bucket) === undefined) unknown.push(place.bucket);
    return unknown;
  }

  private givenOf(write: Write, { own, signed, trusted, listed, noRoom }: Places, notAfter: number): Given {
    const { transaction, expected, due, lifetime = 0, trust } = write;
    const bound = trust?.kind === 'on' ? trust.bound : undefined;
    const { epochs } = this;
    const rest = {
      expected,
      writeId: this.nextWriteId(),
      notAfter,
      member: own.member,
      due: due === Infinity ? '+inf' : due,
      lifetime,
      waits: this.waits,
      epoch: epochs.ifKnown(own.bucket),
      writer: epochs.writer,
      lastWrite: epochs.lastWrite(own.bucket),
      standing: encodeStanding(transaction),
      signLifetime: this.options.signLifetime,
      playerEpoch: listed && epochs.ifKnown(listed.bucket),
      signEpoch: signed && epochs.ifKnown(signed.bucket),
      noRoom: noRoom ? true : undefined,
      trustEpoch: trusted && epochs.ifKnown(trusted.bucket),
      operator: trusted && operatorOf(transaction),
      trustedSince: trust && (trust.kind === 'on' ? trustedSince(transaction) : 'off'),
      most: bound?.most,
      oldest: bound && this.redis.now() - bound.maxAge,
    };
    return { notAfter, record: encodeRecord(transaction), rest: JSON.stringify(rest) };
  }

  /**
   * Looks for a record. Somebody wrote it, but perhaps no replica has it yet: the script writes again what it
   * finds, so that replicas confirm it.
   */
  async find(key: TransactionKey, notAfter: number): Promise<readonly unknown[]> {
    const { bucket, record, member } = placeOf(key);
    const epoch = await this.epochs.of(bucket);
    const lastWrite = this.epochs.lastWrite(bucket);
    const { writer } = this.epochs;
    const writeId = this.nextWriteId();
    // A revision of -1 is never found.
    const rest = JSON.stringify({
      expected: -1,
      writeId,
      notAfter,
      member,
      epoch,
      lastWrite,
      writer,
      waits: this.waits,
    });
    return this.runAll([recordPart(bucket, record)], { notAfter, record: '', rest });
  }

  /** Until what left beside a record is done, or given up. */
  async settle(): Promise<void> {
    await Promise.all(this.listing);
  }

  /** One server runs all parts at once; the masters of a Cluster one after the other, as long as it goes well. */
  private runAll(parts: readonly Part[], given: Given): Promise<readonly unknown[]> {
    if (this.redis.isCluster) return this.runInTurn(parts, given);
    return this.runTogether(
      parts.filter(({ name }) => name !== 'f'),
      given,
    );
  }

  private async runInTurn(parts: readonly Part[], given: Given): Promise<readonly unknown[]> {
    let said: readonly unknown[] = [];
    for (const name of ['s', 't', 'r', 'f'] as const) {
      const part = parts.find((one) => one.name === name);
      if (part === undefined) continue;
      if (name === 'r') this.listBeside(parts, given);
      const reply = await this.runTogether([part], given).catch((error: unknown) => {
        // What became of its place on trust is found out by who counts next.
        if (name === 'f') return said;
        throw error;
      });
      if (name !== 'f') said = reply;
      if (said[0] !== 'done' && !(said[0] === 'late' && name !== 'r')) return said;
    }
    return said;
  }

  /** Parts that one server has the keys of; the first is of its bucket. */
  private async runTogether(parts: readonly Part[], given: Given): Promise<readonly unknown[]> {
    const run = runOf(parts, given);
    return this.heard(parts, run, await this.runner.run(run, given.notAfter));
  }

  private heard(parts: readonly Part[], run: PutRun, reply: readonly unknown[]): readonly unknown[] {
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
  private listBeside(parts: readonly Part[], given: Given): void {
    const part = parts.find(({ name }) => name === 'p');
    if (part === undefined) return;
    const listing = this.runner
      .run(runOf([part], given), this.redis.now() + listedWithin)
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

  private nextWriteId(): string {
    return this.epochs.writer + (this.writes++).toString(36);
  }
}

/** Where a claim is listed for its player; undefined: nowhere. */
function listOf({ transaction, expected, indexed }: Write): Kept | undefined {
  return expected === 0 && indexed === true ? playerDay(transaction, dayOf(transaction.since)) : undefined;
}

const operatorOf = ({ home }: Transaction): string => home?.operator ?? '';

/** Where a write writes, and whether there is room for it. */
interface Places {
  readonly own: Place;
  readonly signed: Kept | undefined;
  readonly trusted: Kept | undefined;
  readonly listed: Kept | undefined;
  readonly noRoom: boolean;
}

function partsOf({ own, signed, trusted, listed }: Places): Part[] {
  const parts = [recordPart(own.bucket, own.record)];
  if (signed !== undefined) parts.push(keptPart('s', signed));
  if (trusted !== undefined) parts.push(trustPart('t', trusted), trustPart('f', trusted));
  if (listed !== undefined) parts.push(keptPart('p', listed));
  return parts;
}

interface Part {
  readonly name: 'r' | 's' | 't' | 'f' | 'p';
  readonly bucket: Bucket;
  readonly keys: readonly string[];
}

/** What the script is given besides keys. */
interface Given {
  readonly notAfter: number;
  /** The record's text. */
  readonly record: string;
  /** By name, as JSON. */
  readonly rest: string;
}

function runOf(parts: readonly Part[], { record, rest }: Given): PutRun {
  const [first] = parts;
  if (first === undefined) throw new Error('a run without a part');
  const keys: string[] = [];
  let names = '';
  for (const part of parts) {
    keys.push(...part.keys);
    names += part.name;
  }
  return { bucket: first.bucket, keys, values: [names, record, rest] };
}

const recordPart = (bucket: Bucket, record: string): Part => ({
  name: 'r',
  bucket,
  keys: [record, bucket.epoch, bucket.last, bucket.due, bucket.tally, bucket.ages],
});
const keptPart = (name: 's' | 'p', { bucket, key }: Kept): Part => ({ name, bucket, keys: [bucket.epoch, key] });
const trustPart = (name: 't' | 'f', { bucket, key }: Kept): Part => ({
  name,
  bucket,
  keys: [bucket.epoch, key, bucket.pending],
});
