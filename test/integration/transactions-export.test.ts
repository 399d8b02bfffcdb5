// `transactions export` as people call it, on a real Redis: every record of a time once, in order, whatever its
// state; and nothing where not everything could be read.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Redis } from 'ioredis';
import { exportColumns } from '../../src/books/export-columns.js';
import { isUnfinished, states, type Transaction } from '../../src/domain/transaction.js';
import { buckets, placeOf } from '../../src/journal/keys.js';
import type { RedisJournal } from '../../src/journal/redis-journal.js';
import { root } from '../support/pages.js';
import type { TestRedis } from '../support/redis.js';
import { openRedisJournal, type JournalOnRedis } from '../support/redis-journal.js';
import { eur, someLeg, someTransaction } from '../support/transactions.js';

let redis: TestRedis;
let journal: RedisJournal;
let client: Redis;
let close: JournalOnRedis['close'];
const midnight = Date.parse('2026-11-21T00:00:00Z');
const many = 400;

beforeAll(async () => {
  ({ redis, client, journal, close } = await openRedisJournal());
  for (let n = 0; n < many; n += 1) {
    const state = states[n % states.length] ?? 'open';
    const since = midnight + ((n * 7919) % many) * 1000;
    await put({ transactionID: idOf(n), state, since, agentID: n % 4 === 0 ? 'DEMO01' : 'OTHER01' });
  }
  for (const n of [17, 18]) await client.append(placeOf({ agentID: 'OTHER01', transactionID: idOf(n) }).record, 'x');
}, 60_000);

afterAll(() => close());

const idOf = (n: number): string => `t${String(n).padStart(4, '0')}`;

async function put(change: Partial<Transaction>): Promise<void> {
  const legs = [someLeg({ bet: eur('0.10'), effect: change.state === 'applied' ? 'applied' : 'none' })];
  const content = { kind: 'withdraw', roundID: 'r1', bet: eur('0.10') } as const;
  const transaction = someTransaction({ ...change, content, legs });
  const where = isUnfinished(transaction.state) ? { due: Infinity } : { lifetime: 600_000 };
  expect(await journal.put({ transaction, expected: 0, ...where })).toMatchObject({ kind: 'done' });
}

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `most`: hang up after so many bytes, as `head` does. */
async function run(words: string[], most = Infinity, env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, ['dist/main.js', 'transactions', 'export', ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'], REDIS_URL: redis.url, OPERATORS_DIR: join(root, 'config/operators'), ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.length >= most) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const rowsOf = (out: string): Record<string, string>[] => parse(out, { columns: true, record_delimiter: '\r\n' });

describe('an export', () => {
  test('has every record once, the oldest first, those that cannot be read before them', async () => {
    const { code, out, err } = await run([]);

    const rows = rowsOf(out);
    expect([code, err]).toEqual([0, `${many} transactions, 2 of them unreadable: they stand first, without a time\n`]);
    expect(Object.keys(rows[0] ?? {})).toEqual(exportColumns.map(({ name }) => name));
    expect(rows.map((row) => row['transactionID']).sort()).toEqual(Array.from({ length: many }, (_, n) => idOf(n)));
    expect(rows.slice(0, 2).map(({ state, time, bet }) => [state, time, bet])).toEqual([
      ['unreadable', '', ''],
      ['unreadable', '', ''],
    ]);
    const times = rows.slice(2).map(({ time = '' }) => time);
    expect(times).toEqual(times.toSorted());
    const applied = rows.filter(({ state }) => state === 'applied');
    expect(applied.length).toBeGreaterThan(40);
    expect(applied.every(({ moved, told }) => moved === '-0.10' && told === '0, done')).toBe(true);
    expect(new Set(rows.slice(2).map((row) => `${row['agentID'] ?? ''} ${row['currency'] ?? ''}`))).toEqual(
      new Set(['DEMO01 EUR', 'OTHER01 ']),
    );
  });

  test('can be of a time, its end excluded, and of agents; in JSON, too', async () => {
    const span = ['--from', '2026-11-21T00:00:10Z', '--to', '2026-11-21T00:01:10Z'];
    const { out } = await run([...span, '--agents', 'DEMO01', '--format', 'json']);
    const whole = await run(span);

    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | null>);
    expect(rowsOf(whole.out)).toHaveLength(60 + 2);
    expect(rows.every(({ agentID, bet, win }) => agentID === 'DEMO01' && bet === '0.10' && win === null)).toBe(true);
    expect(rows).toHaveLength(15);
    expect(rows[0]?.['time']).toMatch(/^2026-11-21T00:00:1/);
  });

  test('is written as its reader’s spreadsheet has it', async () => {
    const { out } = await run(['--decimal-comma', '--bom']);
    const tabs = await run(['--delimiter', 'tab']);

    expect(out.startsWith('\ufefftime;operator;')).toBe(true);
    expect(out).toContain(';-0,10;');
    expect(tabs.out.startsWith('time\toperator\t')).toBe(true);
  });

  test('whose reader hangs up ends quietly', async () => {
    expect(await run([], 100)).toMatchObject({ code: 0, err: expect.not.stringContaining('Error') });
  });

  test.each([
    [['--format', 'json', '--bom'], 'are for --format csv'],
    [['--from', 'yesterday'], 'expected an instant such as 2026-11-21T00:00:00Z'],
    [['--from', '2026-11-21T00:00:00'], 'expected an instant such as'],
    [['--delimiter', 'x'], 'Allowed choices are'],
  ])('asked wrong (%j) is none', async (words, why) => {
    const { code, out, err } = await run(words);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
  });

  test('of a Redis that cannot be reached, or was emptied, is none', async () => {
    const away = await run([], Infinity, { REDIS_URL: 'redis://127.0.0.1:1' });
    const epoch = buckets[5]?.epoch ?? '';
    const before = (await client.getdel(epoch)) ?? '';
    const emptied = await run([]);
    await client.set(epoch, before);

    expect(away).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Redis cannot be reached') });
    expect(emptied).toMatchObject({ code: 2, out: '', err: expect.stringContaining('does not hold the journal') });
  });
});
