// Breaks a set of Redis under a load of claims, by two processes' worth of journals, and judges what came of
// it. Every transaction is claimed again and again by both, as a platform does that hears nothing: of all that
// were told "done" one at most may be true.

import { setTimeout as pause } from 'node:timers/promises';
import { JournalUnavailable } from '../../src/domain/ports.js';
import type { Transaction } from '../../src/domain/transaction.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { Replication } from '../../src/journal/replication.js';
import { isJournal, readEpochs } from '../../src/journal/epochs.js';
import { buckets, placeOf } from '../../src/journal/keys.js';
import {
  fallBehind,
  inStep,
  keepUp,
  masterOf,
  moveSlots,
  otherMaster,
  replicasOf,
  roleOf,
} from '../support/break-redis-sets.mjs';
import { collected } from '../support/collected.js';
import type { RedisNode, RedisSet } from '../support/redis-sets.mjs';
import { someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

export type Set = RedisSet;

export interface Run {
  /** By transaction: how many claims of it were told done. */
  readonly claims: ReadonlyMap<string, number>;
  /** Acknowledged, and not there any more. */
  readonly lost: number;
  /** Of those, in buckets that nevertheless take writes. */
  readonly lostUnseen: readonly string[];
  readonly told: readonly unknown[];
  /** Claims that were done after it happened. */
  readonly claimedAfter: number;
  /** Milliseconds from what happened to the first write that was done where it happened. */
  readonly recovered: number | undefined;
  readonly refused: number;
}

export function verdictOf({ claims, lostUnseen }: Run): { twice: string[]; lostUnseen: readonly string[] } {
  return { twice: [...claims].filter(([, count]) => count > 1).map(([id]) => id), lostUnseen };
}

const day = 86_400_000;
const atOnce = 16;
/** Sentinels that a busy machine held up trust nothing they see for half a minute. */
const patience = 100_000;
let runs = 0;

/** Two journals as of two replicas, a driver for both, and what they were told. */
class Load {
  readonly claims = new Map<string, number>();
  readonly told: unknown[] = [];
  readonly doneAt: { readonly at: number; readonly bucket: string }[] = [];
  refused = 0;
  private readonly journals: RedisJournal[] = [];
  /** Beside them, to see what they did. */
  private readonly direct: RedisConnection;
  private readonly name = `run${++runs}-`;
  private ids = 0;
  private ends = false;
  private readonly working: Promise<void>[] = [];
  /** Told done, and not lost on the way: where to look for it. */
  private readonly unclear: string[] = [];

  constructor(url: string, replicas: number) {
    this.direct = new RedisConnection({ url });
    for (let n = 0; n < 2; n++) {
      const connection = new RedisConnection({ url });
      const replication = replicas === 0 ? undefined : new Replication(new RedisConnection({ url }), replicas);
      this.journals.push(
        new RedisJournal(connection, {
          ...{ signLifetime: day, begins: true, onLost: (loss) => void this.told.push(loss) },
          ...(replication && { replication }),
        }),
      );
    }
  }

  async start(): Promise<void> {
    for (const journal of this.journals) {
      // A person's word for what an earlier run lost; the others may not have asked yet.
      await until('what was lost is adopted', () =>
        journal.adopt(false).then(
          () => true,
          () => false,
        ),
      );
      await until('a journal is connected', () => journal.isReachable());
      await until('it takes writes everywhere', async () => {
        await collected(journal.due()).catch(() => undefined);
        return journal.put(this.claim(`warm${this.ids++}`)).then(
          () => true,
          () => false,
        );
      });
    }
    for (let n = 0; n < atOnce; n++) this.working.push(this.work(n));
    for (const journal of this.journals) this.working.push(this.look(journal));
  }

  private claim(id: string) {
    return { transaction: this.transaction(id), expected: 0, due: Date.now() + day };
  }

  private transaction(id: string): Transaction {
    return someTransaction({ transactionID: this.name + id, state: 'claimed', since: Date.now() });
  }

  /** One new transaction after the other, and now and then one nobody is sure of, by the other journal. */
  private async work(n: number): Promise<void> {
    for (let i = 0; !this.ends; i++) {
      const again = i % 2 === 0 ? this.unclear.shift() : undefined;
      const id = again ?? `t${this.ids++}`;
      const journal = this.journals[(n + i) % 2];
      if (journal === undefined) return;
      const done = await this.tryClaim(journal, id);
      // What was not heard of comes again, and so does one in four of the others.
      if (!done || i % 4 === 0) this.unclear.push(id);
      await pause(2);
    }
  }

  private async tryClaim(journal: RedisJournal, id: string): Promise<boolean> {
    const write = this.claim(id);
    try {
      const { kind } = await journal.put(write);
      if (kind === 'done') {
        this.claims.set(id, (this.claims.get(id) ?? 0) + 1);
        this.doneAt.push({ at: performance.now(), bucket: placeOf(write.transaction).bucket.tag });
      }
      return true;
    } catch (error) {
      if (!(error instanceof JournalUnavailable)) throw error;
      this.refused += 1;
      return false;
    }
  }

  /** As a resolver does. */
  private async look(journal: RedisJournal): Promise<void> {
    while (!this.ends) {
      await collected(journal.due()).catch(() => undefined);
      await pause(250);
    }
  }

  /** Buckets that take no writes now. */
  private async stopped(): Promise<ReadonlySet<string>> {
    const epochs = await this.persist(() => readEpochs(this.direct));
    return new Set([...epochs].flatMap(([{ tag }, epoch]) => (isJournal(epoch) ? [] : [tag])));
  }

  private async persist<T>(read: () => Promise<T>): Promise<T> {
    const end = performance.now() + patience;
    for (;;)
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof JournalUnavailable) || performance.now() > end) throw error;
        await pause(100);
      }
  }

  /** The buckets that this node serves now. */
  async servedBy(node: RedisNode): Promise<ReadonlySet<string>> {
    const served = new Set<string>();
    for (const { tag, due } of buckets)
      await node.client.zcard(due).then(
        () => served.add(tag),
        () => undefined,
      );
    return served;
  }

  /** Waits until so much was acknowledged there that losing the newest of it must show. */
  async writesMore(where: ReadonlySet<string>): Promise<void> {
    const began = performance.now();
    const written = (): number => this.doneAt.filter(({ at, bucket }) => at > began && where.has(bucket)).length;
    await until('there are writes its replicas have not', () => written() >= 50, patience);
  }

  /** Whether what happened is over: something was written there again, or nothing may be. */
  isOver(happened: number, where: ReadonlySet<string>): boolean {
    return this.told.includes('writes') || this.doneAt.some(({ at, bucket }) => at > happened && where.has(bucket));
  }

  async end(happened: number, where: ReadonlySet<string>): Promise<Run> {
    this.ends = true;
    await Promise.all(this.working);
    const stopped = await this.stopped();
    const missing: string[] = [];
    for (const [id] of this.claims) {
      const { record } = placeOf(this.transaction(id));
      const found = await this.persist(() => this.direct.read('get', (client) => client.get(record)));
      if (found === null) missing.push(id);
    }
    await Promise.all([...this.journals, this.direct].map((each) => each.close()));
    const after = this.doneAt.filter(({ at }) => at > happened);
    const first = after.find(({ bucket }) => where.has(bucket));
    return {
      claims: this.claims,
      lost: missing.length,
      lostUnseen: missing.filter((id) => !stopped.has(placeOf(this.transaction(id)).bucket.tag)),
      told: this.told,
      claimedAfter: after.length,
      recovered: first && first.at - happened,
      refused: this.refused,
    };
  }
}

