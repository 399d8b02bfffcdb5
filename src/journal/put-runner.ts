// Has the node that serves a bucket run the put script, and waits for the replicas where it is to: once, and
// once more where the first run got no reply. It must never say "nothing written" of a run that may have
// happened.

import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { JournalUnavailable } from '../domain/ports.js';
import type { Epochs } from './epochs.js';
import type { Bucket } from './keys.js';
import { putScript } from './put-script.js';
import type { RedisConnection } from './redis-connection.js';
import { isRefusal, reasonOf, refusalCode, whyNot } from './redis-errors.js';
import type { Replication } from './replication.js';

/** One run: the bucket it is about, whose node gets it. */
export interface PutRun {
  readonly bucket: Bucket;
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** What a node of a Cluster says that does not serve the slot now, or not all of it; it ran nothing. */
const notHere = ['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN'];
const againAfter = 50;

export class PutRunner {
  /** Where puts leave. */
  readonly connection: RedisConnection;

  /**
   * `clock` tells Redis' time, and learns it from each reply; `settling`: milliseconds nothing is written to a
   * bucket that another node serves now, or over a new connection.
   */
  constructor(
    private readonly clock: RedisConnection,
    private readonly replication: Replication | undefined,
    private readonly epochs: Epochs,
    private readonly settling: number,
  ) {
    this.connection = replication?.connection ?? clock;
  }

  /**
   * The script's reply. An unanswered run may or may not have happened: the same write id again finds out, or
   * makes it so, once. Rejects with JournalUnavailable.
   */
  async run(run: PutRun, notAfter: number): Promise<unknown[]> {
    let unanswered = 0;
    for (;;) {
      const node = this.nodeAtHand(run.bucket) ?? (await this.nodeFor(run.bucket, notAfter, unanswered > 0));
      try {
        return await this.runOnce(node, run);
      } catch (error) {
        if (error instanceof JournalUnavailable) throw error;
        const reason = reasonOf(error);
        if (isRefusal(error)) {
          const movesOn = notHere.includes(reason) && this.left(notAfter) > againAfter;
          if (!movesOn) throw new JournalUnavailable(`Redis refused a write: ${whyNot(error)}`, unanswered === 0);
          this.connection.mapAgain();
          await pause(againAfter);
        } else {
          unanswered += 1;
          if (unanswered > 1) throw new JournalUnavailable(`Redis did not answer a write twice: ${reason}`, false);
          this.connection.mapAgain();
        }
      }
    }
  }

  private left(notAfter: number): number {
    return notAfter - this.clock.now();
  }

  /** The usual case, which costs nothing. */
  private nodeAtHand(bucket: Bucket): Redis | undefined {
    const node = this.connection.nodeOf(bucket.due);
    if (node === undefined) return undefined;
    return this.epochs.quarantine(bucket, node, this.settling, this.connection) === 0 ? node : undefined;
  }

  private async nodeFor(bucket: Bucket, notAfter: number, isInDoubt: boolean): Promise<Redis> {
    for (;;) {
      const node = await this.connection.found(
        () => this.connection.nodeOf(bucket.due),
        this.patience(notAfter, isInDoubt),
      );
      if (node === undefined)
        throw new JournalUnavailable(isInDoubt ? 'Redis did not answer a write' : 'Redis is not connected', !isInDoubt);
      const wait = this.epochs.quarantine(bucket, node, this.settling, this.connection);
      if (wait === 0) return node;
      if (wait > this.left(notAfter))
        throw new JournalUnavailable('Redis was just connected again, and others look at what it holds', !isInDoubt);
      await pause(wait);
    }
  }

  /** A write that did not leave yet waits for no connection: but a Cluster's map may be on its way. */
  private patience(notAfter: number, isInDoubt: boolean): number {
    return isInDoubt || this.connection.isCluster ? this.left(notAfter) : 0;
  }

  private async runOnce(node: Redis, { keys, values }: PutRun): Promise<unknown[]> {
    const sent = performance.now();
    const { text, sha } = putScript;
    let reply: unknown;
    try {
      reply = await this.replicated(node, () => node.evalsha(sha, keys.length, ...keys, ...values));
    } catch (error) {
      if (refusalCode(error) !== 'NOSCRIPT') throw error;
      reply = await this.replicated(node, () => node.eval(text, keys.length, ...keys, ...values));
    }
    if (!Array.isArray(reply)) throw new Error('the put script answered no list');
    const parts: unknown[] = reply;
    this.clock.heardTime(Number(parts[1]), sent);
    return parts;
  }

  private replicated(node: Redis, script: () => Promise<unknown>): Promise<unknown> {
    const { replication, connection } = this;
    if (replication === undefined) return connection.timed('put', script);
    const acknowledged = replication.acknowledged(node);
    return Promise.all([connection.timed('put', script), acknowledged]).then(([reply, replicas]) => {
      if (replicas >= replication.replicas) return reply;
      throw new JournalUnavailable(`only ${replicas} of ${replication.replicas} replicas have the write`, false);
    });
  }
}
