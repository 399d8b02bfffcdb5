// The reference of `${…}`: every name and function stands in it, with an example that is worked out here.
// Where the code comes to describe its language itself, `namesOfCode` and `functionsOfCode` are what changes.

import { describe, expect, test } from '@jest/globals';
import { formatNames } from '../../src/codecs/codec-of.js';
import { DecimalNumber } from '../../src/codecs/decimal-number.js';
import { Money } from '../../src/domain/money.js';
import { language } from '../../src/expressions/functions/functions.js';
import { compile } from '../../src/expressions/expressions.js';
import { vocabularyOf, type Name, type Place } from '../../src/expressions/scope.js';
import type { CallOperation } from '../../src/expressions/name-rows.js';
import { declared, evaluate, reply, request, scopeWith } from '../support/expressions.js';
import { inlineCodeIn, rowsUnder, sectionOf, tablesIn, textOf } from '../support/pages.js';

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const operations: readonly CallOperation[] = [
  'getBalance',
  'withdraw',
  'deposit',
  'betWin',
  'undo',
  'lookup',
  'closeRound',
];

const places: readonly Place[] = [
  { kind: 'reference' },
  ...operations.flatMap((operation): Place[] => [
    { kind: 'request', operation },
    { kind: 'reply', operation, format: 'soap' },
  ]),
];

/** Every name there is in some place, with the fields it has. */
function namesOfCode(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const place of places)
    for (const [name, about] of vocabularyOf(place, { ...declared, settings: {} }).roots) {
      const fields = found.get(name) ?? new Set<string>();
      if (name !== 'vars' && name !== 'secrets') for (const field of fieldsOf(about)) fields.add(field);
      found.set(name, fields);
    }
  return found;
}

function fieldsOf({ fields = new Map<string, Name>() }: Name): string[] {
  return [...fields].flatMap(([field, about]) => {
    const inner = fieldsOf(about);
    return inner.length === 0 ? [field] : inner.map((name) => `${field}.${name}`);
  });
}

const functionsOfCode = (): string[] => [...language.functions, ...language.methods];

describe('the reference', () => {
  const body = { b: '2', a: '1' };
  const scope = scopeWith(
    { balance: '87.70', item: ['x', 'y'] },
    { sent: { path: '/debits', query: {}, headers: { 'X-Shop': '7' }, body, raw: Buffer.from(JSON.stringify(body)) } },
  );
  const worked = tablesIn(textOf('config/reference.md'))
    .flat()
    .filter((row) => row.length === 3)
    .map(([write = '', gives = '']) => [inlineCodeIn(write)[0] ?? '', inlineCodeIn(gives)[0] ?? ''] as const);

  test.each(worked)('works out %s', (expression, gives) => {
    expect(shown(valueOf(expression))).toBe(gives);
  });

  test('has an example of every function, and calls no other', () => {
    const code = inlineCodeIn(sectionOf('config/reference.md', 'Names, functions, signs'));
    const called = new Set([
      ...code.flatMap((text) => [...text.replaceAll(/"[^"]*"/g, '').matchAll(/(\w+)\(/g)].map(([, name = '']) => name)),
      ...code.filter((text) => /^\w+$/.test(text)),
    ]);
    const known = new Set(functionsOfCode());
    const calls = worked.flatMap(([text]) =>
      [...text.replaceAll(/"[^"]*"/g, '').matchAll(/(\w+)\(/g)].map(([, name = '']) => name),
    );

    expect([...known].filter((name) => !called.has(name))).toEqual([]);
    expect(calls.filter((name) => !known.has(name))).toEqual([]);
  });

  test('has every name and its fields, and no other', () => {
    const rows = rowsUnder('config/reference.md', 'Names').map(
      ([name = '', fields = '']) => [name.replaceAll('`', ''), inlineCodeIn(fields).sort()] as const,
    );
    const names = [...namesOfCode()].map(([name, fields]) => [name, [...fields].sort()] as const);

    expect(rows.toSorted(byName)).toEqual(names.sort(byName));
  });

  test.each(rowsUnder('config/reference.md', 'Names').map((row) => inlineCodeIn(row[3] ?? '')[0] ?? ''))(
    'has an example that may be written somewhere: %s',
    (example) => {
      const fitting = places.filter((place) => compile(`\${${example}}`, place, declared, 'any').problems.length === 0);

      expect(fitting).not.toEqual([]);
    },
  );

  test('has every format', () => {
    const [formats = ''] = sectionOf('config/reference.md', 'Formats')
      .split('\n')
      .filter((line) => line !== '');

    expect(inlineCodeIn(formats)).toEqual([...formatNames]);
  });

  test('says how names of headers are written', () => {
    const [sent = '', read = ''] = inlineCodeIn(
      sectionOf('config/reference.md', 'What is else only found by trying'),
    ).filter((code) => code.includes('["'));

    expect(valueOf(sent)).toBe('7');
    expect(valueOf(read)).toBe('OK');
    expect(() => valueOf(sent.toLowerCase())).toThrow('is absent');
    expect(() => valueOf(read.replace('x-result', 'X-Result'))).toThrow('lower case');
  });

  test.each([
    ['request.amount.major()', '"1200.00"', { minorDecimals: 0 }],
    ['request.amount.major(0)', '"1200"', { minorDecimals: 0 }],
    ['request.amount.minor()', '1200', { minorDecimals: 0 }],
    ['request.amount.minor()', '120000', { minorDecimals: 2 }],
    ['7 / 2', '3', {}],
    ['original.betAmount.major()', '"1200.00"', {}],
    ['request.userID + request.transactionID + request.?gameID.orValue("")', '"player-1tx-1"', {}],
  ])('says what %s gives', (expression, gives, more) => {
    const amount = amountOf('1200');
    const { request: asked } = scope;
    const undo = {
      request: { ...(isNode(asked) ? asked : {}), amount },
      original: { betAmount: amount, winAmount: amount },
    };
    const place: Place = expression.includes('original')
      ? { kind: 'request', operation: 'undo', undoOf: 'betWin' }
      : request;

    expect(shown(evaluate(`\${${expression}}`, { ...scope, ...undo, ...more }, place))).toBe(gives);
  });

  test('says that an undo sees of the callback who and which alone', () => {
    const undo: Place = { kind: 'request', operation: 'undo' };

    expect([...(vocabularyOf(undo, declared).roots.get('request')?.fields?.keys() ?? [])].sort()).toEqual([
      'gameID',
      'transactionID',
      'userID',
    ]);
  });

  /** In a request, or where that is not allowed in a rule on its reply. */
  function valueOf(expression: string): unknown {
    const source = `\${${expression}}`;
    const isOfRequest = compile(source, request, declared, 'any').template !== undefined;
    return evaluate(source, scope, isOfRequest ? request : reply);
  }
});

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function amountOf(text: string): Money {
  const amount = Money.parse(text);
  if (amount === undefined) throw new Error(`${text} is no amount`);
  return amount;
}

/** As the reference shows a value: texts with their quotes. */
function shown(value: unknown): string {
  if (value instanceof Money) return value.toString();
  if (value instanceof DecimalNumber) return value.text;
  if (value instanceof Map) return shown(Object.fromEntries(value));
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(shown).join(',')}]`;
  if (isNode(value))
    return `{${Object.entries(value)
      .map(([name, item]) => `"${name}":${shown(item)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}
