// An operator file's `platform.api` after compilation: how the platform is asked, and who of the operator's
// sites may have it asked.

import type { Asker, PlatformApi } from '../protocol/platform-api/platform-api.js';

/** A site of the operator: what it is called in log and metrics, and the SHA-256 of each of its keys. */
export interface Site {
  readonly name: string;
  readonly keyHashes: readonly Uint8Array[];
}

export interface PlatformAgent {
  readonly agentID: string;
  readonly currency: string;
  /** Whether the callbacks of such a player would be taken. */
  readonly fitsUserID: (userID: string) => boolean;
  readonly asker: Asker;
  /** What nobody may see, should the platform repeat it. */
  readonly hidden: readonly string[];
}

export interface CompiledPlatform {
  /** The operator's name. */
  readonly operator: string;
  readonly dialect: string;
  readonly api: PlatformApi;
  readonly baseUrl: URL;
  /** At least one. */
  readonly agents: readonly PlatformAgent[];
  readonly sites: readonly Site[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly gamesTtl: number;
  /** Calls in flight at most. */
  readonly concurrency: number;
  readonly breaker: { readonly openAtPercent: number; readonly minimumCalls: number; readonly tryAgainAfter: number };
  /** Some wallet call reads what a launch tells of its player. */
  readonly needsSession: boolean;
}
