// What a Redis must be like to be trusted with money. Each failing is a sentence that says what to do;
// whether to start all the same is the caller's decision, never made here.

import type { Redis } from 'ioredis';
import { reasonOf } from './redis-connection.js';

const oldest = [6, 2] as const;

/**
 * One sentence for each thing that is wrong with this Redis; none when it may hold a journal that `replicas`
 * copy. Never rejects.
 */
export async function checkRedis(redis: Redis, replicas = 0): Promise<string[]> {
  try {
    const facts = readInfo(await redis.info());
    const problems = judge(facts, replicas);
    if (facts.get('role') === 'master') await redis.set('wb:start-check', '1', 'PX', 1000);
    return problems;
  } catch (error) {
    return [
      `Redis does not take a write (${reasonOf(error)}): check that it runs, that the password is right, and that its disk has room.`,
    ];
  }
}

function readInfo(info: string): Map<string, string> {
  return new Map(
    info.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}

function judge(facts: Map<string, string>, replicas: number): string[] {
  const fact = (name: string): string => facts.get(name) ?? 'unknown';
  const version = fact('redis_version');
  const role = fact('role');
  const policy = fact('maxmemory_policy');
  const connected = [...facts].filter(
    ([name, fact]) => /^slave\d+$/.test(name) && fact.includes('state=online'),
  ).length;
  return [
    isOld(version) ? `Redis is version ${version}: use ${oldest.join('.')} or newer.` : '',
    role === 'master'
      ? ''
      : `Redis is a ${role}, not a master: connect to the master, because a replica takes no writes.`,
    fact('aof_enabled') === '1'
      ? ''
      : 'Redis keeps no append-only file: set "appendonly yes", or a restart forgets which bets were taken.',
    policy === 'noeviction'
      ? ''
      : `Redis evicts by ${policy}: set "maxmemory-policy noeviction", or a full memory forgets which bets were taken.`,
    connected >= replicas
      ? ''
      : `Redis has ${connected} of the ${replicas} replicas every write is to wait for: connect them, or set REDIS_WAIT_REPLICAS lower.`,
  ].filter((problem) => problem !== '');
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > oldest[0] || (major === oldest[0] && minor >= oldest[1]));
}
