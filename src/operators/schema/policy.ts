// What the bridge promises beyond single calls.

import { z } from 'zod';
import { treatments, waysWhenJournalDown } from '../../domain/terms.js';
import { duration, list, oneOf, strict, whole } from './values.js';

const accept = strict({
  most: whole(0n, 1_000_000n).default(1000).describe('How many movements may be owed at once.'),
  maxAge: duration.prefault('72h').describe('How old the oldest may be, as a duration.'),
});

export const policy = strict({
  whenJournalDown: oneOf(waysWhenJournalDown)
    .default('askAgain')
    .describe('What money callbacks hear while the journal is away: askAgain (HTTP 503) or fail.'),
  freeSpins: oneOf(treatments).optional().meta({
    description: 'Bets of free spins: skip (no wallet call) or forward.',
    otherwise: 'skip, with operations.freeSpin forward',
  }),
  zeroAmounts: oneOf(treatments)
    .default('skip')
    .describe('Movements of nothing: skip (no wallet call) or forward; an operation may say otherwise for its own.'),
  accept: accept
    .prefault({})
    .describe(
      'How much may be owed to the wallet after whenUnresolved: accept; beyond it the platform is asked to ask again.',
    ),
  retention: duration
    .prefault('30d')
    .describe(
      'How long a finished transactionID is remembered, as a duration: a callback that comes again later moves money again. At least 24h.',
    ),
  rememberUnknown: duration.optional().meta({
    description:
      'How long the rollback of a transactionID that never came is remembered, as a duration: the movement it names moves money if it comes later. At least 24h, at most retention.',
    otherwise: 'policy.retention',
  }),
  findByPlayer: z
    .boolean('true or false')
    .default(true)
    .describe(
      'Whether transactions are listed for their player, so that they are found without their transactionID: true or false.',
    ),
  giveUpAfter: duration
    .prefault('72h')
    .describe('How long the bridge works on an unfinished movement before a person must look, as a duration.'),
  risks: list(oneOf(['shortRetention', 'weakKeys']), 'a list of shortRetention, weakKeys')
    .default([])
    .meta({
      description:
        'What is refused unless you say here that you mean it: shortRetention (retention or rememberUnknown less than 24h), weakKeys (signing keys of fewer than 16 bytes).',
      otherwise: 'none',
    }),
})
  .prefault({})
  .describe('What the bridge promises beyond single calls.');
