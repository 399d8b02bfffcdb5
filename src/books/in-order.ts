// Rows in the order of time, in memory that does not grow with them: so many at once are put in order and kept on
// disk, and all of that is read back side by side.

import type { Cells } from './export-columns.js';
import { SpillFailed, type SpillFile } from './spill-file.js';

export interface Entry {
  /** Epoch ms of the first claim. */
  readonly at: number;
  /** Of the record: of two entries with the same, one is a repeat. */
  readonly key: string;
  readonly revision: number;
  readonly cells: Cells;
}

/** The oldest first; of the same instant by their keys. Of a record that came twice, what was written last. */
export async function* inOrder(
  entries: AsyncIterable<Entry>,
  spill: SpillFile,
  atOnce = 10_000,
): AsyncGenerator<Entry> {
  const parts: AsyncIterator<Entry, unknown>[] = [];
  let held: Entry[] = [];
  for await (const entry of entries) {
    held.push(entry);
    if (held.length < atOnce) continue;
    parts.push(keptEntries(spill, await spill.keep(held.sort(compare).map(asLine))));
    held = [];
  }
  parts.push(each(held.sort(compare)));
  yield* withoutRepeats(merged(parts));
}

async function* each(entries: readonly Entry[]): AsyncGenerator<Entry> {
  for (const entry of entries) yield await Promise.resolve(entry);
}

async function* keptEntries(spill: SpillFile, stretch: Parameters<SpillFile['linesOf']>[0]): AsyncGenerator<Entry> {
  for await (const line of spill.linesOf(stretch)) yield ofLine(line);
}

const asLine = ({ at, revision, key, cells }: Entry): string =>
  JSON.stringify([String(at), String(revision), key, ...cells]);

function ofLine(line: string): Entry {
  const kept: unknown = JSON.parse(line);
  if (!Array.isArray(kept)) throw new SpillFailed('what was kept on disk is damaged');
  const texts = kept.map((text: unknown) => (typeof text === 'string' ? text : null));
  const [at, revision, key, ...cells] = texts;
  return { at: Number(at), revision: Number(revision), key: key ?? '', cells };
}

function compare(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.revision - b.revision;
}

interface Head {
  readonly entry: Entry;
  readonly rest: AsyncIterator<Entry, unknown>;
}

/** Of parts that are in order each. */
async function* merged(parts: readonly AsyncIterator<Entry, unknown>[]): AsyncGenerator<Entry> {
  // The last one is the next to give.
  const heads: Head[] = [];
  const take = async (rest: Head['rest']): Promise<void> => {
    const next = await rest.next();
    if (next.done !== true) insert(heads, { entry: next.value, rest });
  };
  for (const part of parts) await take(part);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.entry;
    await take(head.rest);
  }
}

function insert(heads: Head[], head: Head): void {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = heads[middle];
    if (there !== undefined && compare(there.entry, head.entry) > 0) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}

async function* withoutRepeats(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  let last: Entry | undefined;
  for await (const entry of entries) {
    if (last !== undefined && last.key !== entry.key) yield last;
    last = entry;
  }
  if (last !== undefined) yield last;
}
