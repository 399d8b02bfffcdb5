// Other people's text, shown to a person.

/** Ids and reasons are other people's text: nothing of it may steer a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
