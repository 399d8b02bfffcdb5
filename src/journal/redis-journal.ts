// The journal in Redis. Every write is one run of one script under a write id, so that a run whose reply was
// lost can be repeated, and carries the instant after which it may not happen any more, so that whoever was
// told "unavailable" is not surprised by it later. It must never report a write as done, or as not done, that
// may have gone the other way.

import { setImmediate as aTurn } from 'node:timers/promises';
import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import {
  JournalUnavailable,
  type Due,
  type Journal,
  type Listed,
  type Stored,
  type Tally,
  type TransactionKey,
  type Unreadable,
  type Write,
  type Written,
} from '../domain/ports.js';
import { Adoption } from './adoption.js';
import { Epochs, type Loss } from './epochs.js';
import { balanceKey, balanceLifetime, noRecord, placeOf, signOf } from './keys.js';
import { requireListed } from './listed.js';
import { PutRunner } from './put-runner.js';
import { scoreOf, storedIn } from './read-reply.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisCounts } from './redis-counts.js';
import { RedisLists } from './redis-lists.js';
import { RedisPuts } from './redis-puts.js';
import type { Replication } from './replication.js';
import type { Room } from './room.js';

export interface RedisJournalOptions {
  /**
   * Milliseconds a sign stays bound to its transaction, and a player's list of a day stays after it grew: as long
   * as the record may last, unfinished and after its end.
   */
  readonly signLifetime: number;
  /** Told of each claim that its player's list does not have. */
  readonly onUnlisted?: (() => void) | undefined;
  /** Milliseconds one put may take, its repeat included. */
  readonly putWithin?: number;
  /**
   * Begin a journal where Redis holds none. Never in production: there it would take an emptied Redis for a
   * new one.
   */
  readonly begins?: boolean;
  /** Told when Redis turns out not to hold this journal any more, and when it does again. */
  readonly onLost?: (loss: Loss | undefined) => void;
  /**
   * Milliseconds without a write to what was connected again, or is served by another node: the others then
   * look whether it has lost what they wrote.
   */
  readonly settling?: number;
  /**
   * Every write then waits for these replicas, and leaves by this connection, which the journal takes over.
   */
  readonly replication?: Replication | undefined;
  /** Asked before each claim; absent: Redis does not say how full it is. */
  readonly room?: Room | undefined;
}

const flushEvery = 1000;
/** Balances written in one turn of the event loop: all those of a second would keep callbacks waiting for 10 ms. */
const flushAtOnce = 64;

export class RedisJournal implements Journal {
  private readonly putWithin: number;
  private readonly puts: RedisPuts;
  private readonly writing: RedisConnection;
  private readonly epochs: Epochs;
  private readonly lists: RedisLists;
  private readonly counts: RedisCounts;
  private readonly balances = new Map<string, string>();
  private flushTimer: NodeJS.Timeout | undefined;

  /** Takes the connection over: `close` ends it. */
  constructor(
    private readonly redis: RedisConnection,
    private readonly options: RedisJournalOptions,
  ) {
    const { begins = false, onLost = () => undefined, replication, putWithin = 2500, settling = 1000 } = options;
    this.putWithin = putWithin;
    this.epochs = new Epochs(redis, begins, onLost);
    const runner = new PutRunner(redis, replication, this.epochs, settling);
    this.writing = runner.connection;
    this.puts = new RedisPuts(redis, runner, this.epochs, options);
    this.lists = new RedisLists(redis, this.epochs);
    this.counts = new RedisCounts(redis, this.epochs, (key) => this.get(key));
  }

  /**
   * As the port promises. `nothingWritten` also where it did leave, but Redis refused it, or got it too late;
   * never of an emptied Redis, which may have forgotten the record.
   */
  async put(write: Write): Promise<Written> {
    requireListed(write);
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    const notAfter = this.now() + this.putWithin;
    const [kind, , value] = await this.puts.write(write, notAfter);
    switch (kind) {
      case 'done':
        return { kind, revision: write.expected + 1 };
      case 'there':
        return { kind, stored: storedIn(write.transaction, value) };
      case 'gone':
      case 'signTaken':
        return { kind };
      case 'full':
        return { kind, bound: value === 'most' ? 'most' : 'maxAge' };
      case 'noRoom':
        throw new JournalUnavailable('Redis is nearly full, and the rest is kept for what runs', true);
      case 'late':
        throw new JournalUnavailable('Redis got the write too late and left it', true);
      default:
        throw new Error(`the put script answered ${String(kind)}`);
    }
  }

  async get(key: TransactionKey): Promise<Stored | undefined> {
    // Not GET, which fails for what is no text: as if Redis were away.
    const [value] = await this.redis.read('get', (client) => client.mget(placeOf(key).record));
    return typeof value === 'string' ? storedIn(key, value) : undefined;
  }

