// Who calls: the platform's identity in a callback, with what verifies its signs and what its fields look
// like.

import type { KeyObject } from 'node:crypto';
import type { Dialect } from './dialects/dialect.js';

/** The platform's identity in a callback. One agent belongs to one operator and has one currency. */
export interface Agent {
  readonly agentID: string;
  /** The operator file's `operator` slug. */
  readonly operator: string;
  /** ISO 4217. */
  readonly currency: string;
  /** HMAC-SHA256 keys; any of them verifies. */
  readonly keys: readonly KeyObject[];
  /** How the operator file calls each of them, in the same order: nothing secret. */
  readonly keyNames: readonly string[];
  readonly dialect: Dialect;
  /** Whole-value patterns by role (userID, transactionID, roundID, gameID), matched in linear time. */
  readonly formats: Readonly<Record<string, (text: string) => boolean>>;
  /**
   * False where the formats leave a sign nothing else to be valid for: no other transactionID, and none for a
   * balance query's.
   */
  readonly remembersSigns: boolean;
}
