// Any record at all, for properties: every optional present or absent, ids of any characters, amounts of any
// size and sign.

import fc from 'fast-check';
import { Money } from '../../src/domain/money.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';

/** Ids as somebody might send them, those that could be mistaken for our own marks among them. */
const anyId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ':',
      '%',
      '~',
      '.',
      '{',
      '}',
      ' ',
      '$',
      '&',
      '"',
      '\\',
      '\n',
      'ß',
      '😀',
      '\ud800',
      '003a',
    ),
  }),
);

export const anyKey = fc.record({ agentID: anyId, transactionID: anyId }, { noNullPrototype: true });

const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 12 }))
  .map(([units, decimals]) => Money.of(units, decimals));
const count = fc.nat();
const instant = fc.nat({ max: 4_000_000_000_000 });
const kind = fc.constantFrom('withdraw', 'deposit', 'betWin');
const refusal = fc.constantFrom('insufficientFunds', 'userNotFound', 'wrongInput', 'generalError');

const content = fc.record(
  {
    ...{ kind, roundID: anyId, bet: amount, win: amount, gameID: anyId, freeSpin: fc.boolean() },
    ...{ refTransactionID: anyId, freeSpinID: anyId, isBonusBuy: fc.boolean(), endRound: fc.boolean() },
  },
  { noNullPrototype: true, requiredKeys: ['kind', 'roundID'] },
);

const leg = (transactionID: string): fc.Arbitrary<Leg> => {
  const reference = fc.oneof(
    anyId,
    fc.tuple(anyId, anyId).map((around) => around.join(transactionID)),
  );
  const any = fc.record(
    {
      kind,
      bet: amount,
      win: amount,
      reference,
      winReference: reference,
      undoReference: reference,
      effect: fc.constantFrom('none', 'unknown', 'applied', 'undone'),
      sends: count,
      lastSend: instant,
      undos: count,
      lastUndo: instant,
      vainSends: count,
      vainUndos: count,
      absentSince: instant,
      receipt: anyId,
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        'kind',
        'reference',
        'undoReference',
        'effect',
        'sends',
        'lastSend',
        'undos',
        'lastUndo',
        'vainSends',
        'vainUndos',
        'absentSince',
      ],
    },
  );
  return fc.oneof(
    any,
    fc.tuple(any, anyId).map(([one, suffix]) => ({ ...one, undoReference: one.reference + suffix })),
  );
};

const storyEntry = fc.record(
  {
    at: instant,
    what: fc.constantFrom('unclear', 'failed', 'rollback', 'undone', 'held', 'saidApplied', 'omitted'),
    leg: count,
    why: anyId,
  },
  { noNullPrototype: true, requiredKeys: ['at', 'what'] },
);

export const anyTransaction: fc.Arbitrary<Transaction> = anyId.chain((transactionID) =>
  fc.record(
    {
      agentID: anyId,
      transactionID: fc.constant(transactionID),
      userID: anyId,
      fingerprint: fc.string(),
      content,
      home: fc.record(
        { operator: fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/), origin: fc.string() },
        { noNullPrototype: true },
      ),
      state: fc.constantFrom('claimed', 'open', 'applied', 'refused', 'reversed', 'cancelled', 'held', 'writtenOff'),
      goal: fc.constantFrom('void', 'deliver'),
      lease: fc.record({ owner: fc.string(), until: instant }, { noNullPrototype: true }),
      legs: fc.array(leg(transactionID), { maxLength: 3 }),
      refusal: fc.oneof(
        refusal,
        fc.constantFrom('invalidSign', 'invalidAgent', 'transactionNotFound', 'alreadyRolledBack'),
      ),
      undoRefusal: refusal,
      promised: fc.constant(true),
      rolledBack: fc.constant(true),
      heldBecause: anyId,
      elsewhere: fc.constant(true),
      balance: amount,
      since: instant,
      tries: count,
      resumed: instant,
      story: fc.array(storyEntry, { maxLength: 4 }),
    },
    {
      noNullPrototype: true,
      requiredKeys: ['agentID', 'transactionID', 'userID', 'fingerprint', 'state', 'legs', 'since', 'tries'],
    },
  ),
);
