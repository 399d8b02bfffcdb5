// The command line as a shell meets it: words nobody can mean, a version, a reader who leaves early. Run as
// it is built.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const root = join(__dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Ended {
  readonly exitCode: number | null;
  readonly said: string;
  readonly complained: string;
}

/** `unread`: whoever reads what it prints is gone before it prints anything. */
async function run(words: readonly string[], { unread = false, env = {} }: Run = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'dist/main.js'), ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
  });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (text) => (said += String(text)));
  child.stderr.on('data', (text) => (complained += String(text)));
  if (unread) child.stdout.destroy();
  await once(child, 'close');
  return { exitCode: child.exitCode, said, complained };
}

interface Run {
  readonly unread?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A start that would be refused: where these words appear, somebody set out to serve. */
const unfit = { env: { PORT: 'none' } };
const setOut = 'PORT: ';

describe('a word that is no command', () => {
  test.each([
    [['chekc'], "unknown command 'chekc'", 'Did you mean check?'],
    [['chekc', 'file.yaml', '--strict'], "unknown command 'chekc'", 'Did you mean check?'],
    [['transactions', 'lits'], "unknown command 'lits'", 'Did you mean list?'],
    [['journal', 'adpot'], "unknown command 'adpot'", 'Did you mean adopt?'],
  ])('%j is named, with the one that was meant, and starts nothing', async (words, named, meant) => {
    const { exitCode, said, complained } = await run(words, unfit);

    expect([exitCode, said]).toEqual([2, '']);
    expect(complained).toContain(named);
    expect(complained).toContain(meant);
    expect(complained).not.toContain(setOut);
  });

  test('is named without a suggestion where none is near', async () => {
    expect(await run(['frobnicate'], unfit)).toEqual({
      exitCode: 2,
      said: '',
      complained: "error: unknown command 'frobnicate'\n",
    });
  });
});

test.each([[[]], [['serve']]])('%j serves', async (words) => {
  const { exitCode, complained } = await run(words, unfit);

  expect(exitCode).toBe(1);
  expect(complained).toContain(setOut);
});

describe('a command asked wrong', () => {
  test.each([
    [['check'], "missing required argument 'file'"],
    [['check', 'file.yaml', '--stritc'], "unknown option '--stritc'"],
    [['check', 'file.yaml', '--format', 'yaml'], 'Allowed choices are text, json'],
    [['serve', 'now'], 'too many arguments'],
    [['--strict'], "unknown option '--strict'"],
    [['reconcile'], "required option '--wallet <file>' not specified"],
    [['reconcile', '--wallet', 'l.csv', '--from', 'yesterday'], 'expected an instant such as 2026-11-21T00:00:00Z'],
    [['reconcile', '--wallet', 'l.csv', '--decimal', 'dot'], 'Allowed choices are point, comma'],
    [['transactions', 'list', '--limit', '0'], 'expected a whole number from 1 on'],
    [['transactions', 'resolve', 'DEMO01', 't1', '--reason', 'seen'], 'say one of --applied'],
    [['transactions'], 'Usage: wallet-bridge transactions'],
  ])('%j says why, does nothing, and exits with 2', async (words, why) => {
    const { exitCode, said, complained } = await run(words, unfit);

    expect([exitCode, said]).toEqual([2, '']);
    expect(complained).toContain(why);
    expect(complained).not.toContain(setOut);
  });

  test('is not one that asks for help', async () => {
    const { exitCode, said, complained } = await run(['check', '--help']);

    expect([exitCode, complained]).toEqual([0, '']);
    expect(said).toContain('Usage: wallet-bridge check');
  });
});

describe('--version', () => {
  test('prints that of the package', async () => {
    const { exitCode, said, complained } = await run(['--version']);

    expect([exitCode, complained]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({ version: said.trimEnd() });
  });
});

describe('a reader who leaves early', () => {
  const wrong = join(directory, 'wrong.yaml');
  writeFileSync(wrong, 'version: 1\n');

  test.each([
    [['schema'], 0],
    [['--help'], 0],
    [['check', wrong], 1],
    [['explain', wrong, 'nothing'], 2],
  ])('of %j changes nothing about its exit code, and causes no complaint', async (words, exitCode) => {
    expect(await run(words, { unread: true })).toEqual({ exitCode, said: '', complained: '' });
  });

  test('after the first line gets that line', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" dist/main.js schema | head -1`], { cwd: root });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (text) => (said += String(text)));
    child.stderr.on('data', (text) => (complained += String(text)));
    await once(child, 'close');

    expect([said, complained]).toEqual(['{\n', '']);
  });
});
