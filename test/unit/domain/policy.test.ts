// The two tables, row by row: state × callback, and state of play × what the wallet says.

import { describe, expect, test } from '@jest/globals';
import { onDelivery, onLook, onRollback, tombstone, type Situation } from '../../../src/domain/policy/on-callback.js';
import { learn } from '../../../src/domain/policy/on-reply.js';
import { plan, type WalletStep } from '../../../src/domain/policy/plan.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import { bet, eur, someLeg, someTerms, someTransaction, undo } from '../../support/transactions.js';

const terms = someTerms();
const now: Situation = { now: 5_000, expired: false, joined: false, projected: eur('100.00') };
const live = { owner: 'other', until: 10_000 };
const over = { owner: 'other', until: 4_000 };

const summary = (t: Transaction | undefined) =>
  t === undefined
    ? undefined
    : [t.state, t.goal ?? '-', t.promised ? 'promised' : '-', t.lease?.owner ?? '-'].join(' ');

describe('a Withdraw that finds a record', () => {
  const rows: [string, Partial<Transaction>, Partial<Situation>, string, string | undefined][] = [
    ['applied', { state: 'applied', balance: eur('5.00') }, {}, 'success 5.00 duplicate', undefined],
    ['refused', { state: 'refused', refusal: 'insufficientFunds' }, {}, 'failure insufficientFunds', undefined],
    ['reversed by the bridge', { state: 'reversed' }, {}, 'failure generalError', undefined],
    ['reversed by a rollback', { state: 'reversed', rolledBack: true }, {}, 'failure alreadyRolledBack', undefined],
    ['cancelled by the bridge', { state: 'cancelled' }, {}, 'failure generalError', undefined],
    ['cancelled by a rollback', { state: 'cancelled', rolledBack: true }, {}, 'failure alreadyRolledBack', undefined],
    ['open, to be voided', { state: 'open', goal: 'void' }, {}, 'failure generalError', 'open void promised -'],
    [
      'open, void promised before',
      { state: 'open', goal: 'void', promised: true },
      {},
      'failure generalError',
      undefined,
    ],
    [
      'open, to be delivered',
      { state: 'open', goal: 'deliver', promised: true, balance: eur('7.00') },
      {},
      'success 7.00 duplicate',
      undefined,
    ],
    ['open, a duty nobody was told of', { state: 'open', goal: 'deliver' }, {}, 'drive', 'open deliver - -'],
    [
      'open, a duty nobody was told of, at the deadline',
      { state: 'open', goal: 'deliver' },
      { expired: true },
      'success 100.00 duplicate',
      'open deliver promised -',
    ],
    [
      'open, a duty nobody was told of, and no more may be owed',
      { state: 'open', goal: 'deliver' },
      { expired: true, projected: undefined },
      'askAgain',
      'open deliver - -',
    ],
    [
      'written off, to be delivered',
      { state: 'writtenOff', goal: 'deliver', balance: eur('7.00') },
      {},
      'success 7.00 duplicate',
      undefined,
    ],
    ['written off, to be voided', { state: 'writtenOff', goal: 'void' }, {}, 'failure generalError', undefined],
    [
      'written off, to be voided by a rollback',
      { state: 'writtenOff', goal: 'void', rolledBack: true },
      {},
      'failure alreadyRolledBack',
      undefined,
    ],
    ['held, to be voided', { state: 'held', goal: 'void' }, {}, 'failure generalError', 'held void promised -'],
    [
      'held, to be delivered',
      { state: 'held', goal: 'deliver', promised: true, balance: eur('7.00') },
      {},
      'success 7.00 duplicate',
      undefined,
    ],
    ['held without a goal', { state: 'held' }, {}, 'failure generalError', 'held void promised -'],
    ['claimed by a live owner', { lease: live }, {}, 'wait', undefined],
    [
      'claimed by a live owner, at the deadline',
      { lease: live },
      { expired: true },
      'failure generalError',
      'open void promised other',
    ],
    [
      'claimed, a rollback left its goal',
      { lease: live, goal: 'void' },
      {},
      'failure generalError',
      'claimed void promised other',
    ],
    ['claimed, lease over', { lease: over }, {}, 'drive', 'claimed - - other'],
  ];
  test.each(rows)('%s', (_name, record, situation, expected, stored) => {
    const decision = onDelivery(someTransaction(record), bet(), terms, { ...now, ...situation });

    const reply = decision.kind === 'answer' ? decision.reply : undefined;
    const said =
      reply === undefined
        ? decision.kind
        : reply.kind === 'success'
          ? `success ${reply.balance?.toString()} ${reply.duplicate ? 'duplicate' : 'first'}`
          : reply.kind === 'failure'
            ? `failure ${reply.result}`
            : 'askAgain';
    expect(said).toBe(expected);
    expect(summary(decision.kind === 'drive' ? decision.transaction : decision.store)).toBe(stored);
  });

  test('other content under the same transactionID is wrong input, changes nothing, and alarms', () => {
    const decision = onDelivery(someTransaction({ state: 'applied' }), bet({ fingerprint: 'other' }), terms, now);

    expect(decision).toMatchObject({
      kind: 'answer',
      reply: { kind: 'failure', result: 'wrongInput' },
      alarm: { kind: 'mismatch', what: expect.any(String) },
    });
    expect(decision).not.toHaveProperty('store');
  });

  test('the late original of a tombstone is already rolled back', () => {
    const decision = onDelivery(tombstone(undo(), 1), bet(), terms, now);

    expect(decision).toEqual({ kind: 'answer', reply: { kind: 'failure', result: 'alreadyRolledBack' } });
  });

  test('a Deposit undecided at the deadline is accepted with the projected balance, and asked again without one', () => {
    const deposit = someTransaction({
      content: { kind: 'deposit', roundID: 'r1', win: eur('2.00') },
      fingerprint: 'f',
    });
    const callback = { ...bet({ fingerprint: 'f' }), kind: 'deposit' as const };

    const accepted = onDelivery(deposit, callback, terms, { ...now, expired: true });
    const unknown = onDelivery(deposit, callback, terms, { ...now, expired: true, projected: undefined });

    expect(accepted).toMatchObject({
      reply: { kind: 'success', balance: eur('100.00') },
      store: { state: 'open', goal: 'deliver', promised: true },
    });
    expect(unknown).toMatchObject({ reply: { kind: 'askAgain' } });
  });

  test('a bet that provably never left is refused for good at the deadline', () => {
    const unsent = someTransaction({ legs: [someLeg({ effect: 'none', sends: 0 })] });

    const decision = onDelivery(unsent, bet(), terms, { ...now, expired: true });

    expect(decision).toMatchObject({
      reply: { kind: 'failure', result: 'generalError' },
      store: { state: 'refused', refusal: 'generalError' },
    });
  });
});

