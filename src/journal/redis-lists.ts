// Reads many records: what is due, what is unfinished, all there are. It reads them in pages, so that nothing
// depends on how many there are, bucket by bucket or master by master. No record that was there all the while
// may be missing, least of all one that cannot be read.

import { setImmediate as aTurn } from 'node:timers/promises';
import type { Player } from '../domain/callback.js';
import { JournalUnavailable, type Due, type Listed, type Stored, type Unreadable } from '../domain/ports.js';
import { isUnfinished } from '../domain/transaction.js';
import { readEpochs, type Epochs, type Spot } from './epochs.js';
import { buckets, dayOf, keyOf, keyOfRecord, placeOf, playerDay, recordPattern, restored } from './keys.js';
import { membersIn, storedOrNot, type Member } from './read-reply.js';
import type { RedisConnection } from './redis-connection.js';

/** Few enough for callbacks not to wait while they are read. */
const countedAtOnce = 100;
/** Of each bucket. */
const dueAtOnce = 16;
/** Of what is due, before callbacks have their turn: a thousand at once would hold them up for 50 ms. */
const givenAtOnce = 50;

/** Rejects with JournalUnavailable, also where Redis does not hold this journal any more. */
export class RedisLists {
  constructor(
    private readonly redis: RedisConnection,
    private readonly epochs: Epochs,
  ) {}

  /**
   * Also looks whether each bucket still holds the journal, so that what was lost is noticed although no
   * callback comes, and nothing of another journal is resolved; what is due in the others comes first. And
   * watches Redis' clock: a replica that has long written nothing must not take a live lease for over because
   * that clock was set back.
   */
  async *due(from = -Infinity): AsyncGenerator<Due> {
    const until = this.redis.now();
    const places: Place[] = buckets.map((bucket) => ({ bucket, from, past: 0, read: [], hasMore: true }));
    let failure: Error | undefined;
    for (;;) {
      const short = places.filter(({ read, hasMore }) => hasMore && read.length < dueAtOnce);
      const pages = await this.epochs.look(short, until, dueAtOnce);
      for (const [i, place] of short.entries()) {
        const page = pages[i] ?? [];
        if ('failure' in page) failure ??= page.failure;
        readOn(place, 'failure' in page ? [] : page);
      }
      // What is further on must wait until all others have been read as far.
      const open = places.filter(({ hasMore }) => hasMore);
      const asFar = Math.min(...open.map((place) => place.from));
      const found = places.flatMap((place) => place.read.splice(0, countUntil(place.read, asFar)));
      found.sort((a, b) => a.due - b.due);
      for (const [i, { member, due }] of found.entries()) {
        if (i % givenAtOnce === 0) await aTurn();
        yield { ...keyOf(member), due };
      }
      if (open.length === 0) break;
    }
    if (failure !== undefined) throw failure;
  }

  async *unfinished(): AsyncGenerator<Listed> {
    const requireSame = await this.epochsBefore();
    for (const { due } of buckets) yield* this.listedIn(due);
    // In an emptied Redis nothing would be unfinished.
    await requireSame();
  }

  /** Gives what rejects unless Redis still holds the journal it holds now. */
  private async epochsBefore(): Promise<() => Promise<void>> {
    const epochs = await Promise.all(buckets.map((bucket) => this.epochs.of(bucket)));
    return async () => {
      const now = await readEpochs(this.redis);
      for (const [i, bucket] of buckets.entries())
        if (now.get(bucket) !== epochs[i]) throw this.epochs.isLost(bucket, 'emptied');
    };
  }

