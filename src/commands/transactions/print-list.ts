// Unfinished records as lines of a table, or as JSON. Ids stand last and whole, so that they can be copied.

import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { Listing, Row } from '../../domain/transaction-rows.js';
import { age } from '../../deeds/wording.js';
import { printable } from '../../domain/printable.js';

export function printList(listing: Listing, format: Format): Printed {
  const { unfinished: _all, isCut: _cut, ...asked } = listing;
  return { lines: format === 'json' ? [JSON.stringify(asked)] : inWords(listing), exitCode: 0 };
}

function inWords({ transactions, more, unfinished }: Listing): string[] {
  if (unfinished === 0) return ['nothing is unfinished'];
  if (transactions.length === 0) return [`none of these among ${unfinished} unfinished`];
  return [...tableOf(transactions), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** Lines of at most 120 columns as long as ids are of the usual length. */
function tableOf(shown: readonly Row[]): string[] {
  const head = ['AGE', 'STATE', 'GOAL', 'KIND', 'AMOUNT', 'NEXT LOOK', 'AGENT', 'TRANSACTION'];
  const cells = shown.map((row) => [
    row.ageSeconds === null ? '-' : age(row.ageSeconds),
    row.state,
    row.goal ?? '-',
    row.kind ?? '-',
    row.kind === null ? '-' : [row.bet, row.win].filter((amount) => amount !== null).join('/'),
    row.nextLook.replace(/^\S+T(\S+)\.\d+Z$/, '$1'),
    printable(row.agentID),
    printable(row.transactionID),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((line) => line[column]?.length ?? 0)));
  return [head, ...cells].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
