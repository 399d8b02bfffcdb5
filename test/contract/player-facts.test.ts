// What every store of player facts promises, run on each of them.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JournalUnavailable, type PlayerFacts } from '../../src/domain/ports.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisFacts } from '../../src/journal/redis-facts.js';
import { startRedis } from '../support/redis.js';
import { startCluster } from '../support/redis-sets.mjs';
import { withUser } from '../support/smallest-user.js';
import { eur } from '../support/transactions.js';
import { until } from '../support/until.js';

const day = 86_400_000;

/** What each is kept in, which starts with the suite and ends with it; in memory there is nothing to start. */
const stores: Record<string, (() => Promise<{ readonly url: string; stop(): Promise<void> }>) | undefined> = {
  memory: undefined,
  redis: async () => {
    const redis = await startRedis();
    return { url: await withUser(redis), stop: () => redis.stop() };
  },
  'a Cluster': startCluster,
};

describe.each(Object.entries(stores))('player facts in %s', (_kind, start) => {
  let facts: PlayerFacts = new MemoryFacts(() => Date.now());
  let stop = (): Promise<unknown> => Promise.resolve();
  beforeAll(async () => {
    if (start === undefined) return;
    const set = await start();
    const connection = new RedisConnection({ url: set.url });
    stop = () => connection.close().then(() => set.stop());
    expect(await connection.reachable(5000)).toBe(true);
    facts = new RedisFacts(connection);
  }, 60_000);
  afterAll(() => stop());

  let users = 0;
  const fresh = () => ({ agentID: 'NORTHSTAR01', userID: `ann:${++users}%` });
  const bet = { reference: 'gsp-t1', receipt: 'd-1', amount: eur('90071992547409.93') };

  test('what a movement was sent with is known by its reference, and the first that may have landed stays', async () => {
    const player = fresh();
    const movement = { agentID: 'NORTHSTAR01', transactionID: `t:${player.userID}`, reference: 'gsp-1:2' };
    const known = async (of = movement) => (await facts.recall(player, undefined, of)).sentWith;

    expect(await known()).toBeUndefined();
    await facts.keepSentWith(movement, 's1 "ü"', day, true);
    await facts.keepSentWith(movement, 's2', day, false);
    expect(await known()).toBe('s1 "ü"');
    await facts.keepSentWith(movement, 's3', day, true);
    expect(await known()).toBe('s3');
    expect(await known({ ...movement, reference: 'gsp-1:2-w' })).toBeUndefined();
    expect(await known({ ...movement, agentID: 'OTHER' })).toBeUndefined();
    expect(await facts.recall(player)).toEqual({});
  });

  test('what a movement was sent with is forgotten in time', async () => {
    const movement = { agentID: 'NORTHSTAR01', transactionID: fresh().userID, reference: 'gsp-1' };
    const known = async () => (await facts.recall(fresh(), undefined, movement)).sentWith;
    await facts.keepSentWith(movement, 's1', 40, false);

    await until('it is forgotten', async () => (await known()) === undefined);
    await facts.keepSentWith(movement, 's2', day, false);

    expect(await known()).toBe('s2');
  });

  test('of a player nobody told about nothing is known', async () => {
    expect(await facts.recall(fresh(), 'r1')).toEqual({});
  });

  test('a session is found as it was told, by this player alone', async () => {
    const player = fresh();
    const session = { session: 'tok "1"\n ü', gameID: '2001', currency: 'EUR' };

    await facts.keepSession(player, session, day);

    expect(await facts.recall(player)).toEqual({ session });
    expect(await facts.recall({ ...player, agentID: 'OTHER' })).toEqual({});
    expect(await facts.recall({ ...player, userID: 'ann' })).toEqual({});
  });

  test('a launch that comes to nothing puts back what was known, for the rest of its life', async () => {
    const [known, unknown] = [fresh(), fresh()];
    const before = { session: 's1', gameID: '2001', currency: 'EUR' };
    await facts.keepSession(known, before, 400);

    const putBack = await facts.replaceSession(known, { session: 's2', gameID: '2002' }, day);
    const takeOut = await facts.replaceSession(unknown, { session: 's2' }, day);
    const during = await facts.recall(known);
    await putBack();
    await takeOut();

    expect(during).toEqual({ session: { session: 's2', gameID: '2002' } });
    expect(await facts.recall(known)).toEqual({ session: before });
    expect(await facts.recall(unknown)).toEqual({});
    await until('the session that was put back ends', async () => (await facts.recall(known)).session === undefined);
  });

  test('it puts nothing back over a later launch, a renewed session, or the end of one', async () => {
    const [launched, renewed, ended] = [fresh(), fresh(), fresh()];
    const replaced = { session: 's2', gameID: '2001' };
    for (const player of [launched, renewed, ended]) await facts.keepSession(player, { session: 's1' }, day);
    const putBack = new Map<object, () => Promise<void>>();
    for (const player of [launched, renewed, ended])
      putBack.set(player, await facts.replaceSession(player, replaced, day));

    await facts.replaceSession(launched, replaced, day);
    await facts.renewSession(renewed, 's3', day);
    await facts.forgetSession(ended);
    for (const player of [launched, renewed, ended]) await putBack.get(player)?.();

    expect(await facts.recall(launched)).toEqual({ session: replaced });
    expect(await facts.recall(renewed)).toEqual({ session: { session: 's3', gameID: '2001' } });
    expect(await facts.recall(ended)).toEqual({});
  });

  test('a new launch replaces all of it, a renewed session keeps the rest', async () => {
    const player = fresh();
    await facts.keepSession(player, { session: 's1', gameID: '2001', currency: 'EUR' }, day);

    await facts.renewSession(player, 's2', day);
    const renewed = await facts.recall(player);
    await facts.keepSession(player, { session: 's3' }, day);

    expect(renewed).toEqual({ session: { session: 's2', gameID: '2001', currency: 'EUR' } });
    expect(await facts.recall(player)).toEqual({ session: { session: 's3' } });
  });

  test('a session may be renewed that was never launched here', async () => {
    const player = fresh();

    await facts.renewSession(player, 's1', day);

    expect(await facts.recall(player)).toEqual({ session: { session: 's1' } });
  });

  test('a forgotten session is gone, and one that has lived its life', async () => {
    const [player, brief] = [fresh(), fresh()];
    await facts.keepSession(player, { session: 's1' }, day);
    await facts.keepSession(brief, { session: 's1' }, 1);

    await facts.forgetSession(player);
    await facts.forgetSession(player);

    expect(await facts.recall(player)).toEqual({});
    await until('it is over', async () => (await facts.recall(brief)).session === undefined);
  });

  test('the latest bet of a round is found exactly, beside the session, and only when asked for', async () => {
    const player = fresh();
    await facts.keepSession(player, { session: 's1' }, day);
    await facts.keepBet({ ...player, roundID: 'r1' }, { ...bet, reference: 'older' });

    await facts.keepBet({ ...player, roundID: 'r1' }, bet);

    expect(await facts.recall(player, 'r1')).toEqual({ session: { session: 's1' }, bet });
    expect(await facts.recall(player)).toEqual({ session: { session: 's1' } });
    expect(await facts.recall(player, 'r2')).toEqual({ session: { session: 's1' } });
    expect(await facts.recall({ ...player, userID: 'bob' }, 'r1')).toEqual({});
  });

  test('a later bet without a receipt has none', async () => {
    const round = { ...fresh(), roundID: 'r1' };
    await facts.keepBet(round, bet);

    await facts.keepBet(round, { reference: 'gsp-t2', amount: eur('1.00') });

    expect(await facts.recall(round, 'r1')).toEqual({ bet: { reference: 'gsp-t2', amount: eur('1.00') } });
  });

  test('an undone bet is forgotten, unless a newer one took its place', async () => {
    const round = { ...fresh(), roundID: 'r1' };
    await facts.keepBet(round, bet);
    await facts.forgetBet(round, 'gsp-t0');
    const kept = await facts.recall(round, 'r1');

    await facts.forgetBet(round, 'gsp-t1');

    expect(kept).toEqual({ bet });
    expect(await facts.recall(round, 'r1')).toEqual({});
  });
});

describe('facts in a Redis that is away', () => {
  test('are not known, and cannot be kept: each says so', async () => {
    const gone = await startRedis();
    const cut = new RedisConnection({ url: gone.url });
    expect(await cut.reachable(5000)).toBe(true);
    const facts = new RedisFacts(cut);
    const round = { agentID: 'NORTHSTAR01', userID: 'ann', roundID: 'r1' };
    await gone.stop();

    const tries = await Promise.allSettled([
      facts.recall(round, 'r1'),
      facts.keepSession(round, { session: 's1' }, day),
      facts.renewSession(round, 's1', day),
      facts.forgetSession(round),
      facts.keepBet(round, { reference: 'a', amount: eur('1.00') }),
      facts.forgetBet(round, 'a'),
    ]);
    await cut.close();

    for (const one of tries)
      expect(one.status === 'rejected' && one.reason instanceof JournalUnavailable && one.reason.message).toMatch(
        /^Redis/,
      );
    expect(tries).toHaveLength(6);
    expect(JSON.stringify(tries.map(String))).not.toContain('s1');
  });
});
