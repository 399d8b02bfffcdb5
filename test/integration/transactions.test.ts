// What a person sees of unfinished records in a real Redis, and what a person's commands do to them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Journal } from '../../src/domain/ports.js';
import { isUnfinished, type Transaction } from '../../src/domain/transaction.js';
import { placeOf } from '../../src/journal/keys.js';
import { visitJournal } from '../../src/journal/visit-journal.js';
import { agentsOfOperator } from '../../src/commands/transactions/list.js';
import { findAmong, listedFor, type FindOptions } from '../../src/deeds/find.js';
import { listTransactions, type ListOptions } from '../../src/deeds/list.js';
import { printDeed } from '../../src/commands/transactions/print-deed.js';
import { printList } from '../../src/commands/transactions/print-list.js';
import { printShown } from '../../src/commands/transactions/print-show.js';
import { resolveTransaction, type Resolution } from '../../src/deeds/resolve.js';
import { showTransaction } from '../../src/deeds/show.js';
import { printTried } from '../../src/commands/transactions/try-now.js';
import { tryAllNow, tryNow } from '../../src/deeds/try-now.js';
import type { TestRedis } from '../support/redis.js';
import { openRedisJournal, type JournalOnRedis } from '../support/redis-journal.js';
import { eur, player, someLeg, someTransaction } from '../support/transactions.js';

let redis: TestRedis;
let journal: Journal;
/** Beside the journal, to spoil what is in it. */
let client: Redis;
let close: JournalOnRedis['close'];
let ids = 0;

beforeAll(async () => {
  ({ redis, client, journal, close } = await openRedisJournal());
});

afterAll(() => close());

const everything = { limit: 50, format: 'text' } as const;
const at = (transactionID: string) => ({ agentID: player.agentID, transactionID });

/** What each command prints, and its exit code. */
const list = async ({ format, ...wanted }: ListOptions & { format: 'text' | 'json' }) =>
  printList(await listTransactions(journal, wanted), format);
const show = async (id: string, how: Parameters<typeof printShown>[2] = { format: 'text', telling: 'whole' }) =>
  printShown(at(id), await showTransaction(journal, at(id)), how);
const hurry = async (id: string) => printDeed(at(id), await tryNow(journal, at(id)));
const resolve = async (id: string, said: Resolution, there = journal) =>
  printDeed(at(id), await resolveTransaction(there, at(id), said));

/** Puts a record into the journal as if it had begun `age` milliseconds ago. */
async function stored(age: number, change: Partial<Transaction>, due = Infinity): Promise<string> {
  const transactionID = change.transactionID ?? `474e1a293c2f4e7ab122c52d${String(++ids).padStart(8, '0')}`;
  const since = journal.now() - age;
  const transaction = someTransaction({ state: 'held', heldBecause: 'nobody knows', since, ...change, transactionID });
  const where = isUnfinished(transaction.state) ? { due } : { lifetime: 60_000 };
  expect(await journal.put({ transaction, expected: 0, ...where })).toMatchObject({ kind: 'done' });
  return transactionID;
}

