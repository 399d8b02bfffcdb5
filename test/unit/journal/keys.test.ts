import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Command } from 'ioredis';
import { balanceKey, buckets, keyOf, memberOf, placeOf, signOf } from '../../../src/journal/keys.js';
import { anyKey } from '../../support/arbitrary-transaction.js';

/** As the bytes that leave for Redis. */
const bytes = (text: string): string => Buffer.from(text).toString('hex');

describe('the names in Redis', () => {
  test('are plain for plain ids', () => {
    const place = placeOf({ agentID: 'NORTHSTAR01', transactionID: 'tx-1' });

    expect(place.record).toMatch(/^wb:\{b-[0-6]\d\}:tx:NORTHSTAR01:tx-1$/);
    expect(place.member).toBe('NORTHSTAR01:tx-1');
  });

  test('never change for a transaction, or its record would be looked for elsewhere', () => {
    const ids = ['', 'a', 't1', '0123456789abcdef0123456789abcdef', 'ünï·çode'];

    const places = ids.map((transactionID) => placeOf({ agentID: 'A', transactionID }).bucket.tag);

    expect(places).toEqual(['wb:{b-32}', 'wb:{b-57}', 'wb:{b-02}', 'wb:{b-33}', 'wb:{b-23}']);
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

  test('put all that a record comes with into one slot', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const { record, bucket } = placeOf(key);
        const tags = [record, bucket.epoch, bucket.last, bucket.due, bucket.tally, bucket.ages].map(
          (name) => /\{(.*?)\}/.exec(name)?.[1],
        );

        expect(new Set(tags).size).toBe(1);
        expect(buckets).toContain(bucket);
      }),
    );
  });

  test('spread transactions over all buckets', () => {
    const counts = new Map(buckets.map((bucket) => [bucket, 0]));

    for (let i = 0; i < 64_000; i++) {
      const { bucket } = placeOf({ agentID: 'A', transactionID: `tx-${i}` });
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }

    expect(Math.min(...counts.values())).toBeGreaterThan(500);
    expect(Math.max(...counts.values())).toBeLessThan(1500);
  });

  test('spread buckets over the masters of a Cluster, of three as of twelve', () => {
    const slots = buckets.map(({ due }) => new Command('get', [due]).getSlot());

    for (const masters of [3, 12]) {
      const shares = Array<number>(masters).fill(0);
      for (const slot of slots) {
        const master = Math.floor((slot * masters) / 16384);
        shares[master] = (shares[master] ?? 0) + 1;
      }

      expect(Math.max(...shares)).toBeLessThanOrEqual((buckets.length / masters) * 1.6);
    }
  });

  test('know a sign in either case by its first 128 bits', () => {
    const sign = '00112233445566778899aabbccddeeff'.repeat(2);

    expect(signOf('A', sign).key).toMatch(/^wb:\{b-\d\d\}:sign:A:00112233445566778899AABBCCDDEEFF$/);
    expect(signOf('A', sign.toUpperCase())).toEqual(signOf('A', sign));
  });
});
