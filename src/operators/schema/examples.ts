// Replies of a wallet and what must come of them, and requests that must come of a callback to the byte: an
// operator file's own tests.

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

const given = table(
  z
    .union(
      [
        plainValue,
        table(text('the value of a secret').describe('A sample value, never a real one.'), 'secrets by name'),
      ],
      'a value',
    )
    .describe('The value of a field.'),
  'a map of what is given',
)
  .default({})
  .describe(
    'What a made-up callback will not do for: its fields, session, receipt, repeat, round.bet.reference, now, uuid, and secrets: sample values by name, used for this example alone.',
  );

const golden = strict({
  method: text('a method').optional().describe('The method it must have.'),
  path: text('a path with its query').optional().describe('The path below baseUrl, with its query, to the byte.'),
  headers: table(plainValue.describe('The value of a header, to the byte; null: it is not sent.'), 'a map of headers')
    .optional()
    .describe('Headers it must have; others are not looked at.'),
  body: anything
    .optional()
    .describe('The body: a text is every byte of it, a map or list is what its format makes of it.'),
});
export type Golden = z.output<typeof golden>;
const fields = table(plainValue.describe('The value of a field.'), 'a map of fields').refine(
  (map) => !Object.keys(map).some((key) => ['method', 'path', 'headers', 'body'].includes(key)),
  'either { method, path, headers, body }, or fields of the callback under given',
);

const example = strict({
  name: text().optional().describe('What it shows.'),
  operation: oneOf(['getBalance', ...moneyKinds, 'freeSpin', 'closeRound', 'rollback', 'lookup']).describe(
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
  given,
  request: z
    .union([golden, fields], 'the request that must come of it')
    .optional()
    .describe('The exact request that must come of it; or, in older files, what is now said under given.'),
  reply: reply.optional(),
  expect: expected.optional(),
}).superRefine(({ operation, repeatOf, request = {}, reply: answered, expect }, context) => {
  const isGolden = ['method', 'path', 'headers', 'body'].some((key) => key in request);
  const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (answered === undefined && !isGolden)
    say('reply', 'nothing that is shown; expected a reply with expect, or request');
  if (answered === undefined && expect !== undefined) say('expect', 'nothing it could come of; expected a reply');
  if (answered !== undefined && expect === undefined)
    say('expect', 'missing; expected outcome, result, balance or receipt');
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
