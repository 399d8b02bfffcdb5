// Whether one sign can be valid for two transactions: reasoned about formats in the code, and here counted out
// on values short enough to write all of them down.

import { describe, expect, test } from '@jest/globals';
import { dialects } from '../../../src/protocol/dialects.js';
import { seamless } from '../../../src/protocol/dialects/seamless.js';
import { v2 } from '../../../src/protocol/dialects/v2.js';
import type { CallbackShape, Dialect } from '../../../src/protocol/dialects/dialect.js';
import type { Formats } from '../../../src/protocol/formats.js';
import { signsAreApart } from '../../../src/protocol/sign-borders.js';

describe('whether a sign of seamless can be valid for something else', () => {
  test.each([
    ['[0-9]{1,12}', '[0-9a-f]{32}'],
    ['[A-Za-z0-9_]{4,16}', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}'],
    ['player_\\d{1,9}', '\\d{18}'],
    ['[0-9a-z-]{1,32}', 'T[0-9A-F]{31}'],
    ['[0-9]{32}', '[0-9a-f]{32}'],
    ['u?[0-9]{1,12}', '[0-9]{16}'],
    ['[😀-😂]{1,12}', '[0-9]{16}'],
  ])('never with userID %s and transactionID %s', (userID, transactionID) => {
    expect(signsAreApart(seamless, { userID, transactionID })).toBe(true);
  });

  test.each([
    ['a transactionID of any length', '[0-9]{1,12}', '[0-9a-f]+'],
    ['a transactionID of two lengths', '[0-9]{1,12}', '[0-9a-f]{31,32}'],
    ['a transactionID with an optional end', '[0-9]{1,12}', '[0-9a-f]{32}x?'],
    ['a transactionID with a point', '[0-9]{1,12}', '[0-9.]{32}'],
    ['a transactionID as short as an amount', '[0-9]{1,12}', '[0-9]{15}'],
    ['a range that holds the point', '[0-9]{1,12}', '[!-~]{32}'],
    ['a userID with a point', '[0-9.]{1,12}', '[0-9a-f]{32}'],
    ['a userID of any length', '[0-9a-f]+', '[0-9a-f]{32}'],
    ['a userID of any length from the first on', 'p[0-9a-f]*', '[0-9a-f]{32}'],
    ['a userID of at least some length', '[0-9a-f]{4,}', '[0-9a-f]{32}'],
    ['a userID as long as a shorter one and a transactionID', '[0-9a-f]{1,33}', '[0-9a-f]{32}'],
    ['a userID with an end as long as a transactionID', '[0-9]{4}-?[0-9a-f]{0,32}', '[0-9a-f]{32}'],
    ['any userID', '.+', '[0-9a-f]{32}'],
    ['a negated class', '[^x]{1,9}', '[0-9a-f]{32}'],
    ['alternatives', '[0-9]{1,9}', '[0-9]{30}|[0-9]{40}'],
    ['a group', '[0-9]{1,9}', '([0-9]{30})?'],
    ['no userID and no transactionID', '', ''],
    ['a range that is none', '[9-0]{1,12}', '[0-9a-f]{32}'],
  ])('perhaps with %s', (_what, userID, transactionID) => {
    expect(signsAreApart(seamless, { userID, transactionID })).toBe(false);
  });

  test('perhaps where one of the two has no format', () => {
    expect(signsAreApart(seamless, { transactionID: '[0-9a-f]{32}' })).toBe(false);
    expect(signsAreApart(seamless, { userID: '[0-9]{1,12}' })).toBe(false);
  });
});

const withoutGame = v2.withoutGameInSigns ?? seamless;

describe('whether a sign of v2 can be valid for something else', () => {
  const tight = { userID: '[0-9]{8}', transactionID: '[0-9a-f]{32}', roundID: '[0-9a-f]{32}', gameID: '[0-9]{1,9}' };
  const unequal = { ...tight, userID: '[0-9]{1,12}' };

  test.each<[string, Dialect, Formats]>([
    ['a userID of one length', v2, tight],
    ['a gameID of one length', v2, { ...unequal, gameID: '[0-9]{4}' }],
    ['rounds that differ in length by less than a transactionID', v2, { ...tight, roundID: '[0-9]{1,20}' }],
    ['no game in the signs', withoutGame, { ...unequal, gameID: undefined }],
  ])('never with %s', (_what, dialect, formats) => {
    expect(signsAreApart(dialect, formats)).toBe(true);
  });

  test.each<[string, Dialect, Formats]>([
    ['neither userID nor gameID of one length: a rollback could be another one’s', v2, unequal],
    ['any gameID', v2, { ...tight, gameID: undefined }],
    ['a gameID with a point', v2, { ...tight, gameID: '[0-9.]{4}' }],
    ['any roundID: a bet could be a win of its round', v2, { ...tight, roundID: undefined }],
    ['any roundID, and no game in the signs', withoutGame, { ...unequal, roundID: undefined }],
    ['rounds that differ in length by a transactionID', v2, { ...tight, roundID: '[0-9a-f]{1,33}' }],
    ['a transactionID of two lengths', v2, { ...tight, transactionID: '[0-9a-f]{31,32}' }],
  ])('perhaps with %s', (_what, dialect, formats) => {
    expect(signsAreApart(dialect, formats)).toBe(false);
  });
});

