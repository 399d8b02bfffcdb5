// The layer that hears how the wallet fares, for whoever works off a backlog. Several failures in a row mean
// that it is away: then the backlog tries one call at a time, after pauses of the wallet's own that double. Any
// win or undo it answers, of a callback too, ends the pause, and the backlog widens again answer by answer.
// Nothing here keeps a call back: what callbacks need always goes to the wallet.

import { classOf } from './breaking.js';
import type { AnyVerdict, Ended, Ready, SendCall } from './calling.js';

export interface Pace {
  /** How many records of the backlog may be worked on at once, now. */
  bears(): number;
  pacing(send: SendCall): SendCall;
}

export interface PaceClock {
  readonly monotonic: () => number;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
}

const awayAfter = 3;
const firstPause = 1_000;
const longestPause = 30_000;

/** `most`: what the backlog may have under way with a wallet that is well. */
export function createPace(most: number, { monotonic, random }: PaceClock): Pace {
  /** Calls of the backlog that failed, in a row. */
  let failed = 0;
  let width = most;
  let pause = 0;
  let until = -Infinity;

  function hearFailure(): void {
    failed += 1;
    // Calls that left before the pause began say nothing new.
    if (failed < awayAfter || monotonic() < until) return;
    pause = Math.min(Math.max(firstPause, pause * 2), longestPause);
    until = monotonic() + pause * (0.5 + random() / 2);
    width = 1;
  }

  function hear(ready: Ready<unknown>, { verdict, isFailure }: Ended<AnyVerdict>): void {
    const kind = classOf(ready);
    if (kind === 'balance' || kind === 'closings') return;
    const isBacklog = ready.settings.lane === 'backlog';
    if (isFailure || verdict.kind === 'notApplied') {
      // Bets may fail where wins do not: what callbacks meet must not keep the backlog from trying.
      if (isBacklog) hearFailure();
    } else if (isBacklog || kind === 'winsAndUndos') {
      failed = 0;
      pause = 0;
      until = -Infinity;
      if (isBacklog) width = Math.min(width + 1, most);
    }
  }

  return {
    bears: () => (monotonic() < until ? 0 : width),
    pacing: (send) => async (ready) => {
      const ended = await send(ready);
      hear(ready, ended);
      return ended;
    },
  };
}
