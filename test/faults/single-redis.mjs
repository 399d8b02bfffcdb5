// Why: the one Redis of a run that has no set of them: with a file it keeps, synced in one way or another,
// and which can be lost and come back. Never: loses what it wrote to that file.
/** @import { RedisSet } from '../support/redis-sets.mjs' */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../support/children.mjs';
import { RedisNode } from '../support/redis-sets.mjs';

/** @typedef {'everysec' | 'always'} Fsync */
/** @typedef {readonly [Fsync, ...Fsync[]]} FsyncInTurn */
/** @typedef {Awaited<ReturnType<typeof startSingleRedis>>} SingleRedis */

/**
 * `inTurn`: how it syncs its file, from one start of it to the next.
 * @param {string} directory
 * @param {FsyncInTurn} inTurn
 */
export async function startSingleRedis(directory, inTurn) {
  const [port = 0] = await freePorts(1);
  /** @param {Fsync} fsync */
  const options = (fsync) => ({
    ...{ bind: '127.0.0.1', port: String(port), save: '' },
    ...{ appendonly: 'yes', appendfsync: fsync, 'maxmemory-policy': 'noeviction' },
  });
  const node = new RedisNode(directory, options(inTurn[0]));
  // Redis' own name for where it keeps its append-only file.
  const file = join(node.dir, 'appendonlydir');
  let starts = 0;
  let fsync = inTurn[0];
  async function start() {
    fsync = inTurn[starts++ % inTurn.length] ?? inTurn[0];
    node.configure(options(fsync));
    await node.start();
  }
  /**
   * As a process, and not as its machine: what it has acknowledged stays. While its disk is slow a server that syncs
   * each second puts off writes too, and a kill takes them; the bridge then stops for a person, whom nobody plays here.
   */
  async function kill9() {
    if (fsync === 'everysec') await node.client.config('SET', 'appendfsync', 'no');
    await node.kill9();
  }
  await start();
  /** @type {RedisSet} */
  const set = {
    url: `redis://127.0.0.1:${port}`,
    nodes: [node],
    ports: [port],
    serving: async () => () => (node.isAtWork ? node : undefined),
    async stop() {
      node.client.disconnect();
      await node.stop();
    },
  };

  return {
    set,
    /** How it syncs its file since it was started last. */
    get fsync() {
      return fsync;
    },
    kill9,
    start,
    /** It comes back without its data; only `putDataBack` brings what was there before. */
    async empty() {
      await kill9();
      renameSync(file, `${file}-kept`);
      await start();
    },
    async putDataBack() {
      await kill9();
      rmSync(file, { recursive: true });
      renameSync(`${file}-kept`, file);
      await start();
    },
  };
}
