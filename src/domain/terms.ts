// What an operator declares about his wallet, as the policy reads it. Times are milliseconds.

import type { MoneyKind } from './callback.js';

/** May a call be made again under the same reference? `always`: same outcome, refusals too. `successes`: only successes are remembered. */
type Repeatable = 'always' | 'successes' | 'no';
/** The answer when the deadline comes, or the wallet cannot be reached. */
export type WhenUnresolved = 'fail' | 'accept' | 'askAgain';

export interface CallTerms {
  readonly repeatable: Repeatable;
  /** How long after the last possible send a "not found" or a new refusal proves nothing. */
  readonly settle: number;
}

export interface LegTerms extends CallTerms {
  readonly lookup: boolean;
  /** Absent: the wallet has no way to undo it. */
  readonly undo?: CallTerms & {
    /** The wallet remembers an undo for a reference it has not seen, and then never applies the late original. */
    readonly cancelFirst: boolean;
    /** What a lookup says of an undo. `finds`: only that it is there; `proves`: also that it is not, as of any movement. */
    readonly lookup: 'no' | 'finds' | 'proves';
  };
}

export interface Terms {
  readonly legs: Readonly<Record<MoneyKind, LegTerms>>;
  /** A betWin is two calls, bet then win, each with its own reference. */
  readonly betWinAsLegs: boolean;
  /** `win` is what a betWin falls under once its bet is taken. */
  readonly whenUnresolved: Readonly<Record<MoneyKind | 'win' | 'rollback', WhenUnresolved>>;
  readonly whenJournalDown: 'askAgain' | 'fail';
  readonly duplicates: 'success' | 'code-11';
  readonly zeroAmounts: 'skip' | 'forward';
  readonly freeSpins: 'skip' | 'forward';
  readonly accept: { readonly most: number; readonly maxAge: number };
  readonly giveUpAfter: number;
  readonly retention: number;
  /** The whole budget of one callback, from its first byte to its answer. */
  readonly deadline: number;
  readonly lease: number;
  /** What a callback keeps back of its deadline for the last write and the answer; a lease is left this early too, before others see it as over. */
  readonly storing: number;
}
