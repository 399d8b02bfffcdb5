// The page of all keys: each stands in it as the schema has it, with an example that may be written. Where
// the schema comes to describe itself otherwise, `keysOfCode` is what changes.

import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { operatorJsonSchema } from '../../src/commands/schema/json-schema.js';
import { authTypes } from '../../src/operators/schema/auth-types.js';
import { violations } from '../support/json-schema-validator.js';
import { inlineCodeIn, rowsUnder, tablesIn, textOf, withRows } from '../support/pages.js';

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
  const pages = ['config/keys.md', 'config/from-curl.md'] as const;
  const isOfKey = ([name = '', says = '', ...more]: readonly string[]): boolean =>
    more.length === 1 && /^`[\w.*]+`$/.test(name) && !says.startsWith('`') && says !== '';
  const rows = pages
    .flatMap((page) => tablesIn(textOf(page)).flat())
    .filter(isOfKey)
    .map(([key = '', says = '', example = '']) => ({
      key: key.replaceAll('`', ''),
      says,
      example: inlineCodeIn(example)[0],
    }));
  const keys = keysOfCode(JSON.parse(operatorJsonSchema()));
  const isEndOf = (key: string, path: string): boolean => `.${path}`.endsWith(`.${key}`);
  const rowOf = (path: string) =>
    rows.filter(({ key }) => isEndOf(key, path)).sort((a, b) => b.key.length - a.key.length)[0];

  test('is what the schema prints', () => {
    expect(keys.length).toBeGreaterThan(200);
    const saying = keys.filter(({ says }) => says !== '');
    const cellOf = (says: string): string => says.replaceAll('|', '\\|');
    // A key may mean different things by the type beside it: then each of its rows says one.
    const meanings = new Map(rows.map(({ key }) => [key, new Set<string>()]));
    for (const { path, says } of saying) meanings.get(rowOf(path)?.key ?? '')?.add(cellOf(says));
    const printed = pages.map((page) =>
      withRows(textOf(page), ([name = '', says = '', ...more]) => {
        const unsaid = isOfKey([name, says, ...more]) ? meanings.get(name.replaceAll('`', '')) : undefined;
        const [meaning = says] = unsaid?.has(says) === true ? [says] : (unsaid ?? []);
        unsaid?.delete(meaning);
        return unsaid === undefined ? undefined : [name, meaning, ...more];
      }),
    );
    const missing = [
      ...[...meanings].flatMap(([key, unsaid]) => [...unsaid].map((says) => `| \`${key}\` | ${says} | – |`)),
      ...saying
        .filter(({ path }) => rowOf(path) === undefined)
        .map(({ path, says }) => `| \`${path}\` | ${cellOf(says)} | – |`),
    ];

    expect({ pages: pages.map(textOf), missing }).toEqual({ pages: printed, missing: [] });
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