describe('counted out', () => {
  /** Amounts of one digit before the point stand for those of fifteen. */
  const digits = 1;
  const amounts = ['0.00', '1.10', '0.01'];
  const binary = (least: number, most: number): string[] =>
    Array.from({ length: most - least + 1 }, (_, i) => least + i).flatMap((length) =>
      Array.from({ length: 2 ** length }, (_, value) => (length === 0 ? '' : value.toString(2).padStart(length, '0'))),
    );
  /** By pattern: all values of it; where there is none, some that hold what is dangerous. */
  const valuesOf: Readonly<Record<string, readonly string[]>> = {
    any: ['0', '1', '.', '0.', '1.10', '0.001', '00.00', '01', '000', '1.110101'],
    '[01]': binary(1, 1),
    '[01]{2}': binary(2, 2),
    '[01]{3}': binary(3, 3),
    '[01]{1,2}': binary(1, 2),
    '[01]{1,3}': binary(1, 3),
  };
  const ids = ['[01]', '[01]{1,2}', '[01]{1,3}', '[01]{2}'];
  const grid = ['any', ...ids].flatMap((userID) =>
    ['any', '[01]', '[01]{2}', '[01]{3}', '[01]{1,2}'].flatMap((transactionID) =>
      ['any', '[01]', '[01]{1,2}'].flatMap((roundID) =>
        ['any', '[01]', '[01]{1,2}'].map((gameID) => ({ userID, transactionID, roundID, gameID })),
      ),
    ),
  );
  type Patterns = (typeof grid)[number];

  /** Whether there are two callbacks of one text that mean two transactions, or a transaction and a balance. */
  function doCollide({ operations }: Dialect, patterns: Patterns): boolean {
    const meant = new Map<string, string>();
    return Object.values(operations).some((shape) =>
      callbacksOf(shape, patterns).some(({ text, transactionID }) => {
        const other = meant.get(text);
        meant.set(text, transactionID);
        return other !== undefined && other !== transactionID;
      }),
    );
  }

  function callbacksOf({ signed }: CallbackShape, patterns: Patterns) {
    let made = [{ text: '', transactionID: 'none' }];
    for (const { role } of signed) {
      const values = role === 'agentID' ? ['A'] : role === 'bet' || role === 'win' ? amounts : idsOf(role, patterns);
      made = made.flatMap(({ text, transactionID }) =>
        values.map((value) => ({
          text: text + value,
          transactionID: role === 'transactionID' ? value : transactionID,
        })),
      );
    }
    return made;
  }

  function idsOf(role: keyof Patterns | 'refTransactionID' | 'agentID', patterns: Patterns): readonly string[] {
    const pattern = role === 'agentID' ? '' : patterns[role === 'refTransactionID' ? 'transactionID' : role];
    return valuesOf[pattern] ?? [];
  }

  test.each<[string, Dialect]>([...Object.entries(dialects), ['v2 without the game in its signs', withoutGame]])(
    '%s: what is said to be apart never collides, and most of the rest does',
    (_name, dialect) => {
      const counts = { apart: 0, colliding: 0, doubtful: 0 };
      const wrong: Patterns[] = [];
      for (const patterns of grid) {
        const given = Object.entries(patterns).filter(([, pattern]) => pattern !== 'any');
        const isApart = signsAreApart(dialect, Object.fromEntries(given), digits);
        const collides = doCollide(dialect, patterns);
        counts[isApart ? 'apart' : collides ? 'colliding' : 'doubtful'] += 1;
        if (isApart && collides) wrong.push(patterns);
      }

      expect(wrong).toEqual([]);
      expect(counts.apart).toBeGreaterThan(5);
      expect(counts.colliding).toBeGreaterThan(2 * counts.doubtful);
    },
    60_000,
  );
});
