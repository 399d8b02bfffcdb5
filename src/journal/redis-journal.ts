// The journal in Redis. Every write is one run of one script under a write id, so that a run whose reply was
// lost can be repeated, and carries the instant after which it may not happen any more, so that whoever was
// told "unavailable" is not surprised by it later. It must never report a write as done, or as not done, that
// may have gone the other way.

import { randomBytes } from 'node:crypto';
import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type { Transaction } from '../domain/transaction.js';
import {
  JournalUnavailable,
  type Journal,
  type Listed,
  type Stored,
  type TransactionKey,
  type Unreadable,
  type Write,
  type Written,
} from '../domain/ports.js';
import { beginEpoch, Epoch } from './epoch.js';
import { balanceKey, balanceLifetime, epochKey, noRecord, placeOf, signKey, trustKey } from './keys.js';
import { requireListed } from './listed.js';
import { PutRunner, type PutArguments } from './put-runner.js';
import { scoreOf, storedIn } from './read-reply.js';
import { encodeRecord } from './record-codec.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisLists } from './redis-lists.js';
import type { Replication } from './replication.js';

export interface RedisJournalOptions {
  /**
   * Milliseconds a sign stays bound to its transaction: as long as the record may last, unfinished and after
   * its end.
   */
  readonly signLifetime: number;
  /** Milliseconds one put may take, its repeat included. */
  readonly putWithin?: number;
  /**
   * Begin a journal where Redis holds none. Never in production: there it would take an emptied Redis for a
   * new one.
   */
  readonly begins?: boolean;
  /** Told when Redis turns out not to hold this journal any more (true), and when it does again (false). */
  readonly onLost?: (lost: boolean) => void;
  /**
   * Every write then waits for these replicas, and leaves by this connection, which the journal takes over.
   */
  readonly replication?: Replication | undefined;
}

/**
 * A held record ages for nobody: only a person can end it, and other records must not wait for that person.
 */
const trustedSince = ({ state, since }: Transaction): number | '+inf' => (state === 'held' ? '+inf' : since);

const balancesAtOnce = 500;
const flushEvery = 1000;

export class RedisJournal implements Journal {
  private readonly putWithin: number;
  private readonly script: PutRunner;
  private readonly epoch: Epoch;
  private readonly lists: RedisLists;
  private readonly writer = randomBytes(6).toString('base64url');
  private writes = 0;
  private readonly balances = new Map<string, string>();
  private flushTimer: NodeJS.Timeout | undefined;

  /** Takes the connection over: `close` ends it. */
  constructor(
    private readonly redis: RedisConnection,
    private readonly options: RedisJournalOptions,
  ) {
    this.putWithin = options.putWithin ?? 2500;
    this.script = new PutRunner(redis, options.replication);
    this.epoch = new Epoch(redis, options.begins ?? false, options.onLost ?? (() => undefined));
    this.lists = new RedisLists(redis, this.epoch);
  }

