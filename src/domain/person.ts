// What a person may say about a transaction nobody else can decide. His word is taken for what the wallet would have said, and is
// always recorded. He never moves money himself: the record goes on towards its goal, and the resolver makes the calls.

import { remember } from './story.js';
import {
  isUnfinished,
  leaseIsLive,
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
  /** Somebody is at work on it; until then (epoch ms) his word counts. */
  | { readonly kind: 'inHand'; readonly until: number }
  | { readonly kind: 'sayWhich' }
  /** What the person spoke of is certain already. */
  | { readonly kind: 'notInDoubt' }
  | { readonly kind: 'noReason' };

/** "The wallet has it." A void goes on to the undo, as if none had been sent yet; a delivery is done, or goes on with the rest. */
export function markApplied(t: Transaction, word: Word): Moved {
  return move(t, word, 'saidApplied', () => ({ effect: 'applied', undos: 0, lastUndo: 0 }));
}

/**
 * "The wallet does not have it, and will not get it" – or no longer, where it was undone by hand. That ends a void; a delivery is
 * sent, under the same reference, as if it never had been.
 */
export function markNotApplied(t: Transaction, word: Word): Moved {
  return move(t, word, 'saidNotApplied', (leg) =>
    leg.effect === 'applied' ? { effect: 'undone' } : { effect: 'none', sends: 0, lastSend: 0 },
  );
}

function move(
  t: Transaction,
  { now, reason, leg: asked }: Word,
  what: 'saidApplied' | 'saidNotApplied',
  change: (leg: Leg) => Partial<Leg>,
): Moved {
  if (!isUnfinished(t.state)) return { kind: 'finished' };
  if (t.lease !== undefined && leaseIsLive(t, now)) return { kind: 'inHand', until: t.lease.until };
  if (reason.trim() === '') return { kind: 'noReason' };
  const doubtful = legsInDoubt(t);
  const [only, ...others] = asked === undefined ? doubtful : doubtful.filter((index) => index === asked);
  const leg = only === undefined ? undefined : t.legs[only];
  if (only === undefined || leg === undefined) return { kind: 'notInDoubt' };
  if (others.length > 0) return { kind: 'sayWhich' };

  const { heldBecause: _answered, ...rest } = withoutLease(t);
  const goal = t.goal ?? (what === 'saidApplied' || owesWin(t) ? 'deliver' : 'void');
  const said = withLeg({ ...rest, state: 'open', goal, tries: 0, resumed: now }, only, {
    ...change(leg),
    absences: 0,
  });
  const entry: Omit<StoryEntry, 'at'> = { what, ...(t.legs.length > 1 ? { leg: only } : {}), why: reason };
  return { kind: 'moved', transaction: remember(said, [entry], now) };
}

/** The legs a person may speak of: those nobody knows of, or else those that stand between the record and its goal. */
function legsInDoubt(t: Transaction): number[] {
  const those = (holds: (leg: Leg) => boolean): number[] => t.legs.flatMap((leg, index) => (holds(leg) ? [index] : []));
  const unknown = those(
    ({ effect, undos }) => effect === 'unknown' || (t.goal === 'void' && effect === 'applied' && undos > 0),
  );
  if (unknown.length > 0) return unknown;
  return those(({ effect }) => effect === (t.goal === 'void' ? 'applied' : 'none'));
}

/** Nobody was told anything: a win is owed all the same, a bet that was not taken is not. */
function owesWin({ content, legs }: Transaction): boolean {
  return content?.kind === 'deposit' || legs.some(({ kind, effect }) => kind !== 'deposit' && effect === 'applied');
}
