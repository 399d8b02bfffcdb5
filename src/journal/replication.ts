// Makes writes wait for replicas. WAIT holds up everything behind it on its connection, and vouches only for
// what that same connection wrote. So puts and their WAITs share a connection that nothing else uses, and
// puts of one turn share one WAIT.

import type { RedisConnection } from './redis-connection.js';

export class Replication {
  private sharedWait: Promise<number> | undefined;

  constructor(
    readonly connection: RedisConnection,
    readonly replicas: number,
    /**
     * Milliseconds WAIT may take: a put behind another's WAIT must still be answered within the command
     * timeout.
     */
    private readonly within = 400,
  ) {}

  /**
   * How many replicas have what is sent on this connection in this turn of the event loop. To be asked before
   * sending: then the WAIT leaves behind the last write of the turn, in the same packet. Never rejects: a
   * WAIT that fails vouches for nothing.
   */
  acknowledged(): Promise<number> {
    this.sharedWait ??= new Promise((resolve) => {
      setImmediate(() => {
        this.sharedWait = undefined;
        this.connection
          .timed('wait', () => this.connection.client.wait(this.replicas, this.within))
          .then(resolve, () => resolve(0));
      });
    });
    return this.sharedWait;
  }
}
