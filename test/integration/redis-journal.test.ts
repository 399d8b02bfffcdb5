// What the journal in Redis does when the network, or Redis itself, fails: it never says more than it knows.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as aTurn, setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { JournalUnavailable, type TransactionKey, type Unreadability, type Write } from '../../src/domain/ports.js';
import type { Transaction } from '../../src/domain/transaction.js';
import { Epochs } from '../../src/journal/epochs.js';
import { buckets, dayOf, placeOf, playerDay, signOf, trustOf } from '../../src/journal/keys.js';
import { putScript } from '../../src/journal/put-script.js';
import { encodeRecord } from '../../src/journal/record-codec.js';
import { RedisConnection, type ConnectionOptions } from '../../src/journal/redis-connection.js';
import { RedisJournal, type RedisJournalOptions } from '../../src/journal/redis-journal.js';
import { Room } from '../../src/journal/room.js';
import { checkRedis } from '../../src/journal/start-checks.js';
import { Replication } from '../../src/journal/replication.js';
import { collected } from '../support/collected.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { eur, player, someLeg, someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const day = 86_400_000;
let redis: TestRedis;
/** Beside the journal, to see what it did. */
let direct: Redis;
const connections: RedisConnection[] = [];

beforeAll(async () => {
  redis = await startRedis({ aof: true });
  direct = new Redis(redis.url);
  direct.on('error', () => undefined);
});
beforeEach(async () => {
  await direct.flushall();
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.client.disconnect();
});
afterAll(async () => {
  direct.disconnect();
  await redis.stop();
});

function connect(options: ConnectionOptions): RedisConnection {
  const connection = new RedisConnection(options);
  connections.push(connection);
  return connection;
}

async function open(options: Partial<RedisJournalOptions & ConnectionOptions> = {}): Promise<RedisJournal> {
  const connection = connect({ url: redis.url, ...options });
  const journal = new RedisJournal(connection, { signLifetime: day, begins: true, ...options });
  await until('the journal is connected', () => connection.isReachable());
  // From here on it knows which journal it is.
  if (options.begins !== false) await look(journal);
  return journal;
}

/** Looks for what is due, as a resolver does. */
const look = (journal: RedisJournal): Promise<TransactionKey[]> => collected(journal.due());

let ids = 0;
const fresh = (): Transaction => someTransaction({ transactionID: `t${++ids}` });
const claim = (transaction: Transaction): Write => ({ transaction, expected: 0, due: 1000 });
const recordOf = (t: Transaction): Promise<string | null> => direct.get(placeOf(t).record);
const isListed = async (t: Transaction): Promise<boolean> =>
  (await direct.zscore(placeOf(t).bucket.due, placeOf(t).member)) !== null;

