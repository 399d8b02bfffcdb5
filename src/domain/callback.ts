// What one signed POST of the platform asks for, after it was read and verified. It knows no wire: field
// names here are ours.

import type { Money } from './money.js';

/** The three operations that move money and own a record. */
export const moneyKinds = ['withdraw', 'deposit', 'betWin'] as const;
export type MoneyKind = (typeof moneyKinds)[number];
export const operations = [...moneyKinds, 'rollback', 'getBalance'] as const;
export type Operation = (typeof operations)[number];

export interface Player {
  readonly agentID: string;
  readonly userID: string;
  readonly gameID?: string;
}

/**
 * What a transactionID stands for. It is stored with the record, so that a send can be made again days later.
 */
export interface Content {
  readonly kind: MoneyKind;
  readonly roundID: string;
  /** What the player stakes; present on withdraw and betWin. */
  readonly bet?: Money;
  /** What the player is paid; present on deposit and betWin. */
  readonly win?: Money;
  readonly gameID?: string;
  /** The transactionID of the bet that a deposit pays for, where the platform names it. */
  readonly refTransactionID?: string;
  readonly freeSpin?: boolean;
  /** The platform's id of the free spins that a bet or a win is one of. */
  readonly freeSpinID?: string;
  /** Whether a bet buys a bonus. */
  readonly isBonusBuy?: boolean;
  /** Whether a deposit is the last one of its round, where the platform says so. */
  readonly endRound?: boolean;
}

export interface MoneyCallback extends Player {
  readonly kind: MoneyKind;
  readonly transactionID: string;
  readonly content: Content;
  /** 128 bits over operation, user, amounts and round: equal only for the same content. */
  readonly fingerprint: string;
  /**
   * Set where the agent's formats leave the sign something else to be valid for: it then belongs to this
   * transactionID only.
   */
  readonly sign?: string;
}

export interface RollbackCallback extends Player {
  readonly kind: 'rollback';
  /** The transactionID of what is to be undone; a rollback has none of its own. */
  readonly transactionID: string;
  readonly sign?: string;
}

export interface BalanceCallback extends Player {
  readonly kind: 'getBalance';
  /**
   * Set as that of a transaction is: it then belongs to none, for a rollback signs no more than a player and
   * a transactionID.
   */
  readonly sign?: string;
}

export type Callback = MoneyCallback | RollbackCallback | BalanceCallback;
