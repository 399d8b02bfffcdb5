// The body and the parameters of a vendor's sample, written as an operator file has them.

import { DecimalNumber } from '../codecs/decimal-number.js';
import { NotJson, parseJson } from '../codecs/json.js';
import { textOf } from '../codecs/plain-text.js';
import { quoted } from './yaml-text.js';
import type { Recogniser, Value } from './recognise.js';

type SampleFormat = 'json' | 'form' | 'text';
export interface SampleBody {
  readonly format: SampleFormat;
  /** A map or list; the text itself where it is neither JSON nor a form; undefined without a body. */
  readonly value: unknown;
}

export function bodyOf(text: string): SampleBody {
  if (text.trim() === '') return { format: 'json', value: undefined };
  if (/^\s*[{[]/.test(text))
    try {
      return { format: 'json', value: parseJson(text) };
    } catch (failure) {
      if (!(failure instanceof NotJson)) throw failure;
    }
  if (/^[\w.[\]%+-]+=[^<]*$/.test(text))
    return { format: 'form', value: Object.fromEntries(new URLSearchParams(text)) };
  return { format: 'text', value: text };
}

/** Names and values where the body is a flat map. */
export function flatFields(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, one]) => textOf(one) !== undefined) ? entries : undefined;
}

/** A value as YAML, with its note behind it. */
export function scalar(value: unknown, { expression, note }: Value): string {
  const written = expression === undefined ? constant(value) : `\${${expression}}`;
  const plain =
    expression === undefined || !/[#'"{},[\]&*?|>%@`:]|^\s|\s$/.test(expression)
      ? written
      : `'${written.replaceAll("'", "''")}'`;
  const remark = {
    guessed: ' # guessed',
    constant: ' # as in the sample',
    sign: ' # as in the sample: not reproduced',
  };
  return `${plain}${note === undefined ? '' : remark[note]}`;
}

function constant(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof DecimalNumber) return value.text;
  return typeof value === 'string' ? quoted(value) : (textOf(value) ?? '');
}

/** Lines of a map or list, each below `indent`. */
export function block(value: unknown, indent: string, seen: Recogniser): string[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      if (textOf(item) !== undefined || item === null) return [`${indent}- ${scalar(item, { note: 'constant' })}`];
      const [first = '', ...rest] = block(item, `${indent}  `, seen);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
    if (one !== null && textOf(one) === undefined) {
      const inner = block(one, `${indent}  `, seen);
      return inner.length === 0
        ? [`${indent}${quoted(name)}: ${Array.isArray(one) ? '[]' : '{}'}`]
        : [`${indent}${quoted(name)}:`, ...inner];
    }
    return [`${indent}${quoted(name)}: ${scalar(one, seen.valueOf(name, one))}`];
  });
}

/** The same flat map as one expression, for a sign that stands in the body itself. */
export function mapExpression(fields: readonly (readonly [string, unknown])[], seen: Recogniser): string {
  const entries = fields.map(([name, value]) => {
    const { expression } = seen.valueOf(name, value);
    const sample = typeof value === 'string' ? JSON.stringify(value) : (textOf(value) ?? '');
    const made = expression?.includes('.?') ? `${expression}.orValue(${sample})` : (expression ?? sample);
    return `${JSON.stringify(name)}: ${made}`;
  });
  return `{${entries.join(', ')}}`;
}
