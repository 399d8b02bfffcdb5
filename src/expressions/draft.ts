// A reply while it is being made: its status, its headers and its body as values. It is never changed, only
// made anew with one value put in its place.

import { emptyMap, entriesOf } from '../codecs/codec.js';
import { textOf } from '../codecs/plain-text.js';

export interface Draft {
  readonly status: bigint;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: it has none. */
  readonly body: unknown;
}

/** The step to what the one element of a map holds, whatever it is called. */
export const theOnly = Symbol('only');
/** A place in a reply, as in `response.body.items[0]` or `only(response.body).code`. */
export type Spot = readonly (string | number | typeof theOnly)[];

/** SOAP names the parts of a fault otherwise than expressions do. */
const faultNames: Readonly<Record<string, string>> = { code: 'faultcode', string: 'faultstring', actor: 'faultactor' };

/** The draft with this value in this place; undefined where no reply could have it there. */
export function withValue(draft: Draft, [part, ...rest]: Spot, value: unknown): Draft | undefined {
  switch (part) {
    case 'status':
      return typeof value === 'bigint' && value >= 200n && value <= 599n ? { ...draft, status: value } : undefined;
    case 'headers': {
      const [name] = rest;
      const text = textOf(value);
      if (typeof name !== 'string' || text === undefined) return undefined;
      return { ...draft, headers: { ...draft.headers, [name]: text } };
    }
    case 'body':
      return { ...draft, body: put(draft.body, rest, value) };
    case 'text':
      return typeof value === 'string' ? { ...draft, body: value } : undefined;
    case 'fault': {
      const [name = '', ...within] = rest;
      if (typeof name === 'symbol') return undefined;
      const before = fieldOf(draft.body, 'Fault') ?? { faultcode: 'Server', faultstring: 'refused' };
      return { ...draft, body: { Fault: put(before, [faultNames[name] ?? name, ...within], value) } };
    }
    case theOnly:
    case undefined:
    default:
      return undefined;
  }
}

/** What a draft has in this place. */
export function valueAt(draft: Draft, [part, ...rest]: Spot): unknown {
  switch (part) {
    case 'status':
      return draft.status;
    case 'headers':
      return draft.headers[String(rest[0])];
    case 'text':
      return draft.body;
    case 'fault':
      return follow(fieldOf(draft.body, 'Fault'), [faultNames[String(rest[0])] ?? rest[0] ?? '', ...rest.slice(1)]);
    case 'body':
      return follow(draft.body, rest);
    case theOnly:
    case undefined:
    default:
      return undefined;
  }
}

function follow(value: unknown, steps: Spot): unknown {
  return steps.reduce((at, step) => {
    if (step === theOnly) return fieldOf(at, onlyName(at) ?? '');
    return Array.isArray(at) ? listOf(at)[Number(step)] : fieldOf(at, String(step));
  }, value);
}

/** Attributes are no elements. */
function onlyName(value: unknown): string | undefined {
  return entriesOf(value)?.find(([name]) => !name.startsWith('@'))?.[0];
}

function fieldOf(value: unknown, name: string): unknown {
  return entriesOf(value)?.find(([key]) => key === name)?.[1];
}

function put(before: unknown, [step, ...rest]: Spot, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const items = listOf(before);
    while (items.length < step) items.push(emptyMap());
    items[step] = put(items[step], rest, value);
    return items;
  }
  const map = emptyMap();
  for (const [name, item] of entriesOf(before) ?? []) map[name] = item;
  const name = step === theOnly ? (onlyName(before) ?? 'reply') : step;
  map[name] = put(map[name], rest, value);
  return map;
}

/** A list's items, to be changed. */
export function listOf(value: unknown): unknown[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return [...items];
}
