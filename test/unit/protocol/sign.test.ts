// The sign against the platform's published answers, and against whatever is not exactly that.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { operationOfPath } from '../../../src/protocol/dialects.js';
import type { Dialect } from '../../../src/protocol/dialects/dialect.js';
import { seamless } from '../../../src/protocol/dialects/seamless.js';
import { v2 } from '../../../src/protocol/dialects/v2.js';
import { readCallback } from '../../../src/protocol/read-callback.js';
import { keyOfSign, signOf } from '../../../src/protocol/sign.js';
import { keyOf, secret, signVectors, someAgent, type SignVector } from '../../support/platform-side.js';

const spoken: Readonly<Record<string, Dialect | undefined>> = {
  published: seamless,
  'v2-gameID': v2,
  'v2-noGameID': v2.withoutGameInSigns,
};
const published = signVectors.filter(({ dialect }) => spoken[dialect] !== undefined);
const negative = signVectors.filter(({ dialect }) => dialect === 'negative');
const operationOf = (vector: SignVector) => operationOfPath.get(vector.op);
const callbacks = published.filter((vector) => operationOf(vector) !== undefined);

/** A decimal text as short as a number may be: `12.3`, `10`, `2001`. */
const shortest = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

function post(vector: SignVector, fields: Readonly<Record<string, unknown>> = vector.fields) {
  const operation = operationOf(vector) ?? 'getBalance';
  const agent = someAgent({ keys: [keyOf(vector.secret)], dialect: spoken[vector.dialect] ?? seamless });
  return readCallback(operation, Buffer.from(JSON.stringify({ ...fields, sign: vector.sign })), () => agent);
}

describe('the published vectors', () => {
  test('cover every callback and some that must not verify', () => {
    for (const name of ['published', 'v2-gameID'])
      expect(new Set(callbacks.filter(({ dialect }) => dialect === name).map(({ op }) => op))).toEqual(
        new Set(operationOfPath.keys()),
      );
    expect(callbacks.filter(({ dialect }) => dialect === 'v2-noGameID').length).toBeGreaterThanOrEqual(2);
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

  test.each(callbacks)('$id $op is verified with its amounts and its game as numbers', (vector) => {
    const fields = Object.entries(vector.fields).map(([name, value]) => {
      const isNumber = /amount$/i.test(name) || name === 'gameID';
      return `"${name}":${isNumber ? shortest(value) : JSON.stringify(value)}`;
    });
    const body = `{${fields.join(',')},"sign":"${vector.sign}"}`;
    const agent = someAgent({ keys: [keyOf(vector.secret)], dialect: spoken[vector.dialect] ?? seamless });

    expect(readCallback(operationOf(vector) ?? 'getBalance', Buffer.from(body), () => agent)).toMatchObject({
      kind: 'callback',
    });
  });

  test.each(callbacks.filter(({ dialect }) => dialect === 'v2-gameID'))(
    '$id $op is not verified with another game, or with none',
    (vector) => {
      expect(post(vector, { ...vector.fields, gameID: '2002' })).toMatchObject({ result: 'invalidSign' });
      expect(post(vector, { ...vector.fields, gameID: undefined })).toMatchObject({
        result: 'wrongInput',
        because: 'gameID is missing or unreadable',
      });
    },
  );

  test.each(callbacks.filter(({ dialect }) => dialect === 'v2-noGameID'))(
    '$id $op is verified whatever its game, and says it',
    (vector) => {
      expect(post(vector, { ...vector.fields, gameID: '2001' })).toMatchObject({
        kind: 'callback',
        callback: { gameID: '2001' },
      });
    },
  );

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

    expect(keyOfSign(sign, values, [key, ...others])).toBe(0);
    expect(keyOfSign(sign, values, [...others, key])).toBe(others.length);
    expect(keyOfSign(sign, values, others)).toBe(-1);
    expect(keyOfSign(sign, values, [])).toBe(-1);
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
    expect(keyOfSign(given, values, [key])).toBe(-1);
  });

  test('with any one digit changed is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 15 }), (at, value) => {
        const digit = value.toString(16).toUpperCase();
        fc.pre(sign[at] !== digit);
        return keyOfSign(sign.slice(0, at) + digit + sign.slice(at + 1), values, [key]) < 0;
      }),
    );
  });

  test('is of the values as they are: no trimming, no normalisation, no case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        fc.pre(one !== other);
        return keyOfSign(signOf([one], key), [other], [key]) < 0;
      }),
    );
  });
});
