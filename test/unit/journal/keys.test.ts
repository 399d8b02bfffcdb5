import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { balanceKey, dueKeys, keyOf, memberOf, placeOf, signKey } from '../../../src/journal/keys.js';
import { anyKey } from '../../support/arbitrary-transaction.js';

/** As the bytes that leave for Redis. */
const bytes = (text: string): string => Buffer.from(text).toString('hex');

describe('the names in Redis', () => {
  test('are plain for plain ids', () => {
    const place = placeOf({ agentID: 'NORTHSTAR01', transactionID: 'tx-1' });

    expect(place.record).toMatch(/^wb:\{[0-9a-f]\}:tx:NORTHSTAR01:tx-1$/);
    expect(place.member).toBe('NORTHSTAR01:tx-1');
  });

  test('never change for a transaction, or its record would be looked for elsewhere', () => {
    const ids = ['', 'a', 't1', '0123456789abcdef0123456789abcdef', 'ünï·çode'];

    const places = ids.map((transactionID) => placeOf({ agentID: 'A', transactionID }).due);

    expect(places).toEqual(['wb:{8}:due', 'wb:{e}:due', 'wb:{0}:due', 'wb:{8}:due', 'wb:{5}:due']);
  });

  test('lead back to both ids, whatever characters they hold', () => {
    fc.assert(fc.property(anyKey, (key) => expect(keyOf(memberOf(key))).toStrictEqual(key)));
  });

  test('differ for different transactions, down to their bytes', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (one, other) => {
        fc.pre(one.agentID !== other.agentID || one.transactionID !== other.transactionID);

        expect(bytes(placeOf(one).record)).not.toBe(bytes(placeOf(other).record));
      }),
    );
    const [one, other] = [
      { agentID: 'a:b', transactionID: 'c' },
      { agentID: 'a', transactionID: 'b:c' },
    ];
    expect(memberOf(one)).not.toBe(memberOf(other));
    expect(bytes(balanceKey({ agentID: 'a', userID: '\ud800' }))).not.toBe(
      bytes(balanceKey({ agentID: 'a', userID: '\ud801' })),
    );
  });

  test('put a record and the index that lists it into one slot', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const { record, due } = placeOf(key);
        const tag = /\{(.*?)\}/;

        expect(tag.exec(record)?.[1]).toBe(tag.exec(due)?.[1]);
        expect(dueKeys).toContain(due);
      }),
    );
  });

  test('spread transactions over all buckets', () => {
    const counts = new Map(dueKeys.map((due) => [due, 0]));

    for (let i = 0; i < 16_000; i++) {
      const { due } = placeOf({ agentID: 'A', transactionID: `tx-${i}` });
      counts.set(due, (counts.get(due) ?? 0) + 1);
    }

    expect(Math.min(...counts.values())).toBeGreaterThan(500);
  });

  test('know a sign in either case by its first 128 bits', () => {
    const sign = '00112233445566778899aabbccddeeff'.repeat(2);

    expect(signKey('A', sign)).toBe('wb:sign:A:00112233445566778899AABBCCDDEEFF');
    expect(signKey('A', sign.toUpperCase())).toBe(signKey('A', sign));
  });
});
