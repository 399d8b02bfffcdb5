// The judgement at the end: what the platform was told against the wallet's own books, per player and per
// transaction. Must never ask the bridge or the wallet: both could be wrong about themselves.
import { formatCents } from '../stand-ins/cents.js';
import { ledgerBalances, type LedgerEntry } from '../stand-ins/ledger.js';
import type { BookEntry } from '../stand-ins/platform-book.js';
import type { PlatformPlayer } from '../stand-ins/platform-player.js';

/** What the wallet has: balances in cents by player, and what each transactionID moved all in all. */
export interface WalletBooks {
  readonly balances: ReadonlyMap<string, bigint>;
  readonly effects: ReadonlyMap<string, bigint>;
}

export interface Judged {
  readonly players: readonly {
    readonly userID: string;
    readonly told: string;
    readonly wallet: string;
    readonly equal: boolean;
  }[];
  readonly transactions: { readonly all: number; readonly equal: number };
  /** A line for every difference. */
  readonly wrong: readonly string[];
}

/** `explained`: transactions a person must end, whose difference is no surprise. */
export function judge(
  { balances, effects }: WalletBooks,
  player: PlatformPlayer,
  userIDs: readonly string[],
  explained: ReadonlySet<string> = new Set(),
): Judged {
  const book = player.book();
  const told = toldEffects(book);
  const ids = [...new Set([...told.keys(), ...effects.keys()])];
  const different = ids.filter((id) => (told.get(id) ?? 0n) !== (effects.get(id) ?? 0n));
  const owners = new Map(book.map(({ transactionID, userID }) => [transactionID, userID]));
  const players = userIDs.map((userID) => {
    const expected = player.expectedCents(userID);
    const actual = balances.get(userID) ?? 0n;
    return { userID, told: formatCents(expected), wallet: formatCents(actual), equal: expected === actual };
  });
  const isExplained = (userID: string): boolean =>
    different.some((id) => owners.get(id) === userID && explained.has(id)) &&
    !different.some((id) => owners.get(id) === userID && !explained.has(id));
  return {
    players,
    transactions: { all: ids.length, equal: ids.length - different.length },
    wrong: [
      ...players
        .filter(({ userID, equal }) => !equal && !isExplained(userID))
        .map(({ userID, ...has }) => `${userID}: ${has.told} told, ${has.wallet} in the ledger`),
      ...different
        .filter((id) => !explained.has(id))
        .map((id) => `transaction ${id}: the ledger differs from what was told`),
      ...book
        .filter(({ standing }) => standing === 'doubt' || standing === 'contradiction')
        .map(({ transactionID, standing }) => `transaction ${transactionID}: ${standing}`),
    ],
  };
}

/** The comparison as people read it. */
export function judgementLines({ players, transactions }: Judged, ledger: string): string[] {
  const row = ([name = '', ...cells]: readonly string[]): string =>
    `    ${name.padEnd(14)}${cells.map((cell) => cell.padStart(22)).join('')}`;
  return [
    '',
    row(['player', 'expected (as told)', `actual (${ledger})`, 'equal']),
    ...players.map(({ userID, told, wallet, equal }) => row([userID, told, wallet, equal ? 'yes' : 'NO'])),
    '',
    `    ${transactions.all} transactions, each against its own lines in the ledger: ${transactions.equal} equal`,
  ];
}

function toldEffects(book: readonly BookEntry[]): Map<string, bigint> {
  const effects = new Map<string, bigint>();
  for (const { transactionID, effect, standing } of book)
    effects.set(transactionID, (effects.get(transactionID) ?? 0n) + (standing === 'stands' ? effect : 0n));
  return effects;
}

/** The stand-in wallet's books. Its references begin with the transactionID; a suffix tells win and undo apart. */
export function booksOf(ledger: readonly LedgerEntry[]): WalletBooks {
  const effects = new Map<string, bigint>();
  for (const { kind, reference, cents } of ledger) {
    const id = reference.split('-')[0] ?? '';
    if (kind !== 'opening') effects.set(id, (effects.get(id) ?? 0n) + cents);
  }
  return { balances: ledgerBalances(ledger), effects };
}
