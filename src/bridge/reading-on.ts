// Reads what is due in parts, so that no look lasts the longer the more there is.

import type { Due, Journal } from '../domain/ports.js';

/**
 * Reads what is due since `from`, so many records at most, or until `take` says false; at the next call goes on
 * where it stopped for the former reason. True where it came to the end of what was due when it began. Rejects
 * as the journal does, and then begins anew.
 */
export type ReadOn = (from: number, most: number, take: (key: Due) => boolean) => Promise<boolean>;

export function readingOn(journal: Journal): ReadOn {
  let reading: AsyncIterator<Due> | undefined;
  return async (from, most, take) => {
    const current = reading ?? journal.due(from)[Symbol.asyncIterator]();
    reading = undefined;
    for (let n = 0; n < most; n++) {
      const next = await current.next();
      if (next.done === true) return true;
      if (!take(next.value)) return false;
    }
    reading = current;
    return false;
  };
}