/** What a put was rejected with. */
async function unavailable(put: Promise<unknown>): Promise<JournalUnavailable> {
  const error: unknown = await put.then(
    (written) => new Error(`it was not rejected: ${JSON.stringify(written)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof JournalUnavailable) return error;
  throw error;
}

describe('the put script', () => {
  beforeEach(async () => {
    await direct.set('e', 'epoch');
  });
  const keys = ['r', 'e', 'l', 'd', 't', 'a'];
  const values = (parts: string, writeId: string, expected: number, text: string, epoch: string, notAfter: number) => {
    const own = { expected, writeId, notAfter, member: 'A:m', due: 5, lifetime: 0, epoch, writer: 'us', lastWrite: 0 };
    return [parts, text, JSON.stringify({ ...own, standing: '-', signLifetime: day, signEpoch: 'epoch' })];
  };
  const run = (writeId: string, expected: number, text: string, epoch = 'epoch'): Promise<unknown> =>
    direct.eval(putScript.text, 6, ...keys, ...values('r', writeId, expected, text, epoch, Date.now() + day));

  test('takes the same write id for the same write, however often it comes', async () => {
    const first = await run('w1', 0, 'one');
    const again = await run('w1', 0, 'one');

    expect(first).toEqual(['done', expect.any(Number), expect.any(Number)]);
    expect(again).toEqual(['done', expect.any(Number), expect.any(Number)]);
    expect(await direct.get('r')).toBe('1 w1 - one');
  });

  test('says what is there when the same write comes after somebody else’s', async () => {
    await run('w1', 0, 'one');
    await run('w2', 1, 'two');

    expect(await run('w1', 0, 'one')).toEqual(['there', expect.any(Number), '2 w2 - two']);
    expect(await direct.get('r')).toBe('2 w2 - two');
  });

  test('writes nothing after its not-after, the sign included, but still says what it did before', async () => {
    const late = (writeId: string): Promise<unknown> => {
      const all = values('rs', writeId, 0, 'text', 'epoch', Date.now() - 60_000);
      return direct.eval(putScript.text, 8, ...keys, 'e', 's', ...all);
    };

    expect(await late('w1')).toEqual(['late', expect.any(Number)]);
    expect(await direct.exists('r', 'd', 's', 't', 'l')).toBe(0);

    await run('w1', 0, 'one');
    expect(await late('w1')).toEqual(['done', expect.any(Number), expect.any(Number)]);
    expect(await late('w2')).toEqual(['there', expect.any(Number), '1 w1 - one']);
    expect(await direct.exists('s')).toBe(0);
  });

  test('neither writes nor says what is there when the epoch is another one, or gone', async () => {
    await run('w1', 0, 'one');

    expect(await run('w2', 1, 'two', 'other')).toEqual(['lost', expect.any(Number), 'emptied', 'r']);
    expect(await run('w1', 0, 'one', 'other')).toEqual(['lost', expect.any(Number), 'emptied', 'r']);
    await direct.del('e');
    expect(await run('w2', 1, 'two')).toEqual(['lost', expect.any(Number), 'emptied', 'r']);
    expect(await direct.get('r')).toBe('1 w1 - one');
  });

  test('leaves the record alone when the index cannot be written', async () => {
    await direct.set('d', 'no sorted set');

    await expect(run('w1', 0, 'one')).rejects.toThrow('WRONGTYPE');
    expect(await direct.get('r')).toBeNull();
  });
});

describe('over a bad network', () => {
  let proxy: TcpProxy;
  beforeEach(async () => {
    proxy = await startProxy(redis.port);
  });
  afterEach(async () => {
    await proxy.close();
  });
  const throughProxy = (options: Partial<RedisJournalOptions & ConnectionOptions> = {}): Promise<RedisJournal> =>
    open({ url: `redis://127.0.0.1:${proxy.port}`, ...options });

  test('a claim whose reply was lost is recognised as its own', async () => {
    const journal = await throughProxy({ putWithin: 200_000, commandTimeout: 100_000 });
    const transaction = fresh();

    proxy.dropReplies();
    const put = journal.put(claim(transaction));
    await until('the claim is made', async () => (await recordOf(transaction)) !== null);
    proxy.pass();
    proxy.cut();

    expect(await put).toEqual({ kind: 'done', revision: 1 });
    expect(await journal.get(transaction)).toEqual({ transaction, revision: 1 });
  });

  test('a claim that somebody moved on while its reply was lost is not taken for untouched', async () => {
    const [journal, other] = [await throughProxy({ putWithin: 200_000, commandTimeout: 100_000 }), await open()];
    const transaction = fresh();
    const moved = { ...transaction, tries: 1 };

    proxy.dropReplies();
    const put = journal.put(claim(transaction));
    await until('the claim is made', async () => (await recordOf(transaction)) !== null);
    await other.put({ ...claim(moved), expected: 1 });
    proxy.pass();
    proxy.cut();

    expect(await put).toEqual({ kind: 'there', stored: { transaction: moved, revision: 2 } });
  });

  test('a write that is never answered is neither done nor not done', async () => {
    const journal = await throughProxy({ putWithin: 300, commandTimeout: 100 });
    const transaction = fresh();

    proxy.dropReplies();
    const error = await unavailable(journal.put(claim(transaction)));

    expect(error.nothingWritten).toBe(false);
    expect(await recordOf(transaction)).not.toBeNull();
  });

  test('a write that arrives after it was given up changes nothing', async () => {
    const journal = await throughProxy({ putWithin: 300, commandTimeout: 100 });
    await journal.put(claim(fresh()));
    const transaction = fresh();
    const runs = async (): Promise<number> =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await direct.info('commandstats'))?.[1]);
    const before = await runs();

    proxy.pause();
    const error = await unavailable(journal.put(claim(transaction)));
    const givenUp = journal.now() + 300;
    await until('not-after is past', () => journal.now() > givenUp);
    proxy.pass();
    await until('the late command runs', async () => (await runs()) > before);

    expect(error.nothingWritten).toBe(false);
    expect(await recordOf(transaction)).toBeNull();
    expect(await isListed(transaction)).toBe(false);
  });

  test('a write that is too late although it was sent in time is known not to be written', async () => {
    const journal = await throughProxy({ putWithin: 300, commandTimeout: 10_000 });
    const transaction = fresh();

    proxy.pause();
    const put = unavailable(journal.put(claim(transaction)));
    const notAfter = journal.now() + 300;
    await until('not-after is past', () => journal.now() > notAfter + 10);
    proxy.pass();

    expect((await put).nothingWritten).toBe(true);
    expect(await recordOf(transaction)).toBeNull();
  });

  test('a connection that is cut is made anew, and the reads go on', async () => {
    const journal = await throughProxy();
    const transaction = fresh();
    await journal.put(claim(transaction));

    proxy.cut();
    await until('the cut is noticed', () => !journal.isReachable());
    await until('it is connected again', () => journal.isReachable());

    expect(await journal.get(transaction)).toEqual({ transaction, revision: 1 });
  });
});

describe('when Redis', () => {
  test('is down, nothing leaves, and everything says so', async () => {
    const journal = await open();

    await redis.kill9();
    await until('the loss is noticed', () => !journal.isReachable());

    expect((await unavailable(journal.put(claim(fresh())))).nothingWritten).toBe(true);
    await expect(journal.get(fresh())).rejects.toThrow(JournalUnavailable);
    await expect(look(journal)).rejects.toThrow(JournalUnavailable);
    await expect(collected(journal.unfinished())).rejects.toThrow(JournalUnavailable);
    await expect(journal.lastBalance({ agentID: 'A', userID: 'p' })).rejects.toThrow(JournalUnavailable);
    journal.bindToNone('A', 'EF'.repeat(32));
    await redis.restart();
    await until('it is connected again', () => journal.isReachable());
    expect(await journal.put(claim(fresh()))).toEqual({ kind: 'done', revision: 1 });
  });

  test('is killed in the middle of many writes, what was answered is kept, and what was not is in doubt', async () => {
    const journal = await open({ putWithin: 500, commandTimeout: 400 });
    const transactions = Array.from({ length: 300 }, fresh);

    const puts = transactions.map(async (transaction) => {
      try {
        return (await journal.put(claim(transaction))).kind;
      } catch (error) {
        return error instanceof JournalUnavailable ? error.nothingWritten : error;
      }
    });
    await until('the first are made', async () => (await direct.keys('wb:*:tx:*')).length > 2);
    await redis.kill9();
    const results = await Promise.all(puts);
    await redis.restart();
    await until('it is connected again', () => journal.isReachable());

    for (const [i, transaction] of transactions.entries()) {
      const stored = await journal.get(transaction);
      expect(['done', true, false]).toContain(results[i]);
      if (results[i] === 'done') expect(stored).toEqual({ transaction, revision: 1 });
      if (results[i] === true) expect(stored).toBeUndefined();
    }
    const kept = await Promise.all(transactions.map(async (transaction) => (await recordOf(transaction)) !== null));
    const listed = await Promise.all(transactions.map(isListed));
    expect(listed).toEqual(kept);
    expect(kept).toContain(true);
  });

  test('has become a replica, the write is known not to be written', async () => {
    const journal = await open();
    const transaction = fresh();

    const ours = async (): Promise<string | undefined> =>
      /id=(\d+).* name=wallet-bridge/.exec(String(await direct.client('LIST')))?.[1];
    const before = await ours();
    await direct.replicaof('127.0.0.1', 1);
    const error = await unavailable(journal.put(claim(transaction)));
    await until('a new connection looks for the master', async () => ![before, undefined].includes(await ours()));
    await direct.replicaof('NO', 'ONE');
    await until('it is connected again', () => journal.isReachable());

    expect(error).toMatchObject({
      nothingWritten: true,
      message: 'Redis refused a write: READONLY; name the one that takes writes in REDIS_URL',
    });
    expect(await journal.put(claim(transaction))).toEqual({ kind: 'done', revision: 1 });
  });

  test('is full, the write is known not to be written', async () => {
    const journal = await open();
    const transaction = fresh();
    await journal.put(claim(fresh()));

    await direct.config('SET', 'maxmemory', '1');
    const error = await unavailable(journal.put(claim(transaction)));
    await direct.config('SET', 'maxmemory', '0');

    expect(error).toMatchObject({
      nothingWritten: true,
      message: 'Redis refused a write: OOM; it is full: raise its maxmemory',
    });
    expect(await recordOf(transaction)).toBeNull();
    expect(await isListed(transaction)).toBe(false);
  });
});

