// One count of what is unfinished, and what is told of it: the count itself, that nobody could take one for
// long, or that it failed.

import { JournalUnavailable, type Clock, type Journal, type Sample } from '../domain/ports.js';
import { createSample, type AgentOf, type TellUnreadable } from './sample.js';
import { watchSight, type SightEvents } from './sight.js';

/** Milliseconds without a count before that is told: counts may be long, and rare. */
const uncountedAfter = 300_000;

export interface CountEvents extends Pick<SightEvents, 'blind'> {
  counted(now: Sample): void;
  readonly unreadable: TellUnreadable;
  failed(error: unknown): void;
}

/** Takes one count each time it is called. Never rejects. */
export function createCount(journal: Journal, agentOf: AgentOf, clock: Clock, told: CountEvents): () => Promise<void> {
  const sight = watchSight(clock, { looked: () => undefined, blind: (since) => told.blind(since) }, uncountedAfter);
  const sample = createSample(
    journal,
    agentOf,
    (operator, found) => told.unreadable(operator, found),
    (ms) => clock.sleep(ms),
  );
  return async () => {
    try {
      const counted = await sample();
      sight.seen();
      told.counted(counted);
    } catch (error) {
      if (error instanceof JournalUnavailable) sight.unseen(error);
      else told.failed(error);
    }
  };
}
