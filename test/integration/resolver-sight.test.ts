// A resolver that is not let look at what is unfinished, or not let work on it, says so, and says when it can
// again.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createPerformer } from '../../src/bridge/perform.js';
import { createResolve, createResolver, type ResolverEvents } from '../../src/bridge/resolver.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { ScriptedWallet } from '../support/scripted-wallet.js';
import { someHomes, someTerms, someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';
import { VirtualClock } from '../support/virtual-clock.js';

let redis: TestRedis;
let admin: Redis;
let journal: RedisJournal;

beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  admin.on('error', () => undefined);
});
beforeEach(async () => {
  await admin.flushall();
  await allow();
  const connection = new RedisConnection({ url: redis.url.replace('//', '//bridge:pw@') });
  expect(await connection.reachable(5000)).toBe(true);
  journal = new RedisJournal(connection, { signLifetime: 1, begins: true });
});
afterEach(() => journal.close());
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});

/** The bridge's user may do everything; a Redis that was restarted knows nobody. */
const allow = (): Promise<unknown> => admin.acl('SETUSER', 'bridge', 'on', '>pw', '~*', '+@all');
/** All it may touch of a bucket. */
const onlyKeys = (...names: string[]): string[] => ['resetkeys', ...names.map((name) => `~wb:{b-*}:${name}`)];
const nothing = (): undefined => undefined;

/**
 * A resolver whose clock only the test moves, and what it tells: the seconds it was blind and why, or that it
 * sees.
 */
function watched() {
  const clock = {
    time: 0,
    monotonic: () => clock.time,
    wall: () => clock.time,
    sleep: () => new Promise<void>(setImmediate),
  };
  const said: string[] = [];
  const looks: number[] = [];
  const told: ResolverEvents = {
    failed: nothing,
    looked: () => looks.push(clock.time),
    blind: (since) => said.push(since === undefined ? 'sees' : `${since.ms / 1000} s: ${since.because}`),
  };
  const shop = {
    now: () => journal.now(),
    monotonic: () => clock.time,
    wall: () => clock.time,
    observer: {
      walletCalled: nothing,
      redelivered: nothing,
      unknownRolledBack: nothing,
      alarm: nothing,
      notAccepted: nothing,
      recordChanged: nothing,
    },
    bindToNone: nothing,
    rememberBalance: nothing,
    newOwner: () => 'owner',
    random: () => 0.5,
  };
  const wallet = new ScriptedWallet(new VirtualClock(), 'always');
  const operator = { name: 'northstar', terms: someTerms(), wallet, homes: someHomes };
  const operatorOf = () => operator;
  const resolve = createResolve(shop, operatorOf);
  const settings = { every: 1, atOnce: 4 };
  const resolver = createResolver(resolve, operatorOf, createPerformer(journal, clock), journal, clock, settings, told);
  /** Looks at this time (s). */
  const lookAt = async (seconds: number): Promise<void> => {
    clock.time = seconds * 1000;
    await resolver.round().catch(nothing);
  };
  return { lookAt, said, looks };
}

const cure = 'allow its user what "The smallest user" in config/deploy/README.md has';

test.each([
  ['reads of what is due', ['-zrange'], `Redis did not answer due: NOPERM; ${cure}`],
  ['scripts', ['-evalsha'], `Redis did not answer due: NOPERM; ${cure}`],
  // A record is read and written by one script, so only the keys it is given tell whether it may.
  ['reads and writes of a record', onlyKeys('epoch', 'last', 'due'), `Redis refused a write: NOPERM; ${cure}`],
  ['writes of the counts', onlyKeys('epoch', 'last', 'due', 'tx:*'), `Redis refused a write: NOPERM; ${cure}`],
])(
  'whose %s are refused is an alarm after 30 s, once in a minute, until they are not',
  async (_name, rules, because) => {
    await journal.put({ transaction: someTransaction({ state: 'open', goal: 'void' }), expected: 0, due: 0 });
    const { lookAt, said, looks } = watched();
    await admin.acl('SETUSER', 'bridge', ...rules);

    for (const seconds of [1, 29, 30, 31, 60, 89, 90]) await lookAt(seconds);
    expect([said, looks]).toEqual([[`30 s: ${because}`, `90 s: ${because}`], []]);

    await allow();
    await lookAt(91);
    expect(said.slice(2)).toEqual(['sees']);
    expect(looks[0]).toBe(91_000);
  },
);

test('whose Redis is away is an alarm, and one that has nothing to do is none', async () => {
  const { lookAt, said, looks } = watched();

  await lookAt(20);
  await lookAt(45);
  await redis.kill9();
  await until('the connection is lost', () => !journal.isReachable());
  for (const seconds of [74, 75]) await lookAt(seconds);
  const away = [...said];
  await redis.restart();
  await allow();
  await until('the connection is back', () => journal.isReachable());
  await lookAt(76);

  expect(away).toEqual(['30 s: Redis is not connected']);
  expect(said.slice(1)).toEqual(['sees']);
  expect(looks).toEqual([20_000, 45_000, 76_000]);
});
