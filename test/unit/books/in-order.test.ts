// Rows are put in order in memory that does not grow with them: what is held at once is counted.

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from '@jest/globals';
import { inOrder, type Entry } from '../../../src/books/in-order.js';
import { SpillFailed, SpillFile, type Stretch } from '../../../src/books/spill-file.js';
import { collected } from '../../support/collected.js';

/** Counts what went to disk, and what came back. */
class CountedSpill extends SpillFile {
  kept = 0;
  given = 0;

  override keep(lines: readonly string[]): Promise<Stretch> {
    this.kept += lines.length;
    return super.keep(lines);
  }

  override async *linesOf(stretch: Stretch): AsyncGenerator<string> {
    for await (const line of super.linesOf(stretch)) {
      this.given += 1;
      yield line;
    }
  }
}

let spill: CountedSpill | undefined;
afterEach(() => spill?.close());
const counted = (): CountedSpill => (spill = new CountedSpill());

const entry = (n: number, change: Partial<Entry> = {}): Entry => ({
  ...{ at: 1_700_000_000_000 + ((n * 7_919) % 50_000), key: `k${n}`, revision: 1, cells: [`ü"${n}\n`, null, '1.00'] },
  ...change,
});

test('of 50,000 a thousand are held at once, and of those on disk one for each thousand', async () => {
  const disk = counted();
  let [pulled, most, ahead, before] = [0, 0, 0, 0];
  async function* source(): AsyncGenerator<Entry> {
    for (let n = 0; n < 50_000; n += 1) {
      pulled += 1;
      most = Math.max(most, pulled - disk.kept);
      yield await Promise.resolve(entry(n));
    }
  }

  let rows = 0;
  for await (const { at, cells } of inOrder(source(), disk, 1_000)) {
    rows += 1;
    ahead = Math.max(ahead, disk.given - rows);
    // Not `expect`: fifty thousand of them take longer than all the rest.
    if (at < before || !/^ü"\d+\n,,1\.00$/.test(cells.join()))
      throw new Error(`row ${rows} is out of order, or changed`);
    before = at;
  }

  expect([rows, pulled, disk.kept]).toEqual([50_000, 50_000, 50_000]);
  expect(most).toBeLessThanOrEqual(1_000);
  expect(ahead).toBeLessThanOrEqual(51);
}, 60_000);

test('who stops early has read no further', async () => {
  const disk = counted();
  async function* source(): AsyncGenerator<Entry> {
    for (let n = 0; n < 5_000; n += 1) yield await Promise.resolve(entry(n));
  }

  let rows = 0;
  for await (const _row of inOrder(source(), disk, 100)) if (++rows === 10) break;

  expect(disk.given).toBeLessThanOrEqual(50 + 10 + 1);
});

test('of one that came twice the later is given, once', async () => {
  async function* source(): AsyncGenerator<Entry> {
    yield* [entry(1), entry(2), entry(1, { revision: 3, cells: ['new'] }), entry(1, { revision: 2 }), entry(2)];
    await Promise.resolve();
  }

  const found = await collected(inOrder(source(), counted(), 2));

  expect(found.map(({ key, revision, cells }) => [key, revision, cells[0]])).toEqual([
    ['k1', 3, 'new'],
    ['k2', 1, 'ü"2\n'],
  ]);
});

test('what is on disk has no name, and a disk that takes nothing is told', async () => {
  const disk = counted();
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('wallet-bridge-'));

  const stretch = await disk.keep(['a', 'b']);

  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('wallet-bridge-') && !before.includes(name))).toEqual(
    [],
  );
  expect(await collected(disk.linesOf(stretch))).toEqual(['a', 'b']);
  const nowhere = new SpillFile('/nowhere').keep(['a']);
  await expect(nowhere).rejects.toThrow(SpillFailed);
  await expect(nowhere).rejects.toThrow('cannot be kept in /nowhere (ENOENT): name another directory in TMPDIR');
});
