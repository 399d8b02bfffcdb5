// The record of one transactionID and the small moves every policy row is made of. Pure: no clock, no I/O. A
// record says what is known about the wallet, leg by leg; the state says what that means; the goal says where
// it must end.

import type { Content, MoneyKind } from './callback.js';
import type { Money } from './money.js';
import type { Failure, Refusal } from './outcome.js';

export const states = ['claimed', 'open', 'applied', 'refused', 'reversed', 'cancelled', 'held', 'writtenOff'] as const;
export type State = (typeof states)[number];
export const goals = ['void', 'deliver'] as const;
export type Goal = (typeof goals)[number];
/** What a wallet is known to have done with a movement. `none` is proven, or never sent. */
export const effects = ['none', 'unknown', 'applied', 'undone'] as const;
type Effect = (typeof effects)[number];

/** One movement in the wallet. A withdraw or deposit has one leg, a betWin one or two, a zero amount none. */
export interface Leg {
  /** The operator's operation that makes this movement. */
  readonly kind: MoneyKind;
  readonly bet?: Money;
  readonly win?: Money;
  readonly reference: string;
  /** Of a betWin made by one call: what its win is called in the wallet. */
  readonly winReference?: string;
  readonly undoReference: string;
  readonly effect: Effect;
  /** How many times it may have left, and the last instant (epoch ms) anybody could have sent it. */
  readonly sends: number;
  readonly lastSend: number;
  readonly undos: number;
  readonly lastUndo: number;
  /**
   * How many of the sends, and of the undos, are known to have had no effect: by a person's word, by the
   * wallet's, or by a proof. What never left is not counted at all.
   */
  readonly vainSends: number;
  readonly vainUndos: number;
  /**
   * Epoch ms at which the wallet said, late enough to count, that it does not know the reference; 0: it has
   * not. Two looks close together are one witness, so a second one counts only `settle` after this.
   */
  readonly absentSince: number;
  readonly receipt?: string;
}

/** Which wallet a record was begun with: its references mean nothing to another one. */
export interface Home {
  readonly operator: string;
  /**
   * A digest of the origin of the wallet's address; `anyOrigin` where a person said that today's wallet is
   * the same one.
   */
  readonly origin: string;
}
export const anyOrigin = '*';

export interface Lease {
  readonly owner: string;
  /** Epoch ms by the journal's clock. */
  readonly until: number;
}

/** Short, for they are stored. What each means stands in `tellStory`. */
export const storyEvents = [
  'answered',
  'unclear',
  'unreached',
  'failed',
  'accepted',
  'promised',
  'rollback',
  'lapsed',
  'found',
  'absent',
  'undoing',
  'undone',
  'undoRefused',
  'delivered',
  'held',
  'saidApplied',
  'saidNotApplied',
  'saidSameWallet',
  'writtenOff',
  'omitted',
] as const;
export type StoryEvent = (typeof storyEvents)[number];

export interface StoryEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly what: StoryEvent;
  /** Of a transaction with several legs: which one. */
  readonly leg?: number;
  /** What the wallet answered, why it was held, or what a person gave as the reason. */
  readonly why?: string;
}

export interface Transaction {
  readonly agentID: string;
  readonly transactionID: string;
  readonly userID: string;
  /** Empty on a tombstone, whose original was never heard. */
  readonly fingerprint: string;
  readonly content?: Content;
  /** Absent on a tombstone, which no wallet was called for. */
  readonly home?: Home;
  readonly state: State;
  readonly goal?: Goal;
  readonly lease?: Lease;
  readonly legs: readonly Leg[];
  /** The no that was told. */
  readonly refusal?: Failure;
  /**
   * What the wallet said when an undo of an applied movement was refused; the answer to every later rollback.
   */
  readonly undoRefusal?: Refusal;
  /**
   * Somebody was told how this ends, as its goal says: a 0 or a 1 to its delivery, or a 0 to its rollback.
   */
  readonly promised?: true;
  /** The platform's own rollback set the goal `void`, not a failure the bridge told. */
  readonly rolledBack?: true;
  /** Why a person is needed. */
  readonly heldBecause?: string;
  /**
   * Held only because its agent's wallet is not the one it was begun with: it goes on once the operator's
   * file says it is.
   */
  readonly elsewhere?: true;
  readonly balance?: Money;
  /** Epoch ms of the first claim. */
  readonly since: number;
  /** Looks of the resolver without progress; drives its back-off. */
  readonly tries: number;
  /** Epoch ms of a person's last word on it; giving up counts from there. */
  readonly resumed?: number;
  /**
   * What happened out of the ordinary, oldest first, for people: nothing is ever decided by it. Absent on the
   * straight path.
   */
  readonly story?: readonly StoryEntry[];
}