  /** By the script that writes, which sees what Redis has lost. */
  async getSafely(key: TransactionKey): Promise<Stored | undefined> {
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    const [kind, , value] = await this.puts.find(key, this.now() + this.putWithin);
    return kind === 'there' ? storedIn(key, value) : undefined;
  }

  due(from?: number): AsyncIterable<Due> {
    return this.lists.due(from);
  }

  async postpone(key: TransactionKey, due: number): Promise<void> {
    const { bucket, member } = placeOf(key);
    // XX: what was finished meanwhile is not listed again.
    await this.redis.read('postpone', (client) => client.zadd(bucket.due, 'XX', due, member));
  }

  async nextLook(key: TransactionKey): Promise<number | undefined> {
    const { bucket, member } = placeOf(key);
    const score = await this.redis.read('nextLook', (client) => client.zscore(bucket.due, member));
    return score === null ? undefined : scoreOf(score);
  }

  unfinished(): AsyncIterable<Listed> {
    return this.lists.unfinished();
  }

  ofPlayer(player: Player, from: number, to: number): AsyncIterable<Stored | Unreadable> {
    return this.lists.ofPlayer(player, from, to);
  }

  count(): Promise<readonly Tally[]> {
    return this.counts.count();
  }

  /**
   * Every record that is there from beginning to end of the scan, once, in no order. Throws
   * JournalUnavailable.
   */
  scan(): AsyncIterable<Stored | Unreadable> {
    return this.lists.scan();
  }

  /**
   * The same in memory that does not grow with the records, so that one may come twice. Throws
   * JournalUnavailable, also where Redis does not hold this journal from beginning to end.
   */
  walk(): AsyncIterable<Stored | Unreadable> {
    return this.lists.walk();
  }

  /** Rejects with JournalUnavailable when it is not in memory and Redis cannot be asked. */
  async lastBalance(player: Player): Promise<Money | undefined> {
    const key = balanceKey(player);
    const text = this.balances.get(key) ?? (await this.redis.read('lastBalance', (client) => client.get(key)));
    return text === null ? undefined : Money.parse(text);
  }

  /**
   * Goes to Redis within a second or so; of one player only the last balance does. What cannot be written
   * then is forgotten.
   */
  rememberBalance(player: Player, balance: Money): void {
    this.balances.set(balanceKey(player), balance.toString());
    this.flushTimer ??= setTimeout(() => void this.flushBalances(), flushEvery).unref();
  }

  private async flushBalances(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    const written: Promise<unknown>[] = [];
    // Those that come meanwhile wait for their own time: under load some do in every turn.
    for (let left = this.balances.size; left > 0 && this.balances.size > 0; left -= flushAtOnce) {
      written.push(this.writeSomeBalances());
      await aTurn();
    }
    await Promise.all(written);
  }

  /** Each is taken as it is sent: so `close` finds the rest, and none is overtaken by an older one. */
  private writeSomeBalances(): Promise<unknown> {
    const some: (readonly [key: string, text: string])[] = [];
    for (const entry of this.balances) {
      if (some.length === flushAtOnce) break;
      some.push(entry);
      this.balances.delete(entry[0]);
    }
    return this.redis
      .read('rememberBalance', (client) =>
        Promise.allSettled(some.map(([key, text]) => client.set(key, text, 'PX', balanceLifetime))),
      )
      .catch(() => undefined);
  }

  /**
   * At once, because whoever copied the sign may be as quick. A sign that is bound stays bound as it is, and
   * so much longer.
   */
  bindToNone(agentID: string, sign: string): void {
    const { key } = signOf(agentID, sign);
    const { signLifetime } = this.options;
    void this.redis
      .read('bindToNone', (client) =>
        Promise.all([client.set(key, noRecord, 'PX', signLifetime, 'NX'), client.pexpire(key, signLifetime)]),
      )
      .catch(() => undefined);
  }

  /**
   * A person's word that what this Redis holds is the journal, where it holds none or lost some of it; with
   * `replace` also where nothing seems to be wrong. Returns how many of its buckets were not the journal's.
   * Rejects with JournalUnavailable.
   */
  adopt(replace: boolean): Promise<{ readonly adopted: number; readonly of: number }> {
    return new Adoption(this.redis, this.lists, this.counts).adopt(replace);
  }

  now(): number {
    return this.redis.now();
  }

  isReachable(): boolean {
    return this.redis.isReachable() && this.writing.isReachable();
  }

  async close(): Promise<void> {
    this.options.room?.close();
    await Promise.all([this.flushBalances(), this.puts.settle()]);
    await Promise.all([...new Set([this.redis, this.writing])].map((connection) => connection.close()));
  }
}
