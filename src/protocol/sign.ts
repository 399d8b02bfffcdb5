// The platform's sign: upper-case hex of the HMAC-SHA256 over the signed values with nothing between them. It
// must never tell by its time how much of a sign was right, or which of an agent's keys it was made with.

import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** The 64 upper-case hex digits that sign `values`, in this order, under `key`. */
export function signOf(values: readonly string[], key: KeyObject): string {
  return createHmac('sha256', key).update(values.join(''), 'utf8').digest('hex').toUpperCase();
}

/**
 * Which of the keys `sign` was made with, of `values`; -1: with none. Lower-case digits do not verify: the
 * platform promises upper case.
 */
export function keyOfSign(sign: string, values: readonly string[], keys: readonly KeyObject[]): number {
  const given = Buffer.from(sign);
  let verified = -1;
  // No early exit, because it would tell which key is in use.
  for (const [index, key] of keys.entries()) {
    const expected = Buffer.from(signOf(values, key));
    if (given.length === expected.length && timingSafeEqual(given, expected)) verified = index;
  }
  return verified;
}
