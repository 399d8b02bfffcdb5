// `reconcile`: the journal against an export of the wallet's ledger, and the platform's list where there is
// one. It reads only.

import type { Command } from 'commander';
import type { Unreadable } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';
import { atJournal } from './at-journal.js';
import { formatOption, pairs, type Format } from './options.js';
import type { Printed } from './print.js';
import { compareBooks, type Books, type Comparison } from './reconcile/compare-books.js';
import {
  readLedger,
  readPlatformList,
  UnreadableList,
  type LedgerColumns,
  type PlatformColumns,
} from './reconcile/ledger-csv.js';
import { printComparison } from './reconcile/print-comparison.js';

export function declareReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      'compare the journal with your wallet’s ledger; exit code 0: all agree and is finished, 1: something does not, 2: could not compare',
    )
    .requiredOption('--wallet <file>', 'CSV export of your wallet’s ledger, with a header')
    .option('--platform <file>', 'CSV list of the platform’s callbacks, with a header')
    .option('--columns <name=header...>', 'headers of the ledger that are not called reference, amount, type', [])
    .option(
      '--platform-columns <name=header...>',
      'headers of the list that are not called transactionID, operation, amount, result',
      [],
    )
    .option('--debits <word...>', 'what the type column says of money taken from a player', ['debit'])
    .option('--credits <word...>', 'what the type column says of money given to a player', ['credit'])
    .option('--prefix <text>', 'only ledger rows whose reference begins like this are the bridge’s', '')
    .option('--agents <agentID...>', 'only transactions of these agents', [])
    .option('--from <instant>', 'only transactions first heard of from then on; unfinished ones always')
    .option('--to <instant>', 'and before then')
    .addOption(formatOption())
    .addHelpText('after', listsExplained)
    .action(({ columns, platformColumns, ...options }: Omit<ReconcileOptions, Columns> & Record<Columns, string[]>) =>
      atJournal((journal) =>
        runReconcile(() => journal.scan(), {
          ...options,
          columns: pairs(columns),
          platformColumns: pairs(platformColumns),
        }),
      ),
    );
}

type Columns = 'columns' | 'platformColumns';

const listsExplained = `
The ledger: amounts are decimal text such as -12.30, signed, what the row adds to the player's balance; or without sign
beside a type column.
  reference,amount
  gsp-1b9d,-12.30
  gsp-77e0,20.00
The platform's list: one row for each callback; of a BetWin, amount is its win less its bet.
  transactionID,operation,amount,result
  1b9d,Withdraw,12.30,0
  77e0,Deposit,20.00,0`;

export interface ReconcileOptions {
  readonly wallet: string;
  readonly platform?: string;
  readonly format: Format;
  /** Headers by what they mean, where they are called otherwise. */
  readonly columns: Readonly<Record<string, string>>;
  readonly platformColumns: Readonly<Record<string, string>>;
  readonly debits: readonly string[];
  readonly credits: readonly string[];
  readonly prefix: string;
  readonly agents: readonly string[];
  /** ISO 8601 instants. */
  readonly from?: string;
  readonly to?: string;
}

const ledgerColumns = { reference: 'reference', amount: 'amount', type: 'type' };
const platformColumns: PlatformColumns = {
  transactionID: 'transactionID',
  operation: 'operation',
  amount: 'amount',
  result: 'result',
};

type Records = () => AsyncIterable<{ readonly transaction: Transaction } | Unreadable>;

/**
 * Exit code 0: all agree and all is finished; 1: something does not, or is not; 2: it could not be found out,
 * and the one line says why.
 */
export async function runReconcile(records: Records, { format, ...options }: ReconcileOptions): Promise<Printed> {
  try {
    return printComparison(await reconcile(records, options), format);
  } catch (error) {
    // Whatever broke it off, a comparison without its end has shown nothing.
    return { lines: [error instanceof Error ? error.message : 'it could not be finished'], exitCode: 2 };
  }
}

/**
 * Rejects with what a list, an option or the journal cannot be read for; the message is for whoever asked.
 */
async function reconcile(records: Records, options: Omit<ReconcileOptions, 'format'>): Promise<Comparison> {
  const { debits, credits, prefix, agents } = options;
  const columns: LedgerColumns = { ...named(ledgerColumns, options.columns, '--columns'), debits, credits };
  const ofPlatform = named(platformColumns, options.platformColumns, '--platform-columns');
  const books: Books = {
    wallet: await readLedger(options.wallet, columns),
    ...(options.platform !== undefined && { platform: await readPlatformList(options.platform, ofPlatform) }),
    prefix,
    agents,
    from: instant(options.from, '--from') ?? -Infinity,
    to: instant(options.to, '--to') ?? Infinity,
  };
  return compareBooks(records(), books);
}

function named<T extends Readonly<Record<string, string>>>(
  usual: T,
  own: Readonly<Record<string, string>>,
  option: string,
): T {
  const strange = Object.keys(own).filter((name) => !(name in usual));
  if (strange.length === 0) return { ...usual, ...own };
  throw new UnreadableList(`${option}: ${strange.join(', ')}: expected ${Object.keys(usual).join(', ')}`);
}

function instant(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UnreadableList(`${option}: expected an instant such as 2026-11-21T00:00:00Z`);
  return time;
}