describe('a RollbackTransaction that finds a record', () => {
  const rows: [string, Partial<Transaction>, Partial<Situation>, string, string | undefined][] = [
    ['refused', { state: 'refused' }, {}, 'failure transactionNotFound', undefined],
    ['cancelled', { state: 'cancelled' }, {}, 'failure transactionNotFound', undefined],
    ['reversed', { state: 'reversed' }, {}, 'failure alreadyRolledBack', undefined],
    ['reversed while it waited', { state: 'reversed' }, { joined: true }, 'success', undefined],
    ['cancelled while it waited', { state: 'cancelled' }, { joined: true }, 'success', undefined],
    ['applied', { state: 'applied', legs: [someLeg({ effect: 'applied' })] }, {}, 'drive', 'open void - -'],
    [
      'applied, undo refused before',
      { state: 'applied', undoRefusal: 'insufficientFunds' },
      {},
      'failure insufficientFunds',
      undefined,
    ],
    ['applied without any movement', { state: 'applied', legs: [] }, {}, 'drive', 'reversed - - -'],
    ['held', { state: 'held' }, {}, 'success', 'held void promised -'],
    ['claimed by a live owner', { lease: live }, {}, 'wait', 'claimed void - other'],
    ['claimed by a live owner, goal left before', { lease: live, goal: 'void' }, {}, 'wait', undefined],
    ['claimed, lease over', { lease: over }, {}, 'drive', 'claimed void - other'],
    ['open, to be delivered', { state: 'open', goal: 'deliver' }, {}, 'drive', 'open void - -'],
    ['open, to be voided', { state: 'open', goal: 'void' }, {}, 'drive', 'open void - -'],
    ['open at the deadline', { state: 'open', goal: 'void' }, { expired: true }, 'success', 'open void promised -'],
    ['open, told as done', { state: 'open', goal: 'deliver', promised: true }, {}, 'drive', 'open void - -'],
    [
      'written off, never sent',
      { state: 'writtenOff', goal: 'deliver', legs: [someLeg({ effect: 'none' })] },
      {},
      'success',
      'cancelled - - -',
    ],
    [
      'written off, partly made',
      { state: 'writtenOff', goal: 'deliver', legs: [someLeg({ effect: 'applied' })] },
      {},
      'drive',
      'open void - -',
    ],
    ['written off, to be voided', { state: 'writtenOff', goal: 'void' }, {}, 'failure alreadyRolledBack', undefined],
  ];
  test.each(rows)('%s', (_name, record, situation, expected, stored) => {
    const decision = onRollback(someTransaction(record), undo(), terms, { ...now, ...situation });

    const reply = decision.kind === 'answer' ? decision.reply : undefined;
    expect(
      reply === undefined ? decision.kind : reply.kind === 'failure' ? `failure ${reply.result}` : reply.kind,
    ).toBe(expected);
    expect(summary(decision.kind === 'drive' ? decision.transaction : decision.store)).toBe(stored);
  });

  test('another player’s rollback finds nothing and changes nothing', () => {
    const decision = onRollback(someTransaction({ state: 'applied' }), undo({ userID: 'somebody else' }), terms, now);

    expect(decision).toMatchObject({
      kind: 'answer',
      reply: { kind: 'failure', result: 'transactionNotFound' },
      alarm: { kind: 'otherPlayersRollback', what: expect.any(String) },
    });
    expect(decision).not.toHaveProperty('store');
  });
});

