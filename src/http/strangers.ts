// Whom nobody vouches for waits. An answer that turns a callback down costs as much as any other, and whoever has
// no key may ask for as many as he has connections: so past a few at once they leave at a rate of their own, and
// nothing more is read of a connection whose answers wait. Others never wait for them.

import { setTimeout as sleep } from 'node:timers/promises';

const perSecond = 200;
/** So many are answered at once, as where a key is missing in a file. */
const atOnce = 50;
/** Milliseconds one of them waits at most: less than a platform waits for an answer. */
const longest = 2_000;

/** Resolves when it is the turn of one more. `now`: monotonic ms. */
export function createStrangersQueue(now: () => number): () => Promise<void> {
  const each = 1000 / perSecond;
  let turn = -Infinity;
  return async () => {
    const at = now();
    turn = Math.min(Math.max(turn + each, at - atOnce * each), at + longest);
    if (turn > at) await sleep(turn - at);
  };
}
