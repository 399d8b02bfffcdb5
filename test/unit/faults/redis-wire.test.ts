// The fault run aims at single messages between a bridge and Redis, so it must cut them out of the stream
// rightly, wherever the stream is broken into pieces.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOfRecord, placeOf } from '../../../src/journal/keys.js';
import { decodeRecord, encodeRecord } from '../../../src/journal/record-codec.js';
import { messageCutter, putIn } from '../../faults/redis-wire.mjs';
import { someTransaction } from '../../support/transactions.js';

const all = (...pieces: readonly string[]) => {
  const cut = messageCutter();
  return pieces.flatMap((piece) => cut(Buffer.from(piece)));
};

describe('a stream of Redis is cut into messages', () => {
  test.each([
    ['a word', '+OK\r\n', 'OK'],
    ['an error, read as its text', '-ERR no\r\n', 'ERR no'],
    ['a number', ':-12\r\n', -12],
    ['a text', '$5\r\na\r\nb!\r\n', 'a\r\nb!'],
    ['a text of two bytes a letter', '$4\r\nçü\r\n', 'çü'],
    ['an empty text', '$0\r\n\r\n', ''],
    ['no text', '$-1\r\n', null],
    ['a list', '*3\r\n$1\r\na\r\n:1\r\n*1\r\n+b\r\n', ['a', 1, ['b']]],
    ['an empty list', '*0\r\n', []],
    ['no list', '*-1\r\n', null],
  ])('%s', (_what, bytes, value) => {
    expect(all(bytes)).toEqual([{ bytes: Buffer.from(bytes), value }]);
  });

  test('wherever it is broken, the same messages come, and no byte is lost', () => {
    const stream = Buffer.from('*2\r\n$3\r\nGET\r\n$4\r\nçü\r\n+OK\r\n$-1\r\n*2\r\n:1\r\n*0\r\n');
    const pieces = fc.uniqueArray(fc.nat(stream.length), { maxLength: 8 }).map((at) => at.sort((a, b) => a - b));

    fc.assert(
      fc.property(pieces, (cuts) => {
        const cut = messageCutter();
        const found = [...cuts, stream.length].flatMap((end, i) => cut(stream.subarray(cuts[i - 1] ?? 0, end)));

        expect(found.map(({ value }) => value)).toEqual([['GET', 'çü'], 'OK', null, [1, []]]);
        expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(stream);
      }),
    );
  });

  test('half a message is none yet', () => {
    expect(all('*2\r\n$3\r\nGET\r\n$3\r\nab')).toEqual([]);
    expect(all('*2\r\n$3\r\nGET\r\n$3\r\nab', 'c\r\n')).toHaveLength(1);
  });

  test('what is no message is said', () => {
    expect(() => all('HTTP/1.1 400\r\n')).toThrow('not a message of Redis');
  });
});

describe('a command that stores a record', () => {
  const transaction = someTransaction();
  const { record, bucket } = placeOf(transaction);
  const format = { keyOfRecord, decodeRecord };
  const byName = JSON.stringify({ expected: 3, writeId: 'w1', notAfter: 1700 });
  const command = (text: string) => ['EVALSHA', 'f00', '2', record, bucket.due, 'r', text, byName];

  test('is read with its record', () => {
    const { agentID, transactionID } = transaction;

    expect(putIn(command(encodeRecord(transaction)), format)).toEqual({
      key: { agentID, transactionID },
      writeId: 'w1',
      expected: 3,
      notAfter: 1700,
      transaction,
    });
  });

  test.each([
    ['a script that stores no text', command('')],
    ['a script on other keys', ['EVAL', 'f00', '1', 'wb:{b-00}:epoch', 'r', 'text', byName]],
    ['another command', ['GET', record]],
    ['a script of no keys', ['EVAL', 'f00', '0']],
    ['no command', 'OK'],
  ])('%s is none', (_what, other) => {
    expect(putIn(other, format)).toBeUndefined();
  });
});
