import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '../../../src/domain/money.js';
import { states } from '../../../src/domain/transaction.js';
import { decodeRecord, encodeRecord } from '../../../src/journal/record-codec.js';
import { anyTransaction } from '../../support/arbitrary-transaction.js';
import { eur, someLeg, someTransaction } from '../../support/transactions.js';

const key = { agentID: 'NORTHSTAR01', transactionID: 't1' };

describe('the text of a record', () => {
  test('is read back as exactly the record it was made of', () => {
    fc.assert(
      fc.property(anyTransaction, (transaction) => {
        const { agentID, transactionID } = transaction;

        const back = decodeRecord({ agentID, transactionID }, encodeRecord(transaction));

        expect(back).toStrictEqual(transaction);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps amounts with all their decimals, as large as they come', () => {
    const amounts = ['90071992547409930000001.00', '-0.05', '0', '12.3400000'];

    for (const amount of amounts) {
      const transaction = someTransaction({ balance: eur(amount) });

      expect(decodeRecord(key, encodeRecord(transaction)).balance?.toString()).toBe(amount);
    }
  });

  test('is readable, and says nothing that goes without saying', () => {
    const legs = [someLeg({ effect: 'applied', lastSend: 13_000, receipt: 'w-77' })];
    const home = { operator: 'northstar', origin: 'aB3-_x' };
    const transaction = someTransaction({ state: 'applied', home, legs, balance: eur('87.70') });

    const text = encodeRecord(transaction);

    expect(text).toBe(
      '["a",1000,"player_1","withdraw player_1 t1","northstar:aB3-_x",["w","r1","12.30"],[["gsp-~.","~<-r",12000,"w-77"]],"87.70"]',
    );
  });

  test('tells a transactionID in a reference from the mark that stands for it', () => {
    const references = ['~.', '~~', '~<', '~t1~', 't1t1', '~.t1.~', 't~1', ''];

    for (const reference of references)
      for (const undoReference of [...references, `${reference}-r`]) {
        const leg = someLeg({ reference, undoReference });

        const [back] = decodeRecord(key, encodeRecord(someTransaction({ legs: [leg] }))).legs;

        expect(back).toStrictEqual(leg);
      }
  });
});

describe('a record that an earlier version wrote', () => {
  // Records live for a month and longer, so what stands there once stays as it is. A version that writes otherwise
  // adds its own: then the old ones need no more than to be read.
  const written = JSON.parse(readFileSync(join(__dirname, '../../vectors/records.json'), 'utf8')) as {
    what: string;
    text: string;
    reads: { state: string };
  }[];
  const plain = (read: unknown): unknown =>
    JSON.parse(JSON.stringify(read, (_, value: unknown) => (value instanceof Money ? value.toString() : value)));

  test.each(written)('is read as what it is: $what', ({ text, reads }) => {
    const read = decodeRecord(key, text);

    expect(plain(read)).toMatchObject(reads);
    expect(encodeRecord(read)).toBe(text);
  });

  test('is there in every state', () => {
    expect([...new Set(written.map(({ reads }) => reads.state))].sort()).toEqual([...states].sort());
  });
});

describe('a text that is no record', () => {
  const good = encodeRecord(someTransaction({ legs: [someLeg({ effect: 'applied' })] }));
  const bad = {
    nothing: '',
    'no JSON': 'applied',
    'no list': '{"state":"applied"}',
    'cut short': good.slice(0, -9),
    'an unknown state': good.replace('"c"', '"p"'),
    'an amount that is none': good.replace('"12.30"', '"12,30"'),
    'an amount as a number': good.replace('"12.30"', '12.30'),
    'a part too many': good.replace(/\]$/, ',"0.00",{},7]'),
    'a name we do not know': good.replace(/\]$/, ',"0.00",{"hurry":true}]'),
    'a leg of no kind': '["a",1000,"player_1","",null,[["a","b",0]]]',
  };

  test.each(Object.entries(bad))('is refused by the name of its transaction: %s', (_, text) => {
    expect(() => decodeRecord(key, text)).toThrow(/^the record of NORTHSTAR01 t1 cannot be read: /);
  });

  test('is not repeated in what is said about it', () => {
    expect(() => decodeRecord(key, '["a","topsecret"]')).toThrow(/^(?!.*topsecret)/s);
  });

  test('is refused or read, but never breaks, whatever it is', () => {
    const refusal = /^the record of NORTHSTAR01 t1 cannot be read: /;
    let read = 0;

    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), damaged(good)), (text) => {
        let said = '';
        try {
          decodeRecord(key, text);
          read += 1;
        } catch (error) {
          said = String(error instanceof Error ? error.message : error);
        }

        expect(said === '' || refusal.test(said)).toBe(true);
        // The validator's own words are for nobody who runs the bridge.
        expect(said).not.toMatch(/Invalid|Too (small|big)|Unrecognized|received/);
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(15);
  });
});

function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat({ max: text.length }), fc.nat({ max: 5 }), fc.string({ maxLength: 3 }))
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
}
