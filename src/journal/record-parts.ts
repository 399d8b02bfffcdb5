// What the text of a record consists of, checked as it is read: somebody else, or a newer version, may have
// written it, and what is not understood to the last part is not acted on.

import { z } from 'zod';
import { moneyKinds, type MoneyKind } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import { failures, refusals } from '../domain/outcome.js';
import { effects, goals, states, storyEvents, type State as StateName } from '../domain/transaction.js';

// One letter for each word of the domain: the compiler refuses a word without one, which could then not be
// read back.
export const stateLetters: Readonly<Record<StateName, string>> = {
  claimed: 'c',
  open: 'o',
  applied: 'a',
  refused: 'r',
  reversed: 'v',
  cancelled: 'x',
  held: 'h',
  writtenOff: 'w',
};
export const kindLetters: Readonly<Record<MoneyKind, string>> = { withdraw: 'w', deposit: 'd', betWin: 'b' };

export const unknownLetter = 'not a letter we use';

/** Reads the letter back as the word it stands for. */
function lettered<Word extends string>(words: readonly Word[], letters: Readonly<Record<Word, string>>) {
  return z.string().transform((letter, context) => {
    const word = words.find((one) => letters[one] === letter);
    if (word !== undefined) return word;
    context.addIssue(unknownLetter);
    return z.NEVER;
  });
}

const State = lettered(states, stateLetters);
const Kind = lettered(moneyKinds, kindLetters);
const Amount = z.string().transform((text, context) => {
  const money = Money.parse(text);
  if (money !== undefined) return money;
  context.addIssue('not an amount');
  return z.NEVER;
});

/** [kind, roundID, bet, win, the rest] */
export const ContentParts = z.tuple([
  Kind,
  z.string(),
  Amount.nullish(),
  Amount.nullish(),
  z
    .strictObject({
      gameID: z.string(),
      freeSpin: z.boolean(),
      refTransactionID: z.string(),
      freeSpinID: z.string(),
      isBonusBuy: z.boolean(),
      endRound: z.boolean(),
    })
    .exactPartial()
    .optional(),
]);

/**
 * [reference, undo's reference, last send since the transaction began in ms, receipt, whatever is unusual]
 */
export const LegParts = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.string().nullish(),
  z
    .strictObject({
      kind: Kind,
      winReference: z.string(),
      bet: Amount.nullable(),
      win: Amount.nullable(),
      effect: z.enum(effects),
      sends: z.number(),
      undos: z.number(),
      lastUndo: z.number(),
      vainSends: z.number(),
      vainUndos: z.number(),
      absentSince: z.number(),
    })
    .exactPartial()
    .optional(),
]);

/** [when since the transaction began in ms, what, leg, why] */
export const StoryParts = z.tuple([z.number(), z.enum(storyEvents), z.number().nullish(), z.string().optional()]);

/** "operator:origin"; an operator's name holds no colon. */
const HomePart = z.string().transform((text, context) => {
  const [, operator, origin] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (operator !== undefined && origin !== undefined) return { operator, origin };
  context.addIssue('not a wallet');
  return z.NEVER;
});

/** [state, since, userID, fingerprint, home, content, legs, balance, the rest] */
export const RecordParts = z.tuple([
  State,
  z.number(),
  z.string(),
  z.string(),
  HomePart.nullable(),
  ContentParts.nullable(),
  z.array(LegParts),
  Amount.nullish(),
  z
    .strictObject({
      goal: z.enum(goals),
      lease: z.strictObject({ owner: z.string(), until: z.number() }),
      refusal: z.enum(failures),
      undoRefusal: z.enum(refusals),
      promised: z.literal(true),
      rolledBack: z.literal(true),
      heldBecause: z.string(),
      elsewhere: z.literal(true),
      tries: z.number(),
      resumed: z.number(),
      story: z.array(StoryParts),
    })
    .exactPartial()
    .optional(),
]);
