// `transactions try-now`: lets the resolver look at a record at once, instead of when its pause is over.

import type { Command } from 'commander';
import type { Journal, TransactionKey } from '../../domain/ports.js';
import { isUnfinished, leaseIsLive } from '../../domain/transaction.js';
import { atJournal } from '../at-journal.js';
import { cannotRead, notDone, notMoved, type Deed } from './deed.js';
import { look } from './look.js';
import { printDeed } from './print-deed.js';

export function declareTryNow(transactions: Command): void {
  transactions
    .command('try-now')
    .description('let the bridge try again at once')
    .argument('<agentID>')
    .argument('<transactionID>')
    .action((agentID: string, transactionID: string) => {
      const key = { agentID, transactionID };
      return atJournal(async (journal) => printDeed(key, await tryNow(journal, key)));
    });
}

export async function tryNow(journal: Journal, key: TransactionKey): Promise<Deed> {
  const stored = await look(journal, key);
  if (stored === undefined) return { kind: 'unknown' };
  if ('unreadable' in stored) return cannotRead(stored);
  const { transaction } = stored;
  const now = journal.now();
  if (!isUnfinished(transaction.state)) return notMoved({ kind: 'finished' }, stored);
  if (transaction.state === 'held' && !transaction.elsewhere)
    return notDone('it is held: nothing but your word moves it on (resolve)');
  if (transaction.lease !== undefined && leaseIsLive(transaction, now))
    return notMoved({ kind: 'inHand', until: transaction.lease.until }, stored);
  await journal.postpone(key, now);
  return { kind: 'done', what: 'due now: the next replica that looks takes it up' };
}
