// What the bridge needs from the world: a journal, a wallet for each operator, a clock, somebody who watches.
// What implements them lives in other rooms; `bridge` and `domain` know only these.
// Longer than other files, because each promise stands beside its port, and there they are all read at once.

import type { OperatorAlarm } from './alarms.js';
import type { MoneyKind, Player } from './callback.js';
import type { Cause } from './causes.js';
import type { Money } from './money.js';
import type { BalanceVerdict, Verdict } from './outcome.js';
import type { Homes } from './home.js';
import type { Standing } from './standing.js';
import type { Terms } from './terms.js';
import type { Trace } from './trace.js';
import type { Goal, Leg, State, Transaction } from './transaction.js';

export interface TransactionKey {
  readonly agentID: string;
  readonly transactionID: string;
}

/** A record whose time to be looked at has come, since `due` (epoch ms). */
export interface Due extends TransactionKey {
  readonly due: number;
}

export interface Stored {
  readonly transaction: Transaction;
  /** 1 for the claim, one more with every write. */
  readonly revision: number;
}

/**
 * Why a record cannot be read: a newer version wrote it, no version did, or it is listed without being there.
 */
export type Unreadability = 'newer' | 'damaged' | 'gone';

/**
 * A record nobody here can act on. It is still somebody's money: it is counted, listed and told, never
 * dropped.
 */
export interface Unreadable {
  readonly key: TransactionKey;
  readonly unreadable: Unreadability;
}

/**
 * What the index of unfinished records lists, and when it is to be looked at (epoch ms); `Infinity`: only a
 * person moves it on.
 */
export type Listed = (Stored | Unreadable) & { readonly due: number };

/**
 * Thrown instead of a record that cannot be read. Its message names the record, and never repeats what is in
 * it.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  constructor(
    message: string,
    readonly unreadable: Unreadability,
  ) {
    super(message);
  }
}

/** How many unfinished records of one agent stand alike. */
export interface Tally extends Standing {
  readonly agentID: string;
  readonly count: number;
  /** What is still to move of those on trust; zero for the others. */
  readonly amount: Money;
  /** Epoch ms of the first claim of the oldest. */
  readonly oldest: number;
}

export interface Write {
  readonly transaction: Transaction;
  /** The revision this write was decided on; 0: no record may exist yet, which makes it the claim. */
  readonly expected: number;
  /**
   * Epoch ms at which the resolver looks at it; `Infinity`: listed, but only a person moves it on; absent:
   * finished, not listed.
   */
  readonly due?: number | undefined;
  /** How long the record lives after this write; absent: for ever. */
  readonly lifetime?: number | undefined;
  /** The sign that came with the callback, when it must belong to this transactionID alone. */
  readonly sign?: string | undefined;
  /**
   * Whether the record is from now on among what was told as done and the wallet has not got (see
   * `isOnTrust`), counted over all replicas in this very write; absent: it was not, and is not. `bound`,
   * where this record is to join them: how many there may be, and how old the oldest of them that is not
   * held.
   */
  readonly trust?: { readonly kind: 'on'; readonly bound?: TrustBound } | { readonly kind: 'off' } | undefined;
  /** A claim that is also listed for its player, by the UTC day of its `since`: found by `ofPlayer`. */
  readonly indexed?: true | undefined;
}

export interface TrustBound {
  readonly most: number;
  /** Milliseconds since the oldest one's first claim. */
  readonly maxAge: number;
}

export type Written =
  | { readonly kind: 'done'; readonly revision: number }
  /** Somebody was there first: nothing was written. */
  | { readonly kind: 'there'; readonly stored: Stored }
  /** The record this write was decided on is gone: nothing was written. */
  | { readonly kind: 'gone' }
  /** The sign was accepted before, for another transactionID or for none: nothing was written. */
  | { readonly kind: 'signTaken' }
  /** No more may be told as done before the wallet has it, by this bound: nothing was written. */
  | { readonly kind: 'full'; readonly bound: keyof TrustBound };

/** The journal could not be reached, or did not say in time what became of a command. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
  constructor(
    message: string,
    /** Certain: nothing was written, and nothing will be. Otherwise nobody knows. */
    readonly nothingWritten: boolean,
  ) {
    super(message);
  }
}

