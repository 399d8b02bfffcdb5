// An amount as the platform writes it. Reading is generous only where the sign still decides: "12.5", "10"
// and "007.50" are read, but what was signed must have been 12.50, 10.00 and 7.50. It must never pass through
// a binary float.

import { Money } from '../domain/money.js';

/** The most digits before its point. */
export const longestAmount = 15;
const amountPattern = new RegExp(`^(\\d{1,${longestAmount}})(?:\\.(\\d{1,2}))?$`);

/**
 * A non-negative amount of at most 15 integer digits and two decimals, held with exactly two; undefined for
 * anything else.
 */
export function readAmount(source: unknown): Money | undefined {
  const match = typeof source === 'string' ? amountPattern.exec(source) : null;
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return Money.of(BigInt(whole + fraction.padEnd(2, '0')), 2);
}