describe('a Redis that is nearly full', () => {
  async function filled() {
    const told: boolean[] = [];
    const connection = connect({ url: redis.url });
    const room = new Room(connection, (isFull) => told.push(isFull));
    const journal = new RedisJournal(connection, { signLifetime: day, begins: true, room });
    await until('the journal is connected', () => connection.isReachable());
    await look(journal);
    const fill = async (share: number): Promise<void> => {
      const used = Number(/^used_memory:(\d+)/m.exec(await direct.info('memory'))?.[1]);
      await direct.config('SET', 'maxmemory', Math.ceil(used / share));
      await room.look();
    };
    return { journal, room, told, fill };
  }
  afterEach(() => direct.config('SET', 'maxmemory', '0'));

  test('begins nothing, finishes what runs, and answers what it knows', async () => {
    const { journal, told, fill } = await filled();
    const [running, next] = [fresh(), fresh()];
    await journal.put({ ...claim(running), sign: 'A1' });

    await fill(0.95);
    const error = await unavailable(journal.put({ ...claim(next), sign: 'B2' }));

    expect(error).toMatchObject({ nothingWritten: true, message: expect.stringMatching(/^Redis is nearly full/) });
    expect([await recordOf(next), await isListed(next)]).toEqual([null, false]);
    expect(await direct.exists(signOf(next.agentID, 'B2').key)).toBe(0);
    expect(await journal.put({ ...claim(running), sign: 'A1' })).toMatchObject({ kind: 'there' });
    expect(await journal.put({ ...claim(running), sign: 'C3' })).toMatchObject({ kind: 'there' });
    expect(await journal.put({ transaction: { ...running, state: 'applied' }, expected: 1, lifetime: day })).toEqual({
      kind: 'done',
      revision: 2,
    });

    await fill(0.5);
    expect(await journal.put({ ...claim(next), sign: 'B2' })).toEqual({ kind: 'done', revision: 1 });
    expect(told).toEqual([true, false]);
    await journal.close();
  });

  test('a sign that belongs to another is refused there, too', async () => {
    const { journal, fill } = await filled();
    const [one, other] = [fresh(), fresh()];
    await journal.put({ ...claim(one), sign: 'A1' });
    await journal.put({ ...claim(other), sign: 'B2' });

    await fill(0.95);

    expect(await journal.put({ ...claim(other), sign: 'A1' })).toEqual({ kind: 'signTaken' });
    await journal.close();
  });

  test('is not passed by rollbacks of nothing, however many come', async () => {
    const { journal, room, fill } = await filled();
    await fill(0.89);
    const most = Number((await direct.config('GET', 'maxmemory'))[1]);
    const began: unknown[] = [];

    for (let i = 0; i < 40; i++) {
      await room.look();
      const some = Array.from({ length: 250 }, () =>
        someTransaction({ transactionID: `t${++ids}`, legs: [], state: 'cancelled', fingerprint: '' }),
      );
      const puts = some.map((transaction) => journal.put({ transaction, expected: 0, lifetime: day }));
      began.push(...(await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled'));
    }

    expect(began.length).toBeLessThan(40 * 250);
    expect(Number(/^used_memory:(\d+)/m.exec(await direct.info('memory'))?.[1])).toBeLessThan(most);
    await journal.close();
  });

  test('without a limit of its own is never full', async () => {
    const { journal, room, told } = await filled();

    await room.look();

    expect(await journal.put(claim(fresh()))).toEqual({ kind: 'done', revision: 1 });
    expect(told).toEqual([]);
    await journal.close();
  });
});

describe('two journals on one Redis', () => {
  test('let one of many claims win, and see each other’s records, signs and balances', async () => {
    const [one, other] = [await open(), await open()];
    const transaction = fresh();
    const sign = 'AB'.repeat(32);

    const all = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? one : other).put({ ...claim(transaction), sign })),
    );

    expect(all.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'there')).toHaveLength(199);
    expect(await other.put({ ...claim(fresh()), sign })).toEqual({ kind: 'signTaken' });
    one.rememberBalance(transaction, eur('87.70'));
    await until('the balance is written', async () => (await other.lastBalance(transaction)) !== undefined);
    expect(await other.lastBalance(transaction)).toEqual(eur('87.70'));
  });

  test('see a sign that the other bound to none, for as long as signs are bound since it last came', async () => {
    const [one, other] = [await open(), await open()];
    const [transaction, sign] = [fresh(), 'CD'.repeat(32)];
    const { key } = signOf(transaction.agentID, sign);

    one.bindToNone(transaction.agentID, sign);
    await until('it is bound', async () => (await direct.exists(key)) === 1);
    expect(await other.put({ ...claim(transaction), sign })).toEqual({ kind: 'signTaken' });
    expect(await direct.pttl(key)).toBeGreaterThan(day - 60_000);

    await direct.pexpire(key, 60_000);
    one.bindToNone(transaction.agentID, sign);
    await until('it is bound anew', async () => (await direct.pttl(key)) > day - 60_000);
  });

  test('see a balance that the other remembered before it closed, for a day', async () => {
    const [one, other] = [await open(), await open()];

    for (let i = 0; i < 1200; i++) one.rememberBalance({ agentID: 'A', userID: `p${i}` }, eur(`${i}.50`));
    await one.close();

    expect(await other.lastBalance({ agentID: 'A', userID: 'p0' })).toEqual(eur('0.50'));
    expect(await other.lastBalance({ agentID: 'A', userID: 'p1199' })).toEqual(eur('1199.50'));
    expect(await direct.pttl('wb:balance:A:p7')).toBeGreaterThan(day - 60_000);
    expect(await direct.pttl('wb:balance:A:p7')).toBeLessThanOrEqual(day);
  });

  test('write a balance that changes all the time once a second', async () => {
    const journal = await open();
    const sets = async (): Promise<number> =>
      Number(/cmdstat_set:calls=(\d+)/.exec(await direct.info('commandstats'))?.[1] ?? 0);
    const before = await sets();

    const ends = performance.now() + 2500;
    for (let cents = 0; performance.now() < ends; cents++) {
      journal.rememberBalance({ agentID: 'A', userID: 'busy' }, eur(`${cents}.00`));
      await aTurn();
    }

    expect(await direct.exists('wb:balance:A:busy')).toBe(1);
    expect((await sets()) - before).toBeLessThan(20);
  });
});

