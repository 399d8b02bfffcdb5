// The body and the parameters of a vendor's sample, written as an operator file has them.

import { DecimalNumber } from '../codecs/decimal-number.js';
import { Malformed } from '../codecs/codec.js';
import { codecOf, type Format } from '../codecs/codec-of.js';
import { xmlText } from '../codecs/xml.js';
import { textOf } from '../codecs/plain-text.js';
import { quoted } from './yaml-text.js';
import type { Recogniser, Value } from './recognise.js';

export interface SampleBody {
  readonly format: Format;
  /** A map or list; the text itself where it is none of the formats; undefined without a body. */
  readonly value: unknown;
}

export function bodyOf(text: string): SampleBody {
  if (text.trim() === '') return { format: 'json', value: undefined };
  const likely: readonly Format[] = /^\s*[{[]/.test(text)
    ? ['json']
    : /^\s*</.test(text)
      ? ['soap', 'xml']
      : /^[\w.[\]%+-]+=[^<]*$/.test(text)
        ? ['form']
        : [];
  for (const format of likely)
    try {
      const { content } = codecOf(format, 'utf-8').read(Buffer.from(text));
      if (content !== undefined) return { format, value: content.body };
    } catch (failure) {
      if (!(failure instanceof Malformed)) throw failure;
    }
  return { format: 'text', value: text };
}

/** Names and values where the body is a flat map. */
export function flatFields(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, one]) => textOf(one) !== undefined) ? entries : undefined;
}

export const signNote = ' # a sign that was not reproduced: it never changes';

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
    sign: signNote,
  };
  return `${plain}${note === undefined ? '' : remark[note]}`;
}

/** Text that no expression is read in. */
export const literal = (text: string): string => text.replaceAll('${', () => '$${');

function constant(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof DecimalNumber) return value.text;
  return typeof value === 'string' ? quoted(literal(value)) : (textOf(value) ?? '');
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
        ? [`${indent}${quoted(name)}: ${Array.isArray(one) ? '[]' : '{}'} # as in the sample`]
        : [`${indent}${quoted(name)}:`, ...inner];
    }
    return [`${indent}${quoted(name)}: ${scalar(one, seen.valueOf(name, one))}`];
  });
}

/** A flat map as one expression, for a sign that stands in the body itself. */
export interface MapExpression {
  readonly expression: string;
  /** What of the sample it holds as it is, by name: read as `settings.<place>.<name>`. */
  readonly constants: readonly (readonly [string, unknown])[];
  /** The fields that were guessed. */
  readonly guessed: readonly string[];
}

export function mapExpression(
  fields: readonly (readonly [string, unknown])[],
  seen: Recogniser,
  place: string,
): MapExpression {
  const constants: [string, unknown][] = [];
  const guessed: string[] = [];
  const entries = fields.map(([name, value]) => {
    const { expression, note } = seen.valueOf(name, value);
    if (note === 'guessed') guessed.push(name);
    if (expression === undefined) constants.push([name, value]);
    const kept = `settings.${place}${/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`}`;
    const made = expression?.includes('.?') ? `${expression}.orValue("")` : (expression ?? kept);
    return `${JSON.stringify(name)}: ${made}`;
  });
  return { expression: `{${entries.join(', ')}}`, constants, guessed };
}

/** A body that is sent as the text it is, with what was recognised put in: XML keeps its prefixes and spaces so. */
export interface Template {
  readonly text: string;
  readonly guessed: readonly string[];
}

export function xmlTemplate(text: string, seen: Recogniser): Template {
  const guessed: string[] = [];
  const put = (name: string, written: string): string => {
    const value = plainXml(written);
    const { expression, note } = seen.valueOf(name.replace(/^[\w.-]+:/, ''), value);
    if (expression === undefined || xmlText(value) !== written) return literal(written);
    if (note === 'guessed') guessed.push(name);
    return `\${xml(${expression}${expression.includes('.?') ? '.orValue("")' : ''})}`;
  };
  // Each tag, and the text behind it where the element holds nothing else.
  const tag = /<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)(\s*\/?>)(?:([^<]+)(?=<\/\1\s*>))?/g;
  let made = '';
  let from = 0;
  for (const found of text.matchAll(tag)) {
    const [whole, name = '', attributes = '', end = '', content] = found;
    const written = attributes.replaceAll(
      /(\s)([\w.:-]+)(\s*=\s*)(["'])([^"'<]*)\4/g,
      (one, gap: string, attribute: string, equal: string, quote: string, value: string) =>
        /^xmlns(?:$|:)/.test(attribute)
          ? literal(one)
          : `${gap}${attribute}${equal}${quote}${put(attribute, value)}${quote}`,
    );
    made += `${literal(text.slice(from, found.index))}<${name}${written}${end}${content === undefined ? '' : put(name, content)}`;
    from = found.index + whole.length;
  }
  return { text: made + literal(text.slice(from)), guessed };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plainXml = (text: string): string =>
  text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (_whole, name: string) => entities[name] ?? '');
