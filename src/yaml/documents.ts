// Reads YAML as the library's own parseDocument does, but in pieces, between which others may have their turn: of
// five hundred rules at once the library makes 60 ms of work, in a process that has read none for a while.

import { Composer, Lexer, Parser, isMap, isSeq, type CST, type Document, type LineCounter } from 'yaml';

/** Items of a list at the file's first level that are made together. */
const piece = 20;
const options = { prettyErrors: false, intAsBigInt: true, version: '1.2', schema: 'core' } as const;

/** What was taken out of the middle of a list: where it ends must still be seen by what follows it. */
interface Middle {
  readonly list: CST.BlockSequence;
  readonly items: CST.BlockSequence['items'];
}

/** All documents of a text; of an empty one there is one, too. */
export function* documentsIn(text: string, lines: LineCounter): Generator<undefined, Document.Parsed[]> {
  const composer = new Composer(options);
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const documents: Document.Parsed[] = [];
  /** Of the first document; nothing is made of any further one. */
  let middles: readonly Middle[] | undefined;
  const take = (token: CST.Token): void => {
    if (token.type === 'document') middles ??= cutOut(token);
    documents.push(...composer.next(token));
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    yield;
  }
  for (const token of parser.end()) take(token);
  documents.push(...composer.end(true, text.length));
  const [first] = documents;
  if (first === undefined || middles === undefined || middles.length === 0) return documents;
  for (const middle of middles) yield* putBack(middle, first);
  first.errors.sort((one, other) => one.pos[0] - other.pos[0]);
  return documents;
}

function cutOut({ value }: CST.Document): Middle[] {
  const values = value?.type === 'block-map' ? value.items.map((item) => item.value) : [];
  return values.flatMap((list) =>
    list?.type === 'block-seq' && list.items.length > piece
      ? [{ list, items: list.items.splice(1, list.items.length - 2) }]
      : [],
  );
}

/** Made as documents of their own, which note where in the text they stand. */
function* putBack({ list, items }: Middle, document: Document.Parsed): Generator<undefined, void> {
  const pairs = isMap(document.contents) ? document.contents.items : [];
  const place = pairs.map(({ value }) => value).find((value) => isSeq(value) && value.range[0] === list.offset);
  let at = 1;
  for (let from = 0; from < items.length; from += piece) {
    yield;
    const value = { ...list, items: items.slice(from, from + piece) };
    const [part] = new Composer(options).compose([{ type: 'document', offset: list.offset, start: [], value }]);
    document.errors.push(...(part?.errors ?? []));
    document.warnings.push(...(part?.warnings ?? []));
    if (!isSeq(place) || !isSeq(part?.contents)) continue;
    place.items.splice(at, 0, ...part.contents.items);
    at += part.contents.items.length;
  }
}
