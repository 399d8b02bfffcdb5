// What steps prove of a wallet, each made up as a wallet was seen to behave.

import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/domain/outcome.js';
import { abilitiesOf, type Abilities } from '../../../src/probing/findings.js';
import type { KindStep, Seen } from '../../../src/probing/steps.js';
import type { Observed } from '../../../src/probing/test-player.js';
import { eur } from '../../support/transactions.js';

const said = 'HTTP 200 {}';
/** One answer of that kind, and what it moved; no words where nothing came back. */
const seen = (kind: 'applied' | 'notFound' | 'alreadyRolledBack', moved = '0.00'): Observed => step({ kind }, moved);
const step = (verdict: Verdict, moved = '0.00', words: string | undefined = said): Observed => ({
  answers: [{ verdict, said: words }],
  moved: eur(moved),
  amount: eur('1.00'),
});
const unread: Verdict = { kind: 'unknown', because: 'no rule holds (HTTP 409)' };
const noAnswer = (moved?: string): Observed => ({
  ...step({ kind: 'unknown', because: 'timeout' }, moved),
  answers: [{ verdict: { kind: 'unknown', because: 'timeout' }, said: undefined }],
});

const ofBets = (withdraw: Seen<KindStep>): Abilities =>
  abilitiesOf('withdraw', { lookup: true, undo: 'byName' }, { withdraw, funds: {}, deposit: {} });

describe('a bet that comes after its undo', () => {
  const early = seen('applied');

  test('is kept out where it takes nothing, however its reply is read: nobody waits for it', () => {
    for (const late of [seen('applied'), seen('alreadyRolledBack'), step(unread)])
      expect(ofBets({ earlyUndo: early, lateOriginal: late }).undo?.cancelFirst).toEqual({ is: 'shown' });
  });

  test('is not kept out where it takes money', () => {
    expect(ofBets({ earlyUndo: early, lateOriginal: seen('applied', '-1.00') }).undo?.cancelFirst).toEqual({
      is: 'refuted',
      because: expect.stringContaining('the bet after its undo: taken once'),
    });
  });

  test.each([
    ['the bet had no answer', { earlyUndo: early, lateOriginal: noAnswer() }],
    ['the undo had no answer', { earlyUndo: noAnswer(), lateOriginal: seen('applied', '-1.00') }],
  ])('shows nothing where %s', (_, steps) => {
    expect(ofBets(steps).undo?.cancelFirst?.is).toBe('notSeen');
  });
});

describe('an undo that found nothing, asked for again', () => {
  const never = { earlyUndo: seen('notFound') };

  test('shows nothing where its bet was not taken meanwhile', () => {
    const steps = { ...never, lateOriginal: seen('alreadyRolledBack'), lateUndo: seen('applied') };

    expect(ofBets(steps).undo?.refusals).toEqual({
      is: 'notSeen',
      because: expect.stringMatching(/^the bet after its undo: not taken, read as alreadyRolledBack/),
    });
  });

  test('does not remember where it finds the bet that was taken meanwhile', () => {
    const steps = { ...never, lateOriginal: seen('applied', '-1.00'), lateUndo: seen('applied', '1.00') };

    expect(ofBets(steps).undo?.refusals.is).toBe('refuted');
  });
});

describe('the same undo again', () => {
  test('shows nothing where the first one had no answer, and was done by the second', () => {
    const { undo } = ofBets({ undo: noAnswer(), undoAgain: seen('applied', '1.00') });

    expect(undo?.works.is).toBe('notSeen');
    expect(undo?.successes.is).toBe('notSeen');
  });
});

describe('a reply', () => {
  test('that no rule reads takes no ability away where the money was right', () => {
    expect(ofBets({ again: step(unread) }).successes).toEqual({
      is: 'unread',
      because:
        'the same bet again: not taken, read as unknown (no rule holds (HTTP 409)), which tells nothing; write a rule that reads the reply; the wallet said: HTTP 200 {}',
    });
    expect(ofBets({ undo: step(unread, '1.00') }).undo?.works.is).toBe('unread');
    expect(ofBets({ lookup: step(unread) }).lookup?.is).toBe('unread');
  });

  test('that no rule reads does, where the money was wrong', () => {
    expect(ofBets({ again: step(unread, '-1.00') }).successes.is).toBe('refuted');
    expect(ofBets({ undo: step(unread) }).undo?.works.is).toBe('refuted');
  });

  test('that is read as not applied misleads only about what was done', () => {
    const notApplied: Verdict = { kind: 'notApplied', because: 'the wallet turned the session away', reached: true };

    expect(ofBets({ again: step(notApplied) }).successes.is).toBe('unread');
    expect(ofBets({ undo: step(notApplied, '1.00') }).undo?.works.is).toBe('refuted');
  });

  test('that was lost proves nothing, whether the call landed or not', () => {
    expect(ofBets({ undo: noAnswer() }).undo?.works.is).toBe('notSeen');
    expect(ofBets({ undo: noAnswer('1.00') }).undo?.works.is).toBe('notSeen');
  });
});
