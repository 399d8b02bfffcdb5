// The operator's patterns for the platform's identifiers, matched in linear time whatever the pattern,
// because the text comes from the network. And what a dialect asks of those patterns to tell where a signed
// value ends.

import { RE2JS } from 're2js';
import type { Role } from './dialects/dialect.js';

/** Matches the whole text; undefined where the pattern is no regular expression that runs in linear time. */
export function compileFormat(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  } catch {
    return undefined;
  }
}

/** The patterns of an operator file, by the role of what they are for. */
export type Formats = { readonly [Name in Role]?: string | undefined };

/** Whose pattern holds for a role: the bet that a win names has a transactionID like any other. */
export const formatOf = (role: Role): Role => (role === 'refTransactionID' ? 'transactionID' : role);

export interface Lengths {
  readonly least: number;
  readonly most: number;
}

/**
 * The lengths of the texts that a row of characters and classes matches, each perhaps repeated; undefined for
 * any other pattern, and for one that matches a point.
 */
export function lengthsOf(pattern = ''): Lengths | undefined {
  const pieces = [...pattern.matchAll(/(\[[^\]\\^[]+\]|\\d|[A-Za-z0-9_-])(\{\d+(?:,\d*)?\}|[*+?])?/g)];
  if (pattern === '' || pieces.map(([piece]) => piece).join('') !== pattern) return undefined;
  if (pieces.some(([, characters = '']) => compileFormat(characters)?.('.') !== false)) return undefined;
  const lengths = pieces.map(([, , times = '{1}']) => timesOf(times));
  return {
    least: lengths.reduce((sum, { least }) => sum + least, 0),
    most: lengths.reduce((sum, { most }) => sum + most, 0),
  };
}

function timesOf(repetition: string): Lengths {
  const [, least = repetition === '+' ? '1' : '0', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}$/.exec(repetition) ?? [];
  if (comma === '') return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: repetition === '?' ? 1 : most === '' ? Infinity : Number(most) };
}

const harmless = /^[\w.-]$/;

/**
 * True where what matches is made of letters, digits and `._-` alone, which mean nothing in any format.
 * Says false in doubt.
 */
export function isHarmless(pattern: string | undefined): boolean {
  if (pattern === undefined || compileFormat(pattern) === undefined) return false;
  const pieces = pattern.matchAll(/(\[(?:[^\]\\^[]|\\[dw.-])+\]|\\[dw.-]|[\w-])|\{\d+(?:,\d*)?\}|\(\?:|[()|*+?^$]/g);
  const found = [...pieces];
  if (found.map(([piece]) => piece).join('') !== pattern) return false;
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  return found.every(([, characters]) => {
    const matches = characters === undefined ? undefined : compileFormat(characters);
    if (characters === undefined) return true;
    return /^[\x20-\x7e]*$/.test(characters) && ascii.every((one) => harmless.test(one) || matches?.(one) === false);
  });
}
