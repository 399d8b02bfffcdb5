// How a person's command reaches the journal of the running bridge: by the same settings as the bridge
// itself.

import { JournalUnavailable } from '../domain/ports.js';
import type { RedisJournal } from '../journal/redis-journal.js';
import { visitJournal } from '../journal/visit-journal.js';
import { readSettings, redisOf, type Settings } from '../settings.js';
import { complain, print, type Printed } from './print.js';

/** Prints what `work` says. Where the journal cannot be reached it complains, and never rejects. */
export async function atJournal(work: (journal: RedisJournal, settings: Settings) => Promise<Printed>): Promise<void> {
  const read = readSettings(process.env, { listens: false });
  const problems = 'problems' in read ? read.problems : ['REDIS_URL: must be set, to the Redis of the running bridge'];
  const at = 'problems' in read ? undefined : redisOf(read.settings);
  if ('problems' in read || at === undefined) {
    complain(problems);
    return;
  }
  const { settings } = read;
  try {
    print(await visitJournal(at, (journal) => work(journal, settings)));
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    complain([error.message]);
  }
}
