// `transactions show`: all that is known of one record, for whoever has to decide about it. `why`: the same record in
// short, for whoever asks why the platform heard what it heard.

import type { Command } from 'commander';
import { atJournal } from '../at-journal.js';
import { showTransaction } from '../../deeds/show.js';
import { formatOption, type Format } from '../options.js';
import { printShown, type Telling } from './print-show.js';

export const declareShow = (transactions: Command): void =>
  declareTelling(
    transactions
      .command('show')
      .description('one transaction: what is known, what the platform was told, and its story'),
    'whole',
  );

export const declareWhy = (program: Command): void =>
  declareTelling(
    program
      .command('why')
      .description('why the platform was told what it was told of a transaction, and what happens next'),
    'why',
  );

function declareTelling(command: Command, telling: Telling): void {
  command
    .argument('<agentID>')
    .argument('<transactionID>')
    .addOption(formatOption())
    .action((agentID: string, transactionID: string, { format }: { readonly format: Format }) => {
      const key = { agentID, transactionID };
      return atJournal(async (journal) => printShown(key, await showTransaction(journal, key), { format, telling }));
    });
}
