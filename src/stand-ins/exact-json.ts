// JSON whose numbers keep the text they had on the wire: JSON.parse would round them to doubles, and a witness that
// rounds proves nothing. Must never turn an amount into a JavaScript number.
import { randomUUID } from 'node:crypto';

/** A JSON number as it was written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export type JsonObject = Readonly<Record<string, unknown>>;

// Unguessable, because a text in the document must not be able to pass for a number.
const MARK = `number-${randomUUID()}:`;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/** Parses a JSON document, its numbers as JsonNumber. Throws a SyntaxError where JSON.parse would. */
export function parseExactJson(text: string): unknown {
  const marked = text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`));
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? new JsonNumber(value.slice(MARK.length)) : value,
  );
}

/** The JSON text of a value; a bigint becomes a number with all its digits. */
export function writeExactJson(value: unknown): string {
  const marked = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? MARK + part.toString() : part,
  );
  return marked.replace(MARKED, '$1');
}

/** Whether a parsed value is a JSON object, so that its members can be looked at. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}
