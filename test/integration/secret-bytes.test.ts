// Secrets as editors, shells and manifests leave them: what does not belong to one is dropped or refused, and is
// never silently part of a key.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchSecrets } from '../../src/operators/secrets.js';
import { fileText } from '../../src/codecs/file-text.js';
import { loadOperators } from '../../src/operators/load.js';
import { formatProblem } from '../../src/yaml/diagnostics.js';
import { environment, soundFile } from '../support/operator-text.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-bytes-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Fetched {
  readonly key: string | undefined;
  readonly said: readonly string[];
}

function fetched(source: { env: string } | { file: string }, value = ''): Fetched {
  const said: string[] = [];
  const declared = { key: { optional: false, ...source } };
  const secrets = fetchSecrets(declared, { env: { KEY: value }, readFile: fileText }, (_, message, detail) =>
    said.push(`${detail?.severity ?? 'error'}: ${message}`),
  );
  return { key: secrets.get('key'), said };
}

function fromFile(content: string | Buffer): Fetched {
  const file = join(directory, 'key');
  writeFileSync(file, content);
  return fetched({ file });
}
const fromEnv = (value: string): Fetched => fetched({ env: 'KEY' }, value);

describe.each([
  ['a file', fromFile],
  ['the environment', fromEnv],
])('from %s', (_, from) => {
  test.each([['k3y'], ['k3y\n'], ['k3y\r\n'], ['k3y\n\n'], ['\ufeffk3y'], ['\ufeffk3y\n']])('%j is k3y', (written) => {
    expect(from(written)).toEqual({ key: 'k3y', said: [] });
  });

  test.each([[' k3y'], ['k3y '], ['k3y\t\n'], ['k3y\u200b'], ['k3y\u00a0'], ['k3y\nother'], ['\nk3y']])(
    '%j is taken as it is, and said to look mistaken',
    (written) => {
      const { key, said } = from(written);

      expect(key).toBe(written.replace(/\n$/, ''));
      expect(said).toEqual([expect.stringMatching(/^warning: begins or ends with white space/)]);
    },
  );

  test('a PEM text may have lines', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----';

    expect(from(`${pem}\n`)).toEqual({ key: pem, said: [] });
  });

  test('a line break alone is not set', () => {
    expect(from('\n')).toEqual({ key: undefined, said: [expect.stringContaining('empty')] });
  });
});

describe('a file is refused that is', () => {
  test.each([
    ['UTF-16', Buffer.from('\ufeffk3y', 'utf16le'), 'UTF-16 or binary'],
    ['UTF-16, the other way round', Buffer.from('\ufeffk3y', 'utf16le').swap16(), 'UTF-16 or binary'],
    ['UTF-16 without a mark', Buffer.from('k3y', 'utf16le'), 'UTF-16 or binary'],
    ['Latin-1', Buffer.from('clé', 'latin1'), 'not UTF-8'],
    ['random bytes', Buffer.from([0xfe, 0x81, 0x6b, 0x92]), 'not UTF-8'],
  ])('%s', (_, content, why) => {
    const { key, said } = fromFile(content);

    expect(key).toBeUndefined();
    expect(said).toEqual([expect.stringContaining(why)]);
    expect(said.join()).not.toMatch(/k3y|cl/);
  });
});

test('a variable that is not UTF-8 is refused: Node has put other signs into it', () => {
  expect(fromEnv('cl\ufffd')).toEqual({ key: undefined, said: [expect.stringContaining('not UTF-8')] });
});

describe('a directory of operators', () => {
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(directory, name), content);
  const load = (): { names: string[]; said: string[] } => {
    const { operators, problems } = loadOperators([directory], { env: environment });
    return { names: operators.map(({ name }) => name), said: problems.map(formatProblem) };
  };

  test('has no hidden files, whosever they are', () => {
    write('a.yaml', soundFile);
    for (const name of ['.#a.yaml', '.a.yaml.swp', '.a.yaml', '._a.yaml', '#a.yaml#', 'a.yaml~', '..x.yml'])
      write(name, 'x');

    expect(load()).toEqual({ names: ['sound'], said: [] });
  });

  test('says which of its files are no text', () => {
    write('b.yaml', Buffer.from(soundFile.replace('applied', '# ü\n  applied'), 'latin1'));
    write('c.yaml', Buffer.from(`\ufeff${soundFile}`, 'utf16le'));

    const { names, said } = load();

    expect(names).toEqual(['sound']);
    expect(said).toEqual([
      expect.stringMatching(/b\.yaml:1:1: it is not UTF-8 text/),
      expect.stringMatching(/c\.yaml:1:1: .*UTF-16/),
    ]);
  });
});
