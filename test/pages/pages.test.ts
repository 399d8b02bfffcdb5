// The pages are what people go by, so each keeps to a length and a width they can read, and leads nowhere
// that is not there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, inlineCodeIn, pageNames, proseOf, root, rowsUnder, sectionOf, textOf } from '../support/pages.js';

const mostLines = 250;
const mostLinesOfFirst = 150;
const mostColumns = 110;

describe.each(pageNames)('%s', (page) => {
  const text = textOf(page);
  const lines = text.trimEnd().split('\n');

  test('is no longer than its reader has time for', () => {
    expect(lines.length).toBeLessThanOrEqual(page === 'README.md' ? mostLinesOfFirst : mostLines);
  });

  test('fits the width of a screen, tables and links excepted', () => {
    const wide = lines.filter((line) => line.length > mostColumns && !line.startsWith('|') && !line.includes(']('));

    expect(wide).toEqual([]);
  });

  test('leads to files and headings that are there', () => {
    const targets = [...proseOf(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
    const missing = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      if (anchor === undefined) return false;
      const linked = pageNames.find((name) => name === file || name === `${file}/README.md`);
      return linked === undefined || !anchorsOf(linked).includes(anchor);
    });

    expect(missing).toEqual([]);
  });

  test('writes YAML in blocks', () => {
    const flow = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)]
      .flatMap(([, yaml = '']) => yaml.split('\n'))
      .filter((line) => /^\s*(?:- )?[\w'$]+: [{[]|^\s*- [{[]/.test(line));

    expect(flow).toEqual([]);
  });
});

test('every page can be reached from the first', () => {
  const reached = new Set<string>(['README.md']);
  for (const page of reached)
    for (const [, path = ''] of textOf(pageNames.find((name) => name === page) ?? 'README.md').matchAll(
      /\]\((?!https?:)([^)#]+)/g,
    )) {
      const file = relative(root, join(root, dirname(page), path));
      if (pageNames.some((name) => name === file)) reached.add(file);
    }

  expect([...reached].sort()).toEqual([...pageNames].sort());
});

test('what a message sends people to is a heading', () => {
  const sends = readFileSync(join(root, 'src/journal/open-journal.ts'), 'utf8');
  const [, title = ''] = /see "([^"]+)" in/.exec(sends) ?? [];

  expect(sectionOf('config/deploy/README.md', title)).not.toBe('');
  expect(textOf('README.md').toLowerCase()).toContain(`[${title.toLowerCase()}](`);
});

test('the tests that the page on security names are there', () => {
  const named = inlineCodeIn(textOf('config/deploy/security.md')).filter((code) => code.startsWith('test/'));

  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

const architecture = readFileSync(join(root, 'test/architecture.test.ts'), 'utf8');

describe('the map of the code', () => {
  test('names files that exist, in its recipes and where things are decided', () => {
    const named = [sectionOf('src/README.md', 'Where things are decided'), textOf('src/recipes.md')]
      .flatMap(inlineCodeIn)
      .filter((code) => /^[\w.-]+(?:\/[\w.-]+)+$|^[\w-]+\.ts$/.test(code));

    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !existsSync(join(root, 'src', path)) && !existsSync(join(root, path)))).toEqual([]);
  });

  const rooms = new Map(
    rowsUnder('src/README.md', 'Rooms').map(([name = '', , knows = '']) => [name.replaceAll('`', ''), knows]),
  );

  test('has every room', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

    expect([...rooms.keys()].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  test('says what each room may know, as the architecture test does', () => {
    const [, table = ''] = /const mayKnow[^{]*\{([^}]*)\}/.exec(architecture) ?? [];
    const held = [...table.matchAll(/^ {2}'?([\w-]+)'?: \[([^\]]*)\],$/gm)].map(([, name = '', knows = '']) => [
      name,
      knows.match(/[\w-]+/g)?.join(', ') ?? 'nothing',
    ]);

    expect(held.length).toBeGreaterThan(10);
    expect([...rooms].filter(([name]) => name !== 'commands').sort()).toEqual(held.sort());
  });
});
