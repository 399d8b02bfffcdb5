// How operator files reach a running bridge: by an editor, by an orchestrator that turns a link, by a tool
// that replaces it all.

import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchDirectory } from '../../src/operators/watch-directory.js';
import { until } from '../support/until.js';

let home: string;
let directory: string;
let told: { changed: number; unwatched: number };
let end: () => void;

const file = (name: string): string => join(directory, name);
const start = (): void => {
  end = watchDirectory(
    directory,
    () => (told.changed += 1),
    () => (told.unwatched += 1),
    { quiet: 50, retry: 20 },
  );
};
const toldOf = (change: number): Promise<void> => until(`change ${change} is told`, () => told.changed >= change);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wallet-bridge-watch-'));
  directory = join(home, 'operators');
  mkdirSync(directory);
  told = { changed: 0, unwatched: 0 };
});

afterEach(() => {
  end();
  rmSync(home, { recursive: true });
});

describe('a change is told', () => {
  test('of a file that is written, and of one that goes', async () => {
    start();

    writeFileSync(file('a.yaml'), 'one');
    await toldOf(1);
    writeFileSync(file('a.yaml'), 'two');
    await toldOf(2);
    rmSync(file('a.yaml'));
    await toldOf(3);
  });

  test('of a file that is renamed over another, as editors do', async () => {
    writeFileSync(file('a.yaml'), 'one');
    start();

    writeFileSync(join(home, 'new'), 'two');
    renameSync(join(home, 'new'), file('a.yaml'));

    await toldOf(1);
  });

  test('of a link that is turned, as a mounted config map does', async () => {
    for (const version of ['..v1', '..v2']) {
      mkdirSync(file(version));
      writeFileSync(join(file(version), 'a.yaml'), version);
    }
    symlinkSync('..v1', file('..data'));
    symlinkSync('..data/a.yaml', file('a.yaml'));
    start();

    symlinkSync('..v2', file('..data_tmp'));
    renameSync(file('..data_tmp'), file('..data'));

    await toldOf(1);
  });

  test('in a directory that took the place of the first', async () => {
    start();

    renameSync(directory, join(home, 'old'));
    mkdirSync(directory);
    await toldOf(1);
    writeFileSync(file('a.yaml'), 'one');

    await toldOf(2);
    expect(told.unwatched).toBe(0);
  });

  test('once for many in quick succession', async () => {
    start();

    for (let n = 0; n < 20; n += 1) writeFileSync(file(`${n}.yaml`), 'one');
    await toldOf(1);

    expect(told.changed).toBe(1);
  });
});

test('a directory that is gone is said once, and watched when it is back', async () => {
  start();

  rmSync(directory, { recursive: true });
  await until('it is said', () => told.unwatched === 1);
  mkdirSync(directory);
  await toldOf(2);
  writeFileSync(file('a.yaml'), 'one');

  await toldOf(3);
  expect(told.unwatched).toBe(1);
});

test('a directory that is not there yet is watched when it comes', async () => {
  rmSync(directory, { recursive: true });
  start();
  expect(told).toEqual({ changed: 0, unwatched: 1 });

  mkdirSync(directory);

  await toldOf(1);
});
