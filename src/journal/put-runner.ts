// Has Redis run the put script, and waits for the replicas where it is to: once, and once more where the
// first run got no reply. It must never say "nothing written" of a run that may have happened.

import { JournalUnavailable } from '../domain/ports.js';
import { putScript, putScriptSha } from './put-script.js';
import type { RedisConnection } from './redis-connection.js';
import { isRefusal, reasonOf } from './redis-errors.js';
import type { Replication } from './replication.js';

export type PutArguments = readonly [keys: readonly string[], values: readonly (string | number)[]];

export class PutRunner {
  /** Where puts leave. */
  readonly connection: RedisConnection;

  /** `clock` tells Redis' time, and learns it from each reply. */
  constructor(
    private readonly clock: RedisConnection,
    private readonly replication: Replication | undefined,
  ) {
    this.connection = replication?.connection ?? clock;
  }

  /**
   * The script's reply. An unanswered run may or may not have happened: the same write id again finds out, or
   * makes it so, once. Rejects with JournalUnavailable.
   */
  async run(script: PutArguments, notAfter: number): Promise<unknown[]> {
    try {
      return await this.runOnce(script);
    } catch (error) {
      if (error instanceof JournalUnavailable) throw error;
      if (isRefusal(error)) throw new JournalUnavailable(`Redis refused a write: ${reasonOf(error)}`, true);
      if (!(await this.connection.reachable(notAfter - this.clock.now())))
        throw new JournalUnavailable(`Redis did not answer a write: ${reasonOf(error)}`, false);
    }
    try {
      return await this.runOnce(script);
    } catch (error) {
      if (error instanceof JournalUnavailable) throw error;
      throw new JournalUnavailable(`Redis did not answer a write twice: ${reasonOf(error)}`, false);
    }
  }

  private async runOnce([keys, values]: PutArguments): Promise<unknown[]> {
    const { client } = this.connection;
    const sent = performance.now();
    const reply = await this.replicated(() => client.evalsha(putScriptSha, keys.length, ...keys, ...values)).catch(
      (error: unknown) => {
        if (reasonOf(error) !== 'NOSCRIPT') throw error;
        return this.replicated(() => client.eval(putScript, keys.length, ...keys, ...values));
      },
    );
    if (!Array.isArray(reply)) throw new Error('the put script answered no list');
    const parts: unknown[] = reply;
    this.clock.heardTime(Number(parts[1]), sent);
    return parts;
  }

  private async replicated(script: () => Promise<unknown>): Promise<unknown> {
    const { replication } = this;
    const acknowledged = replication?.acknowledged();
    const [reply, replicas = 0] = await Promise.all([this.connection.timed('put', script), acknowledged]);
    if (replication !== undefined && replicas < replication.replicas)
      throw new JournalUnavailable(`only ${replicas} of ${replication.replicas} replicas have the write`, false);
    return reply;
  }
}
