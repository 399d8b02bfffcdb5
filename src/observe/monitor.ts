// What is worth telling of, one method for each thing. Whoever is told may not throw, wait, or decide: a
// payment must never fail because somebody wanted to know about it.

import type { Callback, Operation } from '../domain/callback.js';
import type { OperatorFacts } from '../domain/operator-facts.js';
import type { ResultName } from '../domain/outcome.js';
import type { Observer, Sample, TransactionKey } from '../domain/ports.js';
import type { Figures } from './figures.js';
import type { blindness, losses, turnedAwayBecause } from './alarm-sentences.js';

/** Where an exception may come to its last resort. */
export const exceptionPlaces = ['read', 'handle', 'platform', 'resolver', 'sample', 'reload', 'console'] as const;
export const platformOutcomes = ['told', 'refused', 'failed', 'timedOut', 'kept'] as const;
/** Of operator files that were read again. */
export const reloadOutcomes = ['done', 'refused', 'unchanged'] as const;

interface Claims {
  readonly agentID?: string | undefined;
  readonly userID?: string | undefined;
  readonly transactionID?: string | undefined;
  /** Where it came from. */
  readonly address?: string | undefined;
}

export interface CallbackAnswered {
  readonly operation: Operation;
  /** Absent where the agent is unknown. */
  readonly operator?: string | undefined;
  /** Present only once it was verified, and `callbackStarted` was told of it. */
  readonly callback?: Callback | undefined;
  readonly status: number;
  readonly result: ResultName | 'askAgain';
  /** The platform's number of that; 503 where it is asked to come again. */
  readonly code: number;
  readonly ms: number;
  /** What a callback that was rejected says of itself: nothing of it is proven. */
  readonly claims?: Claims | undefined;
  /** What its sign would have matched, where that was looked into. */
  readonly clinic?: { readonly suspicions: readonly string[]; readonly what: string } | undefined;
  readonly traceID?: string | undefined;
  /** In fixed words: why it was rejected or not answered. */
  readonly because?: string | undefined;
  readonly balanceMissing?: boolean | undefined;
}

/** A site of an operator was answered. */
interface SiteAnswered {
  /** Absent where the site's key is unknown. */
  readonly operator?: string;
  readonly site?: string;
  readonly call: string;
  readonly agentID?: string | undefined;
  readonly userID?: string | undefined;
  readonly status: number;
  /** `ok`, or which error in fixed words. */
  readonly error: string;
  readonly platformCode?: number | undefined;
  /** In words of ours. */
  readonly because?: string | undefined;
  readonly ms: number;
}

export interface Monitor extends Observer {
  /** Told once, of this process. */
  builtAs(build: { readonly version: string; readonly node: string }): void;
  /** These operators are in use from now on, and no others. */
  operatorsInUse(operators: readonly OperatorFacts[]): void;
  /** A callback was verified, with the key of this name, and is handed to the bridge. */
  callbackStarted(operator: string, callback: Callback, signedWith: string): void;
  /** Any callback was answered. */
  callbackAnswered(event: CallbackAnswered): void;
  /** Somebody heard nothing, or no more than that it may not call. The address may be any text. */
  turnedAway(because: keyof typeof turnedAwayBecause, address: string | undefined): void;
  /** The certificate cannot be read again, and the one before stays in use. */
  certificateRefused(problem: string): void;
  siteAnswered(event: SiteAnswered): void;
  /** A call of the platform's own API ended; `kept`: it was not made. */
  platformCalled(event: {
    readonly operator: string;
    readonly call: string;
    readonly outcome: (typeof platformOutcomes)[number];
    readonly ms: number;
  }): void;
  /** A journal command ended; not `ok`: the journal could not be reached or did not answer in time. */
  journalCommand(command: string, ms: number, ok: boolean): void;
  /**
   * Redis was found emptied or replaced, or without writes it had acknowledged; undefined: it holds the
   * journal again.
   */
  journalLost(loss: keyof typeof losses | undefined): void;
  /** Redis is nearly full, so that nothing new is claimed; or has room again. */
  journalFull(isFull: boolean): void;
  /** A claim is on record, and its player's list does not have it. */
  claimUnlisted(): void;
  breakerChanged(operator: string, callClass: string, state: 'closed' | 'halfOpen' | 'open'): void;
  /** The operator is no longer there. */
  breakerGone(operator: string, callClass: string): void;
  /** The operator files were read: at the start, or again. `problems` are written as `check` prints them. */
  operatorFilesRead(outcome: 'started' | (typeof reloadOutcomes)[number], problems: readonly string[]): void;
  /** So many operator files are broken and not in use; of these agents nobody answers any callback. */
  operatorFilesBroken(files: number, agentIDs: readonly string[], problems: readonly string[]): void;
  /** No operator file names these agents any more. */
  agentsGone(agentIDs: readonly string[]): void;
  /**
   * A reload gave the agent another wallet: so many unfinished records were begun with the one before;
   * undefined: nobody could count them.
   */
  walletReplaced(agentID: string, records: number | undefined): void;
  /** A record that is due, of such an agent. */
  nobodysRecord(key: TransactionKey): void;
  /** The resolver could look at what is due, and work on it. */
  resolverLooked(): void;
  /**
   * The resolver could not do that, or nobody could count unfinished records, for so long (ms); undefined: it
   * works again.
   */
  blind(who: keyof typeof blindness, since: { readonly ms: number; readonly because: string } | undefined): void;
  /**
   * All unfinished records, and those among them the platform takes for done, as they are now; replaces what
   * was told before.
   */
  unfinished(now: Sample): void;
  /** An exception reached the last resort of `where`. */
  exception(where: (typeof exceptionPlaces)[number], error: unknown): void;
  /** What was counted since the start, by operator. */
  readonly figures: () => Promise<Figures>;
  /** What a scrape gets; with exemplars where OpenMetrics is asked for. */
  readonly scrape: (openMetrics?: boolean) => Promise<{ readonly contentType: string; readonly text: string }>;
}
