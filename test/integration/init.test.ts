import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { presetNames } from '../../src/operators/presets.js';
import { runCheck } from '../../src/commands/check.js';
import { listPresets, runInit } from '../../src/commands/init.js';

const root = mkdtempSync(join(tmpdir(), 'init-'));
afterAll(() => rmSync(root, { recursive: true }));

let directory = root;
beforeEach(() => {
  directory = mkdtempSync(join(root, 'one-'));
});

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** As if every variable the file names were set. */
function checkOf(file: string): ReturnType<typeof runCheck> {
  const variables = [...readFileSync(file, 'utf8').matchAll(/env: (\w+)/g)].map(([, name = '']): [string, string] => [
    name,
    name.endsWith('_PRIVATE_KEY') ? privateKey : 'a-secret-for-all',
  ]);
  return runCheck([file], { format: 'text', env: Object.fromEntries(variables) });
}

describe('init', () => {
  test('writes the smallest example file, under the name given', () => {
    const file = join(directory, 'minimal.yaml');

    const { lines, exitCode } = runInit({ file });

    const example = readFileSync(join(__dirname, '../../config/examples/minimal.yaml'), 'utf8');
    expect(readFileSync(file, 'utf8')).toBe(example.replace('$schema=../', '$schema='));
    expect([exitCode, lines]).toEqual([
      0,
      [
        `wrote ${file}`,
        `set MINIMAL_GSP_KEY, MINIMAL_WALLET_TOKEN, put in what is yours, then: wallet-bridge check ${file}`,
        'help while you type, in editors that know the YAML language server: wallet-bridge schema > operator.schema.json, beside the file',
      ],
    ]);
  });

  test('what it writes passes check once its variables are set', () => {
    const file = join(directory, 'any.yaml');

    runInit({ file, operator: 'north-star' });

    expect(readFileSync(file, 'utf8')).toMatch(/^operator: north-star /m);
    expect(checkOf(file)).toEqual({ lines: ['0 errors, 0 warnings'], exitCode: 0 });
    expect(runCheck([file], { format: 'text', env: {}, secrets: true }).exitCode).toBe(1);
  });

  test.each(presetNames())('so does one for a %s wallet', (preset) => {
    const file = join(directory, 'casino.yaml');

    expect(runInit({ file, preset }).exitCode).toBe(0);

    const { lines, exitCode } = checkOf(file);
    expect(readFileSync(file, 'utf8')).toContain(`\nextends: ${preset}\n`);
    // What a wallet cannot do, its preset warns of; nothing else is said.
    expect(lines.slice(0, -1).filter((line) => !line.includes(`/presets/${preset}.yaml:`))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('a preset’s own questions stand beside the lines to fill in', () => {
    const file = join(directory, 'my-casino.yaml');

    runInit({ file, preset: 'softswiss' });

    const text = readFileSync(file, 'utf8');
    expect(text).toContain(
      '  # the AUTH_TOKEN the wallet verifies X-REQUEST-SIGN with\n  authToken: { env: MY_CASINO_AUTH_TOKEN }\n',
    );
    expect(text).toMatch(/ {2}# the game code .*\n {2}game: change-me\n/);
  });

  test('a file that is there stays as it is', () => {
    const file = join(directory, 'mine.yaml');
    writeFileSync(file, 'mine');

    expect(runInit({ file })).toEqual({ lines: [`${file}: there already, and not overwritten`], exitCode: 1 });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each([
    [
      'a preset there is not',
      { preset: 'softswis' },
      /^no preset "softswis" – did you mean "softswiss"\?; expected one of /,
    ],
    [
      'a name that is none',
      { operator: 'North Star' },
      /^no name for an operator: "North Star"; expected --operator with /,
    ],
    [
      'a directory that is not there',
      { file: '/no/such/directory/x.yaml' },
      /^\/no\/such\/directory\/x\.yaml: cannot be written$/,
    ],
  ])('%s is an exit code 2', (_what, options, line) => {
    const { lines, exitCode } = runInit({ file: join(directory, 'x.yaml'), ...options });

    expect([exitCode, lines.length]).toEqual([2, 1]);
    expect(lines[0]).toMatch(line);
  });

  test('lists each preset in one line', () => {
    const lines = listPresets();

    expect(lines.map((line) => line.split(' ')[0])).toEqual(presetNames());
    expect(lines.every((line) => /^\S+ {2,}\S.{5,100}$/.test(line))).toBe(true);
  });
});
