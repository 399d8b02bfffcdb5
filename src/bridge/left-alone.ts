// Records that cannot be worked on here. They stay listed as they are, for a replica that can; here they are
// passed over for a while, and somebody hears of each once in an hour.

import type { Clock, TransactionKey } from '../domain/ports.js';
import { nameOf } from './queue.js';

const leaveAloneFor = 60_000;
const tellAgainAfter = 3_600_000;
/** Of more, those known longest are forgotten, and looked at again sooner. */
const mostLeftAlone = 100_000;

interface LeftAlone {
  /** Monotonic ms; so is `told`, when it was told. */
  readonly until: number;
  readonly told: number;
  readonly because: string;
}

export function leavingAlone(clock: Clock, tell: (error: unknown, key: TransactionKey) => void) {
  const all = new Map<string, LeftAlone>();
  return {
    has: (key: TransactionKey): boolean => clock.monotonic() < (all.get(nameOf(key))?.until ?? -Infinity),
    forget: (key: TransactionKey): boolean => all.delete(nameOf(key)),
    add(key: TransactionKey, error: unknown): void {
      const name = nameOf(key);
      const now = clock.monotonic();
      const because = String(error);
      const before = all.get(name);
      const isKnown = before?.because === because && now - before.told < tellAgainAfter;
      if (!isKnown) tell(error, key);
      all.delete(name);
      all.set(name, { until: now + leaveAloneFor, because, told: isKnown ? before.told : now });
      for (const [longest] of all) {
        if (all.size <= mostLeftAlone) return;
        all.delete(longest);
      }
    },
  };
}
