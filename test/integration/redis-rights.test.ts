// A Redis that lets the bridge do less than it must is refused at the start, with what is missing; the user the
// page shows is enough, and not one word of it is too many. Real servers, real users, real renamed commands.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRedisJournal } from '../../src/journal/open-journal.js';
import { visitJournal } from '../../src/journal/visit-journal.js';
import { commandNames } from '../../src/journal/rehearsal.js';
import type { RedisFailings } from '../../src/journal/start-checks.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startCluster, startSentinelSet, type RedisNode } from '../support/redis-sets.mjs';
import { smallestUser, withUser } from '../support/smallest-user.js';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});

/** What a start says of this Redis. */
async function failingsAt(url: string, replicas = 0): Promise<RedisFailings> {
  let told: RedisFailings = { unfit: [], unable: [] };
  const options = { url, replicas, begins: true, signLifetime: () => 1000, onLost: () => undefined };
  const { journal } = await openRedisJournal({ ...options, judge: (failings) => (told = failings) });
  await journal.close();
  return told;
}
const unableAt = async (url: string): Promise<readonly string[]> => (await failingsAt(url)).unable;

describe('the smallest user', () => {
  test('is refused nothing, in any database', async () => {
    expect(await failingsAt(await withUser(redis))).toEqual({ unfit: [], unable: [] });
    expect(await failingsAt(await withUser(redis, { database: 7 }))).toEqual({ unfit: [], unable: [] });
  });

  test('has the commands the bridge runs, and no other', () => {
    const words = smallestUser().filter((word) => word.startsWith('+'));

    expect(words.map((word) => word.slice(1)).sort()).toEqual([...commandNames].sort());
  });

  test.each(commandNames.filter((name) => name !== 'wait'))('is missed where it may not %s', async (name) => {
    const unable = await unableAt(await withUser(redis, { without: [`+${name}`], database: 1 }));

    expect(unable).toEqual([expect.stringContaining(`+${name}`)]);
    expect(unable[0]).toContain(name.toUpperCase());
  });

  test('is missed where it may not wait for replicas, if it is to', async () => {
    const url = await withUser(redis, { without: ['+wait'] });

    expect((await failingsAt(url)).unable).toEqual([]);
    expect((await failingsAt(url, 1)).unable).toEqual([expect.stringContaining('+wait')]);
  });

  test.each([['~wb:{*'], ['~wb:[!s]*'], ['~wb:[!{]*'], ['~other:*'], ['%R~wb:*']])(
    'is missed where its keys are %s',
    async (keys) => {
      const unable = await unableAt(await withUser(redis, { without: ['~wb:*'], more: [keys] }));

      expect(unable).toEqual([expect.stringContaining('~wb:*')]);
    },
  );
});

describe('a user with rights by category', () => {
  test.each([
    ['+@all -@scripting', ['EVAL', 'EVALSHA']],
    ['+@read +@write +info', ['TIME', 'MULTI', 'EXEC', 'EVAL', 'EVALSHA']],
    ['+@all -time', ['TIME']],
  ])('%s is told what it lacks', async (rights, lacking) => {
    const without = commandNames.map((name) => `+${name}`);
    const [said = ''] = await unableAt(await withUser(redis, { without, more: rights.split(' ') }));

    expect(/may not run ([A-Z, ]+):/.exec(said)?.[1]?.split(', ')).toEqual(lacking);
  });
});

test.each([['EVAL'], ['EVALSHA'], ['TIME'], ['ZRANGE']])(
  'a Redis where %s is renamed away is told so',
  async (command) => {
    const renamed = await startRedis({ more: ['--rename-command', command, 'elsewhere'] });

    const unable = await unableAt(renamed.url).finally(() => renamed.stop());

    expect(unable).toEqual([expect.stringMatching(`does not run (.*, )?${command}\\b.*renamed away`)]);
  },
);

describe('a database Redis does not have', () => {
  test('is never taken for number 0', async () => {
    expect(await unableAt(`${redis.url}/99`)).toEqual([expect.stringContaining('no database 99')]);
  });
});

describe('a password Redis does not take', () => {
  test('is said to be that', async () => {
    const { unfit } = await failingsAt(redis.url.replace('//', '//bridge:not-it@'));

    expect(unfit).toEqual([expect.stringContaining('WRONGPASS')]);
    expect(unfit[0]).toContain('password in REDIS_URL');
    expect(unfit[0]).not.toContain('not-it');
  });

  test('is said to be that to a command, too, and what to do', async () => {
    const url = redis.url.replace('//', '//bridge:not-it@');

    await expect(visitJournal({ url }, () => Promise.resolve())).rejects.toThrow(
      'Redis cannot be reached (WRONGPASS): check the user and password in REDIS_URL',
    );
  });
});

describe('the smallest user of a set', () => {
  const allow = (nodes: readonly RedisNode[], ...words: string[]): Promise<unknown> =>
    Promise.all(nodes.map(({ client }) => client.call('ACL', 'SETUSER', ...words)));

  test('needs nothing more of Redis where Sentinels name the master, and of those two commands and all channels', async () => {
    const set = await startSentinelSet(1);
    await allow(set.nodes, ...smallestUser());
    await allow(set.sentinels, 'finder', 'on', '>PASSWORD', '&*', '-@all', '+sentinel', '+subscribe');
    const url = set.url.replace('//', '//bridge:PASSWORD@');

    const [sentinel] = set.sentinels;
    const said = await Promise.all([
      failingsAt(`${url}/1?sentinelUsername=finder&sentinelPassword=PASSWORD`, 1),
      failingsAt(`redis://127.0.0.1:${sentinel?.port}`),
    ]).finally(() => set.stop());

    expect(said).toEqual([
      { unfit: [], unable: [] },
      { unfit: [], unable: ['What answers is a Sentinel: name it in REDIS_URL as redis+sentinel://….'] },
    ]);
  }, 60_000);

  test('needs to ask a Cluster where things are', async () => {
    const set = await startCluster();
    await allow(set.nodes, ...smallestUser(), '+cluster');

    const [node] = set.nodes;
    const said = await Promise.all([
      failingsAt(set.url.replace('//', '//bridge:PASSWORD@'), 1),
      failingsAt(`redis://127.0.0.1:${node?.port}`),
    ]).finally(() => set.stop());

    expect(said).toEqual([
      { unfit: [], unable: [] },
      { unfit: [], unable: ['Redis is a node of a Cluster: name it in REDIS_URL as redis+cluster://….'] },
    ]);
  }, 60_000);
});
