// Functions that put a value into a text of some format, so that it cannot end its place there. A text that
// is written by hand takes nothing else from a callback: one `&` in a player's name would be a field of its
// own.

import { isCharset } from './documents.js';
import { fromScope, type Language } from '../language.js';
import { isSendable } from '../result.js';
import { charsetOf } from '../../codecs/charset.js';
import { Unfit } from '../../codecs/codec.js';
import { percentEncoded } from '../../codecs/form-encoding.js';
import { writeJson } from '../../codecs/json.js';
import { xmlText } from '../../codecs/xml.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';

/** What a value is put into a text with. */
export const escapes: ReadonlySet<string> = new Set(['form', 'json', 'xml', 'line']);

export function defineEscapes(language: Language): void {
  for (const type of ['string', 'int', 'bool', 'DecimalNumber']) {
    language.define(`form(${type}): string`, (value: unknown) => percentEncoded(written(value), 'form', encode));
    language.define(`xml(${type}): string`, xmlText);
    language.define(`line(${type}): string`, (value: unknown) => lineText(written(value), ''));
    language.define(`line(${type}, string): string`, (value: unknown, ends: string) => lineText(written(value), ends));
    language.define(`json(${type}): string`, jsonText);
  }
  for (const type of ['null', 'list', 'map']) language.define(`json(${type}): string`, jsonText);
}

/** In the wallet's charset, as its bodies are. */
function encode(text: string): Uint8Array {
  const charset = fromScope('charset');
  return charsetOf(typeof charset === 'string' && isCharset(charset) ? charset : 'utf-8').encode(text);
}

/**
 * The value as it stands on one line of its own, or between characters of `ends`: it is refused where it
 * holds one of them.
 */
function lineText(text: string, ends: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw new Unfit('a value for a line of text holds a control character');
  if (Array.from(ends).some((character) => text.includes(character)))
    throw new Unfit('a value for a line of text holds a character that ends it');
  return text;
}

function jsonText(value: unknown): string {
  if (!isSendable(value)) throw new EvaluationFailure('json(…) holds what has no one way of being sent');
  return writeJson(value);
}

function written(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new EvaluationFailure('the value is no text, number or true/false');
  return text;
}
