// A callback's body: one JSON object in UTF-8. It is read as strictly as a wallet's reply, but every number
// stays the text it was sent as: an identifier sent as a number keeps its digits, and what may be an amount
// is decided elsewhere.

import { charsetOf } from '../codecs/charset.js';
import { Malformed } from '../codecs/codec.js';
import { parseJson, type JsonWire } from '../codecs/json.js';

/** Values are texts, booleans, null, or something nested. A number is the text it was sent as. */
export type JsonMembers = Readonly<Record<string, unknown>>;

const utf8 = charsetOf('utf-8');
const callbackJson: JsonWire = { deepest: 16, numberOf: (written) => written };

/**
 * The members of a JSON object, after a byte order mark or none; undefined when the body is anything else.
 */
export function readJson(body: Uint8Array): JsonMembers | undefined {
  try {
    const value = parseJson(utf8.decode(body), callbackJson);
    return isObject(value) ? value : undefined;
  } catch (failure) {
    if (failure instanceof Malformed) return undefined;
    throw failure;
  }
}

function isObject(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
