// A line for a terminal says what the JSON line says, on one line, and hides nothing.

import { expect, test } from '@jest/globals';
import { prettyLine } from '../../../src/observe/pretty-line.js';

const of = (fields: object): string =>
  prettyLine(
    JSON.stringify({
      ...{ level: 'warn', time: '2026-11-22T18:14:02.113Z', pid: 1, hostname: 'h', event: 'walletCall' },
      ...fields,
      msg: 'wallet call',
    }),
  );

test('time, level and line come first, then what is known', () => {
  expect(of({ operator: 'northstar', ms: 7.5, because: 'no rule holds', agentIDs: ['A', 'B'] })).toBe(
    '2026-11-22T18:14:02.113Z WARN  wallet call operator=northstar ms=7.5 because="no rule holds" agentIDs=["A","B"]\n',
  );
});

test('nothing in a value ends the line, looks like another field, or is obeyed by a terminal', () => {
  const line = of({ userID: 'ann\n2026 INFO  code=0', transactionID: '\u001b[2J\u202e\u009b', roundID: '"' });

  expect(line).toBe(
    '2026-11-22T18:14:02.113Z WARN  wallet call userID="ann\\n2026 INFO  code=0" ' +
      'transactionID="\\u001b[2J\\u202e\\u009b" roundID="\\""\n',
  );
});
