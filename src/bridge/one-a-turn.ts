// Lets work that can wait go on one step in each turn of the event loop, so that a callback finds the loop held up by
// one step at most, and not by all whose replies came together.

import { setImmediate as aTurn } from 'node:timers/promises';

/** Each call resolves in a turn of its own, in the order of the calls. */
export function oneATurn(): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(() => aTurn()));
}
