// The sign against the platform's published answers, and against whatever is not exactly that.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { operationOfPath } from '../../../src/protocol/dialects.js';
import { readCallback } from '../../../src/protocol/read-callback.js';
import { isSignedBy, signOf } from '../../../src/protocol/sign.js';
import { keyOf, secret, signVectors, someAgent, type SignVector } from '../../support/platform-side.js';

const published = signVectors.filter(({ dialect }) => dialect === 'published');
const negative = signVectors.filter(({ dialect }) => dialect === 'negative');
const operationOf = (vector: SignVector) => operationOfPath.get(vector.op);
const callbacks = published.filter((vector) => operationOf(vector) !== undefined);

function post(vector: SignVector, fields: Readonly<Record<string, unknown>> = vector.fields) {
  const operation = operationOf(vector) ?? 'getBalance';
  const agent = someAgent({ keys: [keyOf(vector.secret)] });
  return readCallback(operation, Buffer.from(JSON.stringify({ ...fields, sign: vector.sign })), () => agent);
}

describe('the published vectors', () => {
  test('cover every callback and some that must not verify', () => {
    expect(new Set(callbacks.map(({ op }) => op))).toEqual(new Set(operationOfPath.keys()));
    expect(negative.length).toBeGreaterThanOrEqual(4);
  });

  test.each(published)('$id $op: the values in their order have this sign', ({ fields, secret: key, sign }) => {
    expect(signOf(Object.values(fields), keyOf(key))).toBe(sign);
  });

  test.each(callbacks)('$id $op is verified', (vector) => {
    expect(post(vector)).toMatchObject({ kind: 'callback' });
  });

  test.each(callbacks)('$id $op is verified whatever the order of its fields', (vector) => {
    expect(post(vector, Object.fromEntries(Object.entries(vector.fields).reverse()))).toMatchObject({
      kind: 'callback',
    });
  });

  test.each(callbacks)('$id $op is not verified under another key', (vector) => {
    expect(post({ ...vector, secret: `${vector.secret} ` })).toMatchObject({ kind: 'rejected', result: 'invalidSign' });
  });

  test.each(negative)('$id $op: the sign is not one of the values as they must be signed', (vector) => {
    const fields = { ...vector.fields, amount: vector.id === 'X03' ? '1000000.00' : '12.30' };

    expect(post(vector, fields)).toMatchObject({ kind: 'rejected', result: 'invalidSign' });
  });

  test('an amount sent unpadded is verified by the sign of the padded one only', () => {
    const [padded] = callbacks.filter(({ id }) => id === 'P01');
    const [unpadded] = negative.filter(({ id }) => id === 'X01');
    if (padded === undefined || unpadded === undefined) throw new Error('the vectors P01 and X01 are gone');

    expect(post(padded, { ...padded.fields, amount: '12.3' })).toMatchObject({ kind: 'callback' });
    expect(post(unpadded)).toMatchObject({ kind: 'rejected', result: 'invalidSign' });
  });
});

describe('a sign', () => {
  const values = ['Partner01', 'Player01'];
  const key = keyOf(secret);
  const sign = signOf(values, key);

  test('is verified by any of several keys, at any place', () => {
    const others = [keyOf('a'), keyOf('b')];

    expect(isSignedBy(sign, values, [key, ...others])).toBe(true);
    expect(isSignedBy(sign, values, [...others, key])).toBe(true);
    expect(isSignedBy(sign, values, others)).toBe(false);
    expect(isSignedBy(sign, values, [])).toBe(false);
  });

  test.each([
    ['lower case', sign.toLowerCase()],
    ['one digit short', sign.slice(1)],
    ['one digit long', `${sign}0`],
    ['a space before', ` ${sign}`],
    ['a line end behind', `${sign}\n`],
    ['nothing', ''],
    ['64 other characters', 'Z'.repeat(64)],
    ['64 characters of several bytes', 'é'.repeat(64)],
    ['base64', Buffer.from(sign, 'hex').toString('base64')],
  ])('in %s is none', (_name, given) => {
    expect(isSignedBy(given, values, [key])).toBe(false);
  });

  test('with any one digit changed is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 15 }), (at, value) => {
        const digit = value.toString(16).toUpperCase();
        fc.pre(sign[at] !== digit);
        return !isSignedBy(sign.slice(0, at) + digit + sign.slice(at + 1), values, [key]);
      }),
    );
  });

  test('is of the values as they are: no trimming, no normalisation, no case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        fc.pre(one !== other);
        return !isSignedBy(signOf([one], key), [other], [key]);
      }),
    );
  });
});
