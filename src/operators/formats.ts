// The operator's patterns for the platform's identifiers, matched in linear time whatever the pattern, because the text comes from
// the network. And whether those patterns leave the borders between signed fields no room to move.

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

/**
 * True where no sign can be valid for another transactionID. Signed fields are joined with nothing between, an amount's only point
 * shows where it ends: so a transactionID of one length begins and ends at one place only, if neither it nor the userID can hold a point.
 * Says false in doubt, which costs a memory of signs and nothing else.
 */
export function bordersAreFixed(formats: {
  readonly userID?: string | undefined;
  readonly transactionID?: string | undefined;
}): boolean {
  const { userID, transactionID } = formats;
  if (userID === undefined || transactionID === undefined) return false;
  return isPlain(userID, /^(\{\d+(,\d*)?\}|[*+?])?$/) && isPlain(transactionID, /^(\{\d+\})?$/);
}

/** A row of characters and classes without a point among them, each repeated as `repetition` allows. */
function isPlain(pattern: string, repetition: RegExp): boolean {
  const pieces = [...pattern.matchAll(/(\[[^\]\\^[]+\]|\\d|[A-Za-z0-9_-])(\{[\d,]+\}|[*+?])?/g)];
  if (pieces.map(([piece]) => piece).join('') !== pattern) return false;
  return pieces.every(
    ([, characters = '', times = '']) => repetition.test(times) && !new RegExp(`^${characters}$`).test('.'),
  );
}
