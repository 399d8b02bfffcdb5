// Names and values as one urlencoded text, for bodies and for signs alike: both must come out of the same
// code, or a wallet would verify other bytes than those it got. Order is the caller's; nothing here sorts,
// and nothing is dropped but null.

import { charsetOf } from './charset.js';
import { entriesOf, type Charset } from './codec.js';
import { EvaluationFailure } from './evaluation-failure.js';
import { textOf } from './plain-text.js';

/**
 * `form` is what browsers and most servers write, `php` is http_build_query, `uri` is encodeURIComponent,
 * `rfc3986` leaves only the unreserved characters as they are.
 */
export const formFlavours = ['form', 'php', 'rfc3986', 'uri'] as const;
export type FormFlavour = (typeof formFlavours)[number];

const flavours: Readonly<Record<FormFlavour, { plain: RegExp; space: string }>> = {
  form: { plain: /[\w*.-]/, space: '+' },
  php: { plain: /[\w.-]/, space: '+' },
  rfc3986: { plain: /[\w.~-]/, space: '%20' },
  uri: { plain: /[\w.~!*'()-]/, space: '%20' },
};

/**
 * `value` – a map, or a list of [name, value] – as `a=1&b%5B0%5D=2`. In `php` true is 1 and false is 0.
 * Throws EvaluationFailure for values without a text form, and what `encode` throws.
 */
export function encodeForm(
  value: unknown,
  flavour: FormFlavour,
  encode: Charset['encode'] = charsetOf('utf-8').encode,
): string {
  const escaped = (text: string): string => percentEncoded(text, flavour, encode);
  return flatten(value, flavour === 'php' ? phpText : textOf)
    .map(([name, text]) => `${escaped(name)}=${escaped(text)}`)
    .join('&');
}

/** One name or value as it stands in such a text. Throws what `encode` throws. */
export function percentEncoded(text: string, flavour: FormFlavour, encode: Charset['encode']): string {
  // Ids mostly, which every flavour and every charset leaves as they are.
  if (/^[\w.-]*$/.test(text)) return text;
  const tokens = tableOf(flavour);
  let written = '';
  for (const byte of encode(text)) written += tokens[byte] ?? '';
  return written;
}

/**
 * The same names and values before they are encoded; what is nested is named as in `a[0][b]`. Throws
 * EvaluationFailure.
 */
export function pairsOf(value: unknown): [string, string][] {
  return flatten(value, textOf);
}

type ToText = (value: unknown) => string | undefined;

const phpText: ToText = (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : textOf(value));

const tables = new Map<FormFlavour, readonly string[]>();

/** How each byte is written. */
function tableOf(flavour: FormFlavour): readonly string[] {
  const { plain, space } = flavours[flavour];
  const table =
    tables.get(flavour) ??
    Array.from({ length: 256 }, (_, byte) => {
      const character = String.fromCharCode(byte);
      if (byte < 0x80 && plain.test(character)) return character;
      return byte === 0x20 ? space : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    });
  tables.set(flavour, table);
  return table;
}

function flatten(value: unknown, toText: ToText): [string, string][] {
  const pairs: [string, string][] = [];
  const add = (name: string, item: unknown): void => {
    if (item === null) return;
    const inner = Array.isArray(item) ? [...item.entries()] : entriesOf(item);
    if (inner !== undefined) return inner.forEach(([key, nested]) => add(`${name}[${nameText(key)}]`, nested));
    const text = toText(item);
    if (text === undefined)
      throw new EvaluationFailure('a value of a form has no one way of being text: write .major(), .hex() or the like');
    pairs.push([name, text]);
  };
  for (const [name, item] of Array.isArray(value) ? value.map(asPair) : (entriesOf(value) ?? [noForm()]))
    add(nameText(name), item);
  return pairs;
}

function asPair(item: unknown): [unknown, unknown] {
  if (!Array.isArray(item) || item.length !== 2) return noForm();
  const pair: readonly unknown[] = item;
  return [pair[0], pair[1]];
}

function nameText(name: unknown): string {
  return (typeof name === 'number' ? String(name) : textOf(name)) ?? noForm();
}

function noForm(): never {
  throw new EvaluationFailure('a form is a map, or a list of [name, value]');
}
