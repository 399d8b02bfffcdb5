// The reference of `${…}`: every name and function stands in it, with an example that is worked out here.
// Where the code comes to describe its language itself, `namesOfCode` and `functionsOfCode` are what changes.

import { describe, expect, test } from '@jest/globals';
import { formatNames } from '../../src/codecs/codec-of.js';
import { DecimalNumber } from '../../src/codecs/decimal-number.js';
import { Money } from '../../src/domain/money.js';
import { describeFunctions, language } from '../../src/expressions/functions/functions.js';
import { compile } from '../../src/expressions/expressions.js';
import { vocabularyOf, type Place } from '../../src/expressions/scope.js';
import { describeNames, type CallOperation } from '../../src/expressions/name-rows.js';
import { declared, evaluate, reply, request, scopeWith } from '../support/expressions.js';
import { inlineCodeIn, rowsUnder, sectionOf, tablesIn, textOf, withRows } from '../support/pages.js';

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

/** Every name with the fields it has, as they are written: `.?` where it may be absent. */
function namesOfCode(): Map<string, string[]> {
  const all = describeNames().map(({ name }) => name);
  const leaves = all.filter((name) => !all.some((other) => other.startsWith(`${name}.`)));
  return new Map(
    all
      .filter((name) => !name.includes('.'))
      .map((root) => [
        root,
        leaves
          .filter((name) => name.startsWith(`${root}.`))
          .map((name) => name.slice(root.length).replace(/^\.(?=\w)/, '')),
      ]),
  );
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

  test('is what the code prints', () => {
    const names = namesOfCode();
    const coded = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
    const fieldsPrinted = (name: string): string => [...(names.get(name) ?? [])].map(coded).join(' ');
    const printed = withRows(textOf('config/reference.md'), ([first = '', , ...more]) => {
      const [text = ''] = inlineCodeIn(first);
      if (more.length === 2 && names.has(text)) return [first, fieldsPrinted(text), ...more];
      if (more.length !== 1 || text === '') return undefined;
      return [first, coded(shown(valueOf(text))), ...more];
    });
    const rows = rowsUnder('config/reference.md', 'Names').map(([name = '']) => name.replaceAll('`', ''));
    const missing = [...names.keys()]
      .filter((name) => !rows.includes(name))
      .map((name) => `| ${coded(name)} | ${fieldsPrinted(name)} | … | … |`);

    expect({ page: textOf('config/reference.md'), missing }).toEqual({ page: printed, missing: [] });
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

    // The rows that must stand there.
    const missing = describeFunctions()
      .filter(({ name }) => known.has(name) && !called.has(name))
      .map(({ example, result, sentence }) => `| \`${example}\` | \`${result}\` | ${sentence} |`);
    expect(missing).toEqual([]);
    expect([...known].filter((name) => !called.has(name))).toEqual([]);
    expect(calls.filter((name) => !known.has(name))).toEqual([]);
  });

  test('has every name, and no other', () => {
    const rows = rowsUnder('config/reference.md', 'Names').map(([name = '']) => name.replaceAll('`', ''));

    expect(rows.toSorted()).toEqual([...namesOfCode().keys()].sort());
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
