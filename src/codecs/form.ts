// Bodies of names and values, urlencoded. Reading is strict where two servers could understand two things: a
// name that is both a value and a map, a half escape, a line break. A name that comes several times is a
// list, never the first or the last of them.

import { Malformed, emptyMap, withoutLead, type Charset, type Notation } from './codec.js';
import { encodeForm } from './form-encoding.js';

const type = 'application/x-www-form-urlencoded';
const mostPairs = 2000;
const mostDepth = 16;

export const form: Notation = {
  title: 'a form',
  accept: '*/*',
  // The type has no such parameter, but servers that do not speak UTF-8 look for it.
  headers: (charset) => ({ 'Content-Type': charset === 'utf-8' ? type : `${type}; charset=${charset}` }),
  // A text is a form already: the mapping wrote it with the flavour its wallet wants.
  write: (value, charset) => (typeof value === 'string' ? value : encodeForm(value, 'form', charset.encode)),
  read: (text, charset) => ({ body: readForm(text, charset) }),
};

/** What a name holds while its form is read: values in their order, and what stands in brackets behind it. */
class Field {
  readonly values: string[] = [];
  readonly inner = new Map<string, Field>();

  at(key: string): Field {
    const known = this.inner.get(key) ?? new Field();
    this.inner.set(key, known);
    return known;
  }

  value(): unknown {
    const { values, inner } = this;
    if (inner.size === 0) return values.length === 1 ? values[0] : values;
    if (values.length > 0) throw new Malformed('a name is both a value and a map');
    const items = [...inner].map(([key, field]) => [key, field.value()] as const);
    if (items.every(([key], at) => key === String(at))) return items.map(([, item]) => item);
    const appended = inner.get('');
    if (appended !== undefined && inner.size === 1)
      return appended.values.length > 0 ? appended.values : appended.value();
    return mapOf(items);
  }
}

function readForm(text: string, charset: Charset): Record<string, unknown> {
  const root = new Field();
  // Servers that print their reply end it with a line break.
  const pairs = withoutLead(text).trimEnd().split('&');
  if (pairs.length > mostPairs) throw new Malformed('more names than any reply has');
  for (const pair of pairs) {
    if (pair === '') continue;
    const [, name = '', value = ''] = /^([^=]*)=?([^]*)$/.exec(pair) ?? [];
    let field = root;
    for (const key of keysOf(decoded(name, charset))) field = field.at(key);
    field.values.push(decoded(value, charset));
  }
  return mapOf([...root.inner].map(([name, field]) => [name, field.value()]));
}

/** "a[0][b]" is a, 0, b. Brackets that do not pair are part of the name. */
function keysOf(name: string): string[] {
  const [, first, brackets] = /^([^[]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
  if (first === undefined || brackets === undefined) return [name];
  const keys = [first, ...[...brackets.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key)];
  if (keys.length > mostDepth) throw new Malformed('nested too deep');
  return keys;
}

function mapOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const map = emptyMap();
  for (const [name, value] of entries) map[name] = value;
  return map;
}

function decoded(written: string, charset: Charset): string {
  if (/[\x00-\x1f\x7f]/.test(written)) throw new Malformed('a line break or another control character in it');
  if (!/[%+]/.test(written)) return written;
  if (/%(?![\da-f]{2})/i.test(written)) throw new Malformed('a half escape');
  // What is not escaped is text already; runs of escapes are bytes of the charset.
  return written
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-f]{2})+/gi, (run) => charset.decode(Buffer.from(run.replaceAll('%', ''), 'hex')));
}
