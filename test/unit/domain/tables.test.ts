// The two tables of the promise on its page are the ones the policy's functions make.

import { expect, test } from '@jest/globals';
import { textOf } from '../../support/pages.js';
import { asMarkdown, callbackTable, replyTable, type Table } from '../../support/policy-tables.js';

/** The cells of the table under a heading of the page. */
function shownUnder(heading: string): string[][] {
  const [, section = ''] = textOf('src/domain/README.md').split(`\n## ${heading}\n`);
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test.each<[string, Table]>([
  ['A callback meets a record', callbackTable()],
  ['Your wallet has answered', replyTable()],
])('%s', (heading, table) => {
  const shown = shownUnder(heading);

  // What is to stand there, whole, so that it can be pasted.
  expect(asMarkdown(shown)).toBe(asMarkdown(table));
});