/** A copy of all there is. */
async function kept(): Promise<(readonly [string, Buffer])[]> {
  const names = await direct.keys('*');
  return Promise.all(names.map(async (name) => [name, await direct.dumpBuffer(name)] as const));
}

describe('a Redis that was emptied, or replaced,', () => {
  test('takes no write and lists nothing as due, and is told once', async () => {
    const told: unknown[] = [];
    const journal = await open({ onLost: (loss) => told.push(loss) });
    await journal.put(claim(fresh()));
    const held = await kept();

    await direct.flushall();
    const [first, second] = [await unavailable(journal.put(claim(fresh()))), await unavailable(look(journal))];
    await Promise.all(buckets.map(({ epoch }) => direct.set(epoch, 'of another journal')));
    const third = await unavailable(journal.put(claim(fresh())));
    const written = (await direct.keys('wb:{*')).filter((name) => !name.endsWith(':epoch'));
    for (const [name, dump] of held) await direct.restore(name, 0, dump, 'REPLACE');

    for (const error of [first, second, third])
      expect(error).toMatchObject({
        nothingWritten: false,
        message: expect.stringContaining('does not hold the journal'),
      });
    expect(written).toEqual([]);
    expect(await look(journal)).toHaveLength(1);
    expect(await journal.put(claim(fresh()))).toEqual({ kind: 'done', revision: 1 });
    expect(told).toEqual(['emptied', undefined]);
  });

  test('is noticed without a write, by who looks for what is due', async () => {
    const told: unknown[] = [];
    const journal = await open({ onLost: (loss) => told.push(loss) });

    await direct.flushall();
    await unavailable(look(journal));

    expect(told).toEqual(['emptied']);
  });

  test('is the journal of nobody who may not begin one, until a person adopts it', async () => {
    const [running, fresher] = [await open({ begins: false }), await open({ begins: false })];
    await unavailable(running.put(claim(fresh())));

    const { length } = buckets;
    expect(await running.adopt(false)).toEqual({ adopted: length, of: length });
    expect(await running.put(claim(fresh()))).toEqual({ kind: 'done', revision: 1 });
    expect(await running.adopt(false)).toEqual({ adopted: 0, of: length });
    expect(await running.adopt(true)).toEqual({ adopted: length, of: length });

    await unavailable(running.put(claim(fresh())));
    expect(await fresher.put(claim(fresh()))).toEqual({ kind: 'done', revision: 1 });
  });

  test('and one that is new is begun by all who start at once, as the same', async () => {
    const journals = await Promise.all([open(), open(), open()]);

    const written = await Promise.all(journals.map((journal) => journal.put(claim(fresh()))));

    expect(written).toEqual(Array(3).fill({ kind: 'done', revision: 1 }));
  });
});

