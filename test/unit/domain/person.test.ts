// What a person's word makes of a record, and what the bridge does with it afterwards.

import { describe, expect, test } from '@jest/globals';
import { markApplied, markNotApplied, markSameWallet, writeOff, type Moved } from '../../../src/domain/person.js';
import type { Leg, Transaction } from '../../../src/domain/transaction.js';
import { benchBridge } from '../../support/bench-bridge.js';
import { bet, eur, player, someLeg, someTerms, someTransaction, undo, win } from '../../support/transactions.js';

const word = { now: 500_000, reason: 'asked the wallet’s people' };

const held = (change: Partial<Transaction>): Transaction =>
  someTransaction({ state: 'held', heldBecause: 'nobody knows', tries: 4, ...change });
const deposit = { kind: 'deposit', roundID: 'r1', win: eur('20.00') } as const;
const both = { kind: 'betWin', roundID: 'r1', bet: eur('12.30'), win: eur('20.00') } as const;
const theWin = (change: Partial<Leg>): Leg => {
  const { bet: _none, ...leg } = someLeg({ kind: 'deposit', win: eur('20.00'), reference: 'gsp-t1-w', ...change });
  return leg;
};

/**
 * "open void: applied 2-1/1": state, goal, and each leg's effect with how often it and its undo were sent,
 * less those in vain.
 */
function spoken(moved: Moved): string {
  if (moved.kind !== 'moved') return moved.kind;
  const { state, goal, legs } = moved.transaction;
  const less = (all: number, vain: number): string => (vain === 0 ? `${all}` : `${all}-${vain}`);
  const told = legs.map(
    ({ effect, sends, vainSends, undos, vainUndos }) => `${effect} ${less(sends, vainSends)}/${less(undos, vainUndos)}`,
  );
  return `${state} ${goal ?? '-'}: ${told.join(', ')}`;
}

