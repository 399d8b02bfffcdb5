// Rows of an export as text: CSV by RFC 4180 for spreadsheets, or JSON for programs. A cell of other people's text
// must never become a formula; an amount is its digits, exactly.

import { exportColumns, type Cells } from './export-columns.js';

export interface Writer {
  /** Before the first row. */
  readonly head: string;
  readonly row: (cells: Cells) => string;
}

export interface CsvStyle {
  readonly delimiter: string;
  readonly decimalComma: boolean;
  readonly bom: boolean;
}

/** An object a line, by the names of the columns. */
export const jsonLines: Writer = {
  head: '',
  row: (cells) =>
    `${JSON.stringify(Object.fromEntries(exportColumns.map(({ name }, i) => [name, cells[i] ?? null])))}\n`,
};

export function csv({ delimiter, decimalComma, bom }: CsvStyle): Writer {
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;
  const forms: Readonly<Record<(typeof exportColumns)[number]['holds'], (text: string) => string>> = {
    word: (text) => text,
    text: plainText,
    amount: (text) => (decimalComma ? text.replace('.', ',') : text),
  };
  return {
    head: (bom ? '\ufeff' : '') + line(exportColumns.map(({ name }) => name)),
    row: (cells) => line(exportColumns.map(({ holds }, i) => forms[holds](cells[i] ?? ''))),
  };
}

/**
 * Spreadsheets take what begins like this for a formula, the wide forms too. A `'` before it makes it text; one
 * that stood there gets another one, so that taking the first away gives back what it was.
 */
const plainText = (text: string): string => (/^[=+\-@\t\r\n＝＋－＠']/.test(text) ? `'${text}` : text);

const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
