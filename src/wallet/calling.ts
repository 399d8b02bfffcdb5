// What the layers round a wallet call hand on and hand back. A layer is a function round the next one and of
// the same type, so that each concern can be read, and tested, alone; `http-wallet` says in which order they
// stand.

import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { CallSettings, WalletCallName } from '../domain/ports.js';
import type { CompiledCall, Subject } from './compiled-wallet.js';
import type { WalletRequest } from './message.js';

export type AnyVerdict = Verdict | BalanceVerdict;
export type CallName = WalletCallName;

/** A call somebody wants made. */
export interface Wanted<V> {
  readonly name: CallName;
  /** Absent: the operator's file has no such call. */
  readonly call: CompiledCall<V> | undefined;
  readonly subject: Subject;
  readonly settings: CallSettings;
}

/** The same once the mapping has made its request. */
export interface Ready<V> extends Wanted<V> {
  readonly call: CompiledCall<V>;
  readonly request: WalletRequest;
}

/** What can be said of a call without a reply. */
type WithoutReply = Extract<Verdict, { kind: 'refused' | 'notApplied' | 'unknown' }>;

export interface Ended<V> {
  readonly verdict: V | WithoutReply;
  /** Milliseconds it was under way; 0 where it never left. */
  readonly ms: number;
  /** The way to the wallet or the wallet itself failed, whatever that means for money. */
  readonly isFailure: boolean;
  /** The session its reply hands out, if it does. */
  readonly session?: string | undefined;
  /** Its reply turns the player's session away, and another one can stand in. */
  readonly badSession?: true | undefined;
  /** Why the mapping could make no request of it, where that is how it ended. */
  readonly unmade?: string;
}

/** Makes a call from beginning to end. Never rejects. */
export type MakeCall = <V extends AnyVerdict>(wanted: Wanted<V>) => Promise<Ended<V>>;
/** Sends a call whose request is made. Never rejects. */
export type SendCall = <V extends AnyVerdict>(ready: Ready<V>) => Promise<Ended<V>>;

/** The end of a call of which nothing was sent. */
export function neverLeft(verdict: WithoutReply) {
  return { verdict, ms: 0, isFailure: false };
}

/** Names the error's class only: its text may quote what it stumbled over. */
export function bugWhile(doing: string, error: unknown): string {
  return `${doing} failed (${error instanceof Error ? error.name : typeof error})`;
}
