// The demo's judgement: what the platform was told against what the wallet's ledger file says, per player and
// per transaction. Must never ask the bridge or the wallet: both could be wrong about themselves.
import { formatCents } from '../stand-ins/cents.js';
import type { BookEntry } from '../stand-ins/platform-book.js';
import type { PlatformPlayer } from '../stand-ins/platform-player.js';
import { ledgerBalances, readLedger, type LedgerEntry } from '../stand-ins/ledger.js';

/** Whether a player's balance in the ledger file is, at this moment, what he was told. */
export function ledgerAgrees(ledgerFile: string, player: PlatformPlayer, userID: string): boolean {
  return ledgerBalances(readLedger(ledgerFile)).get(userID) === player.expectedCents(userID);
}

/** Prints the comparison; resolves to a line for every difference. */
export function judge(
  ledgerFile: string,
  player: PlatformPlayer,
  userIDs: readonly string[],
  out: (line: string) => void,
): string[] {
  const ledger = readLedger(ledgerFile);
  const balances = ledgerBalances(ledger);
  const wrong: string[] = [];
  const row = (...[name = '', ...cells]: string[]): void =>
    out(`    ${name.padEnd(14)}${cells.map((cell) => cell.padStart(22)).join('')}`);

  out('');
  row('player', 'expected (as told)', 'actual (ledger file)', 'equal');
  for (const userID of userIDs) {
    const expected = player.expectedCents(userID);
    const actual = balances.get(userID) ?? 0n;
    row(userID, formatCents(expected), formatCents(actual), expected === actual ? 'yes' : 'NO');
    if (expected !== actual)
      wrong.push(`${userID}: ${formatCents(expected)} told, ${formatCents(actual)} in the ledger`);
  }

  const book = player.book();
  const told = toldEffects(book);
  const moved = movedEffects(ledger);
  const ids = new Set([...told.keys(), ...moved.keys()]);
  const different = [...ids].filter((id) => (told.get(id) ?? 0n) !== (moved.get(id) ?? 0n));
  wrong.push(...different.map((id) => `transaction ${id}: the ledger differs from what was told`));
  for (const { transactionID, standing } of book) {
    if (standing === 'doubt' || standing === 'contradiction') wrong.push(`transaction ${transactionID}: ${standing}`);
  }
  out('');
  out(`    ${ids.size} transactions, each against its own lines in the ledger: ${ids.size - different.length} equal`);
  return wrong;
}

function toldEffects(book: readonly BookEntry[]): Map<string, bigint> {
  const effects = new Map<string, bigint>();
  for (const { transactionID, effect, standing } of book) {
    effects.set(transactionID, (effects.get(transactionID) ?? 0n) + (standing === 'stands' ? effect : 0n));
  }
  return effects;
}

/** By transactionID: the wallet's references begin with it, a suffix tells the win and the undo apart. */
function movedEffects(ledger: readonly LedgerEntry[]): Map<string, bigint> {
  const effects = new Map<string, bigint>();
  for (const { kind, reference, cents } of ledger) {
    const id = reference.split('-')[0] ?? '';
    if (kind !== 'opening') effects.set(id, (effects.get(id) ?? 0n) + cents);
  }
  return effects;
}
