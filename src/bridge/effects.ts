// What the bridge wants done in the world, as values. Its handlers are generators that yield these and are handed the answers,
// so that tests can run every order of answers, losses and crashes through the very code that runs in production.

import type { Player } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { Operator, Stored, TransactionKey, WalletCallKind, Write, Written } from '../domain/ports.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import type { SendWindow } from './send-window.js';

/** Each says what is wanted, and takes its answer by `give`. `put`, `get` and `lastBalance` may throw JournalUnavailable instead. */
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
  /** Sleeps, or until whoever works on this record in this process is done, if that is sooner. */
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

function* ask<T>(effect: (give: (answer: T) => void) => Effect): Work<T> {
  let answer: { readonly value: T } | undefined;
  yield effect((value) => (answer = { value }));
  if (answer === undefined) throw new Error('an effect went unanswered');
  return answer.value;
}
