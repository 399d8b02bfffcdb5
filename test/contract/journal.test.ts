// What every journal promises, run on each of them.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Journal, Stored, Tally, TransactionKey, Write, Written } from '../../src/domain/ports.js';
import { tombstone } from '../../src/domain/policy/on-callback.js';
import { conclude, toVoid, withLeg, withoutLease, type Transaction } from '../../src/domain/transaction.js';
import { memberOf } from '../../src/journal/keys.js';
import { MemoryJournal } from '../../src/journal/memory-journal.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { collected } from '../support/collected.js';
import { startRedis } from '../support/redis.js';
import { startCluster, startSentinelSet } from '../support/redis-sets.mjs';
import { withUser } from '../support/smallest-user.js';
import { eur, someLeg, someTransaction, undo } from '../support/transactions.js';
import { until } from '../support/until.js';

const day = 86_400_000;

/** What each is kept in, which starts with the suite and ends with it; in memory there is nothing to start. */
const journals: Record<string, (() => Promise<{ readonly url: string; stop(): Promise<void> }>) | undefined> = {
  memory: undefined,
  'one Redis': async () => {
    const redis = await startRedis();
    // With what the page says such a user needs, and nothing else.
    return { url: await withUser(redis, { database: 3 }), stop: () => redis.stop() };
  },
  'a Sentinel set': startSentinelSet,
  'a Cluster': startCluster,
};

