// Whatever stands in a file where something else belongs, people are told in the schema's own words and never in
// the validator's.

import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { describeKeys } from '../../../src/operators/schema/keys.js';
import { operatorSchema } from '../../../src/operators/schema/operator-file.js';
import { reportShape } from '../../../src/operators/shape-problems.js';
import { atOnce } from '../../../src/operators/turns.js';
import { parseYaml, plain } from '../../../src/yaml/tree.js';

const strange = [
  '',
  'nonsense',
  'a\nb',
  -5,
  1.5,
  10n ** 20n,
  true,
  null,
  [],
  {},
  [1],
  [null],
  [[]],
  { a: 1 },
  [{ a: 1 }],
];
const lists = new Set(['agents', 'errors', 'examples', 'sites', 'keys', 'formerly', 'after', 'risks']);
const paths = describeKeys().flatMap(({ path, alsoAt }) => [path, ...alsoAt]);

/** A file with nothing but this value at its path. */
function fileWith(path: string, value: unknown): string {
  const file: Record<string, unknown> = {};
  const steps = path.split('.').map((step) => (step === '*' ? 'some' : step));
  let at: Record<string, unknown> = file;
  for (const step of steps.slice(0, -1)) {
    const next = {};
    at[step] = lists.has(step) ? [next] : next;
    at = next;
  }
  at[steps.at(-1) ?? ''] = value;
  return stringify(file);
}

function messagesOn(text: string): string[] {
  const { tree } = atOnce(parseYaml(text));
  if (tree === undefined) return [];
  const read = operatorSchema.safeParse(plain(tree));
  const said: string[] = [];
  if (!read.success) reportShape(read.error.issues, tree, (_path, message) => void said.push(message));
  return said;
}

describe('the words of a mistake', () => {
  test.each([...new Set(paths.map((path) => path.split('.')[0] ?? ''))])('anywhere under %s', (top) => {
    const said = paths
      .filter((path) => path === top || path.startsWith(`${top}.`))
      .flatMap((path) => strange.flatMap((value) => messagesOn(fileWith(path, value))));

    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((message) => !/; expected |^unknown key /.test(message))).toEqual([]);
    expect(
      said.filter((message) => /Invalid|Too (small|big)|Unrecognized|received|undefined|NaN|\[object/.test(message)),
    ).toEqual([]);
  });
});