describe('a Redis that lost writes it had acknowledged', () => {
  /** What a failover to a lagging replica, or an older copy, leaves of a journal. */
  async function forget(work: () => Promise<unknown>): Promise<void> {
    const before = await kept();
    await work();
    await direct.flushall();
    for (const [name, dump] of before) await direct.restore(name, 0, dump);
  }
  const bucketOf = (t: TransactionKey): string => placeOf(t).bucket.tag;
  /** A transaction whose record is beside that one's, or is not. */
  function another(t: Transaction, isBeside: boolean): Transaction {
    for (;;) {
      const found = fresh();
      if ((bucketOf(found) === bucketOf(t)) === isBeside) return found;
    }
  }

  test('takes no more of them from who wrote them, nor from anybody else, until a person adopts it', async () => {
    const told: unknown[] = [];
    const [journal, other] = [await open({ onLost: (loss) => told.push(loss) }), await open()];
    const transaction = fresh();
    await forget(() => journal.put(claim(transaction)));

    const mine = await unavailable(journal.put(claim(transaction)));
    const theirs = await unavailable(other.put(claim(transaction)));
    const found = await unavailable(journal.getSafely(transaction));
    const restarted = await open({ begins: false });
    const later = await unavailable(restarted.put(claim(transaction)));
    const adopted = await restarted.adopt(false);

    for (const error of [mine, theirs, found, later])
      expect(error).toMatchObject({ nothingWritten: false, message: expect.stringContaining('lost writes') });
    expect(told).toEqual(['writes']);
    expect(adopted).toEqual({ adopted: 1, of: buckets.length });
    expect(await restarted.put(claim(transaction))).toEqual({ kind: 'done', revision: 1 });
  });

  test('goes on where it lost nothing', async () => {
    const journal = await open();
    const transaction = fresh();
    await forget(() => journal.put(claim(transaction)));
    await unavailable(journal.put(claim(another(transaction, true))));

    expect(await journal.put(claim(another(transaction, false)))).toEqual({ kind: 'done', revision: 1 });
  });

  test('is none where Redis only forgot, after a day, when a process that stood idle had written last', async () => {
    const told: unknown[] = [];
    const connection = connect({ url: redis.url });
    await until('Redis is connected', () => connection.isReachable());
    const epochs = new Epochs(connection, true, (loss) => told.push(loss));
    const first = fresh();
    const [idle, busy] = [placeOf(first).bucket, placeOf(another(first, false)).bucket];
    const lost = { failure: expect.objectContaining({ message: expect.stringContaining('lost writes') }) };

    epochs.wrote(idle, Date.now() - day - 1);
    expect(await epochs.look([{ bucket: idle, from: 0, past: 0 }], Date.now(), 1)).toEqual([[]]);
    expect(told).toEqual([]);

    epochs.wrote(busy, Date.now() - 1);
    expect(await epochs.look([{ bucket: busy, from: 0, past: 0 }], Date.now(), 1)).toEqual([lost]);
    expect(told).toEqual(['writes']);
  });

  test('is found out by who looks, though the process that wrote them is gone', async () => {
    const told: unknown[] = [];
    const [gone, journal] = [await open(), await open({ onLost: (loss) => told.push(loss) })];
    const [first, transaction] = [fresh(), fresh()];
    await gone.put(claim(first));
    const later = another(first, true);
    await forget(async () => {
      await gone.put(claim(later));
      await gone.close();
      await look(journal);
    });

    await unavailable(look(journal));

    expect(told).toEqual(['writes']);
    await unavailable(journal.put(claim(later)));
    if (bucketOf(transaction) !== bucketOf(later))
      expect(await journal.put(claim(transaction))).toEqual({ kind: 'done', revision: 1 });
  });

  /** What a write is told that leaves as soon as there is a connection. */
  async function refusedOnceConnected(put: () => Promise<unknown>): Promise<JournalUnavailable> {
    for (;;) {
      const error = await unavailable(put());
      if (error.message !== 'Redis is not connected') return error;
      await new Promise((resume) => setTimeout(resume, 10));
    }
  }

  /** Ends every connection but our own, and waits until as many are there again. */
  async function cutAll(): Promise<void> {
    const idsOf = async (): Promise<number[]> =>
      [...String(await direct.client('LIST')).matchAll(/^id=(\d+) .* name=wallet-bridge /gm)].map(([, id]) =>
        Number(id),
      );
    const before = await idsOf();
    await direct.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const last = Math.max(...before);
    await until(
      'all are connected again',
      async () => (await idsOf()).filter((id) => id > last).length >= before.length,
    );
  }

  test.each([
    ['where it wrote before', true],
    ['where it never wrote', false],
  ])('takes a write over a new connection only once others had time to look: %s', async (_where, isBeside) => {
    const [writer, other] = [await open(), await open({ settling: 3_000, putWithin: 20_000 })];
    const transaction = fresh();
    await other.put(claim(another(transaction, isBeside)));
    await look(other);
    await forget(() => writer.put(claim(transaction)));
    await cutAll();

    const put = refusedOnceConnected(() => other.put(claim(transaction)));
    // A writer that is late to look.
    await pause(700);
    await until('the writer has looked', async () => (await unavailable(look(writer))).message.includes('lost writes'));

    expect(await put).toMatchObject({ message: expect.stringContaining('lost writes') });
    expect(await recordOf(transaction)).toBeNull();
  });

  test('is adopted with exact counts, and with all it has on trust', async () => {
    const journal = await open();
    const home = { operator: 'o1', origin: 'abc' };
    const now = Date.now();
    const owed = (): Transaction => ({ ...fresh(), since: now, state: 'open', goal: 'deliver', promised: true, home });
    const all = Array.from({ length: 30 }, owed);
    for (const transaction of all) await journal.put({ ...claim(transaction), trust: { kind: 'on' } });
    const before = await journal.count();
    await direct.del(...buckets.flatMap(({ tally, ages, epoch }) => [tally, ages, epoch]));
    await direct.del(...(await direct.keys('wb:*:trust:*')));

    await unavailable(journal.count().then(() => undefined));
    await journal.adopt(false);
    const restarted = await open({ begins: false });

    expect(await restarted.count()).toEqual(before);
    const bound = { most: 31, maxAge: day };
    const takeOn = async () => (await restarted.put({ ...claim(owed()), trust: { kind: 'on', bound } })).kind;
    expect([await takeOn(), await takeOn()]).toEqual(['done', 'full']);
  });
});