describe('what the wallet says', () => {
  const send: WalletStep = {
    kind: 'send',
    leg: 0,
    settled: false,
    undoSettled: true,
    absenceProves: false,
    earlier: 0,
  };
  const lookup: WalletStep = { ...send, kind: 'lookup' };
  const undone: WalletStep = { ...send, kind: 'undo' };
  const ofUndo: WalletStep = { ...send, kind: 'lookupUndo' };
  const settled = { settled: true };
  const refused: Verdict = { kind: 'refused', result: 'insufficientFunds' };
  const noPlayer: Verdict = { kind: 'refused', result: 'userNotFound' };
  const deposit = { content: { kind: 'deposit' as const, roundID: 'r1', win: eur('2.00') } };
  const first = [someLeg()];
  const firstWin = [someLeg({ kind: 'deposit' })];
  const second = [someLeg({ sends: 2 })];
  const known = [someLeg({ effect: 'applied', undos: 1 })];
  const unsure = [someLeg({ undos: 1 })];

  const rows: [string, Partial<Transaction>, WalletStep, Verdict, string][] = [
    ['first send: applied', { legs: first }, send, { kind: 'applied' }, 'applied -'],
    [
      'first send: applied, a void was set meanwhile',
      { legs: first, goal: 'void' },
      send,
      { kind: 'applied' },
      'open void',
    ],
    [
      'first send: applied, delivered',
      { state: 'open', legs: first, goal: 'deliver' },
      send,
      { kind: 'applied' },
      'applied -',
    ],
    ['first send: refused', { legs: first }, send, refused, 'refused -'],
    ['first send: refused, a void was set meanwhile', { legs: first, goal: 'void' }, send, refused, 'cancelled -'],
    ['first send: refused, delivery was told', { legs: first, goal: 'deliver' }, send, refused, 'held deliver'],
    ['first send of a win: refused', { ...deposit, legs: firstWin }, send, refused, 'held -'],
    ['first send of a win: no such player', { ...deposit, legs: firstWin }, send, noPlayer, 'refused -'],
    ['first send of a win: not found', { ...deposit, legs: firstWin }, send, { kind: 'notFound' }, 'held -'],
    ['first send of a bet: not found proves nothing', { legs: first }, send, { kind: 'notFound' }, 'claimed -'],
    ['first send: not applied', { legs: first }, send, { kind: 'notApplied', because: 'x' }, 'refused -'],
    [
      'first send of a win: not applied',
      { ...deposit, legs: firstWin },
      send,
      { kind: 'notApplied', because: 'x' },
      'claimed -',
    ],
    [
      'first send: not applied, a void was set meanwhile',
      { legs: first, goal: 'void' },
      send,
      { kind: 'notApplied', because: 'x' },
      'cancelled -',
    ],
    ['first send: duplicate may be somebody else’s', { legs: first }, send, { kind: 'duplicate' }, 'held -'],
    ['first send: already rolled back', { legs: first }, send, { kind: 'alreadyRolledBack' }, 'refused -'],
    ['first send: unknown', { legs: first }, send, { kind: 'unknown', because: 'x' }, 'claimed -'],
    ['repeat: applied', { legs: second }, send, { kind: 'applied' }, 'applied -'],
    ['repeat: duplicate', { legs: second }, send, { kind: 'duplicate' }, 'applied -'],
    ['repeat: refused too early', { legs: second }, send, refused, 'claimed -'],
    ['repeat: refused', { legs: second }, { ...send, ...settled }, refused, 'refused -'],
    ['repeat: refused, void', { legs: second, goal: 'void' }, { ...send, ...settled }, refused, 'cancelled -'],
    ['repeat: refused, deliver', { legs: second, goal: 'deliver' }, { ...send, ...settled }, refused, 'held deliver'],
    [
      'repeat: not applied says nothing of the first',
      { legs: second },
      send,
      { kind: 'notApplied', because: 'x' },
      'claimed -',
    ],
    ['repeat: already rolled back proves nothing', { legs: second }, send, { kind: 'alreadyRolledBack' }, 'claimed -'],
    ['lookup: applied', { legs: first }, lookup, { kind: 'applied' }, 'applied -'],
    [
      'lookup: absent too early',
      { legs: [someLeg({ absentSince: 1_000 })], goal: 'void' },
      lookup,
      { kind: 'notFound' },
      'open void',
    ],
    [
      'lookup: absent once',
      { legs: first, goal: 'void' },
      { ...lookup, ...settled },
      { kind: 'notFound' },
      'open void',
    ],
    [
      'lookup: absent twice, void',
      { legs: [someLeg({ absentSince: 1_000 })], goal: 'void' },
      { ...lookup, ...settled },
      { kind: 'notFound' },
      'cancelled -',
    ],
    [
      'lookup: absent twice, no goal, bet',
      { legs: [someLeg({ absentSince: 1_000 })] },
      { ...lookup, ...settled },
      { kind: 'notFound' },
      'cancelled -',
    ],
    [
      'lookup: absent twice, deliver',
      { legs: [someLeg({ absentSince: 1_000 })], goal: 'deliver' },
      { ...lookup, ...settled },
      { kind: 'notFound' },
      'open deliver',
    ],
    ['undo: applied', { state: 'open', goal: 'void', legs: known }, undone, { kind: 'applied' }, 'reversed -'],
    [
      'undo: duplicate at the first',
      { state: 'open', goal: 'void', legs: known },
      undone,
      { kind: 'duplicate' },
      'held void',
    ],
    [
      'undo: duplicate after another undo',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 2 })] },
      undone,
      { kind: 'duplicate' },
      'reversed -',
    ],
    [
      'undo: duplicate after one a person said was in vain',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 2, vainUndos: 1 })] },
      undone,
      { kind: 'duplicate' },
      'held void',
    ],
    [
      'send: duplicate after one a person said was in vain',
      { state: 'open', goal: 'deliver', legs: [someLeg({ sends: 2, vainSends: 1 })] },
      send,
      { kind: 'duplicate' },
      'held deliver',
    ],
    [
      'send: not reached after one a person said was in vain',
      { state: 'open', goal: 'void', legs: [someLeg({ sends: 2, vainSends: 1 })] },
      send,
      { kind: 'notApplied', because: 'x' },
      'cancelled -',
    ],
    [
      'lookup of an undo: there',
      { state: 'open', goal: 'void', legs: known },
      ofUndo,
      { kind: 'applied' },
      'reversed -',
    ],
    [
      'lookup of an undo: the movement itself',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, receipt: 'r-1' })] },
      ofUndo,
      { kind: 'applied', receipt: 'r-1' },
      'held void',
    ],
    ['lookup of an undo: refused', { state: 'open', goal: 'void', legs: known }, ofUndo, refused, 'applied -'],
    [
      'lookup of an undo: refused too early',
      { state: 'open', goal: 'void', legs: known },
      { ...ofUndo, undoSettled: false },
      refused,
      'open void',
    ],
    [
      'lookup of an undo: absent twice, where that proves it',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, absentSince: 1_000 })] },
      { ...ofUndo, absenceProves: true },
      { kind: 'notFound' },
      'open void',
    ],
    [
      'lookup of an undo: absent twice, where that proves nothing',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, absentSince: 1_000 })] },
      ofUndo,
      { kind: 'notFound' },
      'held void',
    ],
    [
      'undo: already rolled back',
      { state: 'open', goal: 'void', legs: known },
      undone,
      { kind: 'alreadyRolledBack' },
      'reversed -',
    ],
    ['undo: refused, nobody was promised', { state: 'open', goal: 'void', legs: known }, undone, refused, 'applied -'],
    [
      'undo: refused, promised',
      { state: 'open', goal: 'void', legs: known, promised: true },
      undone,
      refused,
      'held void',
    ],
    ['undo: refused, never confirmed', { state: 'open', goal: 'void', legs: unsure }, undone, refused, 'held void'],
    [
      'undo: refused, its win not made yet',
      { state: 'open', goal: 'void', legs: [...known, someLeg({ kind: 'deposit', effect: 'none', sends: 0 })] },
      undone,
      refused,
      'held void',
    ],
    [
      'undo: refused too early after another undo',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 2 })] },
      { ...undone, undoSettled: false },
      refused,
      'open void',
    ],
    [
      'undo: not found too early',
      { state: 'open', goal: 'void', legs: unsure },
      undone,
      { kind: 'notFound' },
      'open void',
    ],
    [
      'undo: not found twice, never confirmed',
      { state: 'open', goal: 'void', legs: [someLeg({ undos: 2, absentSince: 1_000 })] },
      { ...undone, ...settled },
      { kind: 'notFound' },
      'cancelled -',
    ],
    [
      'undo: not found twice, but it was applied',
      { state: 'open', goal: 'void', legs: [someLeg({ effect: 'applied', undos: 2, absentSince: 1_000 })] },
      { ...undone, ...settled },
      { kind: 'notFound' },
      'held void',
    ],
    [
      'undo: unknown',
      { state: 'open', goal: 'void', legs: known },
      undone,
      { kind: 'unknown', because: 'x' },
      'open void',
    ],
  ];
  test.each(rows)('%s', (_name, record, step, verdict, expected) => {
    const after = learn(someTransaction({ lease: live, ...record }), step, verdict, 5_000);

    expect(`${after.state} ${after.goal ?? '-'}`).toBe(expected);
  });

  test.each<Verdict>([noPlayer, { kind: 'alreadyRolledBack' }, { kind: 'notFound' }])(
    'a win refused ($kind) after its bet was taken is never told as a refusal',
    (verdict) => {
      const legs = [someLeg({ effect: 'applied' }), someLeg({ kind: 'deposit', reference: 'gsp-t1-w' })];

      const after = learn(someTransaction({ legs }), { ...send, leg: 1 }, verdict, 5_000);

      expect(after).toMatchObject({ state: 'held' });
    },
  );

  test.each<[Verdict, number]>([
    [refused, 40],
    [{ kind: 'notFound' }, 40],
    [{ kind: 'notApplied', because: 'x' }, 40],
    [{ kind: 'unknown', because: 'x' }, 90],
  ])('a repeat that is over ($kind) is awaited no longer, one that may still land is', (verdict, expected) => {
    const legs = [someLeg({ sends: 2, lastSend: 90 })];

    const after = learn(someTransaction({ legs, lease: live }), { ...send, earlier: 40 }, verdict, 5_000);

    expect(after.legs[0]?.lastSend).toBe(expected);
  });

  test('an undo that was refused answers later rollbacks', () => {
    const record = someTransaction({ state: 'open', goal: 'void', rolledBack: true, legs: known });

    const after = learn(record, undone, refused, 5_000);

    expect(after).toMatchObject({ state: 'applied', undoRefusal: 'insufficientFunds' });
    expect(after).not.toHaveProperty('rolledBack');
  });

  test.each<[string, Partial<Transaction>, WalletStep, Verdict, string | undefined]>([
    [
      'a bet without a balance in its reply moves it',
      { legs: first, balance: eur('20.00') },
      send,
      { kind: 'applied' },
      '7.70',
    ],
    [
      'an undo without one moves it back',
      { state: 'open', goal: 'void', legs: known, balance: eur('7.70') },
      undone,
      { kind: 'applied' },
      '20.00',
    ],
    ['a no moves nothing', { ...deposit, legs: firstWin, balance: eur('7.70') }, send, refused, '7.70'],
    [
      'what the wallet reports counts',
      { legs: first, balance: eur('20.00') },
      send,
      { kind: 'applied', balance: eur('9.00') },
      '9.00',
    ],
    ['nothing is made up where none is known', { legs: first }, send, { kind: 'applied' }, undefined],
    [
      'what was told with a duty has all of it in it already',
      { ...deposit, state: 'held', goal: 'deliver', promised: true, legs: firstWin, balance: eur('180.00') },
      send,
      { kind: 'refused', result: 'generalError', balance: eur('170.00') },
      '180.00',
    ],
  ])('the balance on record: %s', (_name, record, step, verdict, expected) => {
    const after = learn(someTransaction(record), step, verdict, 5_000);

    expect(after.balance?.toString()).toBe(expected);
  });
});

