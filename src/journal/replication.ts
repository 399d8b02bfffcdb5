// Makes writes wait for replicas. WAIT holds up everything behind it on its connection, and vouches only for
// what that same connection wrote. So puts and their WAITs share connections that nothing else uses, and puts
// of one turn to one node share one WAIT.

import type { Redis } from 'ioredis';
import type { RedisConnection } from './redis-connection.js';

export class Replication {
  private readonly shared = new Map<Redis, Promise<number>>();

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
   * How many replicas have what is sent to this node in this turn of the event loop. To be asked before
   * sending: then the WAIT leaves behind the last write of the turn, in the same packet. Never rejects: a
   * WAIT that fails vouches for nothing.
   */
  acknowledged(node: Redis): Promise<number> {
    const wait =
      this.shared.get(node) ??
      new Promise<number>((resolve) => {
        setImmediate(() => {
          this.shared.delete(node);
          this.connection.timed('wait', () => node.wait(this.replicas, this.within)).then(resolve, () => resolve(0));
        });
      });
    this.shared.set(node, wait);
    return wait;
  }
}
