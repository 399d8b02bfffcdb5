// `reconcile`: the journal against an export of the wallet's ledger, and the platform's list where there is
// one. It reads only.

import { Option, type Command } from 'commander';
import type { Unreadable } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';
import { agentCurrencies } from './agent-currencies.js';
import { atJournal } from './at-journal.js';
import { formatOption, fromOption, pairs, toOption, type Format } from './options.js';
import type { Printed } from './print.js';
import { compareBooks, type Books } from '../books/compare-books.js';
import {
  readLedger,
  readPlatformList,
  type LedgerColumns,
  type PlatformColumns,
  type Writing,
} from '../books/ledger-csv.js';
import { delimiters, UnreadableList } from '../books/list-rows.js';
import { printComparison } from './reconcile/print-comparison.js';
import { decimalMarks, type DecimalMark } from '../books/read-amount.js';

export function declareReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      'compare the journal with your wallet’s ledger; exit code 0: all agree and is finished, 1: something does not, 2: could not compare',
    )
    .requiredOption('--wallet <file>', 'CSV export of your wallet’s ledger, with a header')
    .option('--platform <file>', 'CSV list of the platform’s callbacks, with a header')
    .option(
      '--columns <name=header...>',
      'headers of the ledger that are not called reference, amount, type, currency',
      [],
    )
    .option(
      '--platform-columns <name=header...>',
      'headers of the list that are not called transactionID, operation, amount, result',
      [],
    )
    .option('--debits <word...>', 'what the type column says of money taken from a player', ['debit'])
    .option('--credits <word...>', 'what the type column says of money given to a player', ['credit'])
    .addOption(delimiterOption('--delimiter', 'what stands between the cells of the ledger'))
    .addOption(decimalOption('--decimal', 'the decimal mark of the ledger'))
    .addOption(delimiterOption('--platform-delimiter', 'what stands between the cells of the list'))
    .addOption(decimalOption('--platform-decimal', 'the decimal mark of the list'))
    .option('--prefix <text>', 'only ledger rows whose reference begins like this are the bridge’s', '')
    .option('--agents <agentID...>', 'only transactions of these agents', [])
    .addOption(fromOption('only transactions first heard of from then on; unfinished ones always'))
    .addOption(toOption('and before then'))
    .addOption(formatOption())
    .addHelpText('after', listsExplained)
    .action(({ columns, platformColumns, ...options }: Omit<ReconcileOptions, Columns> & Record<Columns, string[]>) =>
      atJournal((journal, { OPERATORS_DIR }) =>
        runReconcile(() => journal.scan(), agentCurrencies(OPERATORS_DIR, process.env), {
          ...options,
          columns: pairs(columns),
          platformColumns: pairs(platformColumns),
        }),
      ),
    );
}

type Columns = 'columns' | 'platformColumns';

const delimiterOption = (flag: string, what: string) =>
  new Option(`${flag} <character>`, `${what}; found in its header if you do not say it`).choices(
    Object.keys(delimiters),
  );
const decimalOption = (flag: string, what: string) =>
  new Option(`${flag} <mark>`, `${what}; read off each amount if you do not say it`).choices(decimalMarks);

const listsExplained = `
The ledger: amounts such as -12.30, 1.234,50 or (12.30), signed, what the row adds to the player's balance; or without
sign beside a type column.
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
  /** What stands between cells, by its name in `delimiters`. */
  readonly delimiter?: string;
  readonly decimal?: DecimalMark;
  readonly platformDelimiter?: string;
  readonly platformDecimal?: DecimalMark;
  /** Epoch ms. */
  readonly from?: number;
  readonly to?: number;
}

const ledgerColumns = { reference: 'reference', amount: 'amount', type: 'type', currency: 'currency' };
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
export async function runReconcile(
  records: Records,
  currencyOf: Books['currencyOf'],
  { format, ...options }: ReconcileOptions,
): Promise<Printed> {
  try {
    return printComparison(await compareBooks(records(), await booksOf(options, currencyOf)), format);
  } catch (error) {
    // Whatever broke it off, a comparison without its end has shown nothing.
    return { lines: [error instanceof Error ? error.message : 'it could not be finished'], exitCode: 2 };
  }
}

/** Rejects with what a list or an option cannot be read for; the message is for whoever asked. */
async function booksOf(options: Omit<ReconcileOptions, 'format'>, currencyOf: Books['currencyOf']): Promise<Books> {
  const { debits, credits, prefix, agents, platform, from = -Infinity, to = Infinity } = options;
  const columns: LedgerColumns = { ...named(ledgerColumns, options.columns, '--columns'), debits, credits };
  const ofPlatform = named(platformColumns, options.platformColumns, '--platform-columns');
  const writing = writingOf(options.delimiter, options.decimal, '--decimal');
  const listWriting = writingOf(options.platformDelimiter, options.platformDecimal, '--platform-decimal');
  return {
    wallet: await readLedger(options.wallet, columns, writing),
    ...(platform !== undefined && { platform: await readPlatformList(platform, ofPlatform, listWriting) }),
    ...{ prefix, agents, from, to, currencyOf },
  };
}

function writingOf(name: string | undefined, decimal: DecimalMark | undefined, decimalOption: string): Writing {
  const delimiter = name === undefined ? undefined : delimiters[name];
  return { ...(delimiter !== undefined && { delimiter }), ...(decimal && { decimal }), decimalOption };
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