describe('a place on trust', () => {
  test('that a process died over is found out by who counts', async () => {
    const journal = await open();
    const home = { operator: 'o1', origin: 'abc' };
    const owed: Transaction = { ...fresh(), state: 'open', goal: 'deliver', promised: true, home };
    const bound = { most: 1, maxAge: day };
    const { bucket, key } = trustOf('o1');
    // As a run of the script leaves it that stopped before the record.
    await direct.zadd(key, 1, placeOf(fresh()).member);
    await direct.zadd(bucket.pending, 1, `o1:${String((await direct.zrange(key, '0', '0'))[0])}`);
    const before = await journal.put({ ...claim(owed), trust: { kind: 'on', bound } });

    await journal.count();

    expect(before).toEqual({ kind: 'full', bound: 'most' });
    expect(await journal.put({ ...claim(owed), trust: { kind: 'on', bound } })).toMatchObject({ kind: 'done' });
    expect(await direct.zcard(bucket.pending)).toBe(0);
  });
});

describe('writes that wait for a replica', () => {
  let replica: TestRedis;
  let copy: Redis;
  beforeAll(async () => {
    replica = await startRedis();
    copy = new Redis(replica.url);
    await direct.config('SET', 'repl-diskless-sync-delay', '0');
    await copy.replicaof('127.0.0.1', redis.port);
  });
  afterAll(async () => {
    copy.disconnect();
    await replica.stop();
  });
  async function openReplicated(): Promise<RedisJournal> {
    // Far more than a replica needs, for a machine that has other things to do.
    const replication = new Replication(connect({ url: redis.url, commandTimeout: 10_000 }), 1, 2_000);
    const journal = await open({ replication });
    await until('it can write', () => journal.isReachable());
    await until('the replica follows', async () => (await checkRedis(direct, { replicas: 1 })).unfit.length === 0);
    await until('it confirms', () =>
      journal.put(claim(fresh())).then(
        () => true,
        () => false,
      ),
    );
    return journal;
  }
  const waits = async (): Promise<number> =>
    Number(/cmdstat_wait:calls=(\d+)/.exec(await direct.info('commandstats'))?.[1] ?? 0);
  const onReplica = (t: Transaction): Promise<string | null> => copy.get(placeOf(t).record);

  test('are on the replica when they are done, and those of one moment share the wait', async () => {
    const journal = await openReplicated();
    const transactions = Array.from({ length: 100 }, fresh);
    const before = await waits();

    const copies = await Promise.all(
      transactions.map(async (transaction) => [await journal.put(claim(transaction)), await onReplica(transaction)]),
    );

    expect(copies).toEqual(Array(100).fill([{ kind: 'done', revision: 1 }, expect.any(String)]));
    expect((await waits()) - before).toBe(1);
  });

  test('that no replica confirms are in doubt, whoever made them, and hold up no read', async () => {
    const [journal, other] = [await openReplicated(), await openReplicated()];
    const [known, transaction] = [fresh(), fresh()];
    await journal.put(claim(known));

    process.kill(replica.pid, 'SIGSTOP');
    const put = unavailable(journal.put(claim(transaction)));
    const read = await journal.get(known);
    const errors = [await put, await unavailable(other.put(claim(transaction)))];
    process.kill(replica.pid, 'SIGCONT');

    expect(read).toEqual({ transaction: known, revision: 1 });
    for (const error of errors)
      expect(error).toMatchObject({ nothingWritten: false, message: 'only 0 of 1 replicas have the write' });
    expect(await other.put(claim(transaction))).toEqual({ kind: 'there', stored: { transaction, revision: 1 } });
    expect(await onReplica(transaction)).not.toBeNull();
  });
});

test('a record that no replica confirms is not to be answered by, though it is there to be seen', async () => {
  const replica = await startRedis();
  const copy = new Redis(replica.url);
  await direct.config('SET', 'repl-diskless-sync-delay', '0');
  await copy.replicaof('127.0.0.1', redis.port);
  const journal = await open({
    replication: new Replication(connect({ url: redis.url, commandTimeout: 10_000 }), 1, 2_000),
  });
  await until('the replica follows', async () => (await checkRedis(direct, { replicas: 1 })).unfit.length === 0);
  const [confirmed, other] = [fresh(), await open()];
  await until('it confirms', () =>
    journal.put(claim(confirmed)).then(
      () => true,
      () => false,
    ),
  );

  process.kill(replica.pid, 'SIGSTOP');
  const transaction = fresh();
  await other.put(claim(transaction));
  const seen = await journal.get(transaction);
  const error = await unavailable(journal.getSafely(transaction));
  process.kill(replica.pid, 'SIGCONT');

  expect(seen).toEqual({ transaction, revision: 1 });
  expect(error).toMatchObject({ message: 'only 0 of 1 replicas have the write' });
  expect(await journal.getSafely(transaction)).toEqual({ transaction, revision: 1 });
  expect(await copy.get(placeOf(transaction).record)).not.toBeNull();
  expect(await journal.getSafely(fresh())).toBeUndefined();
  copy.disconnect();
  await replica.stop();
});

test('a connection whose first answer comes too late is used as soon as it answers', async () => {
  const proxy = await startProxy(redis.port);
  const troubles: string[] = [];
  const connection = connect({
    url: `redis://127.0.0.1:${proxy.port}`,
    commandTimeout: 400,
    onTrouble: (message) => void troubles.push(message),
  });
  connection.client.once('ready', () => {
    proxy.pause();
    setTimeout(() => proxy.pass(), 600);
  });

  await until('it is connected', () => connection.isReachable(), 5_000);

  expect(troubles).toEqual(['no answer in time']);
  await proxy.close();
});

test('a Redis that refuses to serve says so once for each connection, however often it is asked', async () => {
  const troubles: string[] = [];
  connect({ url: `${redis.url}/99`, onTrouble: (message) => void troubles.push(message) });

  await until('it was refused', () => troubles.length > 0);
  await new Promise((later) => setTimeout(later, 1_000));

  // The client itself says ERR before that.
  expect(troubles).toEqual(['ERR', 'no database 99']);
});

