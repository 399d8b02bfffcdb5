// Why: what a run found, in words: each finding with its story, then counts, what stayed undone and why, the
// sums, the bound. Never: says "exactly once".
/** @import { BatchVerdict, KindVerdict } from './run-batch.mjs' */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STORIES_AT_MOST = 5;
const STORY_LINES_AT_MOST = 60;

/**
 * As JSON has it: money is text there.
 * @template V
 * @typedef {V extends bigint ? string : V extends object ? { [name in keyof V]: AsJson<V[name]> } : V} AsJson
 */
/** @typedef {AsJson<BatchVerdict>} BatchAsJson */

/**
 * Prints what a batch found, the first few with all that was seen of them; true when there was anything.
 * @param {BatchAsJson} batch
 * @param {string} directory
 */
export function printFindings({ verdicts, seed }, directory) {
  let stories = 0;
  for (const [kind, { findings }] of Object.entries(verdicts))
    for (const { id, what } of findings) {
      console.log(`WRONG  ${kind} ${id || 'all'}: ${what}`);
      if (id !== '' && stories++ < STORIES_AT_MOST)
        for (const line of storyOf(id.split(':').pop() ?? id, kind, directory)) console.log(`         ${line}`);
    }
  const found = Object.values(verdicts).some(({ findings }) => findings.length > 0);
  if (found) console.log(`       (batch of seed ${seed})`);
  return found;
}

/**
 * What the run kept of one transaction, by time.
 * @param {string} id
 * @param {string} kind
 * @param {string} directory
 */
function storyOf(id, kind, directory) {
  /** @type {{ at: number, text: string }[]} */
  const lines = [];
  /** @param {string} source @param {number} at @param {string} text */
  const take = (source, at, text) =>
    lines.push({ at, text: `${new Date(at).toISOString().slice(11, 23)} ${source.padEnd(10)} ${text}` });
  /** @param {string} file */
  const read = (file) =>
    readFileSync(join(directory, file), 'utf8')
      .split('\n')
      .filter((line) => line.includes(id));
  for (const line of read('deliveries.jsonl')) {
    const { at, heard, by, operation, base, httpStatus, code, stored } = JSON.parse(line);
    take(
      by,
      at,
      `${operation} to replica ${base}: ${httpStatus ?? 'nothing'} ${code ?? ''} after ${heard - at} ms ${stored ? JSON.stringify(stored) : ''}`,
    );
  }
  for (const line of read(`ledger-${kind}.jsonl`)) {
    const { at, ...entry } = JSON.parse(line);
    take('ledger', Date.parse(at), JSON.stringify(entry));
  }
  for (const line of read('faults.jsonl')) {
    const { at, fault, reference } = JSON.parse(line);
    take('fault', at, `${fault} on ${reference}`);
  }
  for (const file of readdirSync(directory).filter((name) => /^replica-\d\.log$/.test(name)))
    for (const line of read(file)) {
      const { time, pid: _pid, hostname: _hostname, operator: _operator, ...said } = JSON.parse(line);
      take(file.slice(0, -4), Date.parse(time), JSON.stringify(said));
    }
  const story = lines.sort((a, b) => a.at - b.at).map(({ text }) => text);
  const left = story.length - STORY_LINES_AT_MOST;
  return left <= 0 ? story : [...story.slice(0, STORY_LINES_AT_MOST), `… ${left} lines more`];
}

/**
 * Prints the sum of all batches.
 * @param {readonly BatchAsJson[]} batches
 * @param {{ seed: string, seconds: number, redis: string, fsync: readonly string[] }} run
 */