export interface Journal {
  /**
   * Stores a record if it is still the one the write was decided on. One atomic step; safe to have run twice.
   * Rejects with JournalUnavailable.
   */
  put(write: Write): Promise<Written>;
  /** Rejects with JournalUnavailable, and with UnreadableRecord. */
  get(key: TransactionKey): Promise<Stored | undefined>;
  /**
   * The same, as safe as a write of one's own, so that an answer may be read off it. Rejects as `get` does.
   */
  getSafely(key: TransactionKey): Promise<Stored | undefined>;
  /**
   * All records whose due time has come, the one that is due longest first; of those only what is due since
   * `from`. A caller that stops early has read little; a record that changes meanwhile may be left to the
   * next time.
   */
  due(from?: number): AsyncIterable<Due>;
  /** Moves an unfinished record's due time, and nothing else. */
  postpone(key: TransactionKey, due: number): Promise<void>;
  /**
   * When a record is to be looked at (epoch ms); `Infinity`: only a person moves it on; undefined: it is not
   * listed.
   */
  nextLook(key: TransactionKey): Promise<number | undefined>;
  /**
   * Every record that is unfinished from beginning to end, once, in no order; what begins or ends meanwhile
   * may be in it or not.
   */
  unfinished(): AsyncIterable<Listed>;
  /**
   * What is unfinished, counted exactly with the records' own writes: takes no longer the more there are.
   * Rejects with JournalUnavailable.
   */
  count(): Promise<readonly Tally[]>;
  /**
   * What a player began from one instant on until before another (epoch ms), finished or not, each once: as far as
   * its claim was `indexed` and its record is still there. A list that could not be written is missing here, and
   * what was listed a moment ago may be. Throws JournalUnavailable.
   */
  ofPlayer(player: Player, from: number, to: number): AsyncIterable<Stored | Unreadable>;
  /** The last balance a wallet reported for a player, for a day. */
  lastBalance(player: Player): Promise<Money | undefined>;
  /** Kept with best effort, never waited for. */
  rememberBalance(player: Player, balance: Money): void;
  /**
   * Binds a sign to no transaction: a claim that comes with it is refused as `signTaken`. Kept with best
   * effort, never waited for.
   */
  bindToNone(agentID: string, sign: string): void;
  /** Epoch ms by the journal's own clock: what leases and due times are read by. */
  now(): number;
  isReachable(): boolean;
  close(): Promise<void>;
}

/** What the launch, or the wallet since, told of a player's session. */
export interface PlayerSession {
  readonly session: string;
  readonly gameID?: string;
  readonly currency?: string;
}

/** A bet the wallet has taken, as its references name it. */
export interface RoundBet {
  readonly reference: string;
  readonly receipt?: string;
  readonly amount: Money;
}

export interface Round extends Player {
  readonly roundID: string;
}

/** One leg of a transaction, as the wallet knows it. */
export interface Movement extends TransactionKey {
  readonly reference: string;
}

/** What is remembered beside the records, as far as it was asked for. */
export interface Recalled {
  readonly session?: PlayerSession;
  readonly bet?: RoundBet;
  /** The session the movement was sent with. */
  readonly sentWith?: string;
}

/**
 * What a later wallet call may need and no record holds. No money depends on it. All reject with
 * JournalUnavailable.
 */
export interface PlayerFacts {
  /**
   * A player's session, and if they are named the latest bet of a round and what a movement was sent with, in
   * one round trip.
   */
  recall(player: Player, roundID?: string, movement?: Movement): Promise<Recalled>;
  /** Replaces all that was known of the player's session, for `lifetime` ms. */
  keepSession(player: Player, session: PlayerSession, lifetime: number): Promise<void>;
  /**
   * The same for a launch that may yet come to nothing. What it gives back puts back what was known before,
   * for the rest of its life, unless something newer is there: a later launch, or a renewed session.
   */
  replaceSession(player: Player, session: PlayerSession, lifetime: number): Promise<() => Promise<void>>;
  /** A new session for the game that goes on: what else is known of it stays. */
  renewSession(player: Player, session: string, lifetime: number): Promise<void>;
  forgetSession(player: Player): Promise<void>;
  /** `isFirst`: no earlier send of it may have landed; otherwise the session of that one stays. */
  keepSentWith(movement: Movement, session: string, lifetime: number, isFirst: boolean): Promise<void>;
  keepBet(round: Round, bet: RoundBet): Promise<void>;
  /** Only if it is still the latest of its round. */
  forgetBet(round: Round, reference: string): Promise<void>;
}

/**
 * What all replicas have of one thing that only one of them should fetch, such as an access token. No money
 * depends on it. All reject with JournalUnavailable.
 */
export interface SharedTexts {
  /** Undefined once its life is over. */
  read(name: string): Promise<string | undefined>;
  keep(name: string, text: string, lifetime: number): Promise<void>;
  /** The caller alone fetches it for so many milliseconds, or until it gives that up; false: another one does. */
  claim(name: string, lifetime: number): Promise<boolean>;
  release(name: string): Promise<void>;
}

