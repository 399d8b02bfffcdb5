// Takes a count again and again. Two must never run at once, and they must never take more than a small part
// of Redis, however slow it is.

import type { Clock } from '../domain/ports.js';

/** The least rest between two counts, ms. */
const every = 5_000;
const timesAsLong = 10;

/** `count` never rejects. The function returned ends it; a count that runs is not waited for. */
export function startSampler(count: () => Promise<void>, clock: Clock): () => void {
  const loop = { ends: false };
  async function go(): Promise<void> {
    while (!loop.ends) {
      const began = clock.monotonic();
      await count();
      await clock.sleep(Math.max(every, timesAsLong * (clock.monotonic() - began)));
    }
  }
  void go();
  return () => void (loop.ends = true);
}
