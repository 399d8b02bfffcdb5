// The page's own samples, pasted and run as they stand there: what it shows is what is printed.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { blocksOf, root } from '../support/pages.js';

const directory = mkdtempSync(join(tmpdir(), 'from-curl-page-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What the command prints, or the end of it. */
function ran(command: string): string {
  const [, asked = '', last] = /^npx wallet-bridge (.*?)(?: \| tail -n (\d+))?$/.exec(command) ?? [];
  const printed = execFileSync(process.execPath, [join(root, 'dist/main.js'), ...asked.split(' ')], {
    cwd: directory,
    encoding: 'utf8',
    env: {},
  });
  return last === undefined ? printed : printed.trimEnd().split('\n').slice(-Number(last)).join('\n') + '\n';
}

const shown = (language: string) =>
  blocksOf('config/from-curl.md').filter((block) => block.language === language && !block.heading.startsWith('Golden'));

describe('a session of the page', () => {
  test.each(shown('console').map(({ heading, text }) => [heading, text]))('%s', (_heading, text) => {
    const commands = [...text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)];

    expect(commands.length).toBeGreaterThan(2);
    for (const [, command = '', output = ''] of commands) {
      const [, file] = /^cat (\S+)$/.exec(command) ?? [];
      const [, cut] = /^sed -n .* (\S+)$/.exec(command) ?? [];
      if (file !== undefined) writeFileSync(join(directory, file), output);
      else if (cut !== undefined) expect(readFileSync(join(directory, cut), 'utf8')).toContain(output);
      else expect(ran(command)).toBe(output);
    }
  });
});

test('the command for another operation prints an example', () => {
  const [{ text } = { text: '' }] = shown('sh');

  expect(ran(text.trim())).toMatch(/^examples:\n {2}- operation: deposit\n/);
});

test.each([
  ['init x.yaml --key abc', '--key is for --from-curl'],
  ['init x.yaml --amount 5', '--amount is for --from-curl'],
  ['init x.yaml --from-curl a.curl --preset hub88', 'do not go together'],
  ['init y.yaml --from-curl .', '.: cannot be read: it is a directory'],
  ['explain nothing.yaml withdraw --reply .', '.: cannot be read'],
])('%s is refused', (asked, because) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/main.js'), ...asked.split(' ')], {
    cwd: directory,
    encoding: 'utf8',
  });

  expect([status, stdout + stderr]).toEqual([2, expect.stringContaining(because)]);
});
