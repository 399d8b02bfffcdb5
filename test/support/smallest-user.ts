// A user of Redis with exactly what the page for whoever runs the bridge says it needs.

import { Redis } from 'ioredis';
import { blocksOf } from './pages.js';
import type { TestRedis } from './redis.js';

/** The words after `ACL SETUSER`, as the page has them. */
export function smallestUser(): string[] {
  const shown = blocksOf('config/deploy/README.md').find(({ heading }) => heading === 'The smallest user');
  const words = (shown?.text ?? '').split(/\s+/);
  return words.slice(words.indexOf('SETUSER') + 1).filter((word) => word !== '');
}

/** Makes the user, less or more some words; returns the URL it comes by. */
export async function withUser(
  redis: TestRedis,
  { without = [], more = [], database = 0 }: { without?: string[]; more?: string[]; database?: number } = {},
): Promise<string> {
  const [name = '', ...rules] = smallestUser();
  const client = new Redis(redis.url);
  await client.call('ACL', 'DELUSER', name);
  await client.call('ACL', 'SETUSER', name, ...rules.filter((rule) => !without.includes(rule)), ...more);
  client.disconnect();
  return redis.url.replace('//', `//${name}:PASSWORD@`) + `/${database}`;
}
