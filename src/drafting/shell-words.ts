// A command line as a shell would cut it into words: quotes of three kinds, escapes, line continuations.
// Nothing is expanded: a `$NAME` in a vendor's example is text.

/** Undefined where a quote is not closed. */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const rest = text.slice(at);
    const quote = /^(?:'([^']*)'|"((?:[^"\\]|\\[^])*)"|\$'((?:[^'\\]|\\[^])*)')/.exec(rest);
    if (quote !== null) {
      const [whole, plain, double, ansi] = quote;
      word = (word ?? '') + (plain ?? (double === undefined ? ansiText(ansi ?? '') : doubleText(double)));
      at += whole.length - 1;
    } else if (/^(['"]|\$')/.test(rest)) {
      return undefined;
    } else if (/^\\\r?\n/.test(rest)) {
      at += rest.startsWith('\\\r') ? 2 : 1;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  return word === undefined ? words : [...words, word];
}

const doubleText = (text: string): string => text.replace(/\\\r?\n/g, '').replace(/\\([$`"\\])/g, '$1');

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '"': '"', '\\': '\\' };
const ansiText = (text: string): string =>
  text.replace(
    /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([^]))/g,
    (whole, unicode?: string, hex?: string, one?: string) =>
      one === undefined ? String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16)) : (escapes[one] ?? whole),
  );