describe('a person’s word', () => {
  const rows: [what: string, record: Transaction, leg: number | undefined, applied: string, notApplied: string][] = [
    ['a void nobody knows of', held({ goal: 'void' }), undefined, 'open void: applied 1/0', 'open void: none 1-1/0'],
    [
      'a void whose undo nobody knows of',
      held({ goal: 'void', legs: [someLeg({ effect: 'applied', undos: 1, lastUndo: 9_000 })] }),
      undefined,
      'open void: applied 1/1-1',
      'open void: undone 1/1',
    ],
    [
      'a void the wallet cannot undo',
      held({ goal: 'void', legs: [someLeg({ effect: 'applied' })] }),
      undefined,
      'open void: applied 1/0',
      'open void: undone 1/0',
    ],
    [
      'a delivery nobody knows of',
      held({ goal: 'deliver', content: deposit, legs: [theWin({})] }),
      undefined,
      'open deliver: applied 1/0',
      'open deliver: none 1-1/0',
    ],
    [
      'a delivery the wallet refused',
      held({ goal: 'deliver', content: deposit, legs: [theWin({ effect: 'none' })] }),
      undefined,
      'open deliver: applied 1/0',
      'open deliver: none 1-1/0',
    ],
    ['a bet without a goal', held({}), undefined, 'open deliver: applied 1/0', 'open void: none 1-1/0'],
    [
      'a refused win without a goal',
      held({ content: deposit, legs: [theWin({ effect: 'none' })] }),
      undefined,
      'open deliver: applied 1/0',
      'open deliver: none 1-1/0',
    ],
    [
      'the win of a betWin whose bet is taken',
      held({ content: both, legs: [someLeg({ effect: 'applied' }), theWin({})] }),
      undefined,
      'open deliver: applied 1/0, applied 1/0',
      'open deliver: applied 1/0, none 1-1/0',
    ],
    [
      'the bet of a betWin whose win was never sent',
      held({ goal: 'void', content: both, legs: [someLeg(), theWin({ effect: 'none', sends: 0 })] }),
      undefined,
      'open void: applied 1/0, none 0/0',
      'open void: none 1-1/0, none 0/0',
    ],
    [
      'a win that could not be taken back after its bet was given back',
      held({
        goal: 'void',
        content: both,
        legs: [someLeg({ effect: 'undone', undos: 1 }), theWin({ effect: 'applied', undos: 1 })],
      }),
      undefined,
      'open void: undone 1/1, applied 1/1-1',
      'open void: undone 1/1, undone 1/1',
    ],
    [
      'two movements in doubt, not told apart',
      held({ goal: 'void', content: both, legs: [someLeg({ effect: 'applied', undos: 1 }), theWin({})] }),
      undefined,
      'sayWhich',
      'sayWhich',
    ],
    [
      'two movements in doubt, told apart',
      held({ goal: 'void', content: both, legs: [someLeg({ effect: 'applied', undos: 1 }), theWin({})] }),
      1,
      'open void: applied 1/1, applied 1/0',
      'open void: applied 1/1, none 1-1/0',
    ],
    [
      'a movement that is certain',
      held({ goal: 'void', content: both, legs: [someLeg({ effect: 'undone' }), theWin({})] }),
      0,
      'notInDoubt',
      'notInDoubt',
    ],
    [
      'an open void between two tries',
      held({ state: 'open', goal: 'void' }),
      undefined,
      'open void: applied 1/0',
      'open void: none 1-1/0',
    ],
    [
      'a claim whose owner is gone',
      held({ state: 'claimed', lease: { owner: 'them', until: word.now } }),
      undefined,
      'open deliver: applied 1/0',
      'open void: none 1-1/0',
    ],
    [
      'a record in hand',
      held({ state: 'open', goal: 'void', lease: { owner: 'them', until: word.now + 1 } }),
      undefined,
      'inHand',
      'inHand',
    ],
    ['a finished record', held({ state: 'applied' }), undefined, 'finished', 'finished'],
  ];

  test.each(rows)('on %s', (_, record, leg, applied, notApplied) => {
    const said = { ...word, ...(leg === undefined ? {} : { leg }) };

    expect(spoken(markApplied(record, said))).toBe(applied);
    expect(spoken(markNotApplied(record, said))).toBe(notApplied);
  });

  test('needs a reason, and is kept with it', () => {
    const record = held({ goal: 'void', story: [{ at: 2_000, what: 'held', why: 'nobody knows' }] });

    const moved = markApplied(record, word);
    const silent = markApplied(record, { ...word, reason: ' ' });

    expect(silent.kind).toBe('noReason');
    expect(moved.kind === 'moved' && moved.transaction.story).toEqual([
      { at: 2_000, what: 'held', why: 'nobody knows' },
      { at: 500_000, what: 'saidApplied', why: 'asked the wallet’s people' },
    ]);
  });

  test('never changes what the record says was sent, and when', () => {
    const legs = [someLeg({ sends: 2, lastSend: 9_000, undos: 1, lastUndo: 12_000 })];

    for (const mark of [markApplied, markNotApplied, markSameWallet, writeOff]) {
      const moved = mark(held({ goal: 'void', home: { operator: 'n', origin: 'abc' }, legs }), word);

      expect(moved.kind === 'moved' && moved.transaction.legs[0]).toMatchObject({
        sends: 2,
        lastSend: 9_000,
        undos: 1,
        lastUndo: 12_000,
      });
    }
  });

  test.each<[string, Partial<Transaction>, string]>([
    ['told as done', { goal: 'deliver', promised: true }, 'deliver'],
    ['nobody was told of', { goal: 'deliver' }, 'void'],
    ['told as failed', { goal: 'void', promised: true }, 'void'],
    ['without a goal', {}, 'void'],
  ])('a duty %s can be written off, and answers as it was told', (_name, record, goal) => {
    const moved = writeOff(held(record), word);

    expect(moved.kind === 'moved' && moved.transaction).toMatchObject({ state: 'writtenOff', goal });
    expect(moved.kind === 'moved' && moved.transaction.story?.at(-1)).toMatchObject({
      what: 'writtenOff',
      why: word.reason,
    });
    expect(writeOff(held({ state: 'applied' }), word).kind).toBe('finished');
    expect(writeOff(held({}), { ...word, reason: '' }).kind).toBe('noReason');
  });

  test('that today’s wallet is the one it was begun with lets go only what was held for that', () => {
    const home = { operator: 'n', origin: 'abc' };
    const away = held({ goal: 'void', home, elsewhere: true });
    const doubtful = held({ goal: 'void', home });

    expect(spoken(markSameWallet(away, word))).toBe('open void: unknown 1/0');
    expect(spoken(markSameWallet(doubtful, word))).toBe('held void: unknown 1/0');
    expect(markSameWallet(held({ goal: 'void' }), word).kind).toBe('notInDoubt');
  });

  test('ends what held it: no reason to hold, no failed tries, and giving up counts anew', () => {
    const moved = markNotApplied(held({ goal: 'deliver' }), word);

    const transaction = moved.kind === 'moved' ? moved.transaction : undefined;
    expect(transaction).toMatchObject({ tries: 0, resumed: 500_000 });
    expect(transaction).not.toHaveProperty('heldBecause');
  });
});

