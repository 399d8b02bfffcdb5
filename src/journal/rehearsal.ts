// Every command the bridge has Redis run, each once, before the first bet depends on it: a user may lack one, or
// one was renamed away. This list is the one place that says what a Redis must let the bridge do; the page for
// whoever runs it is held to it. What it writes stands under names of its own, and goes again.

import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { buckets, emptyNames } from './keys.js';
import { luaScript } from './lua-script.js';
import { putScript } from './put-script.js';
import { timeIn } from './read-reply.js';
import { isRefusal, reasonOf, refusalCode } from './redis-errors.js';

interface Ground {
  readonly redis: Redis;
  readonly text: string;
  readonly map: string;
  readonly set: string;
  readonly list: string;
}

const lifetime = 10_000;
const trivial = luaScript('return 1');

/** In the order they are tried. */
const rows: Readonly<Record<string, (ground: Ground) => Promise<unknown>>> = {
  time: ({ redis }) => redis.time(),
  get: ({ redis, text }) => redis.get(text),
  mget: ({ redis, text }) => redis.mget(text),
  set: ({ redis, text }) => redis.set(text, '1', 'PX', lifetime),
  pexpire: ({ redis, text }) => redis.pexpire(text, lifetime),
  pttl: ({ redis, text }) => redis.pttl(text),
  hset: ({ redis, map }) => redis.hset(map, 'field', '1'),
  hget: ({ redis, map }) => redis.hget(map, 'field'),
  hmget: ({ redis, map }) => redis.hmget(map, 'field'),
  hincrby: ({ redis, map }) => redis.hincrby(map, 'count', 1),
  hdel: ({ redis, map }) => redis.hdel(map, 'count'),
  hgetall: ({ redis, map }) => redis.hgetall(map),
  zadd: ({ redis, set }) => redis.zadd(set, 1, 'member'),
  zscore: ({ redis, set }) => redis.zscore(set, 'member'),
  zcard: ({ redis, set }) => redis.zcard(set),
  zrange: ({ redis, set }) => redis.zrange(set, '-inf', '1', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES'),
  zscan: ({ redis, set }) => redis.zscan(set, 0),
  zrem: ({ redis, set }) => redis.zrem(set, 'member'),
  rpush: ({ redis, list }) => redis.rpush(list, 'entry'),
  lrange: ({ redis, list }) => redis.lrange(list, 0, 1),
  del: ({ redis, text, map, set, list }) => redis.del(text, map, set, list),
  scan: ({ redis }) => redis.scan(0, 'COUNT', 1),
  multi: ({ redis }) => redis.call('multi'),
  exec: ({ redis }) => redis.call('exec'),
  eval: ({ redis }) => redis.eval(trivial.text, 0),
  evalsha: ({ redis }) => redis.evalsha(trivial.sha, 0),
};

/** What a user of Redis needs for it besides `~wb:*`; `wait` and `select` only where the settings ask for them. */
export const commandNames: readonly string[] = ['info', ...Object.keys(rows), 'wait', 'select'];

const page = '"The smallest user" in config/deploy/README.md has all it needs';

/**
 * One sentence for each kind of thing this Redis does not do for us; none where it does everything. Rejects where
 * Redis takes no write from anybody, or does not answer.
 */
export async function rehearse(redis: Redis, replicas: number, serves: (key: string) => boolean): Promise<string[]> {
  const served = buckets.filter(({ due }) => serves(due));
  const [first] = served;
  if (first === undefined) return [];
  const own = `${first.tag}:start-check:${randomBytes(9).toString('base64url')}`;
  const ground = { redis, text: `${own}:text`, map: `${own}:map`, set: `${own}:set`, list: `${own}:list` };
  const missing = { forbidden: new Set<string>(), unknown: new Set<string>(), keys: false };
  const all = { ...rows, ...(replicas > 0 && { wait: ({ redis }: Ground) => redis.wait(0, 1) }) };
  for (const [name, run] of Object.entries(all)) await tried(name, () => run(ground));
  if (missing.forbidden.size + missing.unknown.size === 0)
    await tried('zrem', async () => {
      for (const { due } of served) await redis.zrem(due, '');
      for (const name of emptyNames.filter(serves)) await redis.del(name);
    });

  /** Notes what it needs and does not get. */
  async function tried(name: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Error) || !isRefusal(error)) throw error;
      // An EVAL or a MULTI that was refused is said of itself.
      if (/^NOSCRIPT|without MULTI/.test(error.message)) return;
      const code = refusalCode(error);
      if (code === 'NOPERM' && /keys?\b/.test(error.message)) missing.keys = true;
      else if (code === 'NOPERM') missing.forbidden.add(name);
      else if (code === undefined) missing.unknown.add(name);
      else throw error;
    }
  }

  const { forbidden, unknown, keys } = missing;
  const problems = [
    forbidden.size > 0
      ? `The user of REDIS_URL may not run ${upper(forbidden)}: allow ${[...forbidden].map((name) => `+${name}`).join(' ')}; ${page}.`
      : '',
    unknown.size > 0
      ? `Redis does not run ${upper(unknown)} as the bridge needs it: it is renamed away, or too old; the bridge cannot do without.`
      : '',
    keys ? `The user of REDIS_URL may not touch keys of the bridge: allow ~wb:*; ${page}.` : '',
  ].filter((problem) => problem !== '');
  return problems.length > 0 ? problems : await rehearsePut(redis, own);
}

const upper = (names: ReadonlySet<string>): string => [...names].map((name) => name.toUpperCase()).join(', ');

/** A record that comes and is finished, through every command of the script. */
async function rehearsePut(redis: Redis, own: string): Promise<string[]> {
  const names = ['record', 'epoch', 'last', 'due', 'tally', 'ages', 'epoch', 'sign', 'epoch', 'trust', 'pending'];
  const keys = [...names, 'epoch', 'player'].map((name) => `${own}:${name}`);
  const put = (expected: number, standing: string, changes: object): string[] => {
    const epochs = { epoch: 'epoch', playerEpoch: 'epoch', signEpoch: 'epoch', trustEpoch: 'epoch' };
    const who = { writer: 'us', lastWrite: 0, member: 'A:member', operator: 'o', waits: true };
    const times = { notAfter, lifetime, signLifetime: lifetime };
    const rest = { expected, writeId: `w${expected}`, standing, ...epochs, ...who, ...times, ...changes };
    return ['rstp', 'text', JSON.stringify(rest)];
  };
  let notAfter = 0;
  try {
    await redis.set(`${own}:epoch`, 'epoch', 'PX', lifetime);
    notAfter = timeIn(await redis.time()) + 60_000;
    const begins = { due: notAfter, trustedSince: 1, most: 9, oldest: 0 };
    const begun = await redis.eval(putScript.text, keys.length, ...keys, ...put(0, 'o-t/1/5/2', begins));
    const ended = await redis.evalsha(putScript.sha, keys.length, ...keys, ...put(1, '-', { trustedSince: 'off' }));
    const done = [begun, ended].every((reply) => Array.isArray(reply) && reply[0] === 'done' && reply.length === 3);
    return done ? [] : ['Redis runs the script of every write otherwise than it must: use Redis itself, 6.2 or newer.'];
  } catch (error) {
    if (!isRefusal(error) || !['NOPERM', undefined].includes(refusalCode(error))) throw error;
    return [`Redis does not run the script of every write (${reasonOf(error)}): ${page}.`];
  } finally {
    await redis.del(keys).catch(() => undefined);
  }
}
