// The operator's patterns for the platform's identifiers, matched in linear time whatever the pattern, because the text comes from
// the network. And whether those patterns leave a sign nothing else to be valid for.

import { RE2JS } from 're2js';

/** Matches the whole text; undefined where the pattern is no regular expression that runs in linear time. */
export function compileFormat(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  } catch {
    return undefined;
  }
}

/** An amount's digits before its point; a transactionID of more characters cannot be taken for the beginning of one. */
const longestAmount = 15;

/**
 * True where no sign can be valid for anything but what it was made of: not for another transactionID, and a balance query's not for
 * any transaction. Signed fields are joined with nothing between, an amount's only point shows where it ends: so a transactionID of one
 * length begins and ends at one place only, if neither it nor the userID can hold a point. A rollback is a userID and a transactionID,
 * and so not a userID if it is longer than any. Says false in doubt, which costs a memory of signs and nothing else.
 */
export function signsAreApart(formats: {
  readonly userID?: string | undefined;
  readonly transactionID?: string | undefined;
}): boolean {
  const userID = lengthsOf(formats.userID);
  const transactionID = lengthsOf(formats.transactionID);
  if (userID === undefined || transactionID === undefined) return false;
  const isFixed = transactionID.least === transactionID.most && transactionID.least > longestAmount;
  return isFixed && userID.least + transactionID.least > userID.most;
}

interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** Of the texts that a row of characters and classes matches, each perhaps repeated; undefined for any other pattern, or with a point. */
function lengthsOf(pattern = ''): Lengths | undefined {
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
