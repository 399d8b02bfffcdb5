// What the bridge wants done in the world, as values. Its handlers are generators that yield these and are
// handed what came of each, so that tests can run every order of replies, losses and crashes through the very
// code that runs in production.
//
// A bet of 12.30 as its handler yields it, and what the handler is handed:
//
//   put   expected 0: claimed, its send intended, under a lease    → done, revision 1
//   call  send                                                     → applied, balance 87.70
//   put   expected 1: applied, balance 87.70                       → done, revision 2
//
// The handler returns success with 87.70. Had the wallet's reply told no balance, one more effect would ask
// for it.
//
// The same bet where the operator's file says `fail`, and the wallet is silent. It may not be sent twice, but
// its undo also cancels a bet the wallet has not seen:
//
//   put   expected 0: claimed, its send intended, under a lease    → done, revision 1
//   call  send                                                     → unknown, timeout
//   sleep 100 ms                                                   → over, and nothing more to try
//   put   expected 1: open, goal void, promised                    → done, revision 2
//
// The handler returns failure. Later the resolver works on the record, as long as its goal is not reached:
//
//   get   the record                                               → open, goal void, revision 2
//   put   expected 2: its undo intended, under a lease             → done, revision 3
//   call  undo                                                     → applied
//   put   expected 3: reversed, promised                           → done, revision 4
//
// A crash between any two of them leaves a record that says what may have been sent, listed for the resolver.

import type { Player } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { Operator, Stored, TransactionKey, WalletCallKind, Write, Written } from '../domain/ports.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import type { SendWindow } from './send-window.js';

/**
 * Each says what is wanted, and takes what came of it by `give`. Those that ask the journal may throw
 * instead: JournalUnavailable, or UnreadableRecord where there is a record nobody here can read.
 */
export type Effect =
  | { readonly kind: 'put'; readonly write: Write; readonly give: (written: Written) => void }
  | { readonly kind: 'get'; readonly key: TransactionKey; readonly give: (stored: Stored | undefined) => void }
  | { readonly kind: 'lastBalance'; readonly player: Player; readonly give: (balance: Money | undefined) => void }
  | { readonly kind: 'call'; readonly call: WalletCall; readonly give: (verdict: Verdict) => void }
  | {
      readonly kind: 'balance';
      readonly operator: Operator;
      readonly player: Player;
      readonly within: number;
      readonly give: (verdict: BalanceVerdict) => void;
    }
  /** With `workOn` it ends sooner, if whoever works on that record in this process is done. */
  | { readonly kind: 'sleep'; readonly ms: number; readonly workOn?: TransactionKey; readonly give: () => void };

export interface WalletCall {
  readonly operator: Operator;
  readonly kind: WalletCallKind;
  readonly transaction: Transaction;
  readonly leg: Leg;
  /** Milliseconds it may take. */
  readonly within: number;
  /** Once this is over it must not leave any more. */
  readonly window: SendWindow;
}

export type Work<T> = Generator<Effect, T, void>;

export const put = (write: Write): Work<Written> => ask((give) => ({ kind: 'put', write, give }));
export const get = (key: TransactionKey): Work<Stored | undefined> => ask((give) => ({ kind: 'get', key, give }));
export const lastBalance = (player: Player): Work<Money | undefined> =>
  ask((give) => ({ kind: 'lastBalance', player, give }));
export const callWallet = (call: WalletCall): Work<Verdict> => ask((give) => ({ kind: 'call', call, give }));
export const askBalance = (operator: Operator, player: Player, within: number): Work<BalanceVerdict> =>
  ask((give) => ({ kind: 'balance', operator, player, within, give }));
export const sleep = (ms: number, workOn?: TransactionKey): Work<undefined> =>
  ask((give) => ({ kind: 'sleep', ms, ...(workOn ? { workOn } : {}), give: () => give(undefined) }));

function* ask<T>(effect: (give: (value: T) => void) => Effect): Work<T> {
  let given: { readonly value: T } | undefined;
  yield effect((value) => (given = { value }));
  if (given === undefined) throw new Error('an effect was carried out by nobody');
  return given.value;
}
