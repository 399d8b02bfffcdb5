// What a reply of the platform, or what a site asks, holds, member by member. Identifiers may be texts or
// numbers and are texts to us; what is missing or of another kind is undefined, and never guessed.

import { charsetOf } from '../../codecs/charset.js';
import { Malformed } from '../../codecs/codec.js';
import { parseJson } from '../../codecs/json.js';
import type { Members } from './platform-api.js';

const longestText = 2048;

/** A text, or a number as its digits. */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' && value !== '' && value.length <= longestText ? value : undefined;
}

/** A whole number that is not negative. */
export function countIn(members: Members, name: string): number | undefined {
  const value = members[name];
  return typeof value === 'bigint' && value >= 0n && value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
}

/** An address a browser may be sent to: never a script. */
export function webUrlIn(members: Members, name: string): string | undefined {
  const text = textIn(members, name);
  return text !== undefined && isWebUrl(text) ? text : undefined;
}

export function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The maps of a list; undefined where it is no list. What else stands in it is passed over. */
export function mapsIn(members: Members, name: string): readonly Members[] | undefined {
  const value = members[name];
  return Array.isArray(value) ? value.filter(isMembers) : undefined;
}

/** The members of one JSON object in UTF-8; undefined where the body is anything else. */
export function membersOf(body: Uint8Array): Members | undefined {
  try {
    const value = parseJson(charsetOf('utf-8').decode(body));
    return isMembers(value) ? value : undefined;
  } catch (failure) {
    if (failure instanceof Malformed) return undefined;
    throw failure;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All members but these. */
export function without(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
