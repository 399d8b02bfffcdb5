// A callback's body as strictly as money deserves: one JSON object, every key once at every depth, every number as the text
// it was written in. The platform's own parser says what JSON is; this only adds what it lets pass, or loses.

/** Values are texts, booleans, null, or something nested. A number is the text it was sent as. */
export type JsonMembers = Readonly<Record<string, unknown>>;

const deepest = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true });
// Strings are matched whole, so that nothing inside one can pass for a number or a key. Exact on valid JSON only.
const keyTextOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|-?\d[\d.eE+-]*/g;

/** The members of a JSON object in UTF-8 (a leading byte order mark is ignored), or undefined when the body is anything else. */
export function readJson(body: Uint8Array): JsonMembers | undefined {
  try {
    const text = utf8.decode(body);
    const value: unknown = JSON.parse(text);
    const tokens = text.match(keyTextOrNumber) ?? [];
    const keys = tokens.filter((token) => token.endsWith(':')).length;
    // A repeated key vanishes in parsing, so the document then has fewer keys than its text.
    if (!isObject(value) || countKeys(value, 0) !== keys) return undefined;
    if (tokens.every(isQuoted)) return value;
    const exact: unknown = JSON.parse(
      text.replace(keyTextOrNumber, (token) => (isQuoted(token) ? token : `"${token}"`)),
    );
    return isObject(exact) ? exact : undefined;
  } catch {
    // Both decoders say "unreadable" by throwing, and so does the depth bound.
    return undefined;
  }
}

const isQuoted = (token: string): boolean => token.startsWith('"');

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countKeys(value: object, depth: number): number {
  if (depth > deepest) throw new RangeError('nested too deep');
  const parts: unknown[] = Object.values(value);
  let keys = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) if (typeof part === 'object' && part !== null) keys += countKeys(part, depth + 1);
  return keys;
}
