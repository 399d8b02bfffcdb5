// A file is read in pieces, between which others have their turn, and comes out as if it were read at once.

import { expect, test } from '@jest/globals';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { presetNames, readPreset } from '../../../src/operators/presets.js';
import { atOnce } from '../../../src/operators/turns.js';
import { parseYaml, plain } from '../../../src/yaml/tree.js';
import { parse } from 'yaml';

test('others have more turns than the file has lines', () => {
  const lines = Array.from({ length: 500 }, (_, n) => `  - { when: 'a == "E${String(n)}"', result: generalError }`);
  const reading = parseYaml(`errors:\n${lines.join('\n')}\n`);

  let turns = 0;
  while (reading.next().done !== true) turns += 1;

  expect(turns).toBeGreaterThan(500);
});

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