export function printVerdict(batches, { seed, seconds, redis, fsync }) {
  const kinds = [...new Set(batches.flatMap(({ verdicts }) => Object.keys(verdicts)))];
  let transactions = 0;
  let wrong = 0;
  console.log('');
  for (const kind of kinds) {
    const all = batches.flatMap(({ verdicts }) => verdicts[kind] ?? []);
    /** @param {(verdict: AsJson<KindVerdict>) => number} read */
    const sum = (read) => all.reduce((total, verdict) => total + read(verdict), 0);
    /** @param {keyof KindVerdict['sums']} name */
    const cents = (name) => all.reduce((total, { sums }) => total + BigInt(sums[name]), 0n);
    const rows = all.flatMap((verdict) => verdict.rows);
    const findings = sum((verdict) => verdict.findings.length);
    const told = sumOf(all.map(({ standings }) => standings)).map((sort) => sort.join(' '));
    transactions += sum((verdict) => verdict.transactions);
    wrong += new Set(all.flatMap((verdict) => verdict.findings.map(({ id }) => id))).size;
    console.log(`${kind}: ${sum((verdict) => verdict.transactions)} transactions; told: ${told.join(', ')}`);
    console.log(
      `  cents: told ${cents('told')} = ledger ${cents('ledger')} + unfinished ${cents('unfinished')}; findings: ${findings}`,
    );
    const held = countBy(
      rows,
      ({ goal, heldBecause, because }) =>
        `held${goal ? ` (${goal})` : ''}: ${heldBecause}; ${because?.by ?? 'unexplained'}`,
    );
    for (const [why, count] of held) console.log(`  ${String(count).padStart(5)} × ${why}`);
  }
  console.log('\nfaults:');
  for (const [name, count] of sumOf(batches.map(({ faults }) => faults)).sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${String(count).padStart(5)} × ${name}`);
  printFailovers(batches);
  const bound =
    wrong === 0
      ? `0 of ${transactions}: below ${(300 / transactions).toFixed(3)} % at 95 %`
      : `${wrong} of ${transactions}`;
  const waits = [...new Set(batches.map(({ waitsFor }) => waitsFor))].join(' and ');
  const form = redis === 'single' ? '' : ` (${redis}), REDIS_WAIT_REPLICAS ${waits}`;
  console.log(
    `\nwrong: ${bound}. Redis${form}: appendonly, appendfsync ${fsync.join(' and ')}. Seed ${seed}, ${seconds} s.`,
  );
}

/** @param {readonly BatchAsJson[]} batches */
function printFailovers(batches) {
  const all = batches.flatMap(({ failovers, waitsFor }) => failovers.map((one) => ({ ...one, waitsFor })));
  if (all.length === 0) return;
  console.log('\nwhat befell Redis:');
  /** @param {number} ms */
  const s = (ms) => `${(ms / 1000).toFixed(1)} s`;
  for (const { at, what, isBehind, tags, tookMs, recoveredMs, stop, waitsFor } of all) {
    const lost = stop && `, ${stop.lost} transactions lost what was acknowledged`;
    const stopped = stop
      ? `; ${stop.buckets} of 64 buckets stopped${lost}, adopted and restarted after ${s(stop.adoptedAt - at)}`
      : '';
    const recovered = recoveredMs === undefined ? 'none was answered there' : `answered again after ${s(recoveredMs)}`;
    console.log(
      `  ${what}${isBehind ? ', replicas behind' : ''}, waits ${waitsFor}: ${tags.length} buckets elsewhere after ` +
        `${s(tookMs)}, ${recovered}${stopped}`,
    );
  }
  const stops = all.flatMap(({ stop }) => stop ?? []);
  const failovers = all.filter(({ what }) => what !== 'slots-moved');
  const times = failovers.flatMap(({ recoveredMs }) => recoveredMs ?? []).sort((a, b) => a - b);
  const took = [times[0], times[times.length >> 1], times.at(-1)].map((ms = 0) => s(ms)).join(', ');
  console.log(
    `  ${failovers.length} failovers, ${failovers.filter(({ isBehind }) => isBehind).length} with replicas behind; ` +
      `${all.length - failovers.length} times slots moved; ${stops.length} stops of the guard; ` +
      `answered again after (least, middle, most) ${took}`,
  );
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} nameOf
 */
function countBy(items, nameOf) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** @param {readonly Readonly<Record<string, number>>[]} tables */
function sumOf(tables) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const table of tables)
    for (const [name, count] of Object.entries(table)) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums];
}
