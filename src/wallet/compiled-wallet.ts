// An operator file's wallet side after compilation: what `http-wallet` needs to make a call and to read its
// reply. Rendering and reading are pure and synchronous; nothing here sends.

import type { SecureContext } from 'node:tls';
import type { MoneyKind, Player } from '../domain/callback.js';
import type { BalanceVerdict, Refusal, Verdict } from '../domain/outcome.js';
import type { Recalled } from '../domain/ports.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import type { OAuth2Client } from './auth/oauth2.js';
import type { WalletReply, WalletRequest } from './message.js';

/** What a call is about: one leg of a transaction, or a player's balance. */
export type Subject = ({ readonly transaction: Transaction; readonly leg: Leg } | { readonly player: Player }) & {
  readonly known?: Known;
  /** It may have been sent before, though the record counts one send: a lookup found it, or the wallet turned it away. */
  readonly again?: true;
};

/** What is known beside the record, as far as the call reads it. */
export type Known = Recalled & {
  /** The wallet has turned the session away. */
  readonly isOver?: true;
};

export type Rendered =
  | { readonly kind: 'request'; readonly request: WalletRequest }
  /**
   * The mapping cannot make a request of this; `result` is set where the platform's own values are to blame.
   * Nothing was sent.
   */
  | { readonly kind: 'cannot'; readonly because: string; readonly result?: Refusal; readonly at?: Culprit };

/** Where in the operator's file the value stands that cannot be made. */
interface Culprit {
  readonly path: readonly (string | number)[];
  /** Into the text there. */
  readonly offset?: number;
}

/** What one reply says, read once. */
interface Reading<V> {
  readonly verdict: V;
  /** The session it hands out, if it does. */
  readonly session?: string;
  /** It turns the player's session away, and another one can stand in. */
  readonly badSession?: true;
}

interface Needs {
  readonly player: boolean;
  readonly round: boolean;
  /** The session that what it is about was sent with. */
  readonly sentWith?: true;
}

export interface CompiledCall<V> {
  /** Milliseconds the wallet gets for it. */
  readonly timeout: number;
  render(subject: Subject, now: number): Rendered;
  read(subject: Subject, request: WalletRequest, reply: WalletReply, now: number): Reading<V>;
  /** What must be looked up before it is rendered; absent: nothing. */
  readonly needs?: Needs;
  /** Where the file has a condition for the call: whether it is to be made. */
  readonly isDue?: (subject: Subject, now: number) => boolean;
}

export interface BreakerSettings {
  readonly openAtPercent: number;
  readonly minimumCalls: number;
  /** Milliseconds an open breaker waits before it lets one call through. */
  readonly tryAgainAfter: number;
}

export interface CompiledWallet {
  /** Scheme, host, port and an optional path prefix; never changes with a call. */
  readonly baseUrl: URL;
  /** Where every call carries an access token. */
  readonly oauth2?: OAuth2Client | undefined;
  readonly secureContext?: SecureContext | undefined;
  /** Calls in flight at most; one more is not applied. */
  readonly concurrency: number;
  /** Bytes of a reply's body at most. */
  readonly maxReply: number;
  /** Each call says which trace it belongs to; absent: none does. */
  readonly traceparent?: boolean;
  readonly breaker: BreakerSettings;
  /** Throws with a plain sentence when the mapping's `reference` cannot be made of this id. */
  reference(id: string): string;
  readonly balance: CompiledCall<BalanceVerdict>;
  readonly send: Readonly<Partial<Record<MoneyKind, CompiledCall<Verdict>>>>;
  readonly undo: Readonly<Partial<Record<MoneyKind, CompiledCall<Verdict>>>>;
  readonly lookup: Readonly<Partial<Record<MoneyKind, CompiledCall<Verdict>>>>;
  /** Asks after the undo of a movement of this kind. */
  readonly lookupUndo: Readonly<Partial<Record<MoneyKind, CompiledCall<Verdict>>>>;
  /** Instead of `send.withdraw` where the bet is a free spin. */
  readonly freeSpin?: CompiledCall<Verdict>;
  /** Made once a win of one of these kinds is paid. */
  readonly closeRound?: { readonly call: CompiledCall<Verdict>; readonly after: ReadonlySet<MoneyKind> };
  /** Milliseconds a player's session is known for. */
  readonly sessionLifetime: number;
  /** No call reads or teaches anything of a player that is remembered. */
  readonly knowsNobody?: true;
  /** Some call reads the latest bet of a round. */
  readonly keepsBets: boolean;
  /** Where some call reads the session a movement was sent with: milliseconds that is known for. */
  readonly sentWithLifetime?: number;
}

export function playerOf(subject: Subject): Player {
  return 'player' in subject ? subject.player : subject.transaction;
}
