// A wallet's reply decides how long its lists and texts are, so what an expression may do with them is
// bounded: what would grow as their product is refused at load, and what functions read is counted.
import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/expressions/expressions.js';
import { mostWork } from '../../../src/expressions/cost.js';
import { declared, problemsOf, reply, scopeWith } from '../../support/expressions.js';

const list = 'response.body.list';
const again = `${list} is gone through again for each item: ask for one list at a time, or for a list of the item itself`;

describe('a list gone through again for each item of another one', () => {
  test.each([
    `\${${list}.exists(a, ${list}.exists(b, a == b))}`,
    `\${${list}.all(a, a in ${list})}`,
    `\${${list}.exists(a, a.ok == true && size(${list}.filter(b, b == a)) == 1)}`,
    `\${list(response.body.one).exists(a, ["x", "y"].exists(b, ${list}.exists(c, c == a)))}`,
  ])('is refused: %s', (source) => {
    expect(problemsOf(source, reply, 'bool')).toContainEqual(expect.stringContaining(again));
  });

  test.each([
    `\${${list}.exists(a, a.items.exists(b, b.ok == true))}`,
    `\${${list}.exists(a, a.state in ["X", "Y"])}`,
    `\${${list}.exists(a, ["X", "Y"].exists(b, a.state == b))}`,
    `\${${list}.exists(a, a == "x") && ${list}.exists(b, b == "y")}`,
    `\${"x" in ${list}}`,
  ])('unless it is the item’s own, or stands in the file: %s', (source) => {
    expect(problemsOf(source, reply, 'bool')).toEqual([]);
  });
});

describe('what functions read and write', () => {
  const evaluated = (source: string, body: unknown): unknown => {
    const { template, problems } = compile(source, reply, declared, 'any');
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    return template?.evaluate(scopeWith({}, { response: { status: 200, headers: {}, body, text: '' } }));
  };
  const long = 'a'.repeat(1_000);

  test('is bounded, however often a text is blown up', () => {
    const blown = `replace(replace(replace(text(response.body.x), "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")`;

    expect(() => evaluated(`\${size(${blown})}`, { x: long })).toThrow(`more than ${mostWork} characters`);
  });

  test.each([
    [
      'a text put in for each character of another',
      'replace(replace(text(response.body.x), "a", text(response.body.x)), "a", text(response.body.x))',
    ],
    ['a separator between many items', 'join(response.body.list.map(x, "i"), text(response.body.x))'],
    ['one text, many times over', 'json(response.body.list.map(x, response.body.x))'],
  ])('is bounded before it is written: %s', (_, source) => {
    const body = { x: 'a'.repeat(30_000), list: Array.from({ length: 30_000 }, () => 'i') };

    expect(() => evaluated(`\${size(${source})}`, body)).toThrow(`more than ${mostWork} characters`);
  });

  test('is counted over all items of a list', () => {
    const source = '${response.body.list.map(x, md5(text(response.body.x)).hex())}';
    const body = (items: number) => ({ x: long, list: Array.from({ length: items }, () => 'i') });

    expect(evaluated(source, body(3))).toHaveLength(3);
    expect(() => evaluated(source, body(10_000))).toThrow(`more than ${mostWork} characters`);
  });
});
