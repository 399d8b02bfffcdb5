// What a log may show of a text that anybody may have written.

/**
 * What a terminal obeys, and nobody sees: JSON itself leaves these as they are. A userID that holds some could
 * else hide the rest of its line, or show it in another order.
 */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Still the same JSON: such characters stand only within its texts, where each may be written as its number. */
export function visible(line: string): string {
  return line.replace(unseen, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
