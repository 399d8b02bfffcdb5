// The calls a wallet has, one mapping each.

import { z } from 'zod';
import { anyReply, errors, habits, ofNothing, reply, replyMeaning, request, response, unresolved } from './call.js';
import { condition, list, oneOf, strict } from './values.js';

const money = { request, response, errors, ...habits };
const undo = {
  ...money,
  cancelFirst: oneOf(['safe', 'no']).optional().meta({
    description:
      'safe: the wallet remembers an undo of a movement it has not seen, and then never applies the late movement.',
    otherwise: 'no',
  }),
  undoKnows: oneOf(['yes', 'no']).optional().meta({
    description:
      'yes: the wallet answers truthfully that it has not seen what is to be undone, and does nothing; a rule says notFound of that. A bet in doubt is then undone instead of being sent again.',
    otherwise: 'no',
  }),
};

const closing = oneOf(['closeRound', 'balance']);
const after = z
  .union([closing, list(closing, 'closeRound, balance, or both')], 'closeRound, balance, or both')
  .optional();

const getBalance = strict({
  request,
  response: strict({ applied: reply.applied.optional(), balance: reply.balance, ...anyReply }).describe(replyMeaning),
  errors,
}).describe('Asks for a player’s balance.');

const withdraw = strict({
  ...money,
  ...unresolved,
  ...ofNothing,
  after: oneOf(['balance'])
    .optional()
    .describe('balance: the balance in the reply is not trusted, and a balance call follows.'),
}).describe('Takes a bet from the player.');

const deposit = strict({
  ...money,
  ...unresolved,
  ...ofNothing,
  after: after.describe(
    'What follows a paid win: closeRound, balance (the reply’s own is not trusted), or both in that order.',
  ),
}).describe('Gives a win to the player.');

const betWin = z
  .union(
    [
      oneOf(['legs']),
      strict({
        ...money,
        ...unresolved,
        ...ofNothing,
        after: after.describe('What follows a betWin made by one call: closeRound, balance, or both in that order.'),
      }),
    ],
    'legs, or a mapping',
  )
  .default('legs')
  .describe('Bet and win of one round at once: legs makes a withdraw and then a deposit; a mapping makes one call.');

const freeSpin = strict({ request, response, errors })
  .optional()
  .describe('Takes the bet of a free spin, instead of operations.withdraw; with it policy.freeSpins is forward.');

const closeRound = strict({
  request,
  response: strict({ applied: reply.applied.optional(), ...anyReply })
    .default({})
    .describe(replyMeaning),
  errors,
  when: condition.optional().meta({
    description: 'The condition on request under which the round is over; one that cannot be worked out does not hold.',
    otherwise: 'always',
  }),
})
  .optional()
  .describe('Tells the wallet that a round is over, once after each win it has paid; how that ends changes no answer.');

const inverse = oneOf(['inverse', 'unsupported']);
const perKind = strict({
  withdraw: z
    .union([inverse, strict(undo)], 'inverse, unsupported or a mapping')
    .optional()
    .describe('Undoes a bet: inverse, unsupported or a mapping.'),
  deposit: z
    .union([inverse, strict(undo)], 'inverse, unsupported or a mapping')
    .optional()
    .describe('Undoes a win: inverse, unsupported or a mapping.'),
  betWin: z
    .union([oneOf(['legs', 'unsupported']), strict(undo)], 'legs, unsupported or a mapping')
    .optional()
    .describe('Undoes a betWin: legs where it is made of legs, else unsupported or a mapping.'),
  ...unresolved,
});
const rollback = z
  .union(
    [inverse, strict({ ...undo, ...unresolved }), perKind],
    'inverse, unsupported, a mapping, or one of these per kind',
  )
  .describe(
    'Undoes a movement: inverse (the opposite operation), unsupported, one mapping for all kinds, or one of these per kind.',
  );

const lookup = strict({
  request,
  response: strict({
    applied: condition.describe('The condition under which the wallet says it has applied the movement.'),
    refused: condition.optional().describe('The condition under which it says it has refused it.'),
    absent: condition
      .optional()
      .describe(
        'The condition under which it says it has never seen it; more than a status, which a proxy answers, too.',
      ),
    balance: reply.balance.optional(),
    receipt: reply.receipt.optional(),
    ...anyReply,
  }).describe(replyMeaning),
})
  .optional()
  .describe('Asks what became of a movement.');

export const operations = strict({
  getBalance,
  withdraw,
  deposit,
  betWin,
  freeSpin,
  closeRound,
  rollback,
  lookup,
}).describe('The calls your wallet has, one mapping each.');
