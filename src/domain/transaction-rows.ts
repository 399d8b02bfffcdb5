// What is known of a record, as plain values: a list of records has a row for each, whoever shows it.
// Scripts read them, so keys may be added, and none is renamed or left out.

import { failures, type ResultName } from './outcome.js';
import type { Stored, Unreadable } from './ports.js';
import { whyUnreadable } from './tell-story.js';
import { isUnfinished, type State, type Transaction } from './transaction.js';

/** The unfinished records that were asked for. */
export interface Listing {
  readonly transactions: readonly Row[];
  /** Asked for, and not among them. */
  readonly more: number;
  /** All that were read, whatever was asked for. */
  readonly unfinished: number;
  /** There are more than were read, and none of those is counted here. */
  readonly isCut: boolean;
}

export interface Row {
  readonly agentID: string;
  readonly transactionID: string;
  /** What cannot be read of a record is null. */
  readonly userID: string | null;
  readonly state: State | 'unreadable';
  readonly goal: string | null;
  readonly kind: string | null;
  /** Decimal text. */
  readonly bet: string | null;
  readonly win: string | null;
  /** ISO 8601. */
  readonly since: string | null;
  readonly ageSeconds: number | null;
  /** ISO 8601, or who must look. */
  readonly nextLook: string;
  readonly heldBecause: string | null;
  readonly unreadableBecause: string | null;
  /** What the platform was told of it; null: nothing yet. */
  readonly result: ResultName | null;
}

/** What the platform may be told of what is on record. A callback with a bad sign, or of no agent, leaves no record. */
export const recordResults = [
  'success',
  ...failures.filter((result) => result !== 'invalidSign' && result !== 'invalidAgent'),
] as const;

/** The result its first delivery was told, or the next one is; undefined: nothing is told yet. */
function resultOf(t: Transaction): ResultName | undefined {
  if (t.content === undefined) return 'transactionNotFound';
  if (isUnfinished(t.state) && (t.goal === undefined || t.promised !== true)) return undefined;
  if (t.state === 'applied' || t.goal === 'deliver') return 'success';
  return t.rolledBack === true ? 'alreadyRolledBack' : (t.refusal ?? 'generalError');
}

/**
 * `due`: when it is looked at next (epoch ms); `Infinity`: only a person moves it on; absent: nobody looks.
 */
export function rowOf(found: Stored | Unreadable, due: number | undefined, now: number): Row {
  const nextLook = due === undefined ? 'none' : due === Infinity ? 'a person' : iso(due);
  if ('unreadable' in found)
    return {
      agentID: found.key.agentID,
      transactionID: found.key.transactionID,
      ...{ userID: null, state: 'unreadable', goal: null, kind: null, bet: null, win: null },
      ...{ since: null, ageSeconds: null, nextLook, heldBecause: null },
      unreadableBecause: whyUnreadable(found.unreadable),
      result: null,
    };
  const { transaction: t } = found;
  return {
    agentID: t.agentID,
    transactionID: t.transactionID,
    userID: t.userID,
    state: t.state,
    goal: t.goal ?? null,
    kind: t.content?.kind ?? 'rollback',
    bet: t.content?.bet?.toString() ?? null,
    win: t.content?.win?.toString() ?? null,
    since: iso(t.since),
    ageSeconds: Math.max(0, Math.floor((now - t.since) / 1000)),
    nextLook,
    heldBecause: t.heldBecause ?? null,
    unreadableBecause: null,
    result: resultOf(t) ?? null,
  };
}

export const iso = (at: number): string => new Date(at).toISOString();
