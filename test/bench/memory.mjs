// Why: how large a Redis must be is asked before it is bought. Writes what the bridge writes for a bet, into a
// Redis of its own, and says what each takes there, key and overhead included.
// Never: touches a Redis that was running before.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { freePort, start, stopAll, untilListening } from './processes.mjs';
import { bet, MONTH, openJournal, owed, settled, tombstone, writeMany } from './records.mjs';

const { values } = parseArgs({ options: { records: { type: 'string', default: '20000' } } });
const count = Number(values.records);
const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-memory-'));

/** @import { Transaction } from '../../src/domain/transaction.js' */
/** @import { RedisJournal } from '../../src/journal/redis-journal.js' */

let begun = 0;
/**
 * As many of a player come one after another.
 * @param {RedisJournal} journal @param {Transaction} bet @param {number} each
 */
async function listed(journal, bet, each) {
  const userID = `player_${String(Math.floor(begun++ / each)).padStart(8, '0')}`;
  const t = { ...bet, userID };
  await journal.put({ transaction: t, expected: 0, due: Date.now(), indexed: true });
  return journal.put({ transaction: settled(t), expected: 1, lifetime: MONTH });
}

/** What is written of one bet. @type {Record<string, (journal: RedisJournal, t: Transaction) => Promise<unknown>>} */
const sorts = {
  'a finished transaction': async (journal, t) => {
    await journal.put({ transaction: t, expected: 0, due: Date.now() });
    return journal.put({ transaction: settled(t), expected: 1, lifetime: MONTH });
  },
  'the same, listed for its player, who makes one a day': (journal, t) => listed(journal, t, 1),
  'the same of one who makes ten a day': (journal, t) => listed(journal, t, 10),
  'the same of one who makes 200 a day': (journal, t) => listed(journal, t, 200),
  'a finished transaction, its sign remembered': async (journal, t) => {
    const sign = randomBytes(32).toString('hex');
    await journal.put({ transaction: t, expected: 0, due: Date.now(), sign });
    return journal.put({ transaction: settled(t), expected: 1, lifetime: MONTH });
  },
  'a rollback of what never came': (journal, t) =>
    journal.put({ transaction: tombstone(t), expected: 0, lifetime: MONTH }),
  'one that is unfinished, and told as done': (journal, t) =>
    journal.put({ transaction: owed(t), expected: 0, due: Date.now() + MONTH, trust: { kind: 'on' } }),
};

/** @param {string} name @param {(journal: RedisJournal, t: Transaction) => Promise<unknown>} write */
async function measure(name, write) {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  const server = start('other', ['redis-server', ...options], { logFile: join(directory, 'redis.log') });
  await untilListening(server, port, 'redis-server (is it installed?)');
  const url = `redis://127.0.0.1:${String(port)}`;
  const journal = await openJournal(url);
  const client = new Redis(url);
  await write(journal, bet());
  const total = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
  const before = await total();
  await writeMany(count, () => write(journal, bet()));
  const bytes = ((await total()) - before) / count;
  await journal.close();
  client.disconnect();
  await stopAll();
  const gib = (/** @type {number} */ n) => ((n * bytes) / 2 ** 30).toFixed(2);
  console.log(
    `${name}: ${bytes.toFixed(0)} bytes; at a million a day ${gib(1e6)} GiB a day, ${gib(30e6)} GiB in 30 days`,
  );
}

process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
try {
  for (const [name, write] of Object.entries(sorts)) await measure(name, write);
} finally {
  await stopAll();
}
process.exit();
