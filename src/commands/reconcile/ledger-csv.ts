// The two lists a reconciliation compares the journal with, read strictly: a row that is not understood ends
// it, for a row left out would be money left out. Must never round, nor guess which way money went.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse, type Info } from 'csv-parse';
import { Money } from '../../domain/money.js';

/** A list cannot be read; the message says where and why. */
export class UnreadableList extends Error {}

/** What stands under one reference in the wallet's ledger. */
export interface Booked {
  readonly rows: number;
  /** Signed: what the rows add to players' balances. */
  readonly total: Money;
  /** Of the first row. */
  readonly line: number;
}

export interface LedgerColumns {
  readonly reference: string;
  readonly amount: string;
  readonly type: string;
  /** What the type column says of money taken from a player, and of money given to one. */
  readonly debits: readonly string[];
  readonly credits: readonly string[];
}

/**
 * Reads the wallet's ledger. Where it has a type column amounts are without sign, else they are signed.
 * Rejects with UnreadableList.
 */
export async function readLedger(file: string, columns: LedgerColumns): Promise<Map<string, Booked>> {
  const ledger = new Map<string, Booked>();
  // A type column that was given a name is there: without it, debits would be read as credits.
  const needed = [columns.reference, columns.amount, ...(columns.type === 'type' ? [] : [columns.type])];
  await eachRow(file, needed, (row, line) => {
    const reference = row[columns.reference] ?? '';
    const amount = signed(row, columns, line);
    const before = ledger.get(reference) ?? { rows: 0, total: Money.zero, line };
    ledger.set(reference, { ...before, rows: before.rows + 1, total: before.total.plus(amount) });
  });
  return ledger;
}

function signed(row: Row, { amount: column, type, debits, credits }: LedgerColumns, line: number): Money {
  const kind = row[type];
  if (kind === undefined) return amountIn(row, column, line);
  const amount = unsigned(row, column, line);
  if (debits.includes(kind)) return amount.negated();
  if (credits.includes(kind)) return amount;
  throw new UnreadableLine(line, `${type} is neither ${debits.join(' or ')} nor ${credits.join(' or ')}`);
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
export async function readPlatformList(file: string, columns: PlatformColumns): Promise<Map<string, Believed>> {
  const list = new Map<string, Believed>();
  await eachRow(file, Object.values(columns), (row, line) => {
    const transactionID = row[columns.transactionID] ?? '';
    const result = row[columns.result] ?? '';
    if (!/^\d+$/.test(result)) throw new UnreadableLine(line, `${columns.result} is no result code`);
    const before = list.get(transactionID) ?? { moved: Money.zero, isUndone: false, line };
    const moved = movedBy(row, columns, line);
    if (moved === undefined)
      list.set(transactionID, { ...before, isUndone: before.isUndone || undone.includes(result) });
    else list.set(transactionID, done.includes(result) ? { ...before, moved } : before);
  });
  return list;
}

/** Undefined for a rollback. */
function movedBy(row: Row, columns: PlatformColumns, line: number): Money | undefined {
  switch ((row[columns.operation] ?? '').toLowerCase()) {
    case 'withdraw':
      return unsigned(row, columns.amount, line).negated();
    case 'deposit':
      return unsigned(row, columns.amount, line);
    case 'betwin':
      return amountIn(row, columns.amount, line);
    case 'rollbacktransaction':
      return undefined;
    default:
      throw new UnreadableLine(line, `${columns.operation} is none of Withdraw, Deposit, BetWin, RollbackTransaction`);
  }
}

type Row = Readonly<Record<string, string | undefined>>;

class UnreadableLine extends Error {
  constructor(line: number, what: string) {
    super(`${line}: ${what}`);
  }
}

function amountIn(row: Row, column: string, line: number): Money {
  const amount = Money.parse(row[column] ?? '');
  if (amount === undefined) throw new UnreadableLine(line, `${column} is no decimal amount such as 12.30`);
  return amount;
}

function unsigned(row: Row, column: string, line: number): Money {
  const amount = amountIn(row, column, line);
  if (amount.compare(Money.zero) < 0)
    throw new UnreadableLine(line, `${column} is negative, although another column says which way it went`);
  return amount;
}

async function eachRow(file: string, needed: readonly string[], take: (row: Row, line: number) => void): Promise<void> {
  const seen = { header: false };
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    columns: (header: string[]) => {
      seen.header = true;
      const missing = needed.filter((name) => !header.includes(name));
      if (missing.length > 0) throw new UnreadableLine(1, `no column ${missing.join(', ')}, only ${header.join(', ')}`);
      if (new Set(header).size < header.length) throw new UnreadableLine(1, 'two columns of the same name');
      return header;
    },
  });
  // A reader that stops makes the stream say that it was aborted, which says nothing of why.
  let problem: UnreadableLine | undefined;
  try {
    await pipeline(createReadStream(file), parser, async (rows: AsyncIterable<{ record: Row; info: Info }>) => {
      for await (const { record, info } of rows)
        try {
          take(record, info.lines);
        } catch (error) {
          if (error instanceof UnreadableLine) problem = error;
          throw error;
        }
    });
    // An export that failed is often an empty file; it is not a ledger without rows.
    if (!seen.header) throw new UnreadableLine(1, 'no header');
  } catch (error) {
    throw new UnreadableList(`${file}:${reasonOf(problem ?? error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `${error['lines']}: ` : ' ';
    return `${line}no CSV: ${error.message.split(' at line ')[0] ?? ''}`;
  }
  if (error instanceof UnreadableLine) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
  return ` it cannot be read${code}`;
}