describe('a scan', () => {
  test('finds every record once, finished or not, and nothing else', async () => {
    const journal = await open();
    const transactions = Array.from({ length: 2500 }, (_, i) =>
      someTransaction({ transactionID: `t:${i}%`, agentID: `A${i % 3}` }),
    );
    // Not all at once: a busy machine would let the last ones wait longer than a command may take.
    for (let i = 0; i < transactions.length; i += 500)
      await Promise.all(
        transactions
          .slice(i, i + 500)
          .map((transaction) => journal.put({ ...claim(transaction), sign: transaction.transactionID })),
      );
    journal.rememberBalance(player, eur('1.00'));

    const found = (await collected(journal.scan())).map((record) => {
      const { agentID, transactionID } = 'unreadable' in record ? record.key : record.transaction;
      return `${agentID} ${transactionID}`;
    });

    expect(found.sort()).toEqual(transactions.map((t) => `${t.agentID} ${t.transactionID}`).sort());
  });
});

describe('a record that cannot be read', () => {
  const text = (change: (record: string) => string): string => `2 w1 - ${change(encodeRecord(someTransaction()))}`;
  const values: [string, string | undefined, Unreadability][] = [
    ['with a field we do not know', text((record) => record.replace(/\]$/, ',null,{"wallet":"https://a"}]')), 'newer'],
    [
      'of a leg with a field we do not know',
      text((record) => record.replace('"effect"', '"hops":2,"effect"')),
      'newer',
    ],
    ['with a part more', text((record) => record.replace(/\]$/, ',null,{},"x"]')), 'newer'],
    ['in a state we do not know', text((record) => record.replace('"c"', '"z"')), 'newer'],
    ['with a goal we do not know', text((record) => record.replace(/\]$/, ',null,{"goal":"split"}]')), 'newer'],
    ['cut short', text((record) => record.slice(0, -9)), 'damaged'],
    ['with an amount that is none', text((record) => record.replace('"12.30"', '"12,30"')), 'damaged'],
    [
      'with a broken amount and a field we do not know',
      text((record) => record.replace('"12.30"', '1,{"x":1}')),
      'damaged',
    ],
    ['that is none', 'rubbish', 'damaged'],
    ['that is empty', '', 'damaged'],
    ['that is not there', undefined, 'gone'],
  ];

  test.each(values)('%s, is listed as what it is, and nobody acts on it', async (_name, value, unreadable) => {
    const journal = await open();
    const [bad, good] = [fresh(), fresh()];
    for (const transaction of [bad, good]) await journal.put(claim(transaction));
    if (value === undefined) await direct.del(placeOf(bad).record);
    else await direct.set(placeOf(bad).record, value);

    const key = { agentID: bad.agentID, transactionID: bad.transactionID };
    expect(await collected(journal.unfinished())).toEqual(
      expect.arrayContaining([
        { key, unreadable, due: 1000 },
        { transaction: good, revision: 1, due: 1000 },
      ]),
    );
    expect((await look(journal)).length).toBe(2);
    if (value === undefined) return;
    await expect(journal.get(bad)).rejects.toMatchObject({ name: 'UnreadableRecord', unreadable });
    await expect(journal.get(bad)).rejects.toThrow(`${bad.agentID} ${bad.transactionID}`);
    await expect(journal.put(claim(bad))).rejects.toThrow(bad.transactionID);
    expect(await direct.get(placeOf(bad).record)).toBe(value);
    expect(await collected(journal.scan())).toEqual(
      expect.arrayContaining([
        { key, unreadable },
        { transaction: good, revision: 1 },
      ]),
    );
  });

  test('because no text is in its place, hides no other either', async () => {
    const journal = await open();
    const [bad, good] = [fresh(), fresh()];
    for (const transaction of [bad, good]) await journal.put(claim(transaction));
    await direct.del(placeOf(bad).record);
    await direct.rpush(placeOf(bad).record, 'a list');

    expect(await collected(journal.unfinished())).toEqual(
      expect.arrayContaining([
        { key: { agentID: bad.agentID, transactionID: bad.transactionID }, unreadable: 'gone', due: 1000 },
        { transaction: good, revision: 1, due: 1000 },
      ]),
    );
    expect(await journal.get(bad)).toBeUndefined();
  });
});

test('of a Redis that was emptied while it is read nobody is told that nothing more is unfinished', async () => {
  const journal = await open();
  for (let i = 0; i < 20; i++) await journal.put(claim(fresh()));

  await direct.flushall();

  await unavailable(collected(journal.unfinished()));
});

describe('the clock', () => {
  test('is Redis’ own, as near as the fastest reply tells', () => {
    const connection = connect({ url: 'redis://127.0.0.1:1' });
    const far = 5_000_000_000_000;

    connection.heardTime(far, performance.now());
    expect(connection.now() - far).toBeGreaterThanOrEqual(0);
    expect(connection.now() - far).toBeLessThan(1000);
    // A reply that took a minute says little about when Redis read its clock.
    connection.heardTime(far - 30_000, performance.now() - 60_000);
    expect(connection.now()).toBeGreaterThanOrEqual(far);
  });
});

test('a clock that was set back is noticed without a write, by who looks for what is due', async () => {
  const connection = connect({ url: redis.url });
  const journal = new RedisJournal(connection, { signLifetime: day, begins: true });
  await until('the journal is connected', () => connection.isReachable());
  await look(journal);
  connection.heardTime(Date.now() + 3_600_000, performance.now());

  await look(journal);

  expect(Math.abs(journal.now() - Date.now())).toBeLessThan(60_000);
});

describe('what is told', () => {
  test('about each round trip is its name and whether it went well, and about trouble nothing secret', async () => {
    const told: string[] = [];
    const troubles: string[] = [];
    const journal = await open({
      onCommand: (name, _ms, ok) => told.push(`${name} ${ok}`),
      onTrouble: (message) => troubles.push(message),
    });

    told.length = 0;
    await journal.put({ ...claim(fresh()), indexed: true });
    await look(journal);
    await direct.config('SET', 'maxmemory', '1');
    await unavailable(journal.put(claim(fresh())));
    await direct.config('SET', 'maxmemory', '0');
    connect({
      url: `redis://user:hunter2@127.0.0.1:${redis.port}`,
      onTrouble: (message) => troubles.push(message),
    });
    await until('the password is refused', () => troubles.length > 0);

    expect(told.filter((line) => !/^time/.test(line))).toEqual(['put true', 'due true', 'put false']);
    expect(troubles.join()).toContain('WRONGPASS');
    expect(troubles.join()).not.toContain('hunter2');
  });
});

