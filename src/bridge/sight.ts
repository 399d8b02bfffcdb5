// Whether whoever looks at the journal again and again gets to see it. One failure is nothing; but where no
// look succeeds for long, somebody must be told, for what is not seen is in no list and no metric.

import type { Clock, JournalUnavailable } from '../domain/ports.js';

const tellAgainAfter = 60_000;

export interface SightEvents {
  /** A look succeeded. */
  looked(): void;
  /** No look succeeded for so long (ms); told again while that lasts. Undefined: one did. */
  blind(since: { readonly ms: number; readonly because: string } | undefined): void;
}

/** `after`: milliseconds without a look that succeeded. */
export function watchSight(clock: Clock, told: SightEvents, after: number) {
  let lastSeen = clock.monotonic();
  let lastTold: number | undefined;
  return {
    seen(): void {
      lastSeen = clock.monotonic();
      if (lastTold !== undefined) told.blind(undefined);
      lastTold = undefined;
      told.looked();
    },
    unseen({ message }: JournalUnavailable): void {
      const now = clock.monotonic();
      if (now - lastSeen < after || now - (lastTold ?? -Infinity) < tellAgainAfter) return;
      lastTold = now;
      told.blind({ ms: now - lastSeen, because: message });
    },
  };
}
