// Our ids as wallets want them: each must come out as that wallet's kind of id, the same every time, and
// never one for two.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledWallet } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';

const withReference = (expression: string): string =>
  fileWith(['  repeatable: always', `  repeatable: always\n  reference: ${JSON.stringify(expression)}`]);
const referenceOf = (expression: string): ((id: string) => string) =>
  referencesBy(operatorOf(withReference(expression)).wallet);
const referencesBy =
  (wallet: CompiledWallet) =>
  (id: string): string =>
    wallet.reference(id);

const namespace = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const id = '0123456789abcdef0123456789abcdef';
const suffixes = ['', '-w', '-r', '-w-r'];

describe('a reference', () => {
  test.each([
    ['gsp-${id}', `gsp-${id}-w`],
    [`\${uuid5("${namespace}", id)}`, /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/],
    ['${last(digits(sha256(id)), 18)}', /^\d{18}$/],
    ['gsp:${first(hex(sha1(id)), 20)}', /^gsp:[\da-f]{20}$/],
    ['${upper(md5(id).hex())}', /^[\dA-F]{32}$/],
    ['${replace(id, "-", "_")}_g', `${id}_w_g`],
  ])('made by %s', (expression, shape) => {
    const reference = referenceOf(expression);

    expect(reference(`${id}-w`)).toMatch(shape);
    expect(reference(`${id}-w`)).toBe(reference(`${id}-w`));
    expect(new Set(suffixes.map((suffix) => reference(id + suffix))).size).toBe(4);
  });

  test('of digits is the same for every bridge: the SHA-256 as a number, its last 18 digits', () => {
    const number = BigInt(`0x${createHash('sha256').update(id).digest('hex')}`).toString();

    expect(referenceOf('${last(digits(sha256(id)), 18)}')(id)).toBe(number.slice(-18));
  });

  test('never falls together for two ids', () => {
    const reference = referenceOf('${last(digits(sha256(id)), 18)}');
    const ids = fc.uniqueArray(fc.stringMatching(/^[\da-f]{32}$/), { minLength: 2, maxLength: 50 });

    fc.assert(
      fc.property(ids, (transactions) => {
        const all = transactions.flatMap((one) => suffixes.map((suffix) => one + suffix));

        expect(new Set(all.map(reference)).size).toBe(all.length);
      }),
    );
  });

  test.each(['${digits(id)}', '${first(id, 32)}', '${id.substring(0, 20)}', 'gsp'])(
    'made by %s is refused: it cannot tell a bet from its undo',
    (expression) => {
      expect(problemsOf(withReference(expression))).toEqual([
        expect.stringContaining('different ids get the same reference'),
      ]);
    },
  );
});
