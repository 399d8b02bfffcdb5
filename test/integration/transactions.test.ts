// What a person sees of unfinished records in a real Redis, and what his commands do to them.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Journal } from '../../src/domain/ports.js';
import { isUnfinished, type Transaction } from '../../src/domain/transaction.js';
import { RedisConnection } from '../../src/journal/redis-connection.js';
import { RedisJournal } from '../../src/journal/redis-journal.js';
import { visitJournal } from '../../src/journal/visit-journal.js';
import {
  agentsOfOperator,
  listTransactions,
  resolveTransaction,
  showTransaction,
  tryNow,
} from '../../src/tools/transactions.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { eur, player, someLeg, someTransaction } from '../support/transactions.js';

let redis: TestRedis;
let journal: Journal;
let ids = 0;

beforeAll(async () => {
  redis = await startRedis();
  const connection = new RedisConnection({ url: redis.url });
  expect(await connection.reachable(5000)).toBe(true);
  journal = new RedisJournal(connection, { signLifetime: 1, begins: true });
});

afterAll(async () => {
  await journal.close();
  await redis.stop();
});

const everything = { limit: 50, format: 'text' } as const;
const at = (transactionID: string) => ({ agentID: player.agentID, transactionID });

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
    const { lines, exitCode } = await listTransactions(journal, everything);

    expect(exitCode).toBe(0);
    expect(lines[1]).toMatch(new RegExp(`^2h 5m .*held .*void .*withdraw .*12\\.30 .*a person .*${oldest}$`));
    expect(lines[2]).toMatch(new RegExp(`^1m 5s .*open .*deliver .*OTHER01 .*${young}$`));
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('can be narrowed to a state, to agents, and to a number', async () => {
    const held = await listTransactions(journal, { ...everything, state: 'held' });
    const others = await listTransactions(journal, { ...everything, agents: new Set(['OTHER01']) });
    const one = await listTransactions(journal, { ...everything, limit: 1 });
    const none = await listTransactions(journal, { ...everything, state: 'claimed' });

    expect(held.lines.at(-1)).toContain(oldest);
    expect(others.lines.slice(1).join()).toContain(young);
    expect(others.lines).toHaveLength(2);
    expect(one.lines.slice(2)).toEqual(['… and 1 more']);
    expect(none.lines).toEqual(['nothing is unfinished']);
  });

  test('prints JSON, amounts as decimal text', async () => {
    const { lines } = await listTransactions(journal, { ...everything, state: 'held', format: 'json' });

    expect(JSON.parse(lines.join(''))).toEqual([
      expect.objectContaining({ transactionID: oldest, goal: 'void', bet: '12.30', win: null, nextLook: 'a person' }),
    ]);
  });

  test('knows an operator by the agents in his file', () => {
    expect(agentsOfOperator('demo', 'config/operators', {})).toEqual(new Set(['DEMO01']));
    expect(agentsOfOperator('nobody', 'config/operators', {})).toBeUndefined();
  });
});

describe('show', () => {
  test('tells facts, movements and story', async () => {
    const legs = [someLeg({ effect: 'applied', undos: 1, receipt: 'w-77', sends: 2 })];
    const id = await stored(5_000, { goal: 'void', promised: true, legs, story: [{ at: 1_000, what: 'failed' }] });

    const { lines, exitCode } = await showTransaction(journal, at(id));

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

  test('lets nothing steer the terminal', async () => {
    const id = await stored(0, { transactionID: 'evil\u001b[2J\n', userID: '\u202ebob' });

    const { lines } = await showTransaction(journal, at(id));

    expect(lines.join('')).toContain('evil\\u{1b}[2J\\u{a}');
    expect(lines.join('')).not.toMatch(/[\p{C}\n]/u);
  });

  test('of what is not there says so', async () => {
    expect(await showTransaction(journal, at('nothing'))).toMatchObject({ exitCode: 1 });
  });
});

describe('resolve', () => {
  const said = { applied: true, reason: 'seen in its books' };
  let id: string;
  beforeEach(async () => {
    id = await stored(5_000, { goal: 'void', promised: true });
  });

  test('puts the word on record, due at once', async () => {
    const { lines, exitCode } = await resolveTransaction(journal, at(id), said);

    const record = await journal.get(at(id));
    expect([exitCode, lines]).toEqual([0, ['recorded; the bridge undoes it in the wallet now']]);
    expect(record).toMatchObject({ revision: 2, transaction: { state: 'open', goal: 'void', promised: true } });
    expect(record?.transaction.story).toEqual([
      { at: record?.transaction.resumed, what: 'saidApplied', why: 'seen in its books' },
    ]);
    expect(await journal.nextLook(at(id))).toBeLessThanOrEqual(journal.now());
  });

  test.each([
    [true, 'deliver', 'it ends as done, and nothing is sent'],
    [false, 'deliver', 'the bridge sends it to the wallet now, under the same reference'],
    [false, 'void', 'it ends without effect, and nothing is sent'],
  ] as const)('applied %s on %s: %s', async (applied, goal, follows) => {
    const other = await stored(5_000, { goal });

    const { lines } = await resolveTransaction(journal, at(other), { ...said, applied });

    expect(lines).toEqual([`recorded; ${follows}`]);
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

    const { lines, exitCode } = await resolveTransaction(meanwhile, at(id), said);

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
      await resolveTransaction(journal, at(finished), said),
      await resolveTransaction(journal, at(inHand), said),
      await resolveTransaction(journal, at(id), { ...said, reason: '' }),
      await resolveTransaction(journal, at(id), { ...said, reason: 'x'.repeat(501) }),
      await resolveTransaction(journal, at(id), { ...said, leg: 'win' }),
      await resolveTransaction(journal, at('nothing'), said),
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

    const which = await resolveTransaction(journal, at(other), said);
    const bet = await resolveTransaction(journal, at(other), { ...said, applied: false, leg: 'bet' });

    expect(which.lines).toEqual(['not done: more than one movement is in doubt: say which, --leg bet or --leg win']);
    expect(bet.exitCode).toBe(0);
    expect((await journal.get(at(other)))?.transaction.legs.map(({ effect }) => effect)).toEqual(['undone', 'unknown']);
  });
});

describe('try-now', () => {
  test('makes an open record due, and changes nothing else', async () => {
    const id = await stored(5_000, { state: 'open', goal: 'deliver' }, journal.now() + 3_600_000);

    const { exitCode } = await tryNow(journal, at(id));

    expect(exitCode).toBe(0);
    expect(await journal.nextLook(at(id))).toBeLessThanOrEqual(journal.now());
    expect(await journal.get(at(id))).toMatchObject({ revision: 1 });
  });

  test('is refused for what is held, in hand, finished or not there', async () => {
    const held = await stored(0, {});
    const inHand = await stored(0, { state: 'claimed', lease: { owner: 'us', until: journal.now() + 60_000 } });
    const finished = await stored(0, { state: 'refused' });

    const answers = [held, inHand, finished, 'nothing'].map((id) => tryNow(journal, at(id)));

    expect((await Promise.all(answers)).map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1]);
    expect(await journal.nextLook(at(held))).toBe(Infinity);
  });
});

describe('a visit to the journal', () => {
  test('reads what is there, and closes', async () => {
    const id = await stored(0, {});

    const found = await visitJournal({ url: redis.url }, (visited) => visited.get(at(id)));

    expect(found?.transaction.transactionID).toBe(id);
  });
});
