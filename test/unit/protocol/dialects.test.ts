// What holds for all dialects together, because it is needed before anybody knows which of them a callback is
// in.

import { describe, expect, test } from '@jest/globals';
import { dialects, everyCodeName, operationOfPath } from '../../../src/protocol/dialects.js';
import { agentName, type Dialect } from '../../../src/protocol/dialects/dialect.js';

const table: [string, Dialect][] = Object.entries(dialects);
const shapesOf = ({ operations }: Dialect) => Object.values(operations);

describe.each(table)('%s', (_name, dialect) => {
  test('has a path of its own for each operation, and none that means another elsewhere', () => {
    const paths = shapesOf(dialect).map(({ path }) => path);

    expect(new Set(paths).size).toBe(5);
    expect(paths.map((path) => operationOfPath.get(path))).toEqual(Object.keys(dialect.operations));
  });

  test('signs each field once, the agent under the name all share', () => {
    for (const { signed } of shapesOf(dialect)) {
      expect(new Set(signed.map(({ name }) => name)).size).toBe(signed.length);
      expect(signed).toContainEqual({ role: 'agentID', name: agentName });
    }
  });

  test('finds its code in an answer to nobody known', () => {
    expect(everyCodeName).toContain(dialect.answer.code);
  });
});

test('an answer to nobody known says each code once', () => {
  expect(new Set(everyCodeName).size).toBe(everyCodeName.length);
});
