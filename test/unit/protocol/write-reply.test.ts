// The exact bytes the platform reads for everything the bridge may decide.

import { describe, expect, test } from '@jest/globals';
import type { Callback } from '../../../src/domain/callback.js';
import type { Money } from '../../../src/domain/money.js';
import type { Reply, ResultName } from '../../../src/domain/outcome.js';
import { writeAskAgain, writeFailure, writeReply } from '../../../src/protocol/write-reply.js';
import { seamless } from '../../../src/protocol/dialects/seamless.js';
import { v2 } from '../../../src/protocol/dialects/v2.js';
import { someAgent } from '../../support/platform-side.js';
import { bet, betWin, eur, player, undo, win } from '../../support/transactions.js';

const query: Callback = { kind: 'getBalance', ...player };
const success = (balance: Money | undefined, duplicate = false): Reply => ({ kind: 'success', duplicate, balance });

describe.each([
  { name: 'seamless', dialect: seamless, code: 'result', currency: ',"currency":"EUR"', reference: '' },
  { name: 'v2', dialect: v2, code: 'code', currency: '', reference: ',"platformTransactionID":"t1"' },
])('in $name', ({ dialect, code, currency, reference }) => {
  const write = (reply: Reply, callback: Callback = bet(), duplicates: 'success' | 'code-11' = 'success') =>
    writeReply(reply, callback, someAgent({ dialect }), duplicates);

  describe('a success', () => {
    test.each([
      ['150', '150.00'],
      ['0', '0.00'],
      ['0.1', '0.10'],
      ['12.345', '12.34'],
      ['12.999', '12.99'],
      ['-12.345', '-12.34'],
      ['-0.009', '0.00'],
      ['-0.01', '-0.01'],
      ['90071992547409.93', '90071992547409.93'],
      ['123456789012345678.9', '123456789012345678.90'],
    ])('with a balance of %s says %s', (balance, written) => {
      expect(write(success(eur(balance)))).toEqual({
        status: 200,
        result: 'success',
        body: `{"${code}":0,"message":"success","balance":${written}${reference}}`,
      });
    });

    test('of GetBalance', () => {
      expect(write(success(eur('150.00')), query).body).toBe(
        `{"${code}":0,"message":"success","balance":150.00${currency}}`,
      );
    });

    test('of a rollback', () => {
      expect(write(success(eur('150.00')), undo()).body).toBe(
        `{"${code}":0,"message":"success","balance":150.00${reference}}`,
      );
    });

    test('whose balance nobody knows says 0.00', () => {
      expect(write(success(undefined)).body).toBe(`{"${code}":0,"message":"success","balance":0.00${reference}}`);
    });
  });

  describe('a duplicate', () => {
    test('is a success by default', () => {
      expect(write(success(eur('1.00'), true))).toMatchObject({ result: 'success' });
    });

    test('is code 11 with the balance where the operator wants it', () => {
      expect(write(success(eur('1.00'), true), win(), 'code-11')).toEqual({
        status: 200,
        result: 'duplicate',
        body: `{"${code}":11,"message":"duplicate transaction","balance":1.00${reference}}`,
      });
    });

    test('a first answer is never code 11', () => {
      expect(write(success(eur('1.00')), win(), 'code-11')).toMatchObject({ result: 'success' });
    });
  });

  describe('a failure', () => {
    test.each([
      ['generalError', 1, 'general error'],
      ['wrongInput', 2, 'wrong input parameters'],
      ['invalidSign', 3, 'invalid sign'],
      ['invalidAgent', 4, 'invalid agent'],
      ['userNotFound', 5, 'user not found'],
      ['insufficientFunds', 6, 'insufficient funds'],
      ['transactionNotFound', 8, 'transaction not found'],
      ['alreadyRolledBack', 9, 'already rolled back'],
    ] as const satisfies readonly (readonly [ResultName, number, string])[])(
      '%s is code %d',
      (result, number, message) => {
        const expected = { status: 200, result, body: `{"${code}":${number},"message":"${message}"}` };

        expect(write({ kind: 'failure', result })).toEqual(expected);
        expect(writeFailure(result, dialect)).toEqual(expected);
      },
    );
  });

  test('what is not known is a 503 that names no reason', () => {
    const expected = { status: 503, result: 'askAgain', body: `{"${code}":1,"message":"try again later"}` };

    expect(write({ kind: 'askAgain', because: 'redis at 10.0.0.1 is down' })).toEqual(expected);
    expect(writeAskAgain(dialect)).toEqual(expected);
  });
});

test('who is not known finds the code under the name of each dialect', () => {
  expect(writeFailure('invalidAgent', undefined)).toEqual({
    status: 200,
    result: 'invalidAgent',
    body: '{"result":4,"code":4,"message":"invalid agent"}',
  });
});

describe('in a dialect of other names', () => {
  const answer = { code: 'code', balance: 'purse', currency: undefined, reference: 'ourTransactionID' };
  const agent = someAgent({ dialect: { ...seamless, answer } });
  const bodyOf = (reply: Reply, callback: Callback = bet()) => writeReply(reply, callback, agent, 'success').body;

  test('a success tells what we find the transaction by, as JSON writes it', () => {
    const opening = '{"code":0,"message":"success","purse":1.00,"ourTransactionID":';

    expect(bodyOf(success(eur('1.00')))).toBe(`${opening}"t1"}`);
    expect(bodyOf(success(eur('1.00')), undo())).toBe(`${opening}"t1"}`);
    expect(bodyOf(success(eur('1.00')), betWin({ transactionID: '"ë' }))).toBe(`${opening}"\\"ë"}`);
  });

  test('a balance that was asked for has no transaction', () => {
    expect(bodyOf(success(eur('1.00')), query)).toBe('{"code":0,"message":"success","purse":1.00}');
  });

  test('a failure and what is not known have its code', () => {
    expect(bodyOf({ kind: 'failure', result: 'wrongInput' })).toBe('{"code":2,"message":"wrong input parameters"}');
    expect(bodyOf({ kind: 'askAgain', because: 'no journal' })).toBe('{"code":1,"message":"try again later"}');
  });
});
