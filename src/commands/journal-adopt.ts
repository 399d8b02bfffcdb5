// `journal adopt`: a person's word that a Redis without a journal is to be trusted from now on. It changes no record.

/** Exit code 0: done; 1: nothing was changed. */
export async function adoptJournal(
  journal: { adopt(replace: boolean): Promise<boolean> },
  replace: boolean,
): Promise<{ lines: string[]; exitCode: 0 | 1 }> {
  if (await journal.adopt(replace))
    return { lines: ['Redis holds the journal from now on. Restart every replica that ran before.'], exitCode: 0 };
  return {
    lines: [
      'Nothing was changed: Redis holds a journal. Where an older copy was put back, "--replace" makes that the journal.',
    ],
    exitCode: 1,
  };
}
