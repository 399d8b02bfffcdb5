// A journal on a real Redis of its own.

import { Redis } from 'ioredis';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { startRedis, type TestRedis } from './redis.js';

export interface JournalOnRedis {
  readonly redis: TestRedis;
  readonly journal: RedisJournal;
  /** Beside the journal, to look at what is in it, or to spoil it. */
  readonly client: Redis;
  /** Ends all of it, and its data. */
  readonly close: () => Promise<void>;
}

export async function openRedisJournal(): Promise<JournalOnRedis> {
  const redis = await startRedis();
  const connection = new RedisConnection({ url: redis.url });
  if (!(await connection.reachable(5000))) throw new Error('the Redis of this test cannot be reached');
  const journal = new RedisJournal(connection, { signLifetime: 86_400_000, begins: true });
  const client = new Redis(redis.url);
  return {
    ...{ redis, journal, client },
    async close() {
      client.disconnect();
      await journal.close();
      await redis.stop();
    },
  };
}
