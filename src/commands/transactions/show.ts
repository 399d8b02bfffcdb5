// `transactions show`: all that is known of one record, for whoever has to decide about it.

import type { Command } from 'commander';
import type { Journal, TransactionKey } from '../../domain/ports.js';
import { atJournal } from '../at-journal.js';
import {
  describe,
  describeUnreadable,
  type Described,
  type DescribedUnreadable,
} from '../../domain/describe-transaction.js';
import { look } from './look.js';
import { printShown } from './print-show.js';

export function declareShow(transactions: Command): void {
  transactions
    .command('show')
    .description('one transaction: what is known, what the platform was told, and its story')
    .argument('<agentID>')
    .argument('<transactionID>')
    .action((agentID: string, transactionID: string) => {
      const key = { agentID, transactionID };
      return atJournal(async (journal) => printShown(key, await showTransaction(journal, key)));
    });
}

/** Undefined where there is no record. */
export async function showTransaction(
  journal: Journal,
  key: TransactionKey,
): Promise<Described | DescribedUnreadable | undefined> {
  const found = await look(journal, key);
  const due = await journal.nextLook(key);
  if (found === undefined) return undefined;
  const now = journal.now();
  return 'unreadable' in found ? describeUnreadable(found, due, now) : describe(found, due, now);
}