  /**
   * As the port promises. `nothingWritten` also where it did leave, but Redis refused it, or got it too late;
   * never of an emptied Redis, which may have forgotten the record.
   */
  async put(write: Write): Promise<Written> {
    requireListed(write);
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    const epoch = await this.epoch.remembered();
    const notAfter = this.now() + this.putWithin;
    const [kind, , value] = await this.script.run(this.argumentsOf(write, notAfter, epoch), notAfter);
    if (kind === 'lost') this.epoch.lost();
    this.epoch.seen();
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
      case 'late':
        throw new JournalUnavailable('Redis got the write too late and left it', true);
      default:
        throw new Error(`the put script answered ${String(kind)}`);
    }
  }

  private argumentsOf(write: Write, notAfter: number, epoch: string): PutArguments {
    const { transaction, expected, due, lifetime = 0, sign, trust } = write;
    const { record, due: index, member } = placeOf(transaction);
    const keys = [record, index, epochKey, trustKey(transaction)];
    const waits = this.options.replication === undefined ? 0 : 1;
    const when = due === undefined ? '' : due === Infinity ? '+inf' : due;
    const bound = trust?.kind === 'on' ? trust.bound : undefined;
    return [
      sign === undefined ? keys : [...keys, signKey(transaction.agentID, sign)],
      [
        ...[expected, this.nextWriteId(), notAfter, encodeRecord(transaction), member, when],
        ...[lifetime, this.options.signLifetime, epoch, waits],
        trust?.kind === 'on' ? trustedSince(transaction) : (trust?.kind ?? ''),
        ...(bound === undefined ? ['', ''] : [bound.most, this.now() - bound.maxAge]),
      ],
    ];
  }

  private nextWriteId(): string {
    return this.writer + (this.writes++).toString(36);
  }

  async get(key: TransactionKey): Promise<Stored | undefined> {
    // Not GET, which fails for what is no text: as if Redis were away.
    const [value] = await this.redis.read('get', (client) => client.mget(placeOf(key).record));
    return typeof value === 'string' ? storedIn(key, value) : undefined;
  }

  async getSafely(key: TransactionKey): Promise<Stored | undefined> {
    if (this.options.replication === undefined) return this.get(key);
    // Somebody wrote the record, but perhaps no replica has it yet. The script writes again what it finds, so
    // that replicas confirm it; revision -1 is never found.
    const epoch = await this.epoch.remembered();
    const notAfter = this.now() + this.putWithin;
    const { record, due, member } = placeOf(key);
    const values = [-1, this.nextWriteId(), notAfter, '', member, '', 0, 0, epoch, 1, '', '', ''];
    const [kind, , value] = await this.script.run([[record, due, epochKey, trustKey({})], values], notAfter);
    if (kind === 'lost') this.epoch.lost();
    return kind === 'there' ? storedIn(key, value) : undefined;
  }

  due(): AsyncIterable<TransactionKey> {
    return this.lists.due();
  }

  async postpone(key: TransactionKey, due: number): Promise<void> {
    const { due: index, member } = placeOf(key);
    // XX: what was finished meanwhile is not listed again.
    await this.redis.read('postpone', (client) => client.zadd(index, 'XX', due, member));
  }

  async nextLook(key: TransactionKey): Promise<number | undefined> {
    const { due: index, member } = placeOf(key);
    const score = await this.redis.read('nextLook', (client) => client.zscore(index, member));
    return score === null ? undefined : scoreOf(score);
  }

  unfinished(): AsyncIterable<Listed> {
    return this.lists.unfinished();
  }

  /**
   * Every record that is there from beginning to end of the scan, once, in no order. Throws
   * JournalUnavailable.
   */
  scan(): AsyncIterable<Stored | Unreadable> {
    return this.lists.scan();
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
    while (this.balances.size > 0) {
      const some = [...this.balances].slice(0, balancesAtOnce);
      await this.redis
        .pipelined('rememberBalance', (pipeline) => {
          for (const [key, text] of some) {
            pipeline.set(key, text, 'PX', balanceLifetime);
            this.balances.delete(key);
          }
        })
        .catch(() => this.balances.clear());
    }
    this.flushTimer = undefined;
  }

  /**
   * At once, because whoever copied the sign may be as quick. A sign that is bound stays bound as it is, and
   * so much longer.
   */
  bindToNone(agentID: string, sign: string): void {
    const key = signKey(agentID, sign);
    const { signLifetime } = this.options;
    void this.redis
      .pipelined('bindToNone', (pipeline) => {
        pipeline.set(key, noRecord, 'PX', signLifetime, 'NX').pexpire(key, signLifetime);
      })
      .catch(() => undefined);
  }

  /**
   * A person's word that what this Redis holds is the journal; with `replace` also where it holds one
   * already. Returns whether it was done.
   */
  adopt(replace: boolean): Promise<boolean> {
    return beginEpoch(this.redis, replace);
  }

  now(): number {
    return this.redis.now();
  }

  isReachable(): boolean {
    return this.redis.isReachable() && this.script.connection.isReachable();
  }

  async close(): Promise<void> {
    await this.flushBalances();
    await Promise.all([...new Set([this.redis, this.script.connection])].map((connection) => connection.close()));
  }
}