export interface CallSettings {
  /** Milliseconds this call may take at most, from now. */
  readonly within: number;
  /** Asked immediately before the bytes leave; false: nothing is sent, and the verdict is `notApplied`. */
  readonly mayStillSend: () => boolean;
  /** Nobody waits for it: it goes behind what callbacks need. Absent: a callback does. */
  readonly lane?: 'backlog' | undefined;
  /** Of the callback, or the delivery, that it is made for. */
  readonly trace?: Trace | undefined;
}

/** An operator's wallet behind its mapping. Never rejects: whatever happens to a call is its verdict. */
export interface Wallet {
  /**
   * Our id for a leg or an undo, as the wallet sees it; `id` is the transactionID with its suffix. Throws
   * when the mapping cannot make one of it.
   */
  reference(id: string): string;
  send(t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict>;
  undo(t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict>;
  lookup(t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict>;
  /** Asks after the undo of a leg, under the undo's own reference. */
  lookupUndo(t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict>;
  balance(player: Player, settings: CallSettings): Promise<BalanceVerdict>;
  /**
   * Records the resolver may be at work on with it at once: as many as it has places for what nobody waits
   * for, few or none while it fails. It may be asked at any time, and again.
   */
  bears(): number;
  /** Milliseconds one call of this kind may take, so that none is started that cannot end in time. */
  patience(call: WalletCallKind | 'balance', leg?: Leg): number;
}

/** The calls that are about a movement. */
export const walletCallKinds = ['send', 'undo', 'lookup', 'lookupUndo'] as const;
export type WalletCallKind = (typeof walletCallKinds)[number];
/** Every call of a wallet there is. */
export const walletCallNames = [...walletCallKinds, 'balance', 'closeRound'] as const;
export type WalletCallName = (typeof walletCallNames)[number];

export interface Operator {
  readonly name: string;
  readonly terms: Terms;
  readonly wallet: Wallet;
  readonly homes: Homes;
}

export interface Clock {
  /**
   * Milliseconds that never go back; only differences mean something. It stands still while the machine is
   * suspended.
   */
  monotonic(): number;
  /** Epoch ms by this machine, which may be set, and goes on while the machine is suspended. */
  wall(): number;
  sleep(ms: number): Promise<void>;
}

export interface UnfinishedCount {
  readonly operator: string;
  readonly state: State | 'unreadable';
  readonly goal: Goal | 'none';
  readonly count: number;
  /** Age of the oldest (ms); absent where nobody can read it. */
  readonly oldest?: number;
}

/** What the platform was told is done and the wallet has not confirmed. */
export interface TrustCount {
  readonly operator: string;
  readonly duty: 'deliver' | 'undo';
  readonly currency: string;
  readonly count: number;
  readonly amount: Money;
  /** Age of the oldest (ms). */
  readonly oldest: number;
}

/** What is unfinished, counted all at once. */
export interface Sample {
  readonly unfinished: readonly UnfinishedCount[];
  readonly onTrust: readonly TrustCount[];
}

/** Is told what happens. Never throws, never waits. */
export interface Observer {
  walletCalled(event: {
    operator: string;
    call: WalletCallName;
    kind: Verdict['kind'] | 'balance';
    ms: number;
    because?: string | undefined;
    /** The word for it, where it is unclear what became of the call. */
    cause?: Cause | undefined;
    /** Why the operator's file could make no request of it. */
    unmade?: string | undefined;
    agentID?: string | undefined;
    transactionID?: string | undefined;
    /** Of the callback, or the delivery, that it was made for. */
    traceID?: string | undefined;
  }): void;
  /** A callback that found its transactionID on record. */
  redelivered(event: { operator: string; operation: MoneyKind | 'rollback' }): void;
  /** A rollback of what never came was put on record. */
  unknownRolledBack(event: { operator: string; agentID: string }): void;
  /** Something a person must see; `what` says it. */
  alarm(event: { kind: OperatorAlarm; operator: string; agentID: string; transactionID: string; what: string }): void;
  /**
   * Something is owed that could not be told as done, so the platform was asked to come again; `because`:
   * which bound forbade it.
   */
  notAccepted(event: { operator: string; because: keyof TrustBound | 'balanceUnknown' }): void;
  /** A record was left unfinished by whoever worked on it, or the resolver brought it to rest. */
  recordChanged(event: { operator: string; transaction: Transaction }): void;
}
