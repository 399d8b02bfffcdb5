// What one call to the wallet is made of, whichever it is: its request, how its reply is read, and what may
// be done when none comes.

import { formatNames } from '../../codecs/codec-of.js';
import { repeatables, treatments, waysWhenUnresolved } from '../../domain/terms.js';
import { remembered, ruleOutcomes, ruleResults } from '../../mapping/source.js';
import { anything, condition, duration, list, oneOf, plainValue, strict, table, template, text } from './values.js';

export const format = oneOf(formatNames);

export const requestParts = {
  method: oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .nullable()
    .optional()
    .meta({ description: 'The HTTP method.', otherwise: 'POST' }),
  path: text('a path that begins with /')
    .nullable()
    .optional()
    .describe('The path below wallet.baseUrl, beginning with /, with ${…} in it.'),
  query: table(anything.describe('The value of a parameter, with ${…} in it.'), 'a map of parameters')
    .nullable()
    .optional()
    .describe('Parameters of the URL; one whose value is absent is left out.'),
  headers: table(plainValue.describe('The value of a header, with ${…} in it.'), 'a map of headers')
    .nullable()
    .optional()
    .describe('Headers beside those the bridge sets itself.'),
  body: anything
    .optional()
    .describe('The body, as a map or list of values with ${…} in them; a key whose value is absent is left out.'),
};
export const request = strict({
  ...requestParts,
  format: format.optional().describe('The format of this request’s body, where it is not wallet.format.'),
}).describe('The request this call makes.');

/** The keys of a response; which of them there are, and which must be, is for each call to say. */
export const reply = {
  applied: condition.describe('The yes of this operation: the condition on response that makes its reply a success.'),
  balance: template.describe(
    'The player’s balance in the reply, as money; absent or unreadable, a balance call follows.',
  ),
  receipt: template.describe('The wallet’s own id for the movement, kept as original.receipt.'),
};
export const anyReply = {
  session: template
    .optional()
    .describe(
      'A new session the wallet hands out with any readable reply, such as ${response.headers["x-session"]}; the next calls read it as player.?session.',
    ),
  format: format.optional().describe('The format of this reply’s body, where it is not wallet.format.'),
};
export const replyMeaning = 'How the reply of this call is read.';
export const response = strict({
  applied: reply.applied.optional(),
  balance: reply.balance.optional(),
  receipt: reply.receipt.optional(),
  ...anyReply,
})
  .default({})
  .describe(replyMeaning);

const errorRule = strict({
  when: condition.describe('The condition on response; one that cannot be worked out does not hold.'),
  result: oneOf(ruleResults).describe('What the reply says where the condition holds.'),
  outcome: oneOf(ruleOutcomes)
    .optional()
    .describe(
      'What that means for the money, where the result does not say it: refused, notApplied (the wallet did nothing) or unknown.',
    ),
}).superRefine(({ result, outcome }, context) => {
  if (remembered.some((word) => word === result) && outcome !== undefined && outcome !== 'unknown')
    context.addIssue({
      code: 'custom',
      path: ['outcome'],
      message: `${result} says by itself what happened; expected no outcome here, or unknown`,
    });
});
export const errors = list(errorRule, 'a list of rules { when, result }').default([]).meta({
  description:
    'The no: rules tried in their order, the first that holds counts; an operation’s own come before the common ones.',
  otherwise: 'none',
});

const repeatable = oneOf(repeatables);
const repeatableMeaning =
  'May the bridge send a call again under the same reference? always: the wallet remembers refusals too; successes: successes only; no: neither.';
const usualRepeatable = 'no';
const settleMeaning =
  'How long after it was sent a call may still land in the wallet, as a duration; until then “not found” proves nothing.';
const usualSettle = '60s';

/** Of one call; where it does not say them, those of all calls hold. */
export const habits = {
  repeatable: repeatable.optional().meta({ description: repeatableMeaning, otherwise: usualRepeatable }),
  settle: duration.optional().meta({ description: settleMeaning, otherwise: usualSettle }),
};
export const commonHabits = {
  repeatable: repeatable.default(usualRepeatable).describe(repeatableMeaning),
  settle: duration.prefault(usualSettle).describe(settleMeaning),
};
export const ofNothing = {
  zeroAmounts: oneOf(treatments).optional().meta({
    description: 'This operation with an amount of nothing: skip (no wallet call) or forward.',
    otherwise: 'policy.zeroAmounts',
  }),
};
export const unresolved = {
  whenUnresolved: oneOf(waysWhenUnresolved).optional().meta({
    description:
      'What the platform hears when time is up without a clear answer: fail (and undo), accept (and deliver), askAgain (HTTP 503).',
    otherwise: 'fail for bets, accept for wins and rollbacks',
  }),
};
