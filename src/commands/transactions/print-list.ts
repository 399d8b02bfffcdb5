// Unfinished records as lines of a table, or as JSON. Ids stand last and whole, so that they can be copied.

import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { Listing, Row } from '../../domain/transaction-rows.js';
import { age, dayAndTime } from '../../deeds/wording.js';
import { printable } from '../../domain/printable.js';

export function printList(listing: Listing, format: Format): Printed {
  const { unfinished: _all, isCut: _cut, ...asked } = listing;
  return { lines: format === 'json' ? [JSON.stringify(asked)] : inWords(listing), exitCode: 0 };
}

function inWords({ transactions, more, unfinished }: Listing): string[] {
  if (unfinished === 0) return ['nothing is unfinished'];
  if (transactions.length === 0) return [`none of these among ${unfinished} unfinished`];
  return [...tableOf(unfinishedColumns, transactions), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** Its heading, and what it says of a record. */
type Column = readonly [string, (row: Row) => string];

/** What a table of records may say. */
export const columns = {
  age: ['AGE', (row) => (row.ageSeconds === null ? '-' : age(row.ageSeconds))],
  since: ['SINCE', (row) => (row.since === null ? '-' : dayAndTime(row.since))],
  state: ['STATE', (row) => row.state],
  goal: ['GOAL', (row) => row.goal ?? '-'],
  result: ['TOLD', (row) => row.result ?? '-'],
  kind: ['KIND', (row) => row.kind ?? '-'],
  amount: [
    'AMOUNT',
    (row) => (row.kind === null ? '-' : [row.bet, row.win].filter((amount) => amount !== null).join('/')),
  ],
  nextLook: ['NEXT LOOK', (row) => row.nextLook.replace(/^\S+T(\S+)\.\d+Z$/, '$1')],
  player: ['PLAYER', (row) => printable(row.userID ?? '-')],
  agent: ['AGENT', (row) => printable(row.agentID)],
  transaction: ['TRANSACTION', (row) => printable(row.transactionID)],
} as const satisfies Readonly<Record<string, Column>>;

const { age: ageOf, state, goal, kind, amount, nextLook, agent, transaction } = columns;
const unfinishedColumns = [ageOf, state, goal, kind, amount, nextLook, agent, transaction];

/** Lines of at most 120 columns as long as ids are of the usual length. */
export function tableOf(shown: readonly Column[], rows: readonly Row[]): string[] {
  const lines = [shown.map(([head]) => head), ...rows.map((row) => shown.map(([, cellOf]) => cellOf(row)))];
  const widths = shown.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
