// What came of a person's deed, in one line.

import { assertNever } from '../../domain/outcome.js';
import type { TransactionKey } from '../../domain/ports.js';
import type { Printed } from '../print.js';
import type { Deed } from '../../deeds/deed.js';
import { printable } from '../../domain/printable.js';

/** Exit code 1: nothing was changed. */
export function printDeed(key: TransactionKey, deed: Deed): Printed {
  switch (deed.kind) {
    case 'done':
      return { lines: [deed.what], exitCode: 0 };
    case 'notDone':
      return { lines: [`not done: ${deed.because}`], exitCode: 1 };
    case 'unknown':
      return unknownRecord(key);
    default:
      return assertNever(deed);
  }
}

export const unknownRecord = ({ agentID, transactionID }: TransactionKey): Printed => ({
  lines: [`there is no record of ${printable(agentID)} ${printable(transactionID)}`],
  exitCode: 1,
});
