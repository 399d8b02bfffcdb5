// One record for a person's eyes, as plain values: what is certain, what is not, what the platform was
// told, and what comes next.

import { assertNever } from './outcome.js';
import type { Stored, Unreadability, Unreadable } from './ports.js';
import { nameOf, subject, tellStory } from './tell-story.js';
import { isUnfinished, type Leg, type Transaction } from './transaction.js';
import { iso, rowOf, type Row } from './transaction-rows.js';

/** The facts, the movements, the story. What is not known, or not so, is null. */
export interface Described {
  readonly facts: Row;
  /** "a bet of 12.30 by player_1" */
  readonly subject: string;
  readonly roundID: string | null;
  readonly revision: number;
  /** What the platform was told of it, or is told when it asks. */
  readonly told: string;
  /** What happens next, and who sees to it. */
  readonly next: string;
  readonly vainTries: number;
  /** Decimal text. */
  readonly balance: string | null;
  readonly movements: readonly Movement[];
  /** A sentence each, oldest first, with its instant (UTC). */
  readonly story: readonly string[];
}

/** One leg. */
export interface Movement {
  /** "the bet" */
  readonly name: string;
  /** Decimal text. */
  readonly amounts: readonly string[];
  readonly effect: Leg['effect'];
  readonly reference: string;
  readonly winReference: string | null;
  readonly undoReference: string;
  readonly sent: Attempts;
  readonly undone: Attempts;
  readonly receipt: string | null;
}

export interface Attempts {
  readonly count: number;
  /** ISO 8601: at the latest then; null where there was none. */
  readonly last: string | null;
  /** How many of them are known to have had no effect. */
  readonly vain: number;
}

/** All there is to say of a record that cannot be read: nothing that stands in it. */
export interface DescribedUnreadable {
  readonly facts: Row;
  readonly remedy: string;
}

export function describe(stored: Stored, due: number | undefined, now: number): Described {
  const { transaction: t, revision } = stored;
  return {
    facts: rowOf(stored, due, now),
    subject: subject(t),
    roundID: t.content?.roundID ?? null,
    revision,
    told: told(t),
    next: nextOf(t),
    vainTries: t.tries,
    balance: t.balance?.toString() ?? null,
    movements: t.legs.map(movementOf),
    story: tellStory(t),
  };
}

export function describeUnreadable(record: Unreadable, due: number | undefined, now: number): DescribedUnreadable {
  return { facts: rowOf(record, due, now), remedy: remedy(record.unreadable) };
}

/** What makes such a record readable again. */
export function remedy(unreadable: Unreadability): string {
  switch (unreadable) {
    case 'newer':
      return 'use the command of that version, and bring every replica to it: they go on with it';
    case 'damaged':
    case 'gone':
      return 'look for the transaction in the wallet’s own books, and put the record back from a copy of Redis';
    default:
      return assertNever(unreadable);
  }
}

function movementOf(leg: Leg): Movement {
  const { bet, win, effect, reference, winReference, undoReference, receipt } = leg;
  return {
    name: nameOf(leg),
    amounts: [bet, win].flatMap((amount) => amount?.toString() ?? []),
    effect,
    reference,
    winReference: winReference ?? null,
    undoReference,
    sent: attempts(leg.sends, leg.lastSend, leg.vainSends),
    undone: attempts(leg.undos, leg.lastUndo, leg.vainUndos),
    receipt: receipt ?? null,
  };
}

const attempts = (count: number, last: number, vain: number): Attempts => ({
  count,
  last: count === 0 ? null : iso(last),
  vain,
});

function nextOf({ state, goal, elsewhere }: Transaction): string {
  if (!isUnfinished(state)) return 'nothing: it is at its end';
  if (state === 'held')
    return elsewhere === true
      ? 'the bridge goes on once the operator file says that its wallet is the same (wallet.formerly)'
      : 'nothing, until a person says what the wallet did (transactions resolve)';
  if (goal === 'void') return 'the bridge makes sure that it has no effect in the wallet';
  if (goal === 'deliver') return 'the bridge sees to it that the wallet gets it';
  return 'the replica that works on it answers; if none does, the bridge finds out what became of it';
}

/** What the platform was told of it, or is told when it asks. */
export function told(t: Transaction): string {
  switch (t.state) {
    case 'applied':
      return t.undoRefusal === undefined ? '0, done' : `0, done; its rollback: ${t.undoRefusal}`;
    case 'refused':
      return t.refusal ?? 'generalError';
    case 'reversed':
    case 'cancelled':
      return t.rolledBack ? 'it is rolled back' : '1, it failed';
    case 'writtenOff':
      return t.goal === 'deliver' ? '0, done' : t.rolledBack ? 'it is rolled back' : '1, it failed';
    case 'claimed':
    case 'open':
    case 'held':
      if (t.goal === undefined) return 'nothing yet';
      if (t.goal === 'deliver') return t.promised ? '0, done' : 'nothing yet';
      if (t.rolledBack) return t.promised ? 'its rollback was answered' : 'its rollback waits for an answer';
      return t.promised ? '1, it failed' : 'nothing yet; 1 when it asks';
    default:
      return assertNever(t.state);
  }
}
