// One operator file after it was read, checked and compiled: who may call us, what the operator declares, how his wallet is spoken to.

import type { KeyObject } from 'node:crypto';
import type { Homes } from '../domain/policy.js';
import type { Terms } from '../domain/terms.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';

/** The platform's identity in a callback. One agent belongs to one operator and has one currency. */
export interface Agent {
  readonly agentID: string;
  /** The operator file's `operator` slug. */
  readonly operator: string;
  /** ISO 4217. */
  readonly currency: string;
  /** HMAC-SHA256 keys; any of them verifies. */
  readonly keys: readonly KeyObject[];
  readonly dialect: 'seamless';
  /** Whole-value patterns by wire field name (userID, transactionID, roundID), matched in linear time. */
  readonly formats: Readonly<Record<string, (text: string) => boolean>>;
  /** False where the formats leave a sign nothing else to be valid for: no other transactionID, and none for a balance query's. */
  readonly remembersSigns: boolean;
}

export interface LoadedOperator {
  readonly name: string;
  readonly agents: readonly Agent[];
  readonly terms: Terms;
  readonly wallet: CompiledWallet;
  readonly homes: Homes;
}
