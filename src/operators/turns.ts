// Work that others may interrupt: compiling a large file takes longer than a callback may wait. Whoever compiles
// yields where others may have their turn, and knows no more of it; who runs it decides whether they get one.

import { setTimeout as pause } from 'node:timers/promises';

export type Turns<T> = Generator<undefined, T>;

/** Milliseconds of work between two turns of the others: short beside a callback, which waits for several. */
const slice = 1;
/** Of the time it takes, so many times as much is theirs: a file may be in use seconds later, a callback may not. */
const rest = 8;

/** Nobody else has a turn. */
export function atOnce<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Others have theirs every few milliseconds, and most of the time. */
export async function inTurns<T>(work: Turns<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    const took = performance.now() - began;
    if (took < slice) continue;
    await pause(rest * took);
    began = performance.now();
  }
}
