// The page of all keys: each stands in it as the schema has it, with an example that may be written. Where
// the schema comes to describe itself otherwise, `keysOfCode` is what changes.

import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { operatorJsonSchema } from '../../src/commands/schema/json-schema.js';
import { authTypes } from '../../src/operators/schema/auth-types.js';
import { violations } from '../support/json-schema-validator.js';
import { inlineCodeIn, rowsUnder, tablesIn, textOf } from '../support/pages.js';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOrNone = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Every key with its path's end, what is said of it, and the shape it must have. */
function keysOfCode(node: unknown, path: readonly string[] = []): { path: string; says: string; shape: Node }[] {
  if (!isNode(node)) return [];
  const below = (child: unknown, step: string) =>
    isNode(child)
      ? [
          { path: [...path, step].join('.'), says: textOrNone(child['description']), shape: child },
          ...keysOfCode(child, [...path, step]),
        ]
      : [];
  return [
    ...Object.entries(isNode(node['properties']) ? node['properties'] : {}).flatMap(([name, child]) =>
      below(child, name),
    ),
    ...below(node['additionalProperties'], '*'),
    ...[node['items'], ...list(node['anyOf']), ...list(node['oneOf'])].flatMap((child) => keysOfCode(child, path)),
  ];
}

describe('the page of all keys', () => {
  const rows = ['config/keys.md' as const, 'config/from-curl.md' as const]
    .flatMap((page) => tablesIn(textOf(page)))
    .flat()
    .filter((row) => row.length === 3 && /^`[\w.*]+`$/.test(row[0] ?? ''))
    .map(([key = '', says = '', example = '']) => ({
      key: key.replaceAll('`', ''),
      says,
      example: inlineCodeIn(example)[0],
    }))
    .filter(({ says }) => !says.startsWith('`') && says !== '');
  const keys = keysOfCode(JSON.parse(operatorJsonSchema()));
  const isEndOf = (key: string, path: string): boolean => `.${path}`.endsWith(`.${key}`);
  const rowOf = (path: string) =>
    rows.filter(({ key }) => isEndOf(key, path)).sort((a, b) => b.key.length - a.key.length)[0];

  test('says of every key what the schema says', () => {
    expect(keys.length).toBeGreaterThan(200);
    const said = (text: string): string => text.replaceAll('\\|', '|');
    // A key may mean different things by the type beside it: then each of its rows says one.
    const rowsOf = (path: string) => rows.filter(({ key }) => key === rowOf(path)?.key).map(({ says }) => said(says));
    const otherwise = keys.filter(({ path, says }) => says !== '' && !rowsOf(path).includes(says));
    expect(otherwise.map(({ path }) => path)).toEqual([]);
  });

  test('has no key that there is not', () => {
    expect(rows.filter(({ key }) => !keys.some(({ path }) => rowOf(path)?.key === key))).toEqual([]);
  });

  test.each(rows.filter(({ example }) => example !== undefined))(
    'has an example of $key that may be written',
    (row) => {
      const value: unknown = parse(row.example ?? '');
      const wrong = keys
        .filter(({ path }) => rowOf(path)?.key === row.key)
        .map(({ shape }) => violations(shape, value));

      expect(wrong.length).toBeGreaterThan(0);
      expect(wrong.filter((found) => found.length > 0).length).toBeLessThan(wrong.length);
    },
  );

  const auth = keys.filter(({ path }) => path === 'wallet.auth').flatMap(({ shape }) => shapesIn(shape));
  const rowsOfTypes = new Map(
    auth.flatMap(({ properties }): [string, string[]][] => {
      if (!isNode(properties) || !isNode(properties['type'])) return [];
      return [[String(properties['type']['const']), Object.keys(properties)]];
    }),
  );

  test('is about the auth types that a file may name', () => {
    expect([...rowsOfTypes.keys()]).toEqual(authTypes.map(({ type }) => type));
  });

  test('has every auth type, with its keys', () => {
    const written = rowsUnder('config/keys.md', 'Auth and TLS').filter(([type = '']) =>
      rowsOfTypes.has(type.replaceAll('`', '')),
    );

    expect(written.map(([type = '']) => type.replaceAll('`', '')).sort()).toEqual([...rowsOfTypes.keys()].sort());
    for (const [type = '', own = ''] of written) {
      const allowed = rowsOfTypes.get(type.replaceAll('`', '')) ?? [];
      expect(inlineCodeIn(own).filter((key) => !allowed.includes(key))).toEqual([]);
    }
  });
});

function shapesIn(node: unknown): Node[] {
  if (!isNode(node)) return [];
  return [node, ...[...list(node['anyOf']), ...list(node['oneOf'])].flatMap(shapesIn)];
}
