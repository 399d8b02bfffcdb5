// The rows of a list as people export it: CSV by whatever stands between its cells, in UTF-8 or UTF-16. It reads
// strictly: a row that is not understood ends it, named by file, line and column, for a row left out would be
// money left out.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { CsvError, parse, type Info } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { printable } from '../domain/printable.js';

/** A list cannot be read; the message says where and why. */
export class UnreadableList extends Error {}

export const delimiters: Readonly<Record<string, string>> = { ',': ',', ';': ';', tab: '\t', '|': '|' };

class UnreadableLine extends Error {}

/** One row, and where it stands. */
export class ListRow {
  constructor(
    private readonly cells: Readonly<Record<string, string | undefined>>,
    private readonly header: readonly string[],
    private readonly written: Written,
  ) {}

  get line(): number {
    return this.written.line;
  }

  /** Undefined where the list has no such column. */
  cell(column: string): string | undefined {
    const text = this.cells[column];
    if (text?.includes('\ufffd') === true)
      throw this.wrong(column, 'holds what is no UTF-8: export the list as UTF-8, or as UTF-16 with its mark');
    return text;
  }

  /** To throw: what is wrong with that cell. */
  wrong(column: string, why: string): Error {
    const { line, col } = placeIn(this.written, this.header.indexOf(column));
    return new UnreadableLine(`${line}:${col}: ${column} ${why}`);
  }
}

/** A row as it stands in the file, from the line it begins on. */
interface Written {
  readonly raw: string;
  readonly line: number;
  readonly delimiter: string;
}

function placeIn({ raw, line: first, delimiter }: Written, index: number): { line: number; col: number } {
  let [field, isQuoted, line, col] = [0, false, first, 1];
  for (const character of raw) {
    if (field === index) break;
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) field += 1;
    col += 1;
    if (character === '\n') [line, col] = [line + 1, 1];
  }
  return { line, col };
}

/** Hands over each row below the header. Rejects with UnreadableList. */
export async function eachRow(
  file: string,
  needed: readonly string[],
  delimiter: string | undefined,
  take: (row: ListRow) => void,
): Promise<void> {
  // A reader that stops makes the stream say that it was aborted, which says nothing of why.
  let problem: UnreadableLine | undefined;
  try {
    const texts = textsOf(file);
    const first = await texts.next();
    const start = first.done === true ? '' : first.value;
    const by = delimiter ?? delimiterIn(start, needed);
    let header: readonly string[] | undefined;
    const parser = parse({
      ...{ info: true, raw: true, skip_empty_lines: true, delimiter: by },
      columns: (names: string[]) => (header = checkedHeader(names, needed)),
    });
    const rows = async (each: AsyncIterable<Parsed>): Promise<void> => {
      for await (const { record, info, raw } of each)
        try {
          const text = raw.replaceAll(/^\n+|\n+$/g, '');
          const line = info.lines - newlinesIn(text);
          take(new ListRow(record, header ?? [], { raw: text, line, delimiter: by }));
        } catch (error) {
          if (error instanceof UnreadableLine) problem = error;
          throw error;
        }
    };
    await pipeline(joined(start, texts), parser, rows);
    // An export that failed is often an empty file; it is not a ledger without rows.
    if (header === undefined) throw new UnreadableLine('1: no header');
  } catch (error) {
    throw new UnreadableList(`${file}:${reasonOf(problem ?? error)}`);
  }
}

interface Parsed {
  readonly record: Readonly<Record<string, string | undefined>>;
  readonly info: Info;
  readonly raw: string;
}

const newlinesIn = (text: string): number => text.split('\n').length - 1;

async function* joined(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/**
 * By the mark at its beginning, UTF-8 without one; what is not in that encoding becomes U+FFFD. Lines end in \n,
 * whatever ends them in the file, because the parser counts a \r\n between quotes as two.
 */
async function* textsOf(file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held = '';
  for await (const chunk of createReadStream(file)) {
    if (!Buffer.isBuffer(chunk)) continue;
    decoder ??= new TextDecoder(encodingOf(chunk));
    const text = held + decoder.decode(chunk, { stream: true });
    held = text.endsWith('\r') ? '\r' : '';
    yield withOneEnding(text.slice(0, text.length - held.length));
  }
  yield withOneEnding(held + (decoder?.decode() ?? ''));
}

const withOneEnding = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** That by which the header has every column that is needed; else the one that makes the most of it. */
function delimiterIn(text: string, needed: readonly string[]): string {
  const headers = Object.values(delimiters).map((delimiter) => ({ delimiter, names: headerBy(text, delimiter) }));
  const fitting = headers.find(({ names }) => needed.every((name) => names.includes(name)));
  return (fitting ?? headers.sort((a, b) => b.names.length - a.names.length)[0])?.delimiter ?? ',';
}

function headerBy(text: string, delimiter: string): readonly string[] {
  try {
    const [names = []] = parseAtOnce(text, {
      ...{ delimiter, to: 1, skip_empty_lines: true, relax_quotes: true, relax_column_count: true },
    });
    return names;
  } catch {
    return [];
  }
}

function checkedHeader(header: string[], needed: readonly string[]): string[] {
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new UnreadableLine(`1: no column ${missing.join(', ')}, only ${printable(header.join(', '))}`);
  if (new Set(header).size < header.length) throw new UnreadableLine('1: two columns of the same name');
  return header;
}

function reasonOf(error: unknown): string {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `${error['lines']}: ` : ' ';
    return `${line}no CSV: ${error.message.split(' at line ')[0] ?? ''}`;
  }
  if (error instanceof UnreadableLine) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
  return ` it cannot be read${code}`;
}
