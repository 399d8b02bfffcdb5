// Where an expression begins and ends inside a value of the file. It knows CEL's quotes, braces and comments,
// nothing else of it.

export interface SourcePart {
  readonly kind: 'text' | 'expression';
  readonly text: string;
  readonly offset: number;
}

/**
 * The literal and the `${…}` parts of a value, in order; `$${` is a literal `${`. `open`: the offset of a
 * `${` that is not closed.
 */
export function splitSource(source: string): { parts: SourcePart[]; open?: number } {
  const parts: SourcePart[] = [];
  let text = '';
  let from = 0;
  const endText = (): void => {
    if (text !== '') parts.push({ kind: 'text', text, offset: from });
    text = '';
  };
  for (let at = 0; at < source.length;) {
    if (source.startsWith('$${', at)) {
      text += '${';
      at += 3;
    } else if (source.startsWith('${', at)) {
      endText();
      const end = closingBrace(source, at + 2);
      if (end === undefined) return { parts, open: at };
      parts.push({ kind: 'expression', text: source.slice(at + 2, end), offset: at + 2 });
      at = from = end + 1;
    } else text += source.charAt(at++);
  }
  endText();
  return { parts };
}

/** True where something is put into the text. */
export function hasExpression(source: string): boolean {
  return splitSource(source).parts.some(({ kind }) => kind === 'expression');
}

function closingBrace(source: string, from: number): number | undefined {
  // Strings and comments are skipped whole: a brace in them closes nothing.
  const token =
    /"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^\\"\n])*"|'(?:\\.|[^\\'\n])*'|\/\/.*|[{}"']/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [found] = match;
    if (found === '"' || found === "'") return undefined;
    if (found === '{') depth++;
    if (found === '}' && depth-- === 0) return match.index;
  }
  return undefined;
}
