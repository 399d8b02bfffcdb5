// The bridge's connection to Redis, and Redis' clock. A command either gets its reply soon or fails at once:
// nothing is queued for a Redis that is away and nothing is sent again behind the caller's back, because only
// the caller knows whether that would be right.

import { setTimeout } from 'node:timers/promises';
import { Redis, type ChainableCommander } from 'ioredis';
import { JournalUnavailable } from '../domain/ports.js';
import { epochKey } from './keys.js';
import { timeIn } from './read-reply.js';
import { redisAddress } from './redis-address.js';
import { isRefusal, reasonOf, refusalCode } from './redis-errors.js';

export type JournalCommand =
  | 'put'
  | 'wait'
  | 'get'
  | 'due'
  | 'postpone'
  | 'nextLook'
  | 'unfinished'
  | 'scan'
  | 'lastBalance'
  | 'rememberBalance'
  | 'bindToNone'
  | 'recall'
  | 'keepSession'
  | 'replaceSession'
  | 'putSessionBack'
  | 'renewSession'
  | 'forgetSession'
  | 'keepBet'
  | 'forgetBet'
  | 'epoch'
  | 'time';

export interface ConnectionOptions {
  readonly url: string;
  /** Milliseconds after which a command counts as unanswered; it may still run later. */
  readonly commandTimeout?: number;
  /** Told of each round trip. */
  readonly onCommand?: (name: JournalCommand, ms: number, ok: boolean) => void;
  /** Told why the connection was lost or not made, in words without secrets. */
  readonly onTrouble?: (message: string) => void;
}

/** What only a master that is gone says, or a replica that lost it. */
const lostMaster: ReadonlySet<string> = new Set(['READONLY', 'MASTERDOWN']);
const loadingLookedAtEvery = 100;

/** Begins to connect at once and keeps at it until closed; never throws for a Redis that is away. */
export class RedisConnection {
  readonly client: Redis;
  /** Redis' clock less our monotonic one. */
  private offset = Date.now() - performance.now();
  private gathering: Redis['stream'] | undefined;
  /** The stream Redis serves us on: the database is chosen, and what it holds is loaded. */
  private serving: Redis['stream'] | undefined;
  /** Why the connection was last lost or not made, in words without secrets. */
  trouble = 'no answer';
  private readonly waiting = new Set<(reachable: boolean) => void>();
  private readonly onCommand: ConnectionOptions['onCommand'];
  private readonly onTrouble: ConnectionOptions['onTrouble'];

  /** Throws where the URL is not one of Redis; the message holds no part of it. */
  constructor({ url, commandTimeout = 1000, onCommand, onTrouble }: ConnectionOptions) {
    this.onCommand = onCommand;
    this.onTrouble = onTrouble;
    const address = redisAddress(url);
    if ('problem' in address) throw new Error(`the URL of Redis: ${address.problem}`);
    const { isEncrypted, ...where } = address;
    this.client = new Redis({
      ...where,
      ...(isEncrypted && { tls: {} }),
      protocol: 2,
      connectionName: 'wallet-bridge',
      disableClientInfo: true,
      commandTimeout,
      // A connection that swallows commands is given up, after their one repeat had its chance.
      socketTimeout: 2 * commandTimeout,
      connectTimeout: 2 * commandTimeout,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Anything above 0 leaves commands in flight unanswered until the next connection is made.
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, 2000) * (0.75 + Math.random() / 2),
      // Its own check prints to the console what Redis said, and ends where INFO is not to be had.
      enableReadyCheck: false,
      // After a failover the old master is a replica: go and find the new one.
      reconnectOnError: (error) => lostMaster.has(refusalCode(error) ?? ''),
    });
    this.client.on('error', (error: Error) => this.note(reasonOf(error)));
    this.client.on('ready', () => void this.beginServing(this.client.stream, where.db));
  }

  isReachable(): boolean {
    const { status, stream } = this.client;
    return status === 'ready' && stream === this.serving && stream.writable;
  }

  /**
   * The client goes on in database 0 where it does not get the one it asked for, and takes a Redis that still
   * loads its data for a ready one: nothing may run on either.
   */
  private async beginServing(stream: Redis['stream'], db: number): Promise<void> {
    try {
      if (db !== 0) await this.client.select(db);
      while (await this.isLoading()) await setTimeout(loadingLookedAtEvery, undefined, { ref: false });
      if (stream !== this.client.stream) return;
      this.serving = stream;
      await this.learnClock();
      this.waiting.forEach((wake) => wake(true));
    } catch (error) {
      this.note(refusalCode(error) ?? (isRefusal(error) ? `no database ${db}` : reasonOf(error)));
      if (isRefusal(error)) this.waiting.forEach((wake) => wake(false));
    }
  }

  private async isLoading(): Promise<boolean> {
    try {
      await this.client.get(epochKey);
      return false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refusalCode(error) === 'LOADING';
    }
  }

  private note(trouble: string): void {
    this.trouble = trouble;
    this.onTrouble?.(trouble);
  }

  /** Waits at most that many milliseconds for Redis to be connected; returns whether it is. */
  reachable(within: number): Promise<boolean> {
    if (this.isReachable()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const wake = (reachable: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(reachable);
      };
      const timer = globalThis.setTimeout(wake, within, false);
      this.waiting.add(wake);
    });
  }

  /** Epoch ms by Redis' clock. */
  now(): number {
    return Math.floor(performance.now() + this.offset);
  }

  /**
   * Redis read its clock between `sent` and now, and cut off less than a millisecond: the offset cannot lie
   * outside.
   */
  heardTime(time: number, sent: number): void {
    this.offset = Math.min(Math.max(this.offset, time - performance.now()), time + 1 - sent);
  }

  private async learnClock(): Promise<void> {
    const sent = performance.now();
    try {
      this.heardTime(timeIn(await this.timed('time', () => this.client.time())), sent);
    } catch {
      // The next reply of any write tells the time too.
    }
  }

  /** Runs one command, and tells how long it took. Rejects with what ioredis says. */
  async timed<T>(name: JournalCommand, command: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let ok = false;
    try {
      this.gather();
      const reply = await command();
      ok = true;
      return reply;
    } finally {
      this.onCommand?.(name, performance.now() - started, ok);
    }
  }

  /**
   * Runs a command that changes no record, so that its failure leaves no doubt. Rejects with
   * JournalUnavailable.
   */
  async read<T>(name: JournalCommand, command: (client: Redis) => Promise<T>): Promise<T> {
    if (!this.isReachable()) throw new JournalUnavailable('Redis is not connected', true);
    try {
      return await this.timed(name, () => command(this.client));
    } catch (error) {
      throw new JournalUnavailable(`Redis did not answer ${name}: ${reasonOf(error)}`, true);
    }
  }

  /** Several such commands in one round trip; their replies in order. */
  pipelined(name: JournalCommand, fill: (pipeline: ChainableCommander) => void): Promise<unknown[]> {
    return this.read(name, async (client) => {
      const pipeline = client.pipeline();
      fill(pipeline);
      const replies = (await pipeline.exec()) ?? [];
      return replies.map(([error, value]) => {
        if (error !== null) throw error;
        return value;
      });
    });
  }

  /**
   * Commands of one turn of the event loop leave as one write, because each system call costs more than a
   * command.
   */
  private gather(): void {
    const { stream } = this.client;
    if (stream === this.gathering) return;
    this.gathering = stream;
    stream.cork();
    setImmediate(() => {
      this.gathering = undefined;
      stream.uncork();
    });
  }

  async close(): Promise<void> {
    await this.client.quit().catch(() => this.client.disconnect());
  }
}
