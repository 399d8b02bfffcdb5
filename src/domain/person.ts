// What a person may say about a transaction nobody else can decide. That word is taken for what the wallet
// would have said, and is always recorded. A person never moves money: the record goes on towards its goal,
// and the resolver makes the calls.

import { remember } from './story.js';
import {
  anyOrigin,
  isUnfinished,
  leaseIsLive,
  letGo,
  undosInDoubt,
  withLeg,
  withoutLease,
  type Leg,
  type StoryEntry,
  type Transaction,
} from './transaction.js';

export interface Word {
  /** Epoch ms by the journal's clock. */
  readonly now: number;
  readonly reason: string;
  /** Which movement it is about; needed only where more than one is in doubt. */
  readonly leg?: number;
}

export type Moved =
  | { readonly kind: 'moved'; readonly transaction: Transaction }
  | { readonly kind: 'finished' }
  /** Somebody is at work on it; until then (epoch ms) the owner's word counts. */
  | { readonly kind: 'inHand'; readonly until: number }
  | { readonly kind: 'sayWhich' }
  /** What the person spoke of is certain already. */
  | { readonly kind: 'notInDoubt' }
  | { readonly kind: 'noReason' };

/**
 * "The wallet has it." A void goes on to the undo, and what was undone before was so in vain; a delivery is
 * done, or goes on with the rest. What the record says was sent, and when, stays.
 */
export function markApplied(t: Transaction, word: Word): Moved {
  return move(t, word, 'saidApplied', ({ undos }) => ({ effect: 'applied', vainUndos: undos }));
}

/**
 * "The wallet does not have it, and will not get it" – or no longer, where it was undone by hand. That ends a
 * void; a delivery is sent, under the same reference, and what was sent before was so in vain.
 */
export function markNotApplied(t: Transaction, word: Word): Moved {
  return move(t, word, 'saidNotApplied', ({ effect, sends }) =>
    effect === 'applied' ? { effect: 'undone' } : { effect: 'none', vainSends: sends },
  );
}

/** "Its agent's wallet is the one it was begun with." Whatever address that has today, the record goes on. */
export function markSameWallet(t: Transaction, word: Word): Moved {
  const no = refusalOf(t, word);
  if (no !== undefined) return no;
  if (t.home === undefined || t.home.origin === anyOrigin) return { kind: 'notInDoubt' };
  const home = { ...t.home, origin: anyOrigin };
  return said(t.elsewhere ? { ...letGo(t), home } : { ...t, home }, word, { what: 'saidSameWallet' });
}

/**
 * "Nobody will see to it any more." It ends as what it is, a difference between what was told and what the
 * wallet has; its goal stays, for what was told of it is told again. What nobody was told anything of counts
 * as failed from then on.
 */
export function writeOff(t: Transaction, word: Word): Moved {
  const no = refusalOf(t, word);
  if (no !== undefined) return no;
  const { heldBecause: _because, elsewhere: _elsewhere, ...rest } = withoutLease(t);
  const goal = t.goal === 'deliver' && t.promised ? 'deliver' : 'void';
  return said({ ...rest, state: 'writtenOff', goal }, word, { what: 'writtenOff' });
}

/** Why a person's word cannot be taken now. */
function refusalOf(t: Transaction, { now, reason }: Word): Exclude<Moved, { kind: 'moved' }> | undefined {
  if (!isUnfinished(t.state)) return { kind: 'finished' };
  if (t.lease !== undefined && leaseIsLive(t, now)) return { kind: 'inHand', until: t.lease.until };
  return reason.trim() === '' ? { kind: 'noReason' } : undefined;
}

function said(t: Transaction, { now, reason }: Word, entry: Pick<StoryEntry, 'what' | 'leg'>): Moved {
  const transaction = remember({ ...t, tries: 0, resumed: now }, [{ ...entry, why: reason }], now);
  return { kind: 'moved', transaction };
}

function move(
  t: Transaction,
  word: Word,
  what: 'saidApplied' | 'saidNotApplied',
  change: (leg: Leg) => Partial<Leg>,
): Moved {
  const no = refusalOf(t, word);
  if (no !== undefined) return no;
  const doubtful = legsInDoubt(t);
  const [only, ...others] = word.leg === undefined ? doubtful : doubtful.filter((index) => index === word.leg);
  const leg = only === undefined ? undefined : t.legs[only];
  if (only === undefined || leg === undefined) return { kind: 'notInDoubt' };
  if (others.length > 0) return { kind: 'sayWhich' };

  const goal = t.goal ?? (what === 'saidApplied' || owesWin(t) ? 'deliver' : 'void');
  const next = withLeg({ ...letGo(t), goal }, only, { ...change(leg), absentSince: 0 });
  return said(next, word, { what, ...(t.legs.length > 1 ? { leg: only } : {}) });
}

/**
 * The legs a person may speak of: those nobody knows of, or else those that stand between the record and its
 * goal.
 */
function legsInDoubt(t: Transaction): number[] {
  const those = (holds: (leg: Leg) => boolean): number[] => t.legs.flatMap((leg, index) => (holds(leg) ? [index] : []));
  const unknown = those(
    (leg) => leg.effect === 'unknown' || (t.goal === 'void' && leg.effect === 'applied' && undosInDoubt(leg) > 0),
  );
  if (unknown.length > 0) return unknown;
  return those(({ effect }) => effect === (t.goal === 'void' ? 'applied' : 'none'));
}

/** Nobody was told anything: a win is owed all the same, a bet that was not taken is not. */
function owesWin({ content, legs }: Transaction): boolean {
  return content?.kind === 'deposit' || legs.some(({ kind, effect }) => kind !== 'deposit' && effect === 'applied');
}
