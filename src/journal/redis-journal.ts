// The journal in Redis. Every write is one run of one script under a write id, so that a run whose reply was lost can be
// repeated, and carries the instant after which it may not happen any more: whoever was told "unavailable" is not
// surprised by it later. It must never report a write as done, or as not done, that may have gone the other way.

import { randomBytes } from 'node:crypto';
import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import {
  JournalUnavailable,
  type Journal,
  type Stored,
  type TransactionKey,
  type Write,
  type Written,
} from '../domain/ports.js';
import { balanceKey, balanceLifetime, dueKeys, keyOf, placeOf, signKey } from './keys.js';
import { requireListed } from './listed.js';
import { putScript, putScriptSha } from './put-script.js';
import { decodeRecord, encodeRecord } from './record-codec.js';
import { isRefusal, reasonOf, type RedisConnection } from './redis-connection.js';

export interface RedisJournalOptions {
  /** Milliseconds a sign stays bound to its transaction: the longest retention of any operator. */
  readonly signLifetime: number;
  /** Milliseconds one put may take, its repeat included. */
  readonly putWithin?: number;
  /** Told of a record that is listed as unfinished, but is gone or cannot be read. */
  readonly onUnreadable?: (key: TransactionKey, error: unknown) => void;
}

type Arguments = readonly [keys: readonly string[], values: readonly (string | number)[]];

const balancesAtOnce = 500;
const flushEvery = 1000;

export class RedisJournal implements Journal {
  private readonly putWithin: number;
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
  }

  /**
   * As the port promises. `nothingWritten` also where it did leave, but Redis refused it, or got it too late.
   */
  async put(write: Write): Promise<Written> {
    requireListed(write);
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    const notAfter = this.now() + this.putWithin;
    const [kind, , value] = await this.runTwiceAtMost(this.argumentsOf(write, notAfter), notAfter);
    switch (kind) {
      case 'done':
        return { kind, revision: write.expected + 1 };
      case 'there':
        return { kind, stored: storedIn(write.transaction, value) };
      case 'gone':
      case 'signTaken':
        return { kind };
      case 'late':
        throw new JournalUnavailable('Redis got the write too late and left it', true);
      default:
        throw new Error(`the put script answered ${String(kind)}`);
    }
  }

  private argumentsOf({ transaction, expected, due, lifetime = 0, sign }: Write, notAfter: number): Arguments {
    const { record, due: index, member } = placeOf(transaction);
    const writeId = this.writer + (this.writes++).toString(36);
    const when = due === undefined ? '' : due === Infinity ? '+inf' : due;
    return [
      sign === undefined ? [record, index] : [record, index, signKey(transaction.agentID, sign)],
      [expected, writeId, notAfter, encodeRecord(transaction), member, when, lifetime, this.options.signLifetime],
    ];
  }

  /** An unanswered run may or may not have happened: the same write id again finds out, or makes it so. */
  private async runTwiceAtMost(script: Arguments, notAfter: number): Promise<unknown[]> {
    try {
      return await this.run(script);
    } catch (error) {
      if (isRefusal(error)) throw new JournalUnavailable(`Redis refused a write: ${reasonOf(error)}`, true);
      if (!(await this.redis.reachable(notAfter - this.now())))
        throw new JournalUnavailable(`Redis did not answer a write: ${reasonOf(error)}`, false);
    }
    try {
      return await this.run(script);
    } catch (error) {
      throw new JournalUnavailable(`Redis did not answer a write twice: ${reasonOf(error)}`, false);
    }
  }

  private async run([keys, values]: Arguments): Promise<unknown[]> {
    const { client } = this.redis;
    const sent = performance.now();
    const reply = await this.redis.timed('put', () =>
      client.evalsha(putScriptSha, keys.length, ...keys, ...values).catch((error: unknown) => {
        if (reasonOf(error) !== 'NOSCRIPT') throw error;
        return client.eval(putScript, keys.length, ...keys, ...values);
      }),
    );
    if (!Array.isArray(reply)) throw new Error('the put script answered no list');
    const parts: unknown[] = reply;
    this.redis.heardTime(Number(parts[1]), sent);
    return parts;
  }

  /** Rejects with a plain error when the record cannot be read. */
  async get(key: TransactionKey): Promise<Stored | undefined> {
    const value = await this.redis.read('get', (client) => client.get(placeOf(key).record));
    return value === null ? undefined : storedIn(key, value);
  }

  due(most: number): Promise<TransactionKey[]> {
    return this.listed('due', String(this.now()), most);
  }

  async postpone(key: TransactionKey, due: number): Promise<void> {
    const { due: index, member } = placeOf(key);
    // XX: what was finished meanwhile is not listed again.
    await this.redis.read('postpone', (client) => client.zadd(index, 'XX', due, member));
  }

  async unfinished(most: number): Promise<Stored[]> {
    const keys = await this.listed('unfinished', '+inf', most);
    const values = await this.redis.pipelined('unfinished', (pipeline) => {
      for (const key of keys) pipeline.get(placeOf(key).record);
    });
    return keys.flatMap((key, i) => {
      try {
        return [storedIn(key, values[i])];
      } catch (error) {
        this.options.onUnreadable?.(key, error);
        return [];
      }
    });
  }

  /** What is to be looked at until then, earliest first, over all buckets in one round trip. */
  private async listed(name: 'due' | 'unfinished', until: string, most: number): Promise<TransactionKey[]> {
    const replies = await this.redis.pipelined(name, (pipeline) => {
      for (const key of dueKeys) pipeline.zrange(key, '-inf', until, 'BYSCORE', 'LIMIT', 0, most, 'WITHSCORES');
    });
    return replies
      .flatMap(membersIn)
      .sort((a, b) => (a.due === b.due ? 0 : a.due - b.due))
      .slice(0, most)
      .map(({ member }) => keyOf(member));
  }

  /** Rejects with JournalUnavailable when it is not in memory and Redis cannot be asked. */
  async lastBalance(player: Player): Promise<Money | undefined> {
    const key = balanceKey(player);
    const text = this.balances.get(key) ?? (await this.redis.read('lastBalance', (client) => client.get(key)));
    return text === null ? undefined : Money.parse(text);
  }

  /** Goes to Redis within a second or so, and of one player only the last. What cannot be written then is forgotten. */
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

  now(): number {
    return this.redis.now();
  }

  isReachable(): boolean {
    return this.redis.isReachable();
  }

  async close(): Promise<void> {
    await this.flushBalances();
    await this.redis.close();
  }
}

/** Members and scores come in one flat list, by turns. */
function membersIn(reply: unknown): { member: string; due: number }[] {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  return flat.flatMap((member, i) =>
    i % 2 === 0 ? [{ member, due: flat[i + 1] === 'inf' ? Infinity : Number(flat[i + 1]) }] : [],
  );
}

/** Reads "<revision> <write id> <text>". */
function storedIn(key: TransactionKey, value: unknown): Stored {
  if (typeof value !== 'string') throw new Error(`the record of ${key.agentID} ${key.transactionID} is gone`);
  const head = /^(\d+) \S+ /.exec(value);
  if (head === null) throw new Error(`what is in the place of ${key.agentID} ${key.transactionID} is no record`);
  return { transaction: decodeRecord(key, value.slice(head[0].length)), revision: Number(head[1]) };
}
