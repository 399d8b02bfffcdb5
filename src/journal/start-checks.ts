// What a Redis must be like to be trusted with money. Each failing is a sentence that says what to do;
// whether to start all the same is the caller's decision, never made here.

import type { Redis } from 'ioredis';
import { cureOf, reasonOf, refusalCode } from './redis-errors.js';
import { rehearse } from './rehearsal.js';

const oldest = [6, 2] as const;

/** What a person may accept of a Redis, by `REDIS_ACCEPT`; what each costs stands in config/deploy/redis.md. */
export const acceptable = ['noAppendOnly', 'noInfo'] as const;
export type Accepted = (typeof acceptable)[number];

/** Sentences; both empty where this Redis may hold a journal. */
export interface RedisFailings {
  /** It works, but may lose what it is told. */
  readonly unfit: readonly string[];
  /** Not one callback could be handled on it. */
  readonly unable: readonly string[];
}

export interface Wanted {
  /** How many replicas must have a write. */
  readonly replicas?: number;
  readonly accept?: readonly Accepted[];
  /** Which keys it has, where it is one of a Cluster. */
  readonly serves?: (key: string) => boolean;
  /** It was named as one. */
  readonly isCluster?: boolean;
}

/** Looks at a Redis before it is trusted. Never rejects. */
export async function checkRedis(
  redis: Redis,
  { replicas = 0, accept = [], serves = () => true, isCluster = false }: Wanted = {},
): Promise<RedisFailings> {
  try {
    if (accept.includes('noInfo')) return { unfit: [], unable: await rehearse(redis, replicas, serves) };
    const facts = await factsOf(redis);
    const form = otherForm(facts, isCluster);
    if (form !== undefined) return { unfit: [], unable: [form] };
    const unfit = judge(facts, replicas, accept);
    return { unfit, unable: facts.get('role') === 'master' ? await rehearse(redis, replicas, serves) : [] };
  } catch (error) {
    if (refusalCode(error) === 'NOPERM')
      return {
        unfit: [],
        unable: ['The user of REDIS_URL may not run INFO: allow +info, or set REDIS_ACCEPT=noInfo where nobody may.'],
      };
    const reason = reasonOf(error);
    return { unfit: [`Redis does not take a write (${reason}): ${cureOf(reason)}.`], unable: [] };
  }
}

/** Where it is no server of the form it was named as: one node of a Cluster takes only a share of what is written. */
function otherForm(facts: ReadonlyMap<string, string>, isCluster: boolean): string | undefined {
  // Valkey calls it the other way.
  const mode = facts.get('redis_mode') ?? facts.get('server_mode');
  if (mode === 'sentinel') return 'What answers is a Sentinel: name it in REDIS_URL as redis+sentinel://….';
  if (mode === 'cluster' && !isCluster)
    return 'Redis is a node of a Cluster: name it in REDIS_URL as redis+cluster://….';
  return undefined;
}

/** What Redis says of itself. Rejects where its user may not ask. */
export async function factsOf(redis: Redis): Promise<ReadonlyMap<string, string>> {
  return new Map(
    (await redis.info()).split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}

function judge(facts: ReadonlyMap<string, string>, replicas: number, accept: readonly Accepted[]): string[] {
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
    fact('aof_enabled') === '1' || accept.includes('noAppendOnly')
      ? ''
      : 'Redis keeps no append-only file: set "appendonly yes", or a restart forgets which bets were taken. Where a service ' +
        'has none, "REDIS_ACCEPT" in config/deploy/redis.md says what it costs to go without.',
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