describe('list', () => {
  let oldest: string;
  let young: string;

  beforeAll(async () => {
    young = await stored(65_000, { state: 'open', goal: 'deliver', agentID: 'OTHER01' }, journal.now() + 30_000);
    oldest = await stored(7_500_000, { goal: 'void' });
    await stored(1_000_000, { state: 'applied' });
  });

  test('shows the oldest first, in 120 columns, with ids that can be copied', async () => {
    const { lines, exitCode } = await list(everything);

    expect(exitCode).toBe(0);
    expect(lines[1]).toMatch(new RegExp(`^2h 5m .*held .*void .*withdraw .*12\\.30 .*a person .*${oldest}$`));
    expect(lines[2]).toMatch(new RegExp(`^1m 5s .*open .*deliver .*OTHER01 .*${young}$`));
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('can be narrowed to a state, to agents, and to a number', async () => {
    const held = await list({ ...everything, state: 'held' });
    const others = await list({ ...everything, agents: new Set(['OTHER01']) });
    const one = await list({ ...everything, limit: 1 });
    const none = await list({ ...everything, state: 'claimed' });

    expect(held.lines.at(-1)).toContain(oldest);
    expect(others.lines.slice(1).join()).toContain(young);
    expect(others.lines).toHaveLength(2);
    expect(one.lines.slice(2)).toEqual(['… and 1 more']);
    expect(none.lines).toEqual(['none of these among 2 unfinished']);
  });

  test('prints JSON, amounts as decimal text', async () => {
    const { lines } = await list({ ...everything, state: 'held', format: 'json' });

    expect(JSON.parse(lines.join(''))).toEqual({
      transactions: [
        expect.objectContaining({ transactionID: oldest, goal: 'void', bet: '12.30', win: null, nextLook: 'a person' }),
      ],
      more: 0,
    });
  });

  test('knows an operator by the agents in his file', () => {
    expect(agentsOfOperator('demo', 'config/operators', {})).toEqual(new Set(['DEMO01']));
    expect(agentsOfOperator('nobody', 'config/operators', {})).toBeUndefined();
  });
});

describe('find', () => {
  const userID = 'finder';
  const hour = 3_600_000;
  let now: number;
  let named: Record<'old' | 'done' | 'poor' | 'held', string>;

  beforeAll(async () => {
    now = journal.now();
    let count = 0;
    const put = async (age: number, change: Partial<Transaction>, indexed = true): Promise<string> => {
      const transactionID = `find-${++count}`;
      const transaction = someTransaction({ userID, since: now - age, state: 'applied', ...change, transactionID });
      const where = isUnfinished(transaction.state) ? { due: Infinity } : { lifetime: hour };
      await journal.put({ transaction, expected: 0, ...where, ...(indexed && { indexed }) });
      return transactionID;
    };
    named = {
      old: await put(30 * hour, {}),
      done: await put(3 * hour, {}),
      poor: await put(2 * hour, { state: 'refused', refusal: 'insufficientFunds' }),
      held: await put(hour, { state: 'held', goal: 'void' }, false),
    };
    await put(hour, {}, false);
    await put(hour, { userID: 'another' });
  });
  const wanted = { limit: 50, from: 0, to: Infinity, userID };
  const found = async (change: Partial<FindOptions> = {}, players = [{ agentID: player.agentID, userID }]) => {
    const options = { ...wanted, from: now - 48 * hour, to: now, ...change };
    const { transactions } = await findAmong(journal, listedFor(journal, players, options), options);
    return transactions.map(({ transactionID }) => transactionID);
  };

  test('gives a player’s transactions, finished or not, the oldest first', async () => {
    expect(await found()).toEqual([named.old, named.done, named.poor, named.held]);
    expect(await found({ from: now - 3 * hour, to: now - hour })).toEqual([named.done, named.poor]);
    expect(await found({ word: 'insufficientFunds' })).toEqual([named.poor]);
    expect(await found({ word: 'success' })).toEqual([named.old, named.done]);
    expect(await found({ word: 'held' })).toEqual([named.held]);
    expect(await found({ limit: 1 })).toEqual([named.old]);
    expect(await found({}, [{ agentID: 'OTHER01', userID }])).toEqual([named.held]);
  });

  async function find(...words: string[]) {
    const env = { ...process.env, REDIS_URL: redis.url, OPERATORS_DIR: 'config/operators' };
    const child = spawn(process.execPath, ['dist/main.js', 'transactions', 'find', ...words], { env });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
    const [code] = (await once(child, 'close')) as [number];
    return { out, code };
  }

  test('says which way it looked: a file that names no such agent has every record read', async () => {
    const [text, json, wrong] = await Promise.all([
      find('--player', userID, '--agents', player.agentID),
      find('--player', 'nobody', '--format', 'json'),
      find('--result', '3'),
    ]);

    expect(text.out).toMatch(/^transactions of finder of NORTHSTAR01, from .* every record was read: no file/);
    expect(text.out.split('\n').filter((line) => line.includes('find-'))).toHaveLength(5);
    expect(JSON.parse(json.out)).toMatchObject({ readAll: null, transactions: [], more: 0 });
    expect(wrong).toMatchObject({
      code: 2,
      out: expect.stringMatching(/expected one of 0, 1, 2, 5, 6, 8, 9, claimed/),
    });
  });
});

describe('show', () => {
  test('tells facts, movements and story', async () => {
    const legs = [someLeg({ effect: 'applied', undos: 1, receipt: 'w-77', sends: 2 })];
    const id = await stored(5_000, { goal: 'void', promised: true, legs, story: [{ at: 1_000, what: 'failed' }] });

    const { lines, exitCode } = await show(id);

    const text = lines.join('\n');
    expect(exitCode).toBe(0);
    for (const fact of [
      id,
      'a bet of 12.30 by player_1',
      'held, must end without effect (revision 1)',
      'nobody knows',
      '1, it failed',
      'a person',
      'gsp-t1-r',
      '2 times',
      'w-77',
      '1970-01-01 00:00:01  the platform was told that it failed (1)',
    ])
      expect(text).toContain(fact);
  });

  test('in short says why the platform heard what it heard, and what follows; in JSON all there is', async () => {
    const story = [{ at: 1_000, what: 'answered', why: 'errors[0] holds (HTTP 402), after 23 ms' }] as const;
    const refused = await stored(5_000, { state: 'refused', refusal: 'insufficientFunds', story });
    const held = await stored(5_000, { goal: 'void', promised: true });

    const why = (await show(refused, { format: 'text', telling: 'why' })).lines.join('\n');
    const { lines, exitCode } = await show(held, { format: 'json', telling: 'why' });

    for (const fact of ['a bet of 12.30 by player_1', 'insufficientFunds', 'errors[0] holds (HTTP 402), after 23 ms'])
      expect(why).toContain(fact);
    expect(why).toMatch(/^next +nothing: it is at its end$/m);
    expect(exitCode).toBe(0);
    expect(JSON.parse(lines.join(''))).toMatchObject({
      facts: { transactionID: held, result: 'generalError' },
      ...{ told: '1, it failed', next: expect.stringMatching(/^nothing, until a person says/) },
    });
  });

  test('lets nothing steer the terminal', async () => {
    const id = await stored(0, { transactionID: 'evil\u001b[2J\n', userID: '\u202ebob' });

    const { lines } = await show(id);

    expect(lines.join('')).toContain('evil\\u{1b}[2J\\u{a}');
    expect(lines.join('')).not.toMatch(/[\p{C}\n]/u);
  });

  test('of what is not there says so', async () => {
    expect(await show('nothing')).toMatchObject({ exitCode: 1 });
  });
});

describe('resolve', () => {
  const said = { said: 'applied', reason: 'seen in its books' } as const;
  let id: string;
  beforeEach(async () => {
    id = await stored(5_000, { goal: 'void', promised: true });
  });

  test('puts the word on record, due at once', async () => {
    const { lines, exitCode } = await resolve(id, said);

    const record = await journal.get(at(id));
    expect([exitCode, lines]).toEqual([0, ['recorded; the bridge undoes it in the wallet now']]);
    expect(record).toMatchObject({ revision: 2, transaction: { state: 'open', goal: 'void', promised: true } });
    expect(record?.transaction.story).toEqual([
      { at: record?.transaction.resumed, what: 'saidApplied', why: 'seen in its books' },
    ]);
    expect(await journal.nextLook(at(id))).toBeLessThanOrEqual(journal.now());
  });

  test.each([
    ['applied', 'deliver', 'it ends as done, and nothing is sent'],
    ['notApplied', 'deliver', 'the bridge sends it to the wallet now, under the same reference'],
    ['notApplied', 'void', 'it ends without effect, and nothing is sent'],
    ['writtenOff', 'deliver', 'it ends as a difference that reconcile lists as explained, and nothing is sent'],
    ['sameWallet', 'void', 'it is still held for another reason'],
  ] as const)('%s on %s: %s', async (word, goal, follows) => {
    const other = await stored(5_000, { goal, home: { operator: 'northstar', origin: 'aB3-_x' } });

    const { lines } = await resolve(other, { ...said, said: word });

    expect(lines).toEqual([`recorded; ${follows}`]);
  });

  test('shows what was sent before, also after a person said that it was in vain', async () => {
    const legs = [someLeg({ sends: 2, lastSend: 1_700_000_000_000 })];
    const other = await stored(5_000, { goal: 'deliver', legs });

    await resolve(other, { ...said, said: 'notApplied' });

    const { lines } = await show(other);
    expect(lines).toContainEqual(expect.stringMatching(/sent +2 times, at 2023-11-14 22:13:20 at the latest; in vain/));
  });

  test('ends a duty nobody will fulfil: told as before, listed no more', async () => {
    const other = await stored(5_000, { goal: 'deliver', promised: true, balance: eur('120.00') });

    await resolve(other, { ...said, said: 'writtenOff' });

    const { lines } = await show(other);
    expect(lines).toContainEqual(expect.stringMatching(/^platform told +0, done/));
    expect(lines).toContainEqual(expect.stringContaining('a person wrote it off'));
    expect(await journal.nextLook(at(other))).toBeUndefined();
  });

  test('is refused where the record changed since it was read', async () => {
    const meanwhile: Journal = Object.create(journal, {
      get: {
        value: async () => {
          const read = await journal.get(at(id));
          if (read) await journal.put({ transaction: read.transaction, expected: read.revision, due: Infinity });
          return read;
        },
      },
    }) as Journal;

    const { lines, exitCode } = await resolve(id, said, meanwhile);

    expect([exitCode, lines]).toEqual([1, ['not done: the record changed in the meantime: look at it again']]);
  });

  test('is refused without need, without reason, and for what is not there', async () => {
    const finished = await stored(0, { state: 'applied' });
    const inHand = await stored(0, {
      state: 'open',
      goal: 'void',
      lease: { owner: 'us', until: journal.now() + 60_000 },
    });

    const answers = [
      await resolve(finished, said),
      await resolve(inHand, said),
      await resolve(id, { ...said, reason: '' }),
      await resolve(id, { ...said, reason: 'x'.repeat(501) }),
      await resolve(id, { ...said, leg: 'win' }),
      await resolve('nothing', said),
    ];

    expect(answers.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await journal.get(at(id))).toMatchObject({ revision: 1 });
  });

  test('asks which, where two movements are in doubt, and takes the answer', async () => {
    const legs = [
      someLeg({ effect: 'applied', undos: 1 }),
      someLeg({ kind: 'deposit', win: eur('20.00'), reference: 'gsp-t1-w' }),
    ];
    const other = await stored(0, {
      goal: 'void',
      legs,
      content: { kind: 'betWin', roundID: 'r1', bet: eur('12.30'), win: eur('20.00') },
    });

    const which = await resolve(other, said);
    const bet = await resolve(other, { ...said, said: 'notApplied', leg: 'bet' });

    expect(which.lines).toEqual(['not done: more than one movement is in doubt: say which, --leg bet or --leg win']);
    expect(bet.exitCode).toBe(0);
    expect((await journal.get(at(other)))?.transaction.legs.map(({ effect }) => effect)).toEqual(['undone', 'unknown']);
  });
});

describe('try-now', () => {
  test('makes an open record due, and changes nothing else', async () => {
    const id = await stored(5_000, { state: 'open', goal: 'deliver' }, journal.now() + 3_600_000);

    const { exitCode } = await hurry(id);

    expect(exitCode).toBe(0);
    expect(await journal.nextLook(at(id))).toBeLessThanOrEqual(journal.now());
    expect(await journal.get(at(id))).toMatchObject({ revision: 1 });
  });

  test('is refused for what is held, in hand, finished or not there', async () => {
    const held = await stored(0, {});
    const inHand = await stored(0, { state: 'claimed', lease: { owner: 'us', until: journal.now() + 60_000 } });
    const finished = await stored(0, { state: 'refused' });

    const answers = [held, inHand, finished, 'nothing'].map((id) => hurry(id));

    expect((await Promise.all(answers)).map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1]);
    expect(await journal.nextLook(at(held))).toBe(Infinity);
  });
});

describe('try-now --all', () => {
  const agentID = 'HURRIED01';
  const agents = new Set([agentID]);
  const hour = 3_600_000;

  test('makes all due that wait for the bridge, the oldest first, and says what it cannot move', async () => {
    const later = journal.now() + hour;
    const ages = Array.from({ length: 200 }, (_, i) => 1_000 * ((i * 7919) % 200));
    const ids = await Promise.all(ages.map((age) => stored(age, { agentID, state: 'open', goal: 'void' }, later)));
    const inHand = await stored(0, { agentID, lease: { owner: 'us', until: later }, state: 'claimed' }, later);
    const held = await stored(0, { agentID });
    const others = await stored(0, { agentID: 'PATIENT01', state: 'open', goal: 'void' }, later);

    const { lines, exitCode } = printTried(await tryAllNow(journal, agents));

    expect(lines).toEqual([
      '200 due now: the bridge takes them up, the oldest first',
      '1 held: nothing but your word moves them on (list --state held)',
    ]);
    expect(exitCode).toBe(0);
    const due = await Promise.all(ids.map((transactionID) => journal.nextLook({ agentID, transactionID })));
    expect(Math.max(...due.map(Number))).toBeLessThanOrEqual(journal.now());
    const byAge = [...due.keys()].sort((a, b) => (ages[b] ?? 0) - (ages[a] ?? 0)).map((i) => Number(due[i]));
    expect(byAge).toEqual(byAge.toSorted((a, b) => a - b));
    expect(await journal.nextLook({ agentID, transactionID: inHand })).toBe(later);
    expect(await journal.nextLook({ agentID, transactionID: held })).toBe(Infinity);
    expect(await journal.nextLook({ agentID: 'PATIENT01', transactionID: others })).toBe(later);
  });

  test('of an operator without any says so', async () => {
    expect(printTried(await tryAllNow(journal, new Set(['NOBODY01'])))).toEqual({
      lines: ['none waits for the bridge'],
      exitCode: 1,
    });
  });
});

describe('a record that cannot be read', () => {
  const remedies = {
    newer: ['a newer version of the bridge wrote it', 'use the command of that version, and bring every replica to it'],
    damaged: ['what stands in its place is damaged, or no record at all', 'put the record back from a copy of Redis'],
    gone: ['it is listed as unfinished, but it is not there', 'put the record back from a copy of Redis'],
  } as const;

  /** A record that is held, and then is not what we wrote. */
  async function spoilt(unreadable: keyof typeof remedies): Promise<string> {
    const id = await stored(5_000, {});
    const { record } = placeOf(at(id));
    const text = (await client.get(record)) ?? '';
    if (unreadable === 'newer')
      await client.set(record, text.replace('"heldBecause"', '"secretly":"s3cret","heldBecause"'));
    if (unreadable === 'damaged') await client.set(record, `${text}s3cret`);
    if (unreadable === 'gone') await client.del(record);
    return id;
  }

  test.each(Object.entries(remedies))(
    '%s, is shown in sentences, and nothing of what is in it',
    async (kind, words) => {
      const unreadable = kind === 'newer' || kind === 'damaged' ? kind : 'gone';
      const id = await spoilt(unreadable);

      const { lines, exitCode } = await show(id);

      expect(exitCode).toBe(1);
      expect(lines).toEqual([
        `agent           ${player.agentID}`,
        `transaction     ${id}`,
        `state           unreadable: ${words[0]}`,
        'looked at next  a person',
        'meanwhile       no replica that cannot read it acts on it, and no money of it moves',
        expect.stringContaining(words[1]),
      ]);
      expect(lines.join()).not.toContain('s3cret');
    },
  );

  test.each(Object.entries(remedies))('%s, is listed, and refuses what a person says of it', async (kind, words) => {
    const unreadable = kind === 'newer' || kind === 'damaged' ? kind : 'gone';
    const id = await spoilt(unreadable);
    const before = await client.get(placeOf(at(id)).record);

    const text = await list({ ...everything, state: 'unreadable', limit: 999 });
    const json = await list({ ...everything, state: 'unreadable', format: 'json' });
    const answers = [await resolve(id, { said: 'applied', reason: 'seen' }), await hurry(id)];

    expect(text.lines.filter((line) => line.endsWith(id))).toEqual([
      expect.stringMatching(/^- +unreadable +- +- +- +a person +NORTHSTAR01 +/),
    ]);
    expect(JSON.parse(json.lines.join(''))).toMatchObject({
      transactions: expect.arrayContaining([
        expect.objectContaining({ transactionID: id, state: 'unreadable', unreadableBecause: words[0], since: null }),
      ]),
    });
    for (const { lines, exitCode } of answers) {
      expect([lines.length, exitCode]).toEqual([1, 1]);
      expect(lines[0]).toMatch(/^not done: its record cannot be read \(/);
      expect(lines[0]).toContain(words[0]);
      expect(lines[0]).toContain(words[1]);
    }
    expect(await client.get(placeOf(at(id)).record)).toBe(before);
    expect(await journal.nextLook(at(id))).toBe(Infinity);
  });

  test('and is not listed either, is no transaction', async () => {
    const id = await spoilt('gone');
    await client.zrem(placeOf(at(id)).bucket.due, placeOf(at(id)).member);

    expect((await show(id)).lines).toEqual([`there is no record of ${player.agentID} ${id}`]);
  });
});

test('of more than 10,000 unfinished every one is counted, and the held are found behind them', async () => {
  const before = await list({ ...everything, limit: 1, format: 'json' });
  const { more: others } = JSON.parse(before.lines.join('')) as { more: number };
  for (let n = 0; n < 10_500; n += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        stored(9_000_000 - n - i, { state: 'open', goal: 'deliver', agentID: 'CROWD01' }, journal.now() + 86_400_000),
      ),
    );
  const held = await stored(0, { agentID: 'CROWD01' });

  const crowd = { ...everything, agents: new Set(['CROWD01']) };
  const all = await list(everything);
  const shown = await list({ ...crowd, limit: 3 });
  const json = await list({ ...crowd, limit: 3, format: 'json' });

  expect(all.lines.at(-1)).toBe(`… and ${others + 1 + 10_501 - 50} more`);
  expect(shown.lines.at(-1)).toBe('… and 10498 more');
  expect(shown.lines).toHaveLength(5);
  expect(JSON.parse(json.lines.join(''))).toMatchObject({ more: 10_498 });
  const ofState = await list({ ...crowd, state: 'held' });
  expect(ofState.lines.slice(1)).toEqual([expect.stringContaining(held)]);
}, 60_000);

describe('a visit to the journal', () => {
  test('reads what is there, and closes', async () => {
    const id = await stored(0, {});

    const found = await visitJournal({ url: redis.url }, (visited) => visited.get(at(id)));

    expect(found?.transaction.transactionID).toBe(id);
  });
});