/** Sends, and undos, that may have had an effect nobody knows of. */
export const sendsInDoubt = ({ sends, vainSends }: Leg): number => sends - vainSends;
export const undosInDoubt = ({ undos, vainUndos }: Leg): number => undos - vainUndos;

/**
 * Whether the send, or undo, that was counted last may not be the first to leave. What it did before is no
 * matter: the wallet may have seen it.
 */
export const isSentAgain = ({ sends }: Leg): boolean => sends > 1;
export const isUndoneAgain = ({ undos }: Leg): boolean => undos > 1;

export const isUnfinished = (state: State): boolean => state === 'claimed' || state === 'open' || state === 'held';

/** Told done, not yet in the wallet; a void that a rollback was told is done is such a duty too. */
export const isOnTrust = ({ goal, rolledBack, promised, state }: Transaction): boolean =>
  isUnfinished(state) && promised === true && (goal === 'deliver' || rolledBack === true);

export const leaseIsLive = (t: Transaction, now: number): boolean => t.lease !== undefined && now < t.lease.until;

export function withLeg(t: Transaction, index: number, change: Partial<Leg>): Transaction {
  return { ...t, legs: t.legs.map((leg, i) => (i === index ? { ...leg, ...change } : leg)) };
}

export function withoutLease(t: Transaction): Transaction {
  const { lease: _lease, ...rest } = t;
  return rest;
}

/**
 * Where the goal is reached the record comes to rest; otherwise it is as it was. `void` ends only when every
 * leg is proven without effect.
 */
export function conclude(t: Transaction): Transaction {
  const { goal, lease: _lease, promised, ...kept } = t;
  // What was told of a movement that stands is said by its state.
  const rest = goal === 'void' && promised ? { ...kept, promised } : kept;
  if (goal === 'void') {
    if (t.legs.some((leg) => leg.effect === 'unknown' || leg.effect === 'applied')) return t;
    // Without legs (a zero amount) there was nothing to undo, but it was told done before.
    const undone = t.legs.length === 0 || t.legs.some((leg) => leg.effect === 'undone');
    return { ...rest, state: undone ? 'reversed' : 'cancelled' };
  }
  return t.legs.every((leg) => leg.effect === 'applied') ? { ...rest, state: 'applied' } : t;
}

/** Only a person moves it on from here. It keeps its goal, and answers by it. */
export function hold(t: Transaction, because: string): Transaction {
  return { ...withoutLease(t), state: 'held', heldBecause: because };
}

/** Held, but not for a person alone: whoever finds its wallet again moves it on too. */
export function holdElsewhere(t: Transaction): Transaction {
  return {
    ...hold(t, 'its agent’s wallet is another one now than the one it was begun with (see wallet.formerly)'),
    elsewhere: true,
  };
}

/** Nothing holds it any more: it goes on towards its goal. */
export function letGo(t: Transaction): Transaction {
  const { heldBecause: _because, elsewhere: _elsewhere, ...rest } = withoutLease(t);
  return { ...rest, state: 'open' };
}

export function refuse(t: Transaction, result: NonNullable<Transaction['refusal']>): Transaction {
  const { goal: _goal, ...rest } = withoutLease(t);
  return { ...rest, state: 'refused', refusal: result };
}

/**
 * Turns the goal to `void`, which only a proven end clears. A live owner keeps its lease and meets the goal
 * at its next write.
 */
export function toVoid(t: Transaction, by: 'rollback' | 'failure'): Transaction {
  if (t.goal === 'void') return t;
  // The balance on record counts in what is now to be undone, and what was told of it was told of another
  // goal.
  const { balance: _balance, promised: _promised, ...rest } = t;
  return {
    ...rest,
    state: t.state === 'applied' ? 'open' : t.state,
    goal: 'void',
    ...(by === 'rollback' ? { rolledBack: true as const } : {}),
  };
}
