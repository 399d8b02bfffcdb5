// `journal adopt`: a person's word that a Redis without a journal is to be trusted from now on. It changes no
// record.

import type { Command } from 'commander';
import { atJournal } from './at-journal.js';
import type { Printed } from './print.js';

export function declareJournal(program: Command): void {
  program
    .command('journal')
    .description('the journal as a whole')
    .command('adopt')
    .description(
      'say that what Redis holds is the journal: once when it is new, and on purpose after it was emptied or replaced',
    )
    .option(
      '--replace',
      'also where it holds a journal: running replicas move no money until they are restarted',
      false,
    )
    .action(({ replace }: { replace: boolean }) => atJournal((journal) => adoptJournal(journal, replace)));
}

/** Exit code 0: done; 1: nothing was changed. */
async function adoptJournal(
  journal: { adopt(replace: boolean): Promise<{ readonly adopted: number; readonly of: number }> },
  replace: boolean,
): Promise<Printed> {
  const { adopted, of } = await journal.adopt(replace);
  const share = adopted === of ? '' : ` (${adopted} of its ${of} parts were not)`;
  if (adopted > 0)
    return {
      lines: [`Redis holds the journal from now on${share}. Restart every replica that ran before.`],
      exitCode: 0,
    };
  return {
    lines: [
      'Nothing was changed: Redis holds a journal. Where an older copy was put back, "--replace" makes that the journal.',
    ],
    exitCode: 1,
  };
}