describe('after a person’s word, on a wallet that remembers nothing', () => {
  type Bench = ReturnType<typeof benchBridge>;

  async function say(bench: Bench, mark: typeof markApplied): Promise<void> {
    const key = { ...player, transactionID: 't1' };
    const stored = await bench.journal.get(key);
    const now = bench.journal.now();
    const moved = stored && mark(stored.transaction, { now, reason: 'looked' });
    if (stored === undefined || moved?.kind !== 'moved') throw new Error('there is nothing to say');
    await bench.journal.put({ transaction: moved.transaction, expected: stored.revision, due: now });
    await bench.resolve(5_000);
  }

  test.each([
    ['applied', 'lostReply', markApplied, 'reversed', ['send gsp-t1', 'undo gsp-t1']],
    ['not applied', 'lostRequest', markNotApplied, 'cancelled', ['send gsp-t1']],
  ] as const)('a bet told as failed is %s, and the wallet ends without it', async (_, fault, mark, state, calls) => {
    const bench = benchBridge({ memory: 'none' });
    bench.wallet.faults.push(fault);
    expect(await bench.say(bet())).toBe('generalError');
    await bench.resolve(5_000);
    expect(await bench.state()).toBe('held void');

    await say(bench, mark);

    expect(await bench.state()).toBe(state);
    expect(bench.wallet.calls).toEqual(calls);
    expect(bench.wallet.total().toString()).toBe('100.00');
    expect(await bench.say(bet())).toBe('generalError');
  });

  test.each([
    ['applied', 'lostReply', markApplied, ['send gsp-t1']],
    ['not applied', 'lostRequest', markNotApplied, ['send gsp-t1', 'send gsp-t1']],
  ] as const)('a win told as paid is %s, and the wallet ends with it', async (_, fault, mark, calls) => {
    const bench = benchBridge({ memory: 'none' });
    bench.wallet.faults.push(fault);
    expect(await bench.say(win())).toBe('0 120.00');
    await bench.resolve(5_000);
    expect(await bench.state()).toBe('held deliver');

    await say(bench, mark);

    expect(await bench.state()).toBe('applied');
    expect(bench.wallet.calls).toEqual(calls);
    expect(bench.wallet.total().toString()).toBe('120.00');
  });

  test('a record past the time to give up is tried again, not held at once', async () => {
    const bench = benchBridge({ memory: 'none', terms: { giveUpAfter: 60_000 } });
    bench.wallet.faults.push('lostReply');
    await bench.say(bet());
    await bench.clock.advance(120_000);
    bench.wallet.faults.push('unreachable');

    await say(bench, markApplied);

    expect(await bench.state()).toBe('reversed');
  });

  test('a copy that comes before anybody acted on his word is answered by it', async () => {
    const terms = { whenUnresolved: { ...someTerms().whenUnresolved, withdraw: 'askAgain' as const } };
    const bench = benchBridge({ memory: 'none', terms });
    bench.wallet.faults.push('lostRequest');
    expect(await bench.say(bet())).toBe('503');
    await bench.rest();
    const stored = await bench.journal.get({ ...player, transactionID: 't1' });
    const moved = stored && markNotApplied(stored.transaction, { ...word, now: bench.journal.now() });
    if (stored === undefined || moved?.kind !== 'moved') throw new Error('it was not held');
    await bench.journal.put({ transaction: moved.transaction, expected: stored.revision, due: bench.journal.now() });

    expect(await bench.say(bet())).toBe('generalError');
    expect(await bench.state()).toBe('cancelled');
  });

  test('a rollback of a held bet is answered, and undone when a person knows', async () => {
    const bench = benchBridge({ memory: 'none' });
    bench.wallet.faults.push('lostReply');
    await bench.say(bet());
    await bench.resolve(5_000);
    const told = await bench.say(undo());

    await say(bench, markApplied);

    expect(told).toBe('0 100.00');

    expect(await bench.state()).toBe('reversed');
    expect(bench.wallet.total().toString()).toBe('100.00');
  });
});