describe('the start checks', () => {
  const set = (name: string, value: string): Promise<unknown> => direct.config('SET', name, value);

  test('find nothing wrong with a persistent master that does not evict, and leave nothing there', async () => {
    expect(await checkRedis(direct)).toEqual({ unfit: [], unable: [] });
    expect(await direct.dbsize()).toBe(0);
  });

  test('say what to do about each thing that is wrong', async () => {
    await set('appendonly', 'no');
    await set('maxmemory-policy', 'allkeys-lru');
    await direct.replicaof('127.0.0.1', 1);
    const { unfit } = await checkRedis(direct);
    await direct.replicaof('NO', 'ONE');
    await set('maxmemory-policy', 'noeviction');
    await set('appendonly', 'yes');

    expect(unfit).toEqual([
      expect.stringContaining('connect to the master'),
      expect.stringContaining('appendonly yes'),
      expect.stringContaining('maxmemory-policy noeviction'),
    ]);
  });

  test('find a Redis that cannot be asked, and one that takes no write', async () => {
    const away = new Redis('redis://127.0.0.1:1', {
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: null,
    });
    away.on('error', () => undefined);
    await set('maxmemory', '1');
    const full = await checkRedis(direct);
    await set('maxmemory', '0');

    expect(full.unfit).toEqual([expect.stringContaining('does not take a write (OOM)')]);
    expect((await checkRedis(away)).unfit).toEqual([expect.stringContaining('does not take a write')]);
    away.disconnect();
  });

  test('hold against it what nobody accepted, and nothing else', async () => {
    await set('appendonly', 'no');
    const { unfit } = await checkRedis(direct);
    const accepted = await checkRedis(direct, { accept: ['noAppendOnly'] });
    const unasked = await checkRedis(direct, { accept: ['noInfo'] });
    await set('appendonly', 'yes');

    expect(unfit).toEqual([expect.stringContaining('REDIS_ACCEPT')]);
    expect([accepted, unasked]).toEqual(Array(2).fill({ unfit: [], unable: [] }));
  });

  test('count the replicas every write is to wait for', async () => {
    expect((await checkRedis(direct, { replicas: 2 })).unfit).toEqual([expect.stringContaining('0 of the 2 replicas')]);
  });
});

test('a player’s list that cannot be written costs no claim, and is told of', async () => {
  let unlisted = 0;
  const journal = await open({ onUnlisted: () => unlisted++ });
  const [first, second, third] = [fresh(), fresh(), fresh()];
  const { bucket, key } = playerDay(first, dayOf(first.since));
  const listed = (transaction: Transaction): Write => ({ ...claim(transaction), indexed: true });
  const done = { kind: 'done', revision: 1 };

  await direct.set(key, 'no list');
  expect(await journal.put(listed(first))).toEqual(done);
  await direct.del(key);
  await direct.set(bucket.epoch, 'another journal’s');
  expect(await journal.put(listed(second))).toEqual(done);
  expect([unlisted, await direct.exists(key)]).toEqual([2, 0]);
  await direct.set(bucket.epoch, (await direct.get(placeOf(third).bucket.epoch)) ?? '');
  expect(await journal.put(listed(third))).toEqual(done);

  expect([unlisted, await direct.lrange(key, 0, -1)]).toEqual([2, [third.transactionID]]);
  expect(await direct.pttl(key)).toBeGreaterThan(day - 10_000);
});

describe('the size of a settled record', () => {
  const hex = (i: number): string => i.toString(16).padStart(32, '0123456789abcdef');
  function straight(i: number): Transaction {
    const now = Date.now();
    const transactionID = hex(i);
    return {
      agentID: 'NORTHSTAR01',
      transactionID,
      userID: 'player_12345',
      fingerprint: 'Zm9vYmFyYmF6cXV4cXV1eA',
      content: { kind: 'withdraw', roundID: hex(i + 1_000_000), bet: eur('12.30') },
      state: 'applied',
      legs: [
        someLeg({
          bet: eur('12.30'),
          reference: `gsp-${transactionID}`,
          undoReference: `gsp-${transactionID}-r`,
          effect: 'applied',
          lastSend: now + 15_000,
          receipt: '0f8fad5b-d9cb-469f-a165-70867728950e',
        }),
      ],
      balance: eur('1234.56'),
      since: now,
      tries: 0,
    };
  }
  const usedMemory = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await direct.info('memory'))?.[1]);

  test('is at most 400 bytes of Redis’ memory, key, expiry and tables included', async () => {
    const journal = await open();
    const transaction = straight(0);
    const { record } = placeOf(transaction);
    await journal.put({ transaction: { ...transaction, state: 'claimed' }, expected: 0, due: 1000 });
    await journal.put({ transaction, expected: 1, lifetime: 30 * day });
    const value = await recordOf(transaction);
    const copies = 16_000;

    const before = await usedMemory();
    for (let i = 1; i <= copies; i += 1000) {
      const pipeline = direct.pipeline();
      for (let j = i; j < i + 1000; j++) pipeline.set(placeOf(straight(j)).record, value ?? '', 'PX', 30 * day);
      await pipeline.exec();
    }
    const each = ((await usedMemory()) - before) / copies;

    expect(await direct.exists(...buckets.map(({ due }) => due))).toBe(0);
    expect(await direct.memory('USAGE', record)).toBeLessThanOrEqual(360);
    expect(each).toBeLessThanOrEqual(400);
  });
});