describe('the plan', () => {
  const open = { state: 'open' as const };
  const kinds = {
    always: someTerms(),
    successes: someTerms({}, { repeatable: 'successes' }),
    lookup: someTerms({}, { repeatable: 'no', lookup: true }),
    none: someTerms({}, { repeatable: 'no' }),
    cancelFirst: someTerms(
      {},
      { repeatable: 'no', undo: { repeatable: 'successes', settle: 60_000, cancelFirst: true, lookup: 'no' } },
    ),
    asked: someTerms({}, { undo: { repeatable: 'no', settle: 60_000, cancelFirst: false, lookup: 'proves' } }),
    undoKnows: someTerms(
      {},
      { repeatable: 'no', undo: { repeatable: 'no', settle: 60_000, cancelFirst: false, lookup: 'no', knows: true } },
    ),
    noUndo: (({ undo: _undo, ...legTerms }) =>
      someTerms({ legs: { withdraw: legTerms, deposit: legTerms, betWin: legTerms } }))(someTerms().legs.withdraw),
  };
  const rows: [string, Partial<Transaction>, keyof typeof kinds, string][] = [
    ['deliver an unknown', { goal: 'deliver' }, 'always', 'send'],
    ['deliver an unknown', { goal: 'deliver' }, 'successes', 'wait'],
    ['deliver an unknown', { goal: 'deliver' }, 'lookup', 'lookup'],
    ['deliver an unknown', { goal: 'deliver' }, 'none', 'hold'],
    ['deliver what never left', { goal: 'deliver', legs: [someLeg({ effect: 'none', sends: 0 })] }, 'none', 'send'],
    ['void an unknown', { goal: 'void' }, 'always', 'send'],
    ['void an unknown', { goal: 'void' }, 'successes', 'wait'],
    ['void an unknown', { goal: 'void' }, 'lookup', 'lookup'],
    ['void an unknown', { goal: 'void' }, 'none', 'hold'],
    ['void an unknown', { goal: 'void' }, 'cancelFirst', 'undo'],
    ['void an unknown while it may still land', { goal: 'void' }, 'undoKnows', 'wait'],
    ['void an unknown', { goal: 'void', legs: [someLeg({ lastSend: -60_000 })] }, 'undoKnows', 'undo'],
    [
      'void an unknown that was not found once',
      { goal: 'void', legs: [someLeg({ lastSend: -200_000, undos: 1, vainUndos: 1, absentSince: -60_000 })] },
      'undoKnows',
      'undo',
    ],
    [
      'void an unknown whose undo got no answer',
      { goal: 'void', legs: [someLeg({ lastSend: -200_000, undos: 1, lastUndo: -100_000 })] },
      'undoKnows',
      'hold',
    ],
    ['void an unknown', { goal: 'void' }, 'noUndo', 'hold'],
    ['void what is applied', { goal: 'void', legs: [someLeg({ effect: 'applied' })] }, 'none', 'undo'],
    ['void what is applied', { goal: 'void', legs: [someLeg({ effect: 'applied' })] }, 'noUndo', 'hold'],
    [
      'repeat an undo',
      { goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, lastUndo: 1_000 })] },
      'always',
      'undo',
    ],
    [
      'repeat an undo',
      { goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, lastUndo: 1_000 })] },
      'cancelFirst',
      'wait',
    ],
    ['ask after an undo', { goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1 })] }, 'asked', 'lookupUndo'],
    [
      'undo again what was undone in vain',
      { goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, vainUndos: 1 })] },
      'asked',
      'undo',
    ],
    ['look a second time', { goal: 'void', legs: [someLeg({ absentSince: 4_000 })] }, 'lookup', 'wait'],
    [
      'look a second time, late enough',
      { goal: 'void', legs: [someLeg({ absentSince: -55_000 })] },
      'lookup',
      'lookup',
    ],
    [
      'undo a second time',
      { goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, absentSince: 4_000 })] },
      'always',
      'wait',
    ],
  ];
  test.each(rows)('%s (%#)', (_name, record, kind, expected) => {
    const step = plan(someTransaction({ ...open, ...record }), kinds[kind], 5_000);

    expect(step.kind).toBe(expected);
  });

  test.each([
    ['in doubt', { undos: 1, lastUndo: 1_000 }],
    ['in doubt, long ago', { undos: 1, lastUndo: -100_000 }],
    ['in vain', { undos: 1, vainUndos: 1 }],
    ['not found once', { undos: 1, absentSince: -100_000 }],
    ['of what is applied', { effect: 'applied', undos: 2 }],
  ] as const)('nothing is sent after an undo %s that may come first: no reply of a late bet is believed', (_, leg) => {
    const step = plan(someTransaction({ ...open, goal: 'void', legs: [someLeg(leg)] }), kinds.cancelFirst, 5_000);

    expect(['undo', 'wait']).toContain(step.kind);
  });

  test('a betWin is undone bet first', () => {
    const legs = [someLeg({ effect: 'applied' }), someLeg({ kind: 'deposit', effect: 'applied' })];

    const step = plan(someTransaction({ ...open, goal: 'void', legs }), terms, 5_000);

    expect(step).toMatchObject({ kind: 'undo', leg: 0 });
  });
});

describe('the resolver’s first look', () => {
  test('an abandoned bet is to be voided, an abandoned win to be delivered, a live claim left alone', () => {
    const abandoned = onLook(someTransaction({ lease: over }), 5_000);
    const abandonedWin = onLook(someTransaction({ lease: over, content: { kind: 'deposit', roundID: 'r' } }), 5_000);
    const alive = someTransaction({ lease: live });

    expect(summary(abandoned)).toBe('open void - -');
    expect(summary(abandonedWin)).toBe('open deliver - -');
    expect(onLook(alive, 5_000)).toBe(alive);
  });
});
