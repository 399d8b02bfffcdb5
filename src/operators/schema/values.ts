// What a value of an operator file may be, and the phrase after "expected" where it is something else. Such a
// phrase never holds a value. What a key means stands where the key stands: `description`, and `otherwise`
// where it has a default that other code sets.

import { z } from 'zod';
import { DecimalNumber } from '../../codecs/decimal-number.js';

export const text = (expectation = 'text') => z.string(expectation).min(1, expectation);
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, `one of ${words.join(', ')}`);

/** Unknown keys carry the known ones in their message, for the "did you mean". */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape, expectation?: string) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : (expectation ?? `a map with the keys ${known}`)),
  });
}
export const list = <Item extends z.ZodType>(item: Item, expectation: string) => z.array(item, expectation);
export const table = <Value extends z.ZodType>(value: Value, expectation: string) =>
  z.record(z.string(), value, expectation);

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const durationExpected = 'a duration such as 2500ms, 10s, 5m, 72h or 30d';
export const duration = z
  .string(durationExpected)
  .regex(/^[1-9]\d{0,8}(ms|[smhd])$/, durationExpected)
  .transform((written) => {
    const [, count = '', unit = ''] = /^(\d+)(ms|[smhd])$/.exec(written) ?? [];
    return Number(count) * (unitMs[unit] ?? 1);
  });

const sizeExpected = 'a size such as 64kB or 1MB';
/** In bytes. */
export const size = z
  .string(sizeExpected)
  .regex(/^[1-9]\d{0,3}(kB|MB)$/, sizeExpected)
  .transform((written) => Number.parseInt(written, 10) * (written.endsWith('kB') ? 1024 : 1024 * 1024));

export function whole(least: bigint, most: bigint) {
  const expectation = `a whole number from ${least} to ${most}`;
  return z.bigint(expectation).min(least, expectation).max(most, expectation).transform(Number);
}

export const template = text('text, where needed with ${…} in it');
export const condition = text('a condition in ${…}');
export const secretName = text('the name of a secret');
export const anything = z.unknown();
export const plainValue = z.custom<unknown>(
  (value) => value === null || typeof value !== 'object' || value instanceof DecimalNumber,
  'text, a number, true or false',
);

/** `which` URL the variable holds. */
export const url = (which: string) =>
  z.union(
    [
      text(),
      strict({
        env: text('the name of an environment variable').describe(`The environment variable that holds ${which}.`),
      }),
    ],
    'a URL, or { env: NAME }',
  );
