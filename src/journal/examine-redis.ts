// What can be known of a Redis before a journal is opened on it: what every start checks, and besides how far away
// it is, what room it has, whether its disk keeps up and what its clock says. It leaves nothing behind.

import type { Redis } from 'ioredis';
import { failingsOf, holdingOf, type Holding, type RedisToCheck } from './open-journal.js';
import { timeIn } from './read-reply.js';
import { RedisConnection } from './redis-connection.js';
import { factsOf, type RedisFailings } from './start-checks.js';

/** One node that takes writes. */
export interface NodeFacts {
  /** Such as "10.0.0.7:6379". */
  readonly name: string;
  /** Milliseconds there and back, the middle of many. */
  readonly roundTrip: number;
  /** Milliseconds its clock is ahead of ours, but for half of the way. */
  readonly ahead: number;
  /** Absent where nobody may ask for it. */
  readonly state?: {
    readonly usedBytes: number;
    /** What it may take; 0: as much as there is. */
    readonly mostBytes: number;
    readonly isAppending: boolean;
    /** What of its data it last failed to write, in words. */
    readonly failedWrites: readonly string[];
    /** How often a write waited for the disk, since it runs. */
    readonly delayedSyncs: number;
  };
}

export interface ExaminedRedis extends RedisFailings {
  /** Absent where it could not be asked. */
  readonly holding?: Holding | undefined;
  /** None where it could not be reached. */
  readonly nodes: readonly NodeFacts[];
}

const trips = 21;
/** What it says of its disk. */
const writes = [
  ['aof_last_write_status', 'write to the append-only file'],
  ['aof_last_bgrewrite_status', 'rewrite of the append-only file'],
  ['rdb_last_bgsave_status', 'snapshot'],
] as const;

/** Rejects for bugs only. `now`: epoch ms by the clock of this machine. */
export async function examineRedis(at: RedisToCheck, within: number, now: () => number): Promise<ExaminedRedis> {
  const connection = new RedisConnection(at);
  try {
    const failings = await failingsOf(connection, at, within);
    const isReached = connection.isReachable();
    const [holding, nodes] = await Promise.all([
      isReached && failings.unable.length === 0 ? holdingOf(connection).catch(() => undefined) : undefined,
      isReached ? Promise.all(connection.masters().map((node) => factsAbout(node, now).catch(() => []))) : [],
    ]);
    return { ...failings, holding, nodes: nodes.flat() };
  } finally {
    await connection.close();
  }
}

async function factsAbout(node: Redis, now: () => number): Promise<NodeFacts[]> {
  const taken: { readonly ms: number; readonly ahead: number }[] = [];
  for (let n = 0; n < trips; n += 1) {
    const [sent, began] = [now(), performance.now()];
    const time = timeIn(await node.time());
    const ms = performance.now() - began;
    taken.push({ ms, ahead: time - (sent + ms / 2) });
  }
  taken.sort((one, other) => one.ms - other.ms);
  const { host = '', port = 0 } = node.options;
  // The quickest says most of the clock.
  const about = { name: `${host}:${port}`, roundTrip: taken[trips >> 1]?.ms ?? 0, ahead: taken[0]?.ahead ?? 0 };
  const info = await factsOf(node).catch(() => undefined);
  if (info === undefined) return [about];
  const count = (name: string): number => Number(info.get(name) ?? 0);
  const state = {
    usedBytes: count('used_memory'),
    mostBytes: count('maxmemory'),
    isAppending: count('aof_enabled') === 1,
    failedWrites: writes.flatMap(([name, what]) => ((info.get(name) ?? 'ok') === 'ok' ? [] : [what])),
    delayedSyncs: count('aof_delayed_fsync'),
  };
  return [{ ...about, state }];
}
