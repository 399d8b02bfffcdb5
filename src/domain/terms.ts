// What an operator declares about the wallet, as the policy reads it. Times are milliseconds.

import type { MoneyKind } from './callback.js';

/**
 * May a call be made again under the same reference? `always`: same outcome, refusals too. `successes`: only
 * successes are remembered.
 */
export const repeatables = ['always', 'successes', 'no'] as const;
type Repeatable = (typeof repeatables)[number];
/** The answer when the deadline comes, or the wallet cannot be reached. */
export const waysWhenUnresolved = ['fail', 'accept', 'askAgain'] as const;
export type WhenUnresolved = (typeof waysWhenUnresolved)[number];

/** What money callbacks hear while the journal is away. */
export const waysWhenJournalDown = ['askAgain', 'fail'] as const;
/** How a repeated bet or win is answered. */
export const duplicateAnswers = ['success', 'code-11'] as const;
/** Whether a bet or win of a special kind is a call at all. */
export const treatments = ['skip', 'forward'] as const;
type Treatment = (typeof treatments)[number];

export interface CallTerms {
  readonly repeatable: Repeatable;
  /** How long after the last possible send a "not found" or a new refusal proves nothing. */
  readonly settle: number;
}

export interface LegTerms extends CallTerms {
  readonly lookup: boolean;
  /** Absent: the wallet has no way to undo it. */
  readonly undo?: CallTerms & {
    /**
     * The wallet remembers an undo for a reference it has not seen, and then never applies the late original.
     */
    readonly cancelFirst: boolean;
    /**
     * What it answers to an undo of a movement it has not seen is true at that moment, and does nothing. It may
     * forget that it was asked.
     */
    readonly knows?: true;
    /**
     * What a lookup says of an undo. `finds`: only that it is there; `proves`: also that it is not, as of any
     * movement.
     */
    readonly lookup: 'no' | 'finds' | 'proves';
  };
}

export interface Terms {
  readonly legs: Readonly<Record<MoneyKind, LegTerms>>;
  /** A betWin is two calls, bet then win, each with its own reference. */
  readonly betWinAsLegs: boolean;
  /** `win` is what a betWin falls under once its bet is taken. */
  readonly whenUnresolved: Readonly<Record<MoneyKind | 'win' | 'rollback', WhenUnresolved>>;
  readonly whenJournalDown: (typeof waysWhenJournalDown)[number];
  readonly duplicates: (typeof duplicateAnswers)[number];
  /** Movements of nothing. A betWin of two calls goes by those of its calls. */
  readonly zeroAmounts: Readonly<Record<MoneyKind, Treatment>>;
  readonly freeSpins: Treatment;
  readonly accept: { readonly most: number; readonly maxAge: number };
  readonly giveUpAfter: number;
  readonly retention: number;
  /** The same of a rollback of what never came; not longer. */
  readonly rememberUnknown: number;
  /** Claims are listed for their player. */
  readonly findByPlayer: boolean;
  /** The whole budget of one callback, from its first byte to its answer. */
  readonly deadline: number;
  readonly lease: number;
  /**
   * What a callback keeps back of its deadline for the last write and the answer; a lease is left this early
   * too, before others see it as over.
   */
  readonly storing: number;
}
