// Functions that put a value into a text of some format, so that it cannot end its place there. A text that
// is written by hand takes nothing else from a callback: one `&` in a player's name would be a field of its
// own.

import { charsetOf } from '../../codecs/charset.js';
import { Unfit } from '../../codecs/codec.js';
import { percentEncoded } from '../../codecs/form-encoding.js';
import { writeJson } from '../../codecs/json.js';
import { xmlText } from '../../codecs/xml.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';
import { fromScope } from '../language.js';
import { isSendable } from '../result.js';
import { isCharset } from './documents.js';
import type { FunctionRows } from './function-row.js';

/** In the wallet's charset, as its bodies are. */
function encode(text: string): Uint8Array {
  const charset = fromScope('charset');
  return charsetOf(typeof charset === 'string' && isCharset(charset) ? charset : 'utf-8').encode(text);
}

/**
 * The value as it stands on one line of its own, or between characters of `ends`: it is refused where it
 * holds one of them.
 */
function lineText(value: unknown, ends = ''): string {
  const text = written(value);
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

export const escapes: FunctionRows = {
  form: {
    forms: {
      'form(string | int | bool | DecimalNumber): string': (value: unknown) =>
        percentEncoded(written(value), 'form', encode),
    },
    sentence: 'The value as it stands in an urlencoded text, in the charset of the wallet.',
    example: { expression: 'form("a b&c=1")', result: '"a+b%26c%3D1"' },
  },
  json: {
    forms: { 'json(string | int | bool | DecimalNumber | null | list | map): string': jsonText },
    sentence: 'The value as JSON, with the quotes of a text: write none around it.',
    example: { expression: 'json({"ref": reference})', result: '"{\\"ref\\":\\"gsp-tx-1\\"}"' },
  },
  xml: {
    forms: { 'xml(string | int | bool | DecimalNumber): string': xmlText },
    sentence: 'The value as it stands in an element of XML, or in an attribute between quotes of either kind.',
    example: { expression: 'xml("a<b")', result: '"a&lt;b"' },
  },
  line: {
    forms: {
      'line(string | int | bool | DecimalNumber): string': (value: unknown) => lineText(value),
      'line(string | int | bool | DecimalNumber, string): string': lineText,
    },
    sentence: 'The value as it is; no request is made where it holds a line break or one of the characters named.',
    example: { expression: 'line("player-1", "|;")', result: '"player-1"' },
  },
};

/** What a value is put into a text with. */
export const escapeNames: ReadonlySet<string> = new Set(Object.keys(escapes));
