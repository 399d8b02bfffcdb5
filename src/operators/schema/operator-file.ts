// The shape of an operator file: every key there is, what it means, its default, and what is expected where
// it is wrong. Strict at every level. What expressions mean is checked elsewhere.

import { z } from 'zod';
import { errors } from './call.js';
import { examples } from './examples.js';
import { operations } from './operations.js';
import { platform } from './platform.js';
import { policy } from './policy.js';
import { secrets, settings, vars } from './secrets.js';
import { strict, text } from './values.js';
import { wallet } from './wallet.js';

export const operatorSchema = strict({
  version: z.literal(1n, 'the number 1').describe('Version of this file’s format: 1.'),
  operator: z
    .string('a short name')
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of a-z, 0-9 and -, such as northstar')
    .describe('Your short name (a-z, 0-9, -), as it stands in metrics and logs; one file per name.'),
  extends: text('the name of a preset')
    .optional()
    .describe(
      'The name of a preset this file builds on: keys written here come before the preset’s, null removes, own errors are tried first.',
    ),
  platform,
  secrets,
  settings,
  vars,
  wallet,
  operations,
  errors,
  policy,
  examples,
});

/** An operator file whose shape is right. Durations are milliseconds. */
export type OperatorFile = z.output<typeof operatorSchema>;
