// The two lists a reconciliation compares the journal with. Must never round, nor guess which way money went,
// how much it was, or in which currency.

import { Money } from '../domain/money.js';
import { printable } from '../domain/printable.js';
import { Ledger } from './ledger.js';
import { eachRow, type ListRow } from './list-rows.js';
import { decimalMarks, readAmount, type DecimalMark } from './read-amount.js';

/** How a list is written, as far as somebody said so; and the option that says how its amounts are. */
export interface Writing {
  readonly delimiter?: string;
  readonly decimal?: DecimalMark;
  readonly decimalOption: string;
}

export interface LedgerColumns {
  readonly reference: string;
  readonly amount: string;
  readonly type: string;
  readonly currency: string;
  /** What the type column says of money taken from a player, and of money given to one. */
  readonly debits: readonly string[];
  readonly credits: readonly string[];
}

/**
 * Reads the wallet's ledger. Where it has a type column amounts are without sign, else they are signed.
 * Rejects with UnreadableList.
 */
export async function readLedger(file: string, columns: LedgerColumns, writing: Writing): Promise<Ledger> {
  const ledger = new Ledger();
  const amounts = new Amounts(writing);
  // A column that was given a name is there: without its type, debits would be read as credits.
  const named = (['type', 'currency'] as const).map((each) => (columns[each] === each ? [] : [columns[each]]));
  await eachRow(file, [columns.reference, columns.amount, ...named.flat()], writing.delimiter, (row) => {
    const amount = signed(row, columns, amounts);
    ledger.add(row.cell(columns.reference) ?? '', amount, row.line, currencyIn(row, columns.currency));
  });
  return ledger;
}

function signed(row: ListRow, { amount: column, type, debits, credits }: LedgerColumns, amounts: Amounts): Money {
  const kind = row.cell(type);
  if (kind === undefined) return amounts.in(row, column);
  const amount = amounts.unsigned(row, column);
  if (debits.includes(kind)) return amount.negated();
  if (credits.includes(kind)) return amount;
  throw row.wrong(type, `is neither ${debits.join(' or ')} nor ${credits.join(' or ')}`);
}

function currencyIn(row: ListRow, column: string): string | undefined {
  const code = row.cell(column)?.trim().toUpperCase();
  if (code === '') throw row.wrong(column, 'is empty, although the list has that column');
  return code;
}

/** What the platform believes of one transactionID. */
export interface Believed {
  /** Signed: what it adds to a player's balance. */
  readonly moved: Money;
  readonly isUndone: boolean;
  readonly line: number;
}

export type PlatformColumns = Readonly<Record<'transactionID' | 'operation' | 'amount' | 'result', string>>;

/**
 * Codes of the platform's protocol: a transaction that is done, and a rollback after which it counts for
 * nothing.
 */
const done = ['0', '11'];
const undone = ['0', '8', '9'];

/**
 * Reads the platform's list: one row for each callback, a betWin's amount being its win less its bet. Rejects
 * with UnreadableList.
 */
export async function readPlatformList(
  file: string,
  columns: PlatformColumns,
  writing: Writing,
): Promise<Map<string, Believed>> {
  const list = new Map<string, Believed>();
  const amounts = new Amounts(writing);
  await eachRow(file, Object.values(columns), writing.delimiter, (row) => {
    const transactionID = row.cell(columns.transactionID) ?? '';
    const result = row.cell(columns.result) ?? '';
    if (!/^\d+$/.test(result)) throw row.wrong(columns.result, 'is no result code');
    const before = list.get(transactionID) ?? { moved: Money.zero, isUndone: false, line: row.line };
    const moved = movedBy(row, columns, amounts);
    if (moved === undefined)
      list.set(transactionID, { ...before, isUndone: before.isUndone || undone.includes(result) });
    else list.set(transactionID, done.includes(result) ? { ...before, moved } : before);
  });
  return list;
}

/** Undefined for a rollback. */
function movedBy(row: ListRow, columns: PlatformColumns, amounts: Amounts): Money | undefined {
  switch ((row.cell(columns.operation) ?? '').toLowerCase()) {
    case 'withdraw':
      return amounts.unsigned(row, columns.amount).negated();
    case 'deposit':
      return amounts.unsigned(row, columns.amount);
    case 'betwin':
      return amounts.in(row, columns.amount);
    case 'rollbacktransaction':
      return undefined;
    default:
      throw row.wrong(columns.operation, 'is none of Withdraw, Deposit, BetWin, RollbackTransaction');
  }
}

/** The amounts of one list: all of them have the same decimal mark, or one of them is not what it seems. */
class Amounts {
  private proof: { readonly mark: DecimalMark; readonly line: number } | undefined;

  constructor(private readonly writing: Writing) {}

  in(row: ListRow, column: string): Money {
    const text = row.cell(column) ?? '';
    const { decimal, decimalOption } = this.writing;
    const read = readAmount(text, decimal);
    if (read === undefined) throw row.wrong(column, notAnAmount(text, decimal));
    const sayWhich = `say which with ${decimalMarks.map((mark) => `${decimalOption} ${mark}`).join(' or ')}`;
    if ('between' in read)
      throw row.wrong(column, `"${text}" may be ${read.between.map(String).join(' or ')}: ${sayWhich}`);
    const { amount, proves: mark } = read;
    if (mark !== undefined) this.proof ??= { mark, line: row.line };
    if (mark !== undefined && this.proof !== undefined && this.proof.mark !== mark)
      throw row.wrong(
        column,
        `"${printable(text)}" has a decimal ${mark}, and line ${this.proof.line} a decimal ${this.proof.mark}: ${sayWhich}`,
      );
    return amount;
  }

  /** Throws for one below zero. */
  unsigned(row: ListRow, column: string): Money {
    const amount = this.in(row, column);
    if (amount.compare(Money.zero) < 0)
      throw row.wrong(column, 'is negative, although another column says which way it went');
    return amount;
  }
}

const examples: Readonly<Record<DecimalMark, string>> = {
  point: 'with a decimal point such as 1,234.50',
  comma: 'with a decimal comma such as 1.234,50',
};

function notAnAmount(text: string, decimal: DecimalMark | undefined): string {
  const shown = text.trim() === '' ? 'is empty, and no' : `"${printable(text.slice(0, 40))}" is no`;
  return `${shown} amount ${decimal === undefined ? 'such as -12.30' : examples[decimal]}`;
}
