// One operator file after it was read, checked and compiled: who may call us, what the operator declares, how
// its wallet is spoken to.

import type { Homes } from '../domain/home.js';
import type { Terms } from '../domain/terms.js';
import type { Agent } from '../protocol/agent.js';
import type { CompiledPlatform } from '../platform/compiled-platform.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';

export interface LoadedOperator {
  readonly name: string;
  readonly agents: readonly Agent[];
  readonly terms: Terms;
  readonly wallet: CompiledWallet;
  readonly homes: Homes;
  /** Where the operator's own sites have the platform asked. */
  readonly platform?: CompiledPlatform;
}
