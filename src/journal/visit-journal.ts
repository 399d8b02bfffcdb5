// The journal for a command that looks in, does one thing, and goes. It starts nothing and binds no sign.

import { JournalUnavailable } from '../domain/ports.js';
import { RedisConnection } from './redis-connection.js';
import { RedisJournal } from './redis-journal.js';

const connectWithin = 3_000;

/** Connects, lets `visit` work, and closes. Rejects with JournalUnavailable when Redis cannot be reached within seconds. */
export async function visitJournal<T>(
  url: string,
  visit: (journal: RedisJournal) => Promise<T>,
  onUnreadable?: (error: unknown) => void,
): Promise<T> {
  let trouble = 'no answer';
  const connection = new RedisConnection({ url, onTrouble: (message) => (trouble = message) });
  const journal = new RedisJournal(connection, {
    signLifetime: 1,
    ...(onUnreadable && { onUnreadable: (_key, error) => onUnreadable(error) }),
  });
  try {
    if (!(await connection.reachable(connectWithin)))
      throw new JournalUnavailable(`Redis cannot be reached (${trouble})`, true);
    return await visit(journal);
  } finally {
    await journal.close();
  }
}
