// Functions for what XML and SOAP leave open: an element is a map in one reply and a list of maps in the next, and the one element
// a document holds is called otherwise in every operation.

import { Optional } from '@marcbachmann/cel-js';
import { charsetNames, charsetOf, type CharsetName } from '../../codecs/charset.js';
import { entriesOf } from '../../codecs/codec.js';
import { type Language } from '../language.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';

export function defineDocuments(language: Language): void {
  language.define('list(dyn): list<dyn>', listOf);
  language.define('only(dyn): dyn', onlyOf);
  language.define('bytes(string, string): bytes', (text: string, charset: string) => {
    if (!isCharset(charset)) throw new EvaluationFailure('the second argument of bytes is no charset');
    return charsetOf(charset).encode(text);
  });
}

export function isCharset(name: string): name is CharsetName {
  return charsetNames.some((charset) => charset === name);
}

/** One or many as a list. What is absent or null, and an element with nothing in it, is none. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Optional) return value.hasValue() ? listOf(value.value()) : [];
  return value === null || value === '' ? [] : [value];
}

/** What the one element of a map holds, whatever it is called, or the one item of a list. Attributes are no elements. */
function onlyOf(value: unknown): unknown {
  const items = Array.isArray(value)
    ? value
    : (entriesOf(value) ?? []).filter(([name]) => !name.startsWith('@')).map(([, item]) => item);
  if (items.length !== 1) throw new EvaluationFailure('only(…) wants a map or a list that holds exactly one');
  return items[0];
}
