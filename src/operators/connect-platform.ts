// An operator's platform with the way to it: the link is the wallet room's, what is asked over it is the
// platform room's.

import type { CompiledPlatform } from '../platform/compiled-platform.js';
import { isFromNoPlatform, type TellPlatformCall } from '../platform/asking.js';
import { createPlatform, type Platform } from '../platform/platform.js';
import { platformCalls } from '../protocol/platform-api/platform-api.js';
import type { BreakerState } from '../wallet/breaker.js';
import { createGuardedLink } from '../wallet/guarded-link.js';
import type { HttpWallet } from '../wallet/http-wallet.js';

export interface ConnectedPlatform extends Platform {
  /** By its name in metrics. */
  breakers(): readonly (readonly [string, BreakerState])[];
}

/** A list of thousands of games fits. */
const maxReplyBytes = 4 * 1024 * 1024;

/** Opens nothing yet: connections are made as calls need them. */
export function connectPlatform(
  compiled: CompiledPlatform,
  wallet: Pick<HttpWallet, 'replaceSession'>,
  onBreaker: (which: string, state: BreakerState) => void,
  tell: TellPlatformCall,
): ConnectedPlatform {
  const { baseUrl, concurrency, breaker, api } = compiled;
  const named = (call: string): string => `platform-${call}`;
  const link = createGuardedLink(
    platformCalls.filter((call) => api.calls[call] !== undefined),
    {
      ...{ baseUrl, concurrency, maxReplyBytes, breaker },
      isFailure: isFromNoPlatform,
      onBreaker: (call, state) => onBreaker(named(call), state),
    },
  );
  const platform = createPlatform(compiled, {
    link,
    replaceSession: (player, session) => wallet.replaceSession(player, session),
    tell,
  });
  return { ...platform, breakers: () => link.states().map(([call, state]) => [named(call), state]) };
}
