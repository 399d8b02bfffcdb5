// A file is read in pieces, between which others have their turn, and comes out as if it were read at once.

import { expect, test } from '@jest/globals';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { presetNames, readPreset } from '../../../src/operators/presets.js';
import { atOnce } from '../../../src/operators/turns.js';
import { parseYaml, plain, type Tree } from '../../../src/yaml/tree.js';
import { parse } from 'yaml';

test('others have more turns than the file has lines', () => {
  const lines = Array.from({ length: 500 }, (_, n) => `  - { when: 'a == "E${String(n)}"', result: generalError }`);
  const reading = parseYaml(`errors:\n${lines.join('\n')}\n`);

  let turns = 0;
  while (reading.next().done !== true) turns += 1;

  expect(turns).toBeGreaterThan(500);
});

const rules = (count: number, change: (line: string, n: number) => string = (line) => line): string =>
  Array.from({ length: count }, (_, n) => change(`  - { when: a == ${String(n)}, result: generalError }`, n)).join(
    '\n',
  );

test('a long list comes out whole, and each of its items where it stands', () => {
  const text = `version: 1\nerrors:\n${rules(65)}\n  # the last\nexamples:\n  - one\n  - two\n`;

  const { tree, mistakes } = atOnce(parseYaml(text));

  expect(mistakes).toEqual([]);
  const { errors, examples } = asMap(tree);
  const items = errors?.kind === 'list' ? errors.items : [];
  expect(items.map(({ at }) => at)).toEqual(Array.from({ length: 65 }, (_, n) => ({ line: n + 3, col: 5 })));
  expect(items.map((item) => asMap(item)['when']).map((when) => when && plain(when))).toEqual(
    Array.from({ length: 65 }, (_, n) => `a == ${String(n)}`),
  );
  expect(items.map(({ path }) => path)).toEqual(Array.from({ length: 65 }, (_, n) => ['errors', n]));
  expect(examples && plain(examples)).toEqual(['one', 'two']);
});

test.each([
  ['twice', 'result: a, result: b', 51, 'this key stands here twice'],
  ['a bracket', 'result: [a', 51, 'a quote or bracket is not closed'],
  ['an alias', 'result: *a', 51, 'an alias'],
])('a mistake far down a long list is told where it is: %s', (_name, wrong, line, message) => {
  const changed = rules(65, (one, n) => (n === 48 ? one.replace('result: generalError', wrong) : one));
  const text = `version: 1\nerrors:\n${changed}\nlast: &anchor 1\n`;

  const [first] = atOnce(parseYaml(text)).mistakes;

  expect(first?.at.line).toBe(line);
  expect(first?.message).toContain(message);
});

function asMap(tree: Tree | undefined): Partial<Record<string, Tree>> {
  return tree?.kind === 'map' ? Object.fromEntries(tree.entries) : {};
}

test.each(presetNames())('%s is the same as the library reads it', (name) => {
  const { text } = readPreset(name);

  const { tree, mistakes } = atOnce(parseYaml(text));

  expect(mistakes).toEqual([]);
  const asText = (value: unknown): string =>
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'bigint' ? Number(one) : one instanceof DecimalNumber ? Number(one.text) : one,
    );
  // Only a line break behind a single expression is left out.
  const bare = (value: string): string => value.replaceAll(/}(\\n)+"/g, '}"');
  expect(bare(asText(tree && plain(tree)))).toBe(bare(asText(parse(text))));
});
