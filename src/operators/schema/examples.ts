// Replies of a wallet and what must come of them: an operator file's own tests.

import { z } from 'zod';
import { moneyKinds } from '../../domain/callback.js';
import { remembered, ruleOutcomes, ruleResults } from '../../mapping/source.js';
import { anything, list, oneOf, plainValue, strict, table, text, whole } from './values.js';

const reply = strict({
  status: whole(100n, 599n).describe('The HTTP status.'),
  headers: table(plainValue.describe('The value of a header.'), 'a map of headers')
    .default({})
    .describe('The headers.'),
  body: anything.optional().describe('The body, as values.'),
  text: z.string('text').optional().describe('The body, as it is sent; for one that is no proper body.'),
}).describe('What the wallet answers.');

const expected = strict({
  outcome: oneOf(['applied', ...ruleOutcomes, ...remembered])
    .optional()
    .describe('What the reply says of the money.'),
  result: oneOf(ruleResults).optional().describe('Which result it is refused with.'),
  balance: plainValue.optional().describe('The balance read from it, such as 12.30.'),
  receipt: plainValue.optional().describe('The wallet’s own id read from it.'),
})
  .refine(
    (expects) => Object.keys(expects).length > 0,
    'expects nothing, so it shows nothing; expected outcome, result, balance or receipt',
  )
  .describe('What must come of it; what is not named may be anything.');

const example = strict({
  name: text().optional().describe('What it shows.'),
  operation: oneOf(['getBalance', ...moneyKinds, 'closeRound', 'rollback', 'lookup']).describe(
    'The call it is a reply to.',
  ),
  of: oneOf(moneyKinds)
    .optional()
    .meta({ description: 'For a rollback or lookup: what it is about.', otherwise: 'withdraw' }),
  repeatOf: oneOf(['applied', 'refused'])
    .optional()
    .describe(
      'The reply is to a reference the wallet has answered before: with applied or with refused. Shows whether `repeatable` is true.',
    ),
  request: table(plainValue.describe('The value of a field.'), 'a map of the callback’s fields')
    .default({})
    .describe('Fields of the callback where made-up ones will not do.'),
  reply,
  expect: expected,
}).superRefine(({ operation, repeatOf }, context) => {
  const moves = [...moneyKinds, 'rollback'].includes(operation);
  if (repeatOf !== undefined && !moves)
    context.addIssue({
      code: 'custom',
      path: ['repeatOf'],
      message: `a ${operation} moves nothing, so its repeat shows nothing; expected it of withdraw, deposit, betWin or rollback`,
    });
});

export const examples = list(example, 'a list of examples')
  .default([])
  .describe(
    'Replies of your wallet and what must come of them; `wallet-bridge check` runs them, with 11111111-2222-4333-8444-555555555555 for uuid().',
  );
