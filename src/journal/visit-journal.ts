// The journal for a command that looks in, does one thing, and goes. It starts nothing and binds no sign.

import { JournalUnavailable } from '../domain/ports.js';
import { RedisConnection, type ConnectionOptions } from './redis-connection.js';
import { cureOf } from './redis-errors.js';
import { RedisJournal } from './redis-journal.js';
import { Replication } from './replication.js';

const connectWithin = 3_000;

export interface Visit extends Pick<ConnectionOptions, 'url' | 'tls'> {
  /** How many replicas must have a write before it counts as done. */
  readonly replicas?: number;
}

/**
 * Connects, lets `visit` work, and closes. Rejects with JournalUnavailable when Redis cannot be reached
 * within seconds.
 */
export async function visitJournal<T>(
  { replicas = 0, ...at }: Visit,
  visit: (journal: RedisJournal) => Promise<T>,
): Promise<T> {
  const connection = new RedisConnection(at);
  const replication = replicas === 0 ? undefined : new Replication(new RedisConnection(at), replicas);
  const journal = new RedisJournal(connection, {
    signLifetime: 1,
    ...(replication && { replication }),
  });
  try {
    const reached = [connection, ...(replication ? [replication.connection] : [])];
    if ((await Promise.all(reached.map((each) => each.reachable(connectWithin)))).includes(false))
      throw new JournalUnavailable(
        `Redis cannot be reached (${connection.trouble}): ${cureOf(connection.trouble)}`,
        true,
      );
    return await visit(journal);
  } finally {
    await journal.close();
  }
}
