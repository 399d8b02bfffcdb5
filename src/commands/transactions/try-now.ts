// `transactions try-now`: lets the resolver look at a record at once, instead of when its pause is over; or at
// all of an operator, the oldest first.

import type { Command } from 'commander';
import type { Journal, TransactionKey } from '../../domain/ports.js';
import { isUnfinished, leaseIsLive, type Transaction } from '../../domain/transaction.js';
import { atJournal } from '../at-journal.js';
import { complain, type Printed } from '../print.js';
import { cannotRead, notDone, notMoved, type Deed } from './deed.js';
import { agentsOfOperator } from './list.js';
import { look } from './look.js';
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

export async function tryNow(journal: Journal, key: TransactionKey): Promise<Deed> {
  const stored = await look(journal, key);
  if (stored === undefined) return { kind: 'unknown' };
  if ('unreadable' in stored) return cannotRead(stored);
  const { transaction } = stored;
  const now = journal.now();
  if (!isUnfinished(transaction.state)) return notMoved({ kind: 'finished' }, stored);
  if (isForAPerson(transaction)) return notDone('it is held: nothing but your word moves it on (resolve)');
  if (transaction.lease !== undefined && leaseIsLive(transaction, now))
    return notMoved({ kind: 'inHand', until: transaction.lease.until }, stored);
  await journal.postpone(key, now);
  return { kind: 'done', what: 'due now: the next replica that looks takes it up' };
}

const isForAPerson = ({ state, elsewhere }: Transaction): boolean => state === 'held' && elsewhere !== true;

/** How many of an operator's records are due now, and how many there are that this moves on in no way. */
export interface Tried {
  readonly due: number;
  readonly held: number;
  readonly unreadable: number;
}

const postponedAtOnce = 64;

/** All of these agents: those that are in hand, or due already, are left as they are. */
export async function tryAllNow(journal: Journal, agents: ReadonlySet<string>): Promise<Tried> {
  const waiting: { readonly key: TransactionKey; readonly since: number }[] = [];
  let [due, held, unreadable] = [0, 0, 0];
  for await (const found of journal.unfinished()) {
    const { agentID, transactionID } = 'unreadable' in found ? found.key : found.transaction;
    if (!agents.has(agentID)) continue;
    if ('unreadable' in found) unreadable += 1;
    else if (isForAPerson(found.transaction)) held += 1;
    else if (found.due <= journal.now()) due += 1;
    else if (!leaseIsLive(found.transaction, journal.now()))
      waiting.push({ key: { agentID, transactionID }, since: found.transaction.since });
  }
  waiting.sort((a, b) => a.since - b.since);
  for (let i = 0; i < waiting.length; i += postponedAtOnce) {
    const now = journal.now();
    await Promise.all(waiting.slice(i, i + postponedAtOnce).map(({ key }) => journal.postpone(key, now)));
  }
  return { due: due + waiting.length, held, unreadable };
}

/** Exit code 1: nothing is due. */
export function printTried({ due, held, unreadable }: Tried): Printed {
  const lines = [
    due === 0 ? 'none waits for the bridge' : `${due} due now: the bridge takes them up, the oldest first`,
    ...(held === 0 ? [] : [`${held} held: nothing but your word moves them on (list --state held)`]),
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable: look at each (list --state unreadable)`]),
  ];
  return { lines, exitCode: due === 0 ? 1 : 0 };
}
