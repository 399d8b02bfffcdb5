// What a rehearsal found out, as lines for people or as one for programs.

import { judgementLines } from '../../demo/verdict.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { Untold } from '../../sandbox/findings.js';
import type { CannotRehearse } from './prepare.js';
import type { Rehearsal } from './rehearse.js';

export function printRehearsal(rehearsal: Rehearsal, format: Format): Printed {
  const exitCode = rehearsal.wrong.length === 0 ? 0 : 1;
  return { lines: format === 'json' ? [JSON.stringify(rehearsal)] : linesOf(rehearsal), exitCode };
}

export function printCannot({ because, untold }: CannotRehearse, format: Format): Printed {
  const lines = [...because, ...examplesToAdd(untold)];
  return { lines: format === 'json' ? [JSON.stringify({ because, untold })] : lines, exitCode: 2 };
}

function linesOf({ books, held, leftOut, unreached, untold, wrong }: Rehearsal): string[] {
  return [
    ...judgementLines(books, 'sandbox'),
    ...titled(
      'Left to a person, because this wallet leaves no other way to find out:',
      held.map(({ transactionID, userID, because }) => `${userID}  ${transactionID}: ${because}`),
    ),
    ...titled('Not played:', leftOut),
    ...titled(
      'Rules that no scene reached:',
      unreached.map(({ file, line, path, text }) => `${file}:${line} ${path}: ${text}`),
    ),
    ...examplesToAdd(untold),
    '',
    ...wrong.map((line) => `WRONG  ${line}`),
    wrong.length === 0
      ? `Equal to the cent${held.length === 0 ? '' : ' but for what is left to a person'}, every result as due.`
      : `${wrong.length} ${wrong.length === 1 ? 'thing is' : 'things are'} wrong.`,
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `    ${line}`)];
}

/** As they would be written into the file. */
function examplesToAdd(all: readonly Untold[]): string[] {
  const untold = all.filter(({ isShown }) => isShown !== true);
  const shown = all.filter(({ isShown }) => isShown === true);
  return [
    ...titled(
      'The file shows a reply of this, but none with another balance could be made of it, so it cannot be played. Let `applied` and `balance` each rest on values that stand in the reply:',
      shown.map(({ operation, of, outcome }) => `${operation}${of === undefined ? '' : ` of a ${of}`}: ${outcome}`),
    ),
    ...titled('The file does not tell how your wallet says this. Add a reply of it, as it really comes:', [
      ...(untold.length === 0 ? [] : ['examples:']),
      ...untold.flatMap(({ operation, of, outcome, result }) => [
        `  - operation: ${operation}`,
        ...(of === undefined ? [] : [`    of: ${of}`]),
        '    reply: { status: 200, body: … }',
        `    expect: { outcome: ${outcome}${result === undefined ? '' : `, result: ${result}`} }`,
      ]),
    ]),
  ];
}
