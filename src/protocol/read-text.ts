// A text as a callback may hold one. It goes into signs, keys and wallet calls, so it must be one that all of
// them can hold.

/** Far above any id in use, and low enough for every place an id ends up in. */
const longestText = 256;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * A non-empty text of bounded length that UTF-8 can hold: a lone surrogate would be signed, and stored, as
 * another text. A number is the text it was sent as.
 */
export function readText(source: unknown): string | undefined {
  const readable =
    typeof source === 'string' && source !== '' && source.length <= longestText && !loneSurrogate.test(source);
  return readable ? source : undefined;
}
