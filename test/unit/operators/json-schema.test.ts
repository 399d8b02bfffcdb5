import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { operatorJsonSchema } from '../../../src/commands/schema/json-schema.js';
import { presetNames, readPreset } from '../../../src/operators/presets.js';
import { describeKeys } from '../../../src/operators/schema/keys.js';
import { starterFile } from '../../../src/drafting/starter-file.js';
import { violations } from '../../support/json-schema-validator.js';
import { fileWith, soundFile } from '../../support/operator-text.js';

const root = join(__dirname, '../../..');
const schema: unknown = JSON.parse(operatorJsonSchema());
const wrongWith = (text: string): string[] => violations(schema, parse(text));

describe('the description of each key', () => {
  const keys = describeKeys();

  test('is there', () => {
    expect(keys.filter(({ meaning }) => meaning === '').map(({ path }) => path)).toEqual([]);
  });

  test('is of a key that is there', () => {
    expect([...new Set(keys.flatMap(({ path, alsoAt }) => [path, ...alsoAt]))].sort()).toEqual(keysOf(schema));
  });

  test('comes with what is expected of it, in words of ours', () => {
    expect(keys.filter(({ expects }) => /^(Invalid|$)/.test(expects))).toEqual([]);
    expect(keys.find(({ path }) => path === 'wallet.timeout')).toEqual({
      path: 'wallet.timeout',
      alsoAt: [],
      expects: 'a duration such as 2500ms, 10s, 5m, 72h or 30d',
      default: '2500ms',
      meaning: 'How long one wallet call may take, as a duration such as 2500ms.',
    });
  });

  test('is a sentence or two in one line', () => {
    expect(keys.filter(({ meaning }) => !/^[A-Za-z{][^\n]{3,}\.$/.test(meaning))).toEqual([]);
  });

  test('names the default that is true', () => {
    const wrong = describedDefaults(schema).filter(({ text, value }) => {
      const says = `Default: ${JSON.stringify(value).replaceAll('"', '')}`;
      return typeof value !== 'object' && !text.includes(`${says}.`) && !text.includes(`${says},`);
    });

    expect(describedDefaults(schema).length).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });
});

/** The paths of all keys in the schema for editors. */
function keysOf(node: unknown): string[] {
  const keys = new Set<string>();
  const visit = (below: unknown, path: readonly string[]): void => {
    if (!isMap(below)) return;
    const properties = isMap(below['properties']) ? below['properties'] : {};
    const others = isMap(below['additionalProperties']) ? { '*': below['additionalProperties'] } : {};
    for (const [name, child] of Object.entries({ ...properties, ...others })) {
      keys.add([...path, name].join('.'));
      visit(child, [...path, name]);
    }
    visit(below['items'], path);
    for (const shapes of [below['anyOf'], below['oneOf']])
      if (Array.isArray(shapes)) for (const shape of shapes) visit(shape, path);
  };
  visit(node, []);
  return [...keys].sort();
}

/** The description and the default of each key that has both. */
function describedDefaults(node: unknown): { text: string; value: unknown }[] {
  if (!isMap(node)) return [];
  const own =
    'default' in node && 'description' in node ? [{ text: String(node['description']), value: node['default'] }] : [];
  return [...own, ...Object.values(node).flatMap(describedDefaults)];
}

describe('the schema for editors', () => {
  test('stands in config as it is now', () => {
    expect(readFileSync(join(root, 'config/operator.schema.json'), 'utf8')).toBe(operatorJsonSchema());
  });

  const shipped = ['config/examples', 'config/operators', 'test/bench/operators', 'test/support/presets'].flatMap(
    (directory) =>
      readdirSync(join(root, directory))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => join(directory, name)),
  );
  test.each(shipped)('fits %s', (file) => {
    expect(wrongWith(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });

  test.each(shipped.filter((file) => file.startsWith('config')))('is what editors find from %s', (file) => {
    const [first] = readFileSync(join(root, file), 'utf8').split('\n');

    expect(first).toBe('# yaml-language-server: $schema=../operator.schema.json');
  });

  test.each(presetNames())('fits a preset, beside what only an operator can say: %s', (preset) => {
    const operator: unknown = parse(starterFile({ operator: 'casino', preset, schema: '' }));
    const text: unknown = parse(readPreset(preset).text);

    expect(violations(schema, operator)).toEqual([]);
    // `required` in a preset stands where the operator's own value will stand.
    expect(violations(schema, merged(text, operator))).toEqual([]);
  });

  test.each([
    ['an unknown key', ['repeatable: always', 'repeatible: always'], '/wallet/repeatible: unknown key'],
    ['a missing key', ['  rollback: inverse\n', ''], '/operations: required'],
    ['a word that is none', ['repeatable: always', 'repeatable: allways'], '/wallet/repeatable: enum'],
    ['a duration that is none', ['repeatable: always', 'timeout: 10'], '/wallet/timeout: type'],
    ['a number that is none', ['repeatable: always', 'concurrency: 0'], '/wallet/concurrency: minimum'],
    ['a list that is none', ['[gsp]', 'gsp'], '/platform/agents/0/keys: type'],
    ['a secret itself', ['{ env: GSP_KEY }', 'sesame'], '/secrets/gsp: type'],
  ] as const)('does not fit %s', (_what, change, expected) => {
    expect(wrongWith(soundFile)).toEqual([]);
    expect(wrongWith(fileWith(change))).toContain(expected);
  });
});

/** Maps key by key, as an operator's file lies over its preset. */
function merged(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above) || 'required' in below) return above;
  const both = Object.keys({ ...below, ...above });
  return Object.fromEntries(both.map((key) => [key, key in above ? merged(below[key], above[key]) : below[key]]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
