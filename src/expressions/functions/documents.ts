// Functions for what XML and SOAP leave open: an element is a map in one reply and a list of maps in the
// next, and the one element a document holds is called otherwise in every operation. And for what is there or
// not.

import { Optional } from '@marcbachmann/cel-js';
import { charsetNames, charsetOf, type CharsetName } from '../../codecs/charset.js';
import { entriesOf } from '../../codecs/codec.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { literalText } from '../tree.js';
import type { ArgumentCheck, FunctionRows } from './function-row.js';

export function isCharset(name: string): name is CharsetName {
  return charsetNames.some((charset) => charset === name);
}

const checkCharset: ArgumentCheck = (argument) =>
  isCharset(literalText(argument) ?? '')
    ? undefined
    : `the second argument of bytes is one of ${charsetNames.join(', ')}`;

function encoded(text: string, charset: string): Uint8Array {
  if (!isCharset(charset)) throw new EvaluationFailure('the second argument of bytes is no charset');
  return charsetOf(charset).encode(text);
}

/** One or many as a list. What is absent or null, and an element with nothing in it, is none. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Optional) return value.hasValue() ? listOf(value.value()) : [];
  return value === null || value === '' ? [] : [value];
}

/**
 * What the one element of a map holds, whatever it is called, or the one item of a list. Attributes are no
 * elements.
 */
function onlyOf(value: unknown): unknown {
  const items = Array.isArray(value)
    ? value
    : (entriesOf(value) ?? []).filter(([name]) => !name.startsWith('@')).map(([, item]) => item);
  if (items.length !== 1) throw new EvaluationFailure('only(…) wants a map or a list that holds exactly one');
  return items[0];
}

export const documents: FunctionRows = {
  list: {
    forms: { 'list(dyn): list<dyn>': listOf },
    sentence: 'One or many as a list: what is absent, null or an empty element is an empty list.',
    example: { expression: 'list({"id": 1})', result: '[{"id":1}]' },
  },
  only: {
    forms: { 'only(dyn): dyn': onlyOf },
    sentence: 'The one item of a list, or what the one element of a map holds, whatever it is called.',
    example: { expression: 'only({"@id": "7", "DebitResponse": "OK"})', result: '"OK"' },
  },
  bytes: {
    forms: { 'bytes(string | bytes): bytes': 'brought', 'bytes(string, string): bytes': encoded },
    literals: [undefined, checkCharset],
    sentence: `The bytes of a text in UTF-8, or in a charset: ${charsetNames.join(', ')}.`,
    example: { expression: 'hex(bytes("ş", "iso-8859-9"))', result: '"fe"' },
  },
  has: {
    forms: { 'has(x.field): bool': 'brought' },
    sentence: 'Whether the field is there, be it null.',
    example: { expression: 'has(request.gameID)', result: 'false' },
  },
  orValue: {
    forms: { 'optional.orValue(value): dyn': 'brought' },
    sentence: 'What .? or [?…] found, or this value where there was nothing.',
    example: { expression: 'request.?gameID.orValue("none")', result: '"none"' },
  },
  or: {
    forms: { 'optional.or(optional): optional': 'brought' },
    sentence: 'What .? found, or else what the other one found.',
    example: { expression: 'request.?gameID.or(optional.of("lobby"))', result: '"lobby"' },
  },
  hasValue: {
    forms: { 'optional.hasValue(): bool': 'brought' },
    sentence: 'Whether .? found something.',
    example: { expression: 'request.?gameID.hasValue()', result: 'false' },
  },
  value: {
    forms: { 'optional.value(): dyn': 'brought' },
    sentence: 'What .? found; the expression fails where that was nothing.',
    example: { expression: 'optional.of("a").value()', result: '"a"' },
  },
  of: {
    forms: { 'optional.of(dyn): optional': 'brought' },
    sentence: 'A value as one that could be absent, for .or(…) and for the other side of ? and :.',
    example: { expression: 'optional.of("a")', result: '"a"' },
  },
  none: {
    forms: { 'optional.none(): optional': 'brought' },
    sentence: 'An absent value: as a whole value of the file it drops its key.',
    example: { expression: 'optional.none().hasValue()', result: 'false' },
  },
};
