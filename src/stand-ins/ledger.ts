// The stand-in wallet's append-only book: one JSON line per entry, on disk before the wallet answers, so that
// a killed process forgets nothing it said. Its sum is the truth the demo and the fault runs compare with.
// Must never rewrite a line.
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { isJsonObject } from './json-object.js';

/**
 * `refused`, `undoRefused` and `tombstone` move nothing (cents 0): the first and the last are what the wallet
 * remembers of a no and of an early undo, the second it only writes down.
 */
const KINDS = ['opening', 'debit', 'credit', 'undo', 'refused', 'undoRefused', 'tombstone'] as const;
type LedgerKind = (typeof KINDS)[number];

export interface LedgerEntry {
  readonly at: string;
  readonly player: string;
  readonly reference: string;
  readonly kind: LedgerKind;
  /** Signed: what the entry adds to the player's balance. */
  readonly cents: bigint;
  /** The round of a bet or win, where the caller named one. */
  readonly round?: string;
  /** The reference an undo or a tombstone is about. */
  readonly of?: string;
  /** Why a call was refused. */
  readonly code?: string;
  /** The player's balance after the entry. */
  readonly balance: bigint;
}

/** Every whole line of a ledger file, oldest first; a torn last line was never answered and is left out. */
export function readLedger(file: string): LedgerEntry[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map(readLine);
}

/** Sum of all entries per player: the balances, from nothing but the file's lines. */
export function ledgerBalances(entries: readonly LedgerEntry[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { player, cents } of entries) balances.set(player, (balances.get(player) ?? 0n) + cents);
  return balances;
}

/**
 * Opens a ledger file for one writer: creates it, or cuts off a torn last line so that the next entry starts
 * clean.
 */
export function openLedger(file: string): { entries: LedgerEntry[]; append: (entry: LedgerEntry) => void } {
  if (!existsSync(file)) writeFileSync(file, '');
  truncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
  return {
    entries: readLedger(file),
    append: (entry) => {
      const line = { ...entry, cents: entry.cents.toString(), balance: entry.balance.toString() };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
  };
}

function readLine(line: string): LedgerEntry {
  const entry: unknown = JSON.parse(line);
  if (!isJsonObject(entry)) throw new Error(`not a ledger entry: ${line}`);
  const text = (name: string): string => {
    const value = entry[name];
    if (typeof value !== 'string') throw new Error(`ledger entry without ${name}: ${line}`);
    return value;
  };
  const kind = KINDS.find((known) => known === entry['kind']);
  if (kind === undefined) throw new Error(`ledger entry of an unknown kind: ${line}`);
  return {
    at: text('at'),
    player: text('player'),
    reference: text('reference'),
    kind,
    cents: BigInt(text('cents')),
    ...('round' in entry && { round: text('round') }),
    ...('of' in entry && { of: text('of') }),
    ...('code' in entry && { code: text('code') }),
    balance: BigInt(text('balance')),
  };
}
