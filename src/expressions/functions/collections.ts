// Lists, maps and pairs of name and value in expressions: what a sign is made over. Order decides whether a wallet accepts it, so it
// is the order of bytes, never a locale's, and nothing is put in order, dropped or renamed unless the expression says so.

import { encodeForm, formFlavours, pairsOf, type FormFlavour } from '../../codecs/form-encoding.js';
import { type Language } from '../language.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';

export function defineCollections(language: Language): void {
  language.define('join(list, string): string', (list: readonly unknown[], separator: string) =>
    list.map(asText).join(separator),
  );
  language.define('sorted(list<V>): list<V>', (list: readonly unknown[]) =>
    list
      .map((item) => ({ item, key: sortKey(item) }))
      .sort((a, b) => inByteOrder(a.key, b.key))
      .map(({ item }) => item),
  );
  language.define(
    'sorted(map<K, V>): map<K, V>',
    (map: object) => new Map([...entriesOf(map)].sort(([a], [b]) => inByteOrder([asText(a)], [asText(b)]))),
  );
  language.define('reversed(list<V>): list<V>', (list: readonly unknown[]) => list.toReversed());
  language.define('reversed(string): string', (text: string) => Array.from(text).toReversed().join(''));
  // Names keep their places and take the later value, as in other languages' merges: a signed list must not move them.
  language.environment.registerOperator(
    'map + map',
    (a: object, b: object) => new Map([...entriesOf(a), ...entriesOf(b)]),
  );
  for (const type of ['map', 'list']) {
    language.define(`pairs(${type}): list<list<string>>`, pairsOf);
    language.define(`formEncode(${type}): string`, (value: object) => encodeForm(value, 'form'));
    language.define(`formEncode(${type}, string): string`, (value: object, flavour: string) => {
      if (!isFlavour(flavour)) throw new EvaluationFailure('the second argument of formEncode is no flavour');
      return encodeForm(value, flavour);
    });
  }
}

export function isFlavour(name: string): name is FormFlavour {
  return formFlavours.some((flavour) => flavour === name);
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
