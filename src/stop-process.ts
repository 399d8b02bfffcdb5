// The end of a process: who is still answered, in which order everything is let go, and what is said of it.

import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from './domain/ports.js';
import type { Process } from './own-process.js';

/** Milliseconds the end of a process may be held up by counting. */
const countWithin = 1_000;

/** Not ready from now on, and for DRAIN_DELAY everybody is still answered; then all of it ends. */
export async function stop(own: Process): Promise<void> {
  if (own.phase === 'serving') {
    own.phase = 'leaving';
    const { DRAIN_DELAY } = own.settings;
    own.log.info({ drainDelay: DRAIN_DELAY }, 'stopping');
    own.stopping = { since: performance.now(), answered: own.answered };
    // Whoever spreads callbacks does not learn at once that this process is not ready, and goes on sending.
    await pause(DRAIN_DELAY);
  }
  own.phase = 'ending';
  for (const end of own.endings.reverse()) await end();
  const { stopping, left = 'not counted' } = own;
  if (stopping === undefined) return;
  const ms = Math.round(performance.now() - stopping.since);
  own.log.info({ callbacks: own.answered - stopping.answered, records: left, ms }, 'stopped');
}

/** What others, or a later start, have to bring to its end; undefined where the journal does not say it at once. */
export async function countLeft(journal: Journal): Promise<number | undefined> {
  try {
    const tallies = await Promise.race([journal.count(), pause(countWithin, undefined, { ref: false })]);
    return tallies?.reduce((sum, { count }) => sum + count, 0);
  } catch {
    return undefined;
  }
}
