// `transactions show`: all that is known of one record, for whoever has to decide about it.

import type { Command } from 'commander';
import { atJournal } from '../at-journal.js';
import { showTransaction } from '../../deeds/show.js';
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
