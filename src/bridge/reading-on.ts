// Reads what is due in parts, so that no look lasts the longer the more there is.

import type { Clock, Due, Journal } from '../domain/ports.js';

/** Records read at one look, of what became due and of what a queue is behind with. */
export const readAtOnce = 4_000;
/** Milliseconds after which a write is there, or never will be. */
const onTheirWay = 5_000;
/** Milliseconds between two readings of all that is due, and records read of it at one look. */
const readAllEvery = 60_000;
const passedAtOnce = 1_000;

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

type Take = (key: Due) => void;

const andGoOn =
  (take: Take) =>
  (key: Due): true => {
    take(key);
    return true;
  };

/** Reads what became due since it was read last; and of a little before, for writes that were on their way then. */
export function readingNews(journal: Journal, take: Take) {
  const readOn = readingOn(journal);
  let unread = -Infinity;
  /** When (epoch ms) the reading began that is not at its end. */
  let began: number | undefined;
  return {
    read: async (): Promise<void> => {
      began ??= journal.now();
      if (!(await readOn(unread, readAtOnce, andGoOn(take)))) return;
      unread = began - onTheirWay;
      began = undefined;
    },
    isMore: (): boolean => began !== undefined,
  };
}

/** Reads all that is due, once in a while, little by little: what fell out of a queue is found then. */
export function readingAll(journal: Journal, clock: Clock, take: Take) {
  const readOn = readingOn(journal);
  let next = clock.monotonic() + readAllEvery;
  const isDue = (): boolean => clock.monotonic() >= next;
  return {
    isDue,
    begin: (): void => void (next = clock.monotonic()),
    read: async (): Promise<void> => {
      if (isDue() && (await readOn(-Infinity, passedAtOnce, andGoOn(take)))) next = clock.monotonic() + readAllEvery;
    },
  };
}
