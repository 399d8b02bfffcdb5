// What whoever watches is told of an operator in use.

import type { WalletCallName } from './ports.js';

/** What is known of an operator in use; nothing of it is secret. */
export interface OperatorFacts {
  readonly name: string;
  /** Of its file's text and its preset's. */
  readonly fileHash: string;
  readonly preset: string | undefined;
  /** The ids of its agents. */
  readonly agents: readonly string[];
  /** The names of the keys that verify signs. */
  readonly keys: readonly string[];
  /** Milliseconds in which a callback is to be answered. */
  readonly deadline: number;
  /** What its wallet may be called with. */
  readonly calls: readonly WalletCallName[];
  /** What its sites may have the platform asked. */
  readonly platformCalls: readonly string[];
}
