// The commands in the pages, asked of the command line itself: each exists, takes the options it is shown
// with, and has a page.

import { execFile } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { blocksOf, inlineCodeIn, pageNames, proseOf, root, rowsUnder, sectionOf } from '../support/pages.js';

/** What a command's help says; a command that does not exist has none. */
function helpOf(command: string): Promise<string> {
  const words = ['dist/main.js', ...command.split(' ').filter(Boolean), '--help'];
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: root }, (_failure, stdout) => resolve(stdout));
  });
}

const optionsIn = (text: string): string[] => [...text.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option);

const code = pageNames.flatMap((page) => [
  ...blocksOf(page)
    .filter(({ language }) => ['sh', 'console'].includes(language))
    .flatMap(({ text }) => text.replaceAll(/\\\n */g, '').split('\n')),
  ...inlineCodeIn(proseOf(page)),
]);
const used = new Map<string, Set<string>>();
for (const line of code) {
  const [, said = '', group = '', name = '', rest = ''] =
    /(?:npx wallet-bridge|^wallet-bridge|node dist\/main\.js) ((transactions |journal )?([a-z-]+))\b(.*)/.exec(line) ??
    [];
  if (said === '') continue;
  const options = used.get(group + name) ?? new Set();
  for (const option of optionsIn(rest)) options.add(option);
  used.set(group + name, options);
}

describe('a command in a page', () => {
  test.each([...used])('%s exists, and so do its options', async (command, options) => {
    const help = await helpOf(command);

    expect(help).toContain(`Usage: wallet-bridge ${command} `);
    for (const option of options) expect(help).toContain(option);
  });

  test('is one of those --help lists, and none of those is left out', async () => {
    const listed = [...(await helpOf('')).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = '']) => name);
    const shown = new Set([...used.keys()].map((command) => command.split(' ')[0]));

    expect([...shown].sort()).toEqual(listed.filter((name) => !['help', 'demo'].includes(name)).sort());
  });

  test('has the options of reconcile that its page lists', async () => {
    const listed = rowsUnder('config/reconcile/README.md', 'Compare').flatMap(([cell = '']) => optionsIn(cell));
    const help = await helpOf('reconcile');

    expect(listed.length).toBeGreaterThan(5);
    expect(listed.filter((option) => !help.includes(option))).toEqual([]);
    const left = [...new Set(optionsIn(help.slice(help.indexOf('Options:'))))].filter(
      (option) => !listed.includes(option),
    );
    expect(left).toEqual(['--wallet', '--platform-columns', '--help'].filter((option) => !listed.includes(option)));
  });

  test('has every option of transactions export that there is', async () => {
    const page = sectionOf('config/reconcile/README.md', 'The journal itself');
    const help = await helpOf('transactions export');

    expect(optionsIn(help).filter((option) => option !== '--help' && !page.includes(option))).toEqual([]);
  });

  test('says of a person’s record what resolve takes', async () => {
    const words = rowsUnder('config/monitoring/README.md', 'When a person is needed').map(
      ([cell = '']) => optionsIn(cell)[0],
    );
    const help = await helpOf('transactions resolve');

    expect(words).toHaveLength(4);
    expect(words.filter((word = '') => !help.includes(`${word} `))).toEqual([]);
  });
});
