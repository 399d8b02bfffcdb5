// What is known of a record, as plain values: a list of records has a row for each, whoever shows it.
// Scripts read them, so keys may be added, and none is renamed or left out.

import type { Stored, Unreadable } from './ports.js';
import { whyUnreadable } from './tell-story.js';
import type { State } from './transaction.js';

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
  };
}

export const iso = (at: number): string => new Date(at).toISOString();
