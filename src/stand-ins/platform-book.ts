// The platform's account book: what a player was told, folded from the answers the platform heard. Pure, and
// the only place for the platform's rules. Must never look at the wallet: it is one half of a comparison.
import { parseCents } from './cents.js';
import type { Callback } from './platform-callback.js';

export type MoneyCallback = Exclude<Callback, { operation: 'GetBalance' }>;

/** One answer to one delivery the platform made and waited for; null stands for no answer it could use. */
export interface Heard {
  readonly callback: MoneyCallback;
  readonly code: number | null;
}

/**
 * `stands`: told done. `failed`: told that no money moved. `undone`: a rollback of it was ended. `doubt`:
 * nothing final was heard. `contradiction`: told done and told failed, which the bridge must never do.
 */
export type Standing = 'stands' | 'failed' | 'undone' | 'doubt' | 'contradiction';

export interface BookEntry {
  readonly userID: string;
  readonly transactionID: string;
  /** What the transaction does to the player's balance when it stands, in cents. */
  readonly effect: bigint;
  readonly standing: Standing;
}

export interface Folded extends BookEntry {
  readonly callback: MoneyCallback;
  /** Whether it was ever told done, whatever was told after that. */
  readonly wasDone: boolean;
}

/**
 * What the platform does once it heard an answer: nothing more, send a rollback, or the same callback again.
 */
export function nextMove(operation: MoneyCallback['operation'], code: number | null): 'end' | 'rollback' | 'repeat' {
  if (code !== null) return 'end';
  return operation === 'Withdraw' || operation === 'BetWin' ? 'rollback' : 'repeat';
}

/**
 * The book: one entry per content ever sent under a transactionID; the order of the answers does not matter.
 */
export function foldAnswers(heard: readonly Heard[]): Folded[] {
  const ended = new Set<string>();
  const answers = new Map<string, { callback: MoneyCallback; codes: (number | null)[] }>();
  for (const { callback, code } of heard) {
    if (callback.operation === 'RollbackTransaction') {
      if (code === 0 || code === 8 || code === 9) ended.add(transactionKey(callback));
      continue;
    }
    const content = JSON.stringify(callback);
    const known = answers.get(content);
    if (known === undefined) answers.set(content, { callback, codes: [code] });
    else known.codes.push(code);
  }
  return [...answers.values()].map(({ callback, codes }) => ({
    callback,
    userID: callback.userID,
    transactionID: callback.transactionID,
    effect: effectOf(callback),
    standing: ended.has(transactionKey(callback)) ? 'undone' : standingOf(codes),
    wasDone: codes.some(isDone),
  }));
}

/**
 * What a player must own by what was told: the first balance in cents and every transaction that stands.
 */
export function expectedCents(opening: bigint, userID: string, book: readonly BookEntry[]): bigint {
  return book
    .filter((entry) => entry.userID === userID && entry.standing === 'stands')
    .reduce((sum, { effect }) => sum + effect, opening);
}

function standingOf(codes: readonly (number | null)[]): Standing {
  const done = codes.some(isDone);
  const failed = codes.some((code) => code !== null && !isDone(code));
  if (done) return failed ? 'contradiction' : 'stands';
  return failed ? 'failed' : 'doubt';
}

/** Whether a code tells the platform that the money moved. */
export function isDone(code: number | null): boolean {
  return code === 0 || code === 11;
}

function effectOf(callback: MoneyCallback): bigint {
  const { bet, win } = amountsOf(callback);
  return win - bet;
}

/** What a callback takes from its player and what it gives, in cents. */
export function amountsOf(callback: MoneyCallback): { readonly bet: bigint; readonly win: bigint } {
  switch (callback.operation) {
    case 'Withdraw':
      // A free spin's stake is the platform's.
      return { bet: callback.freeSpinID === undefined ? parseCents(callback.amount) : 0n, win: 0n };
    case 'Deposit':
      return { bet: 0n, win: parseCents(callback.amount) };
    case 'BetWin':
      return { bet: parseCents(callback.betAmount), win: parseCents(callback.winAmount) };
    case 'RollbackTransaction':
      return { bet: 0n, win: 0n };
  }
}

// A rollback in another player's name is about nothing of this player's.
function transactionKey({ agentID, userID, transactionID }: MoneyCallback): string {
  return JSON.stringify([agentID, userID, transactionID]);
}
