// What a Redis must be like to be trusted with money. Each failing is a sentence that says what to do;
// whether to start all the same is the caller's decision, never made here.

import type { Redis } from 'ioredis';
import { reasonOf, refusalCode } from './redis-errors.js';
import { rehearse } from './rehearsal.js';

const oldest = [6, 2] as const;

/** Sentences; both empty where this Redis may hold a journal. */
export interface RedisFailings {
  /** It works, but may lose what it is told. */
  readonly unfit: readonly string[];
  /** Not one callback could be handled on it. */
  readonly unable: readonly string[];
}

/**
 * Looks at a Redis whose records so many replicas must have; `serves`: which keys it has, where it is one of a
 * Cluster. Never rejects.
 */
export async function checkRedis(
  redis: Redis,
  replicas = 0,
  serves: (key: string) => boolean = () => true,
): Promise<RedisFailings> {
  try {
    const facts = readInfo(await redis.info());
    const unfit = judge(facts, replicas);
    return { unfit, unable: facts.get('role') === 'master' ? await rehearse(redis, replicas, serves) : [] };
  } catch (error) {
    if (refusalCode(error) === 'NOPERM')
      return { unfit: [], unable: ['The user of REDIS_URL may not run INFO: allow +info.'] };
    return {
      unfit: [
        `Redis does not take a write (${reasonOf(error)}): check that it runs, and that its memory and disk have room.`,
      ],
      unable: [],
    };
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