describe.each(Object.entries(journals))('the journal in %s', (_kind, start) => {
  let journal: Journal;
  let stop = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    if (start === undefined) {
      journal = new MemoryJournal({ now: () => Date.now(), signLifetime: day });
      return;
    }
    const set = await start();
    stop = () => set.stop();
    const connection = new RedisConnection({ url: set.url });
    expect(await connection.reachable(5000)).toBe(true);
    journal = new RedisJournal(connection, { signLifetime: day, begins: true });
    // A Cluster's nodes are connected as they are needed.
    await until('every master serves', () =>
      collected(journal.due()).then(
        () => true,
        () => false,
      ),
    );
  }, 60_000);
  afterAll(async () => {
    await journal.close();
    await stop();
  });

  let ids = 0;
  /** A claim nobody made yet, by a process that may be sending. */
  function fresh(change: Partial<Transaction> = {}): Transaction {
    return someTransaction({
      transactionID: `t${++ids}`,
      lease: { owner: 'us', until: journal.now() + day },
      ...change,
    });
  }
  const claim = (transaction: Transaction): Write => ({ transaction, expected: 0, due: journal.now() + day });
  const settled = (t: Transaction): Transaction => conclude(withLeg(t, 0, { effect: 'applied', receipt: 'w-1' }));
  const at = (t: TransactionKey): TransactionKey => ({ agentID: t.agentID, transactionID: t.transactionID });

  /** All that is unfinished; in these tests every record can be read. */
  async function listed(): Promise<(Stored & { due: number })[]> {
    return (await collected(journal.unfinished())).map((found) => {
      if ('unreadable' in found) throw new Error(`${found.key.transactionID} is ${found.unreadable}`);
      return found;
    });
  }

  async function isListed(t: TransactionKey): Promise<boolean> {
    return (await listed()).some(({ transaction }) => transaction.transactionID === t.transactionID);
  }

  describe('a claim', () => {
    test('is done once, and found again as it was made', async () => {
      const transaction = fresh({
        balance: eur('87.70'),
        content: { kind: 'withdraw', roundID: 'r', bet: eur('12.3'), freeSpin: false },
      });

      const written = await journal.put(claim(transaction));

      expect(written).toEqual({ kind: 'done', revision: 1 });
      expect(await journal.get(at(transaction))).toStrictEqual({ transaction, revision: 1 });
    });

    test('is won by one of a hundred at once, and the others see his record', async () => {
      const { transactionID } = fresh();
      const claims = Array.from({ length: 100 }, (_, i) =>
        claim(fresh({ transactionID, lease: { owner: `o${i}`, until: 1 } })),
      );

      const all = await Promise.all(claims.map((write) => journal.put(write)));

      const winners = claims.filter((_, i) => all[i]?.kind === 'done');
      expect(winners).toHaveLength(1);
      const stored = { transaction: winners[0]?.transaction, revision: 1 };
      expect(all.filter((written) => written.kind === 'there')).toEqual(Array(99).fill({ kind: 'there', stored }));
    });

    test('of the same transactionID by another agent is another record', async () => {
      const mine = fresh();
      const theirs = { ...mine, agentID: 'SOUTHSTAR01' };
      await journal.put(claim(mine));

      expect(await journal.put(claim(theirs))).toEqual({ kind: 'done', revision: 1 });
    });
  });

  describe('a later write', () => {
    test('is done when the record is still the one it was decided on', async () => {
      const transaction = fresh();
      await journal.put(claim(transaction));

      const written = await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day });

      expect(written).toEqual({ kind: 'done', revision: 2 });
      expect(await journal.get(at(transaction))).toStrictEqual({ transaction: settled(transaction), revision: 2 });
    });

    test('is refused when somebody wrote meanwhile, and changes nothing', async () => {
      const transaction = fresh();
      const voided = toVoid(transaction, 'rollback');
      await journal.put(claim(transaction));
      await journal.put({ ...claim(voided), expected: 1 });

      const written = await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day });

      expect(written).toEqual({ kind: 'there', stored: { transaction: voided, revision: 2 } });
      expect(await journal.get(at(transaction))).toStrictEqual({ transaction: voided, revision: 2 });
    });

    test('is refused when the record is gone', async () => {
      const transaction = fresh();

      expect(await journal.put({ ...claim(transaction), expected: 1 })).toEqual({ kind: 'gone' });
      expect(await journal.get(at(transaction))).toBeUndefined();
      expect(await isListed(transaction)).toBe(false);
    });

    test('of one of a hundred at once is done, and the revision is one more', async () => {
      const transaction = fresh();
      await journal.put(claim(transaction));
      const writes = Array.from({ length: 100 }, (_, tries) => ({ ...claim({ ...transaction, tries }), expected: 1 }));

      const all = await Promise.all(writes.map((write) => journal.put(write)));

      expect(all.filter((written) => written.kind === 'done')).toEqual([{ kind: 'done', revision: 2 }]);
      expect((await journal.get(at(transaction)))?.revision).toBe(2);
    });
  });

  describe('what is on trust', () => {
    const bound = { most: 2, maxAge: day };
    let operators = 0;
    /** A win that was told as done, of an operator nobody else has. */
    function owed(operator: string, change: Partial<Transaction> = {}): Transaction {
      const told = { state: 'open', goal: 'deliver', promised: true, since: journal.now() } as const;
      return withoutLease(fresh({ ...told, home: { operator, origin: 'abc' }, ...change }));
    }
    const takeOn = (transaction: Transaction, own = bound): Promise<Written> =>
      journal.put({ ...claim(transaction), trust: { kind: 'on', bound: own } });

    test('is bounded in the very write that adds to it, of a hundred at once as of one', async () => {
      const operator = `o${++operators}`;

      const all = await Promise.all(Array.from({ length: 100 }, () => takeOn(owed(operator))));

      expect(all.filter(({ kind }) => kind === 'done')).toHaveLength(2);
      expect(all.filter(({ kind }) => kind === 'full')).toEqual(Array(98).fill({ kind: 'full', bound: 'most' }));
    });

    test('leaves no record where it is full, and counts each operator by itself', async () => {
      const operator = `o${++operators}`;
      const third = owed(operator);
      await takeOn(owed(operator));
      await takeOn(owed(operator));

      expect((await takeOn(third)).kind).toBe('full');
      expect(await journal.get(at(third))).toBeUndefined();
      expect(await isListed(third)).toBe(false);
      expect((await takeOn(owed(`o${++operators}`))).kind).toBe('done');
    });

    test('has room again when one is delivered', async () => {
      const operator = `o${++operators}`;
      const first = owed(operator);
      await takeOn(first);
      await takeOn(owed(operator));

      await journal.put({ transaction: settled(first), expected: 1, lifetime: day, trust: { kind: 'off' } });

      expect((await takeOn(owed(operator))).kind).toBe('done');
      expect((await takeOn(owed(operator))).kind).toBe('full');
    });

    test('is closed by an old one that is open, not by one that is held, and by none that is in it already', async () => {
      const operator = `o${++operators}`;
      const old = owed(operator, { since: journal.now() - 2 * day });
      await takeOn(old, { most: 10, maxAge: 3 * day });

      expect(await takeOn(owed(operator))).toEqual({ kind: 'full', bound: 'maxAge' });
      const held = { ...old, state: 'held' as const };
      const again = { transaction: held, expected: 1, due: Infinity, trust: { kind: 'on', bound } } as const;
      expect((await journal.put(again)).kind).toBe('done');
      expect((await takeOn(owed(operator))).kind).toBe('done');
    });
  });

  describe('the list of the unfinished', () => {
    test('holds a record from its claim until it is finished', async () => {
      const transaction = fresh();
      const listed: boolean[] = [];

      await journal.put(claim(transaction));
      listed.push(await isListed(transaction));
      await journal.put({ ...claim(toVoid({ ...transaction, state: 'open' }, 'failure')), expected: 1 });
      listed.push(await isListed(transaction));
      await journal.put({ transaction: { ...transaction, state: 'held' }, expected: 2, due: Infinity });
      listed.push(await isListed(transaction));
      await journal.put({ transaction: settled(transaction), expected: 3, lifetime: day });
      listed.push(await isListed(transaction));

      expect(listed).toEqual([true, true, true, false]);
    });

    test('never holds a tombstone or a refusal', async () => {
      const { agentID, userID, transactionID, since } = fresh();
      const cancelled = tombstone(undo({ agentID, userID, transactionID }), since);
      const refused = withoutLease(
        fresh({ state: 'refused', refusal: 'insufficientFunds', legs: [someLeg({ effect: 'none' })] }),
      );

      for (const transaction of [cancelled, refused]) {
        await journal.put({ transaction, expected: 0, lifetime: day });

        expect(await journal.get(at(transaction))).toStrictEqual({ transaction, revision: 1 });
        expect(await isListed(transaction)).toBe(false);
      }
    });

    test('refuses, as a mistake, to leave an unfinished record out or to let it expire, or to list a finished one', async () => {
      const transaction = fresh();
      const wrong: Write[] = [
        { transaction, expected: 0 },
        { transaction, expected: 0, due: 1, lifetime: day },
        { transaction: settled(transaction), expected: 0, due: 1 },
      ];

      for (const write of wrong) await expect(journal.put(write)).rejects.toThrow(/^a record that is /);
      expect(await journal.get(at(transaction))).toBeUndefined();
    });

    test('gives what is due, the longest waiting first, and nothing that is not', async () => {
      const [second, first, later, never] = [fresh(), fresh(), fresh(), fresh({ state: 'held' })];
      await journal.put({ transaction: second, expected: 0, due: 2000 });
      await journal.put({ transaction: first, expected: 0, due: 1000 });
      await journal.put({ transaction: later, expected: 0, due: journal.now() + day });
      await journal.put({ transaction: never, expected: 0, due: Infinity });

      expect(await collected(journal.due())).toEqual([
        { ...at(first), due: 1000 },
        { ...at(second), due: 2000 },
      ]);
      for (const transaction of [first, second])
        await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day });
      expect(await collected(journal.due())).toEqual([]);
    });

    test('gives a thousand in the order in which they are due, wherever they lie, and from any point on', async () => {
      const records = Array.from({ length: 1500 }, () => fresh());
      // Some are due together, many more than are read at once.
      const dueOf = (i: number): number => (i % 3 === 0 ? 5000 : (i * 7919) % 10_000);
      await Promise.all(records.map((transaction, i) => journal.put({ transaction, expected: 0, due: dueOf(i) })));
      const expected = records.map((_, i) => dueOf(i)).sort((a, b) => a - b);

      const all = await collected(journal.due());
      const later = await collected(journal.due(5000));

      expect(all.map(({ due }) => due)).toEqual(expected);
      expect(new Set(all.map(memberOf)).size).toBe(1500);
      expect(later.map(({ due }) => due)).toEqual(expected.filter((due) => due >= 5000));
      expect(new Set(later.map(memberOf)).size).toBe(later.length);
      await Promise.all(
        records.map((transaction) => journal.put({ transaction: settled(transaction), expected: 1, lifetime: day })),
      );
    });

    test('tells when a record is looked at next, and follows when that is put off', async () => {
      const [open, held, finished] = [fresh(), fresh({ state: 'held' }), fresh()];
      const soon = journal.now() + day;
      await journal.put({ transaction: open, expected: 0, due: soon });
      await journal.put({ transaction: held, expected: 0, due: Infinity });
      await journal.put({ transaction: settled(finished), expected: 0, lifetime: day });

      const first = await Promise.all([open, held, finished].map((t) => journal.nextLook(at(t))));
      await journal.postpone(at(open), soon + 1);

      expect(first).toEqual([soon, Infinity, undefined]);
      expect(await journal.nextLook(at(open))).toBe(soon + 1);
      for (const transaction of [open, held])
        await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day });
    });

    test('gives all the unfinished as they are, and when each is looked at', async () => {
      const records = [fresh({ state: 'held' }), fresh(), fresh({ state: 'open', goal: 'deliver' })];
      const before = (await listed()).length;
      for (const [i, transaction] of records.entries())
        await journal.put({ transaction, expected: 0, due: i === 0 ? Infinity : i });

      const all = await listed();

      expect(all).toHaveLength(before + records.length);
      for (const [i, transaction] of records.entries())
        expect(all).toContainEqual({ transaction, revision: 1, due: i === 0 ? Infinity : i });
      for (const transaction of records)
        await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day });
    });

    test('gives every one of many once, though others come, go and move while it is read', async () => {
      const records = Array.from({ length: 9_000 }, (_, i) => fresh(i % 3 === 0 ? { state: 'held' } : {}));
      const dueOf = ({ state }: Transaction, i: number): number => (state === 'held' ? Infinity : i + 1);
      const passing = Array.from({ length: 500 }, () => fresh());
      for (let i = 0; i < records.length; i += 1000)
        await Promise.all(
          records
            .slice(i, i + 1000)
            .map((transaction, j) => journal.put({ transaction, expected: 0, due: dueOf(transaction, i + j) })),
        );
      await Promise.all(passing.map((transaction) => journal.put(claim(transaction))));

      const times = new Map<string, number>();
      for await (const found of journal.unfinished()) {
        const name = memberOf('unreadable' in found ? found.key : found.transaction);
        times.set(name, (times.get(name) ?? 0) + 1);
        const n = times.size;
        const [moves, ends] = [records[(n * 7919) % records.length], passing[n % 30 === 0 ? n / 30 : -1]];
        if (n % 10 === 0 && moves && moves.state !== 'held') await journal.postpone(at(moves), (n * 31) % 9_000);
        if (ends) await journal.put({ transaction: settled(ends), expected: 1, lifetime: day });
        if (n % 20 === 0) await journal.put(claim(fresh()));
      }

      expect(records.filter((t) => times.get(memberOf(t)) !== 1)).toEqual([]);
      expect([...times.values()].filter((count) => count !== 1)).toEqual([]);
      expect((await collected(journal.due())).length).toBe(6000);
      for (let i = 0; i < records.length; i += 1000)
        await Promise.all(
          records
            .slice(i, i + 1000)
            .map((transaction) => journal.put({ transaction: settled(transaction), expected: 1, lifetime: day })),
        );
    }, 60_000);
  });

  describe('what a player began', () => {
    let players = 0;
    const own = (userID: string, change: Partial<Transaction> = {}): Transaction =>
      fresh({ userID, since: 10 * day, ...change });
    const indexed = (transaction: Transaction): Write => ({ ...claim(transaction), indexed: true });
    async function idsOf(userID: string, from = 9 * day, to = 12 * day): Promise<string[]> {
      const found = await collected(journal.ofPlayer({ agentID: fresh().agentID, userID }, from, to));
      return found.map((one) => ('unreadable' in one ? '?' : one.transaction.transactionID));
    }

    test('is found by its instants, finished or not, and nothing of others', async () => {
      const userID = `p:${++players} %`;
      const [yesterday, first, last, tomorrow] = [10 * day - 1, 10 * day, 11 * day - 1, 11 * day].map((since) =>
        own(userID, { since }),
      );
      const others = [own('another'), own(userID, { agentID: 'SOUTHSTAR01' })];
      for (const one of [yesterday, first, last, tomorrow, ...others]) if (one) await journal.put(indexed(one));
      await journal.put(claim(own(userID)));
      if (!first || !last) throw new Error('there are four');
      await journal.put({ transaction: settled(first), expected: 1, lifetime: day });
      await until('all are listed', async () => (await idsOf(userID)).length === 4);

      expect(await collected(journal.ofPlayer(first, 10 * day, 11 * day))).toStrictEqual([
        { transaction: settled(first), revision: 2 },
        { transaction: last, revision: 1 },
      ]);
      expect(await idsOf(userID, 10 * day + 1)).toEqual([last.transactionID, tomorrow?.transactionID]);
      for (const one of [yesterday, last, tomorrow, ...others])
        if (one) await journal.put({ transaction: settled(one), expected: 1, lifetime: day });
    });

    test('is given once, however often it was claimed, and not when it is gone', async () => {
      const userID = `p${++players}`;
      const all = Array.from({ length: 120 }, () => own(userID, { transactionID: `ünï:${++ids}` }));
      const gone = own(userID);
      await journal.put({ transaction: settled(gone), expected: 0, lifetime: 20, indexed: true });
      await Promise.all([...all, ...all].map((one) => journal.put(indexed(one))));

      await until('all are listed', async () => (await idsOf(userID)).length === 120);
      expect((await idsOf(userID)).sort()).toEqual(all.map(({ transactionID }) => transactionID).sort());
      await Promise.all(all.map((one) => journal.put({ transaction: settled(one), expected: 1, lifetime: day })));
    });
  });

  describe('the count of the unfinished', () => {
    let agents = 0;
    /** Of an agent nobody else has, so that its counts are its own. */
    async function countOf(agentID: string): Promise<readonly Tally[]> {
      const rows = (await journal.count()).filter((row) => row.agentID === agentID);
      return rows.sort((a, b) => `${a.state} ${a.goal}`.localeCompare(`${b.state} ${b.goal}`));
    }

    test('follows each record from its claim to its end, by agent, state and goal, with the oldest of each', async () => {
      const agentID = `count:${++agents}%`;
      const now = journal.now();
      const all = [now - 3000, now - 1000, now - 2000].map((since) => fresh({ agentID, since }));
      const [first, second] = all;
      for (const transaction of all) await journal.put(claim(transaction));
      const claimed = await countOf(agentID);

      if (first === undefined || second === undefined) throw new Error('there are three');
      await journal.put({ ...claim(toVoid({ ...second, state: 'open' }, 'failure')), expected: 1 });
      await journal.put({ transaction: settled(first), expected: 1, lifetime: day });
      const moved = await countOf(agentID);
      for (const [i, transaction] of all.slice(1).entries())
        await journal.put({ transaction: settled(transaction), expected: i === 0 ? 2 : 1, lifetime: day });

      const none = { agentID, onTrust: false, amount: eur('0.00') };
      expect(claimed).toEqual([{ ...none, state: 'claimed', goal: undefined, count: 3, oldest: now - 3000 }]);
      expect(moved).toEqual([
        { ...none, state: 'claimed', goal: undefined, count: 1, oldest: now - 2000 },
        { ...none, state: 'open', goal: 'void', count: 1, oldest: now - 1000 },
      ]);
      expect(await countOf(agentID)).toEqual([]);
    });

    test('says what is owed of what was told as done, to the last decimal', async () => {
      const agentID = `count${++agents}`;
      const owed = ['20.00', '0.10', '0.00000001', '123456789012.99'].map((amount) =>
        withoutLease(
          fresh({
            ...{ agentID, state: 'open', goal: 'deliver', promised: true },
            legs: [{ ...someLeg({ kind: 'deposit', effect: 'unknown' }), win: eur(amount) }],
          }),
        ),
      );
      const bets = owed.flatMap(({ legs }) => legs.map(({ bet }) => bet ?? eur('0')));
      for (const transaction of owed) await journal.put({ ...claim(transaction), trust: { kind: 'on' } });

      const [row, ...more] = await countOf(agentID);

      const sum = bets.reduce((all, bet) => all.plus(bet), eur('123456789033.09000001'));
      expect(more).toEqual([]);
      expect(row).toMatchObject({ state: 'open', goal: 'deliver', onTrust: true, count: 4 });
      expect(row?.amount.compare(sum)).toBe(0);
      for (const transaction of owed)
        await journal.put({ transaction: settled(transaction), expected: 1, lifetime: day, trust: { kind: 'off' } });
      expect(await countOf(agentID)).toEqual([]);
    });

    test('is exact after many writes at once, of which most are refused', async () => {
      const agentID = `count${++agents}`;
      const all = Array.from({ length: 40 }, () => fresh({ agentID }));
      await Promise.all([...all, ...all, ...all].map((transaction) => journal.put(claim(transaction))));
      await Promise.all(
        [...all, ...all].map((transaction, i) =>
          journal.put(
            i % 4 === 0
              ? { transaction: settled(transaction), expected: 1, lifetime: day }
              : { ...claim({ ...transaction, state: 'open' }), expected: 1 },
          ),
        ),
      );

      const rows = await countOf(agentID);

      expect(rows.map(({ state, count }) => [state, count])).toEqual([['open', 30]]);
    });
  });

  test('a finished record lives as long as was asked, and may be claimed anew after that', async () => {
    const transaction = fresh();
    await journal.put(claim(transaction));
    await journal.put({ transaction: settled(transaction), expected: 1, lifetime: 20 });

    await until('the record expires', async () => (await journal.get(at(transaction))) === undefined);

    expect(await journal.put(claim(transaction))).toEqual({ kind: 'done', revision: 1 });
  });

  test('a record that is taken up again no longer expires', async () => {
    const transaction = fresh();
    const other = fresh();
    await journal.put({ transaction: settled(transaction), expected: 0, lifetime: 1000 });
    await journal.put({ ...claim(toVoid(settled(transaction), 'rollback')), expected: 1 });
    await journal.put({ transaction: settled(other), expected: 0, lifetime: 1010 });

    await until('a record that was to live longer expires', async () => (await journal.get(at(other))) === undefined);

    expect(await isListed(transaction)).toBe(true);
  });

  describe('a sign', () => {
    let signs = 0;
    const fresher = (): string => (++signs).toString(16).padStart(32, '0').padEnd(64, 'A');

    test('belongs to the transaction it came with first', async () => {
      const sign = fresher();
      const [first, second] = [fresh(), fresh()];

      expect(await journal.put({ ...claim(first), sign })).toEqual({ kind: 'done', revision: 1 });
      expect(await journal.put({ ...claim(second), sign })).toEqual({ kind: 'signTaken' });

      expect(await journal.get(at(second))).toBeUndefined();
      expect(await isListed(second)).toBe(false);
    });

    test('may come again with that transaction', async () => {
      const sign = fresher();
      const transaction = fresh();
      await journal.put({ ...claim(transaction), sign });

      expect(await journal.put({ ...claim(transaction), sign })).toMatchObject({ kind: 'there' });
      expect(await journal.put({ ...claim(toVoid(transaction, 'rollback')), expected: 1, sign })).toEqual({
        kind: 'done',
        revision: 2,
      });
    });

    test('is bound by a claim that comes second, too', async () => {
      const sign = fresher();
      const transaction = fresh();
      await journal.put(claim(transaction));
      await journal.put({ ...claim(transaction), sign });

      expect(await journal.put({ ...claim(fresh()), sign })).toEqual({ kind: 'signTaken' });
    });

    test('that is bound to none can be no transaction’s', async () => {
      const sign = fresher();
      const [first, second] = [fresh(), fresh()];
      journal.bindToNone(first.agentID, sign);

      expect(await journal.put({ ...claim(first), sign })).toEqual({ kind: 'signTaken' });
      expect(await journal.get(at(first))).toBeUndefined();
      expect(await journal.put({ ...claim(second), sign: fresher() })).toEqual({ kind: 'done', revision: 1 });
    });

    test('that is bound to none is a free one for another agent', async () => {
      const sign = fresher();
      journal.bindToNone('NORTHSTAR01', sign);

      expect(await journal.put({ ...claim(fresh({ agentID: 'SOUTHSTAR01' })), sign })).toMatchObject({ kind: 'done' });
    });

    test('that belongs to a transaction stays with it', async () => {
      const sign = fresher();
      const transaction = fresh();
      await journal.put({ ...claim(transaction), sign });
      journal.bindToNone(transaction.agentID, sign);

      expect(await journal.put({ ...claim(transaction), sign })).toMatchObject({ kind: 'there' });
      expect(await journal.put({ ...claim(fresh()), sign })).toEqual({ kind: 'signTaken' });
    });

    test('is another one for another agent', async () => {
      const sign = fresher();
      await journal.put({ ...claim(fresh()), sign });

      expect(await journal.put({ ...claim(fresh({ agentID: 'SOUTHSTAR01' })), sign })).toEqual({
        kind: 'done',
        revision: 1,
      });
    });
  });

  test('ids of any characters are told apart and given back unchanged', async () => {
    const awkward: TransactionKey[] = [
      { agentID: 'a:b', transactionID: 'c' },
      { agentID: 'a', transactionID: 'b:c' },
      { agentID: 'a%003ab', transactionID: 'c' },
      { agentID: 'a', transactionID: '' },
      { agentID: ' a ', transactionID: ' two  spaces ' },
      { agentID: '{x}', transactionID: '{}{y}' },
      { agentID: 'ägent', transactionID: 'ünïcödé 😀' },
      { agentID: 'a', transactionID: '\ud800' },
      { agentID: 'a', transactionID: '\ud801' },
      { agentID: 'a', transactionID: 'line\r\nbreak\0' },
      { agentID: '__proto__', transactionID: 'constructor' },
    ];
    for (const [i, key] of awkward.entries())
      expect(await journal.put({ transaction: fresh(key), expected: 0, due: -1000 + i })).toEqual({
        kind: 'done',
        revision: 1,
      });

    expect((await collected(journal.due())).slice(0, awkward.length)).toMatchObject(awkward);
    for (const key of awkward) expect((await journal.get(key))?.transaction).toMatchObject(key);
    for (const key of awkward) await journal.put({ transaction: settled(fresh(key)), expected: 1, lifetime: day });
  });

  test('the clock is in epoch milliseconds', () => {
    expect(Number.isInteger(journal.now())).toBe(true);
    expect(Math.abs(journal.now() - Date.now())).toBeLessThan(5000);
  });

  test('the last balance of a player is known, and of no other', async () => {
    const player = { agentID: 'A', userID: 'p:1' };

    expect(await journal.lastBalance(player)).toBeUndefined();
    journal.rememberBalance(player, eur('10.00'));
    journal.rememberBalance(player, eur('-0.50'));

    expect(await journal.lastBalance(player)).toEqual(eur('-0.50'));
    expect(await journal.lastBalance({ agentID: 'A:p', userID: '1' })).toBeUndefined();
  });

  test('is reachable', () => {
    expect(journal.isReachable()).toBe(true);
  });
});