  /**
   * The members of a sorted set, each once. By ZSCAN, because a place in the order changes with every write: a
   * record that changes places between two pages would be missed.
   */
  async *pagesOf(set: string): AsyncGenerator<readonly Member[]> {
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const from = cursor;
      const [next, page] = await this.redis.read('unfinished', (client) =>
        client.zscan(set, from, 'COUNT', countedAtOnce),
      );
      cursor = next;
      yield membersIn(page).filter(({ member }) => isNew(member, seen));
    } while (cursor !== '0');
  }

  async *listedIn(index: string): AsyncGenerator<Listed> {
    for await (const fresh of this.pagesOf(index)) {
      const keys = fresh.map(({ member }) => keyOf(member));
      const values = await this.valuesOf(
        'unfinished',
        keys.map((key) => placeOf(key).record),
      );
      for (const [i, key] of keys.entries()) {
        const found = storedOrNot(key, values[i]);
        // It may have ended since the index was read.
        if ('unreadable' in found || isUnfinished(found.transaction.state))
          yield { ...found, due: fresh[i]?.due ?? Infinity };
      }
    }
  }

  /** As the port promises. Days that have not begun by Redis' clock are not looked at. */
  async *ofPlayer(player: Player, from: number, to: number): AsyncGenerator<Stored | Unreadable> {
    const requireSame = await this.epochsBefore();
    const { agentID } = player;
    const seen = new Set<string>();
    const last = dayOf(Math.min(to, this.redis.now()));
    for (let day = dayOf(Math.max(from, 0)); day <= last; day++)
      for await (const ids of this.pagesOfList(playerDay(player, day).key)) {
        const names = ids.map((id) => placeOf({ agentID, transactionID: restored(id) }).record);
        for await (const found of this.recordsOf(names.filter((name) => isNew(name, seen))))
          if ('unreadable' in found || isBetween(found.transaction.since, from, to)) yield found;
      }
    await requireSame();
  }

  private async *pagesOfList(list: string): AsyncGenerator<readonly string[]> {
    for (let from = 0; ; from += countedAtOnce) {
      const page = await this.redis.read('ofPlayer', (client) => client.lrange(list, from, from + countedAtOnce - 1));
      yield page;
      if (page.length < countedAtOnce) return;
    }
  }

  /** A record that is written or expires meanwhile may be in it or not. */
  async *scan(): AsyncGenerator<Stored | Unreadable> {
    const seen = new Set<string>();
    for await (const names of this.pagesOfNames(recordPattern))
      yield* this.recordsOf(names.filter((name) => isNew(name, seen)));
  }

  /**
   * The same, and Redis holds the journal from beginning to end. No name is remembered, so that memory does not
   * grow with the records: one may come twice.
   */
  async *walk(): AsyncGenerator<Stored | Unreadable> {
    const requireSame = await this.epochsBefore();
    for await (const names of this.pagesOfNames(recordPattern)) yield* this.recordsOf(names);
    await requireSame();
  }

  private async *recordsOf(names: readonly string[]): AsyncGenerator<Stored | Unreadable> {
    const values = await Promise.all(names.map((name) => this.valuesOf('scan', [name])));
    for (const [i, name] of names.entries()) {
      const value = values[i]?.[0];
      if (typeof value === 'string') yield storedOrNot(keyOfRecord(name), value);
    }
  }

  /** The names of all keys of that pattern, each once. Rejects as `pagesOfNames` does. */
  async *names(pattern: string): AsyncGenerator<string> {
    const seen = new Set<string>();
    for await (const names of this.pagesOfNames(pattern)) for (const name of names) if (isNew(name, seen)) yield name;
  }

  /**
   * The same on every master, a few at a time, some perhaps twice. A Cluster that moves slots meanwhile could
   * hide some: then it rejects, and is to be asked again.
   */
  private async *pagesOfNames(pattern: string): AsyncGenerator<readonly string[]> {
    const before = this.redis.map();
    for (const node of this.redis.masters()) {
      let cursor = '0';
      do {
        const from = cursor;
        const [next, names] = await this.redis.read('scan', () =>
          node.scan(from, 'MATCH', pattern, 'COUNT', countedAtOnce),
        );
        cursor = next;
        yield names;
      } while (cursor !== '0');
    }
    if (this.redis.map() !== before)
      throw new JournalUnavailable('the Cluster moved slots while its records were read: read them again', true);
  }

  /** Not by GET, which fails for what is no text: as if Redis were away. All names are of one bucket. */
  private valuesOf(command: 'unfinished' | 'scan', names: readonly string[]): Promise<(string | null)[]> {
    return names.length === 0 ? Promise.resolve([]) : this.redis.read(command, (client) => client.mget([...names]));
  }
}

/** How far a bucket is read, and what of it is not given yet, the longest due first. */
interface Place extends Spot {
  from: number;
  past: number;
  readonly read: Member[];
  hasMore: boolean;
}

function readOn(place: Place, page: readonly Member[]): void {
  place.read.push(...page);
  const last = page.at(-1)?.due ?? place.from;
  const alike = page.filter(({ due }) => due === last).length;
  place.past = last === place.from ? place.past + alike : alike;
  place.from = last;
  place.hasMore = page.length === dueAtOnce;
}

function countUntil(members: readonly Member[], until: number): number {
  const after = members.findIndex(({ due }) => due > until);
  return after === -1 ? members.length : after;
}

const isBetween = (at: number, from: number, to: number): boolean => from <= at && at < to;

/** A scan may give the same name twice. */
function isNew(name: string, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}
