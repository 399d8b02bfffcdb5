// What a call is told of its player, and what is known when its verdict is told.
import { describe, expect, test } from '@jest/globals';
import { MemoryFacts } from '../../../src/journal/memory-facts.js';
import { createPlayerKnowledge } from '../../../src/wallet/player-knowledge.js';
import { remembering } from '../../../src/wallet/remembering.js';
import { callReadAs, Innermost, wanted } from '../../support/layered-calls.js';
import { eur, player, someLeg, someTransaction } from '../../support/transactions.js';

const stage = (ended: ConstructorParameters<typeof Innermost>[0] = {}, more: { sentWithLifetime?: number } = {}) => {
  const facts = new MemoryFacts(() => 0);
  const inner = new Innermost(ended);
  const knowledge = createPlayerKnowledge(facts, { sessionLifetime: 60_000, keepsBets: true, ...more });
  return { facts, inner, make: remembering(inner.make, knowledge) };
};
const needsPlayer = callReadAs({ kind: 'applied' }, { needs: { player: true, round: false } });

describe('before a call', () => {
  test('what it reads is added, and the time that took is taken off its own', async () => {
    const { facts, inner, make } = stage();
    await facts.keepSession(player, { session: 's1' }, 60_000);

    await make(wanted('send', { call: needsPlayer }));

    expect(inner.seen[0]?.subject.known).toEqual({ session: { session: 's1' } });
    expect(inner.seen[0]?.settings.within).toBeLessThan(5_000);
  });

  test('nothing is looked up for a call that reads nothing, or is not there', async () => {
    const { inner, make } = stage();

    await make(wanted('send'));
    await expect(make(wanted('send', { call: undefined }))).rejects.toThrow('there is no such call');

    expect(inner.seen.map(({ subject }) => subject.known)).toEqual([undefined, undefined]);
  });
});

describe('the session a movement is sent with', () => {
  const needsSentWith = callReadAs({ kind: 'applied' }, { needs: { player: false, round: false, sentWith: true } });
  const transaction = someTransaction();
  const undoOf = async ({ make, inner }: ReturnType<typeof stage>, leg = someLeg({ effect: 'applied' })) => {
    await make(wanted('undo', { call: needsSentWith, subject: { transaction, leg } }));
    return inner.seen.at(-1)?.subject.known?.sentWith;
  };
  const lost = callReadAs({ kind: 'unknown', because: 'timeout' }, { needs: { player: true, round: false } });
  const sending = (sends: number, vainSends = 0) =>
    wanted('send', { call: lost, subject: { transaction, leg: someLeg({ sends, vainSends }) } });

  test('is known to its undo, though its reply was lost and the player has another one since', async () => {
    const set = stage({}, { sentWithLifetime: 60_000 });
    await set.facts.keepSession(player, { session: 's1' }, 60_000);
    await set.make(sending(1));
    await set.facts.keepSession(player, { session: 's2' }, 60_000);

    expect(await undoOf(set)).toBe('s1');
    expect(await undoOf(set, someLeg({ reference: 'another' }))).toBeUndefined();
  });

  test('is that of the first send that may have landed', async () => {
    const set = stage({}, { sentWithLifetime: 60_000 });
    const found: unknown[] = [];
    for (const [session, call] of [
      ['s1', sending(1)],
      ['s2', sending(2)],
      ['s3', sending(3, 2)],
    ] as const) {
      await set.facts.keepSession(player, { session }, 60_000);
      await set.make(call);
      found.push(await undoOf(set));
    }

    expect(found).toEqual(['s1', 's1', 's3']);
  });

  test('is not kept for a wallet whose calls do not read it', async () => {
    const set = stage();
    await set.facts.keepSession(player, { session: 's1' }, 60_000);
    await set.make(sending(1));

    expect(await undoOf(set)).toBeUndefined();
  });
});

describe('after a call', () => {
  test('the session its reply handed out is known', async () => {
    const { facts, make } = stage({ session: 's2' });

    await make(wanted('send'));

    expect((await facts.recall(player)).session).toEqual({ session: 's2' });
  });

  test('the bet it took is known until its undo', async () => {
    const { facts, make } = stage();

    await make(wanted('send'));
    expect((await facts.recall(player, 'r1')).bet).toEqual({ reference: 'gsp-t1', amount: eur('12.30') });
    await make(wanted('undo', { subject: { transaction: someTransaction(), leg: someLeg({ effect: 'applied' }) } }));

    expect((await facts.recall(player, 'r1')).bet).toBeUndefined();
  });

  test.each(['balance', 'closeRound'] as const)('a %s call takes no bet', async (name) => {
    const { facts, make } = stage();

    await make(wanted(name));

    expect((await facts.recall(player, 'r1')).bet).toBeUndefined();
  });
});
