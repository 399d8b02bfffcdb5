// Opens the journal a process works with: in Redis, or in memory where no Redis is named. Whether a Redis
// with something wrong is still good enough is the caller's decision, so that is told and not judged here.

import type { Journal, PlayerFacts, SharedTexts } from '../domain/ports.js';
import { isJournal, readEpochs, type Loss } from './epochs.js';
import { MemoryFacts } from './memory-facts.js';
import { MemoryJournal } from './memory-journal.js';
import { RedisConnection, type ConnectionOptions } from './redis-connection.js';
import { cureOf } from './redis-errors.js';
import { RedisFacts } from './redis-facts.js';
import { RedisJournal } from './redis-journal.js';
import { Replication } from './replication.js';
import { Room } from './room.js';
import { MemoryTexts, RedisTexts } from './shared-texts.js';
import { checkRedis, type Accepted, type RedisFailings } from './start-checks.js';

/** The journal, and on its connection what is known of players, and what replicas share. */
export interface OpenJournal {
  readonly journal: Journal;
  readonly facts: PlayerFacts;
  readonly texts: SharedTexts;
}

/** Where Redis is, and what it is held to. */
export interface RedisToCheck extends Pick<ConnectionOptions, 'url' | 'tls'> {
  /** How many replicas must have a write before it counts as done. */
  readonly replicas: number;
  /** What is not held against this Redis. */
  readonly accept?: readonly Accepted[];
}

export interface RedisOptions extends RedisToCheck, Pick<ConnectionOptions, 'onCommand' | 'onTrouble'> {
  /** Begin a journal where Redis holds none; otherwise that is one more problem of it. */
  readonly begins: boolean;
  /** Asked at each write, because a reload may bring a longer one. */
  readonly signLifetime: () => number;
  readonly onLost: (loss: Loss | undefined) => void;
  /** Told of each claim that its player's list does not have. */
  readonly onUnlisted?: () => void;
  /** Told when Redis is so full that nothing new is claimed, and when there is room again. */
  readonly onFull?: (isFull: boolean) => void;
  /**
   * Told what is wrong with this Redis, before anything is done with it; where it throws the connection is
   * closed again.
   */
  readonly judge: (failings: RedisFailings) => void;
}

const reachableWithin = 10_000;
/** What is wrong with a Redis that holds none where none may be begun. */
export const noJournal =
  'Redis holds no journal: if it is new, run "wallet-bridge journal adopt" once. If it held one, it was emptied, and every bet ' +
  'would be taken for a new one: put the data back, or see "An emptied Redis" in config/deploy/README.md first.';

/** What is wrong with this Redis, once it is reached, or `within` milliseconds have passed. */
export async function failingsOf(
  connection: RedisConnection,
  { replicas, accept }: RedisToCheck,
  within: number,
): Promise<RedisFailings> {
  if (await connection.reachable(within)) return checkEach(connection, replicas, accept);
  const { trouble } = connection;
  if (/^no database/.test(trouble)) return { unfit: [], unable: [`Redis has ${trouble}: ${cureOf(trouble)}.`] };
  if (trouble === 'NOPERM')
    return { unfit: [], unable: ['The user of REDIS_URL may not run SELECT: allow +select, or use database 0.'] };
  return { unfit: [`Redis cannot be reached (${trouble}): ${cureOf(trouble)}.`], unable: [] };
}

/** Each node that takes writes; of several each sentence names its own. */
async function checkEach(
  connection: RedisConnection,
  replicas: number,
  accept: readonly Accepted[] = [],
): Promise<RedisFailings> {
  const each = await Promise.all(
    connection.masters().map(async (node) => {
      const { unfit, unable } = await checkRedis(node, {
        replicas,
        accept,
        serves: (key) => connection.serves(node, key),
        isCluster: connection.isCluster,
      });
      const named = (problem: string): string =>
        connection.isCluster ? `${node.options.host}:${node.options.port}: ${problem}` : problem;
      return { unfit: unfit.map(named), unable: unable.map(named) };
    }),
  );
  return { unfit: each.flatMap(({ unfit }) => unfit), unable: each.flatMap(({ unable }) => unable) };
}

/** How many of its buckets Redis holds, how many lost writes, and how many are gone. */
export interface Holding {
  readonly held: number;
  readonly lost: number;
  readonly gone: number;
}

export async function holdingOf(connection: RedisConnection): Promise<Holding> {
  const epochs = [...(await readEpochs(connection)).values()];
  const held = epochs.filter(isJournal).length;
  const gone = epochs.filter((epoch) => epoch === undefined).length;
  return { held, lost: epochs.length - held - gone, gone };
}

/** Some of it is enough to start on: callbacks of the rest are refused, with an alarm. */
const holdsJournal = async (connection: RedisConnection): Promise<boolean> => (await holdingOf(connection)).held > 0;

export function openMemoryJournal(now: () => number, signLifetime: () => number): OpenJournal {
  const journal = new MemoryJournal({
    now,
    get signLifetime() {
      return signLifetime();
    },
  });
  return { journal, facts: new MemoryFacts(now), texts: new MemoryTexts(now) };
}

/** Rejects with what `judge` throws, and with JournalUnavailable. */
export async function openRedisJournal(options: RedisOptions): Promise<OpenJournal> {
  const { replicas, begins, signLifetime, onLost, onUnlisted, judge } = options;
  const connection = new RedisConnection(options);
  try {
    const failings = await failingsOf(connection, options, reachableWithin);
    const isSound = failings.unfit.length + failings.unable.length === 0;
    const isEmpty = isSound && !begins && !(await holdsJournal(connection));
    judge(isEmpty ? { unfit: [noJournal], unable: [] } : failings);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const replication = replicas === 0 ? undefined : new Replication(new RedisConnection(options), replicas);
  await replication?.connection.reachable(reachableWithin);
  const { accept = [], onFull = () => undefined } = options;
  const room = accept.includes('noInfo') ? undefined : new Room(connection, onFull);
  // A bridge that starts again on a full Redis claims nothing before it knows.
  await room?.look();
  const journal = new RedisJournal(connection, {
    get signLifetime() {
      return signLifetime();
    },
    begins,
    ...{ onLost, onUnlisted, room },
    ...(replication && { replication }),
  });
  return { journal, facts: new RedisFacts(connection), texts: new RedisTexts(connection) };
}
