// The project's pages as data: their text, examples, tables, headings and links. One page a reader, and what
// each shows is made again by tests, so a page is read here once and the same way for all of them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '../..');

/** Every page, and how many lines its reader is asked to read at most. */
export const pageNames = [
  'README.md',
  'config/README.md',
  'config/keys.md',
  'config/platform.md',
  'config/reference.md',
  'config/from-curl.md',
  'config/examples/README.md',
  'config/deploy/README.md',
  'config/deploy/redis.md',
  'config/deploy/doctor.md',
  'config/deploy/kubernetes.md',
  'config/deploy/rotation.md',
  'config/deploy/security.md',
  'config/monitoring/README.md',
  'config/monitoring/log.md',
  'config/monitoring/tracing.md',
  'config/monitoring/runbook.md',
  'config/monitoring/console.md',
  'config/reconcile/README.md',
  'config/probe.md',
  'config/simulate.md',
  'config/simulate-target.md',
  'src/README.md',
  'src/recipes.md',
  'src/domain/README.md',
  'test/README.md',
] as const;
export type PageName = (typeof pageNames)[number];

export interface Block {
  readonly language: string;
  readonly text: string;
  /** The heading it stands under. */
  readonly heading: string;
}

export const textOf = (page: PageName): string => readFileSync(join(root, page), 'utf8');

/** What is shown between fences, in its order. */
export function blocksOf(page: PageName): readonly Block[] {
  const text = textOf(page);
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(({ index, 1: language = '', 2: shown = '' }) => ({
    language,
    text: shown,
    heading: headingsIn(text.slice(0, index)).at(-1) ?? '',
  }));
}

/** A page without its examples. */
export const proseOf = (page: PageName): string => textOf(page).replaceAll(/^```[^]*?^```$/gm, '');

/** The code that stands within sentences and tables. */
export const inlineCodeIn = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));

function headingsIn(text: string): string[] {
  return [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
}

/** What can be linked to in a page, as GitHub names it. */
export const anchorsOf = (page: PageName): string[] =>
  headingsIn(textOf(page)).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** A page's part under a heading, up to the next of the same rank. */
export function sectionOf(page: PageName, heading: string): string {
  const text = `\n${textOf(page)}`;
  const [start = '', marks = ''] = new RegExp(`\\n(#+) ${literal(heading)}\\n`).exec(text) ?? [];
  if (start === '') throw new Error(`${page} has no heading "${heading}"`);
  const rest = text.slice(text.indexOf(start) + start.length);
  const end = rest.search(new RegExp(`^#{1,${marks.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** Each table's rows, without the names of its columns: the cells of a row as they are written. */
export function tablesIn(text: string): string[][][] {
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => cellsOf(row.slice(1, -1))),
  );
}

/**
 * The same text with each row of its tables as `printed` has it, given the row's cells; undefined leaves a row
 * as it is. A test holds a page to it, so that a difference shows what must stand there.
 */
export const withRows = (text: string, printed: (cells: string[]) => readonly string[] | undefined): string =>
  text.replaceAll(/^\|(.*)\|$/gm, (row, inner: string) => {
    const cells = printed(cellsOf(inner));
    return cells === undefined ? row : `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  });

const cellsOf = (inner: string): string[] => inner.split(/(?<!\\)\|/).map((cell) => cell.trim());

/** The rows of all tables under a heading. */
export const rowsUnder = (page: PageName, heading: string): string[][] => tablesIn(sectionOf(page, heading)).flat();

/** A pattern that matches this text and nothing else. */
export const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
