// `transactions try-now`: lets the resolver look at a record at once, instead of when its pause is over; or at
// all of an operator, the oldest first.

import type { Command } from 'commander';
import { tryAllNow, tryNow, type Tried } from '../../deeds/try-now.js';
import { atJournal } from '../at-journal.js';
import { complain, type Printed } from '../print.js';
import { agentsOfOperator } from './list.js';
import { printDeed } from './print-deed.js';

export function declareTryNow(transactions: Command): void {
  transactions
    .command('try-now')
    .description('let the bridge try again at once')
    .argument('[agentID]')
    .argument('[transactionID]')
    .option('--all', 'instead of one: every one of an operator, the oldest first')
    .option('--operator <name>', 'with --all: whose; its agents stand in OPERATORS_DIR')
    .action((agentID: string | undefined, transactionID: string | undefined, { all, operator }: Options) => {
      if (all === true && operator !== undefined && agentID === undefined) return tryAll(operator);
      if (all === true || operator !== undefined || agentID === undefined || transactionID === undefined)
        return complain(['say which one, AGENT TRANSACTION, or --all --operator NAME']);
      const key = { agentID, transactionID };
      return atJournal(async (journal) => printDeed(key, await tryNow(journal, key)));
    });
}

interface Options {
  readonly all?: true;
  readonly operator?: string;
}

const tryAll = (operator: string): Promise<void> =>
  atJournal(async (journal, { OPERATORS_DIR }) => {
    const agents = agentsOfOperator(operator, OPERATORS_DIR, process.env);
    if (agents === undefined) return { lines: [`no operator ${operator} in ${OPERATORS_DIR}`], exitCode: 2 };
    return printTried(await tryAllNow(journal, agents));
  });

/** Exit code 1: nothing is due. */
export function printTried({ due, held, unreadable }: Tried): Printed {
  const lines = [
    due === 0 ? 'none waits for the bridge' : `${due} due now: the bridge takes them up, the oldest first`,
    ...(held === 0 ? [] : [`${held} held: nothing but your word moves them on (list --state held)`]),
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable: look at each (list --state unreadable)`]),
  ];
  return { lines, exitCode: due === 0 ? 1 : 0 };
}
