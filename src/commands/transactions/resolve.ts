// `transactions resolve`: a person's word about what the wallet did. It is put on record only if the
// record is still the one that was looked at; the resolver does what follows.

import { Option, type Command } from 'commander';
import { resolveTransaction, sayings, type Resolution, type Saying } from '../../deeds/resolve.js';
import { atJournal } from '../at-journal.js';
import { complain } from '../print.js';
import { printDeed } from './print-deed.js';

export function declareResolve(transactions: Command): void {
  transactions
    .command('resolve')
    .description('say what the wallet did, after looking there; the bridge does what follows')
    .argument('<agentID>')
    .argument('<transactionID>')
    .option('--applied', 'the wallet has it')
    .option('--not-applied', 'the wallet does not have it, or no longer, and will not get it')
    .option('--same-wallet', 'the wallet its agent has today is the one it was begun with')
    .option('--written-off', 'nobody will see to it: it ends as a difference that reconcile lists as explained')
    .addOption(new Option('--leg <leg>', 'of a betWin made by two calls: which').choices(['bet', 'win'] as const))
    .requiredOption('--reason <text>', 'how you know; kept with the record')
    .action((agentID: string, transactionID: string, { reason, leg, ...said }: Said) => {
      const [one, ...more] = sayings.filter((word) => said[word] === true);
      if (one === undefined || more.length > 0)
        return complain(['say one of --applied, --not-applied, --same-wallet, --written-off']);
      const key = { agentID, transactionID };
      const resolution = { said: one, reason, ...(leg && { leg }) };
      return atJournal(async (journal) => printDeed(key, await resolveTransaction(journal, key, resolution)));
    });
}

type Said = Omit<Resolution, 'said'> & Partial<Record<Saying, boolean>>;
