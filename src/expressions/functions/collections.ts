// Lists, maps and pairs of name and value in expressions: what a sign is made over. Order decides whether a
// wallet accepts it, so it is the order of bytes, never a locale's, and nothing is put in order, dropped or
// renamed unless the expression says so.

import { encodeForm, formFlavours, pairsOf, type FormFlavour } from '../../codecs/form-encoding.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';
import { affordable } from '../cost.js';
import { literalText } from '../tree.js';
import type { ArgumentCheck, FunctionRows } from './function-row.js';

const isFlavour = (name: string): name is FormFlavour => formFlavours.some((flavour) => flavour === name);

const checkFlavour: ArgumentCheck = (argument) =>
  isFlavour(literalText(argument) ?? '')
    ? undefined
    : `the second argument of formEncode is one of ${formFlavours.map((one) => `"${one}"`).join(', ')}`;

function encodedAs(value: object, flavour: string): string {
  if (!isFlavour(flavour)) throw new EvaluationFailure('the second argument of formEncode is no flavour');
  return encodeForm(value, flavour);
}

function sortedList(list: readonly unknown[]): unknown[] {
  return list
    .map((item) => ({ item, key: sortKey(item) }))
    .sort((a, b) => inByteOrder(a.key, b.key))
    .map(({ item }) => item);
}

function sortedMap(map: object): unknown {
  return new Map([...entriesOf(map)].sort(([a], [b]) => inByteOrder([asText(a)], [asText(b)])));
}

/**
 * Names keep their places and take the later value, as in other languages' merges: a signed list must not
 * move them.
 */
export function merged(first: object, second: object): unknown {
  return new Map([...entriesOf(first), ...entriesOf(second)]);
}

/** Objects hold their whole-number names first, so what is in order, or put together, is a Map. */
function entriesOf(map: object): Iterable<[unknown, unknown]> {
  return map instanceof Map ? map : Object.entries(map);
}

/** Texts by themselves; pairs by their name, then by their value. */
function sortKey(item: unknown): string[] {
  return Array.isArray(item) ? item.map(asText) : [asText(item)];
}

function inByteOrder(left: readonly string[], right: readonly string[]): number {
  for (const [at, text] of left.entries()) {
    const order = Buffer.compare(Buffer.from(text), Buffer.from(right[at] ?? ''));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function asText(value: unknown): string {
  const text = textOf(value);
  if (text === undefined)
    throw new EvaluationFailure('a list holds what has no one way of being text: write .major(), .hex() or the like');
  return text;
}

export const collections: FunctionRows = {
  size: {
    forms: {
      'size(string | bytes | list | map): int': 'brought',
      'x.size(): int': 'brought',
    },
    sentence: 'How many characters, bytes, items or names there are.',
    example: { expression: '"€".size()', result: '1' },
  },
  join: {
    forms: {
      'join(list, string): string': (list: readonly unknown[], separator: string) => {
        affordable(list.length * separator.length);
        return list.map(asText).join(separator);
      },
      'list<string>.join(): string': 'brought',
      'list<string>.join(string): string': 'brought',
    },
    sentence: 'The items as one text, with the separator between them.',
    example: { expression: 'join(["a", "b"], "|")', result: '"a|b"' },
  },
  sorted: {
    forms: { 'sorted(list<V>): list<V>': sortedList, 'sorted(map<K, V>): map<K, V>': sortedMap },
    sentence: 'In the order of bytes: texts, pairs by their names and then their values, a map by its names.',
    example: { expression: 'sorted(["b", "a", "B"])', result: '["B","a","b"]' },
  },
  reversed: {
    forms: {
      'reversed(list<V>): list<V>': (list: readonly unknown[]) => list.toReversed(),
      'reversed(string): string': (text: string) => Array.from(text).toReversed().join(''),
    },
    sentence: 'The items of a list, or the characters of a text, from the last to the first.',
    example: { expression: 'reversed(["a", "b"])', result: '["b","a"]' },
  },
  pairs: {
    forms: { 'pairs(map | list): list<list<string>>': pairsOf },
    sentence: 'The names and values as a list of [name, value], in their order, as a form would have them.',
    example: { expression: 'pairs({"b": 1, "a": {"c": "x"}})', result: '[["b","1"],["a[c]","x"]]' },
  },
  formEncode: {
    forms: {
      'formEncode(map | list): string': (value: object) => encodeForm(value, 'form'),
      'formEncode(map | list, string): string': encodedAs,
    },
    literals: [undefined, checkFlavour],
    sentence: 'Names and values as an urlencoded text, as browsers write it or as "php", "rfc3986" or "uri" do.',
    example: { expression: 'formEncode({"a": "b c", "d": "~"}, "rfc3986")', result: '"a=b%20c&d=~"' },
  },
  all: {
    forms: { 'list.all(x, rule): bool': 'brought' },
    sentence: 'Whether the rule holds for each item, called x in it; it holds for an empty list.',
    example: { expression: '[1, 2].all(x, x > 0)', result: 'true' },
  },
  exists: {
    forms: { 'list.exists(x, rule): bool': 'brought' },
    sentence: 'Whether the rule holds for some item.',
    example: { expression: '["a", "b"].exists(x, x == "b")', result: 'true' },
  },
  exists_one: {
    forms: { 'list.exists_one(x, rule): bool': 'brought' },
    sentence: 'Whether the rule holds for exactly one item.',
    example: { expression: '["b", "b"].exists_one(x, x == "b")', result: 'false' },
  },
  filter: {
    forms: { 'list.filter(x, rule): list': 'brought' },
    sentence: 'The items for which the rule holds.',
    example: { expression: '["a", "", "b"].filter(x, x != "")', result: '["a","b"]' },
  },
  map: {
    forms: { 'list.map(x, value): list': 'brought', 'list.map(x, rule, value): list': 'brought' },
    sentence: 'What becomes of each item, or of each for which a rule holds.',
    example: { expression: '["a", "b"].map(x, upper(x))', result: '["A","B"]' },
  },
};
