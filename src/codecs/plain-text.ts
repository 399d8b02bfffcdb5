// What has one way of being text. The rest must be told how: an amount its unit, bytes their encoding.

import { DecimalNumber } from './decimal-number.js';

/**
 * How a value reads inside text; undefined for what has no one way of being text (an amount, a list, null,
 * …).
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return value.toString();
  return value instanceof DecimalNumber ? value.text : undefined;
}
