// The first command of a text as a shell would cut it into words: quotes of three kinds, escapes, line ends
// that go on – of Unix, of Windows and of PowerShell. Nothing is expanded: a `$NAME` in a vendor's example is
// text.

export interface CommandLine {
  readonly words: readonly string[];
  /** What stands below the command. */
  readonly rest: string;
}

/** Undefined where a quote is not closed. */
export function shellWords(pasted: string): CommandLine | undefined {
  const text = withoutCarets(pasted);
  const words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const rest = text.slice(at);
    const quote = /^(?:'([^']*)'|"((?:[^"\\]|\\[^])*)"|\$'((?:[^'\\]|\\[^])*)')/.exec(rest);
    const [goesOn] = lineGoesOn.exec(rest) ?? [];
    if (quote !== null) {
      const [whole, plain, double, ansi] = quote;
      word = (word ?? '') + (plain ?? (double === undefined ? ansiText(ansi ?? '') : doubleText(double)));
      at += whole.length - 1;
    } else if (/^(['"]|\$')/.test(rest)) {
      return undefined;
    } else if (goesOn !== undefined) {
      if (character === '\n') endWord();
      at += goesOn.length - 1;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else if (character === '\n') {
      endWord();
      return { words, rest: rest.trim() };
    } else if (word === undefined && /^(?:[|;]|\d?>|&&? )/.test(rest)) {
      // What the output goes to is no part of the request.
      const end = rest.indexOf('\n');
      return { words, rest: end === -1 ? '' : rest.slice(end).trim() };
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      word = (word ?? '') + character;
    }
  }
  endWord();
  return { words, rest: '' };
}

/** A mark at the end of a line; and pages often break before an option, or indent what goes on, without one. */
const lineGoesOn = /^(?:[\\^`][ \t]*\n|\n(?=[ \t]+\S|--?[A-Za-z]))/;

/** Browsers that copy for the Windows shell put a caret before each quote, too. */
const withoutCarets = (text: string): string =>
  /\^"/.test(text) ? text.replaceAll(/\^[ \t]*\n/g, ' ').replaceAll(/\^([^])/g, '$1') : text;

const doubleText = (text: string): string => text.replace(/\\\n/g, '').replace(/\\([$`"\\])/g, '$1');

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '"': '"', '\\': '\\' };
const ansiText = (text: string): string =>
  text.replace(
    /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([^]))/g,
    (whole, unicode?: string, hex?: string, one?: string) =>
      one === undefined ? String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16)) : (escapes[one] ?? whole),
  );