export interface Failover {
  /** How many replicas every write waits for. */
  readonly replicas: number;
  /** Which of its replicas the master loses before it dies; `one`: the one that takes its place. */
  readonly lagging: 'none' | 'one' | 'all';
}

/** Kills a master under load, after its replicas fell behind or not, and gives it back when that is over. */
export async function failOver(set: Set, { replicas, lagging }: Failover): Promise<Run> {
  await keepUp(set);
  // What an earlier run broke must be whole, or another replica than the ones here takes the place.
  await until('each replica is in step', () => inStep(set), patience);
  const load = new Load(set.url, replicas);
  await load.start();
  await pause(500);
  const master = await masterOf(set);
  const followers = await replicasOf(set, master);
  const where = await load.servedBy(master);
  if (lagging !== 'none') {
    await fallBehind(master, lagging === 'all' ? followers : followers.slice(0, 1));
    await load.writesMore(where);
  }
  await master.kill9();
  const happened = performance.now();
  const promoted = async (): Promise<boolean> => {
    const roles = await Promise.all(followers.map(roleOf));
    return roles.includes('master');
  };
  await until('a replica takes its place', promoted, patience);
  // Writes that wait for as many replicas as there were need the old master as one of them.
  await master.start();
  await until('it is over', () => load.isOver(happened, where), patience);
  await until('it follows the new one', async () => (await roleOf(master)) === 'slave', patience);
  await pause(1_500);
  return load.end(happened, where);
}

/** Moves what one master of a Cluster serves to another, under load. */
export async function moveMany(set: Set): Promise<Run> {
  const load = new Load(set.url, 0);
  await load.start();
  await pause(500);
  const from = await masterOf(set);
  const to = await otherMaster(set, from);
  const where = await load.servedBy(from);
  await moveSlots(from, to, 3000);
  const happened = performance.now();
  await until('writes go on', () => load.isOver(happened, where), patience);
  await pause(1_500);
  return load.end(happened, where);
}
