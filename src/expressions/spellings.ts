// In which ways one value may stand in a reply. Which of them an expression takes, it says itself.

import { Money } from '../domain/money.js';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { textOf } from '../codecs/plain-text.js';

/** More decimals than any currency's unit has. */
const mostDecimals = 20;

/** An amount in every unit it may be counted in: as texts, and as numbers; first as what stands there `now`. */
export function spellingsOf(amount: Money, now: unknown): unknown[] {
  const counts = Array.from({ length: mostDecimals }, (_, decimals) => amount.in(decimals));
  const numbers = [DecimalNumber.of(amount), ...counts.filter((count) => count !== undefined)];
  const texts = [amount.toString(), ...numbers.flatMap((number) => textOf(number) ?? [])];
  return typeof now === 'bigint' || now instanceof DecimalNumber ? [...numbers, ...texts] : [...texts, ...numbers];
}

/** A value as what stands there now is written, then in another way. */
export function writingsOf(value: unknown, now: unknown): unknown[] {
  const text = textOf(value);
  const number = text === undefined || typeof value === 'boolean' ? undefined : DecimalNumber.parse(text);
  if (text === undefined || typeof value === 'boolean') return [value];
  if (typeof now === 'string') return [text];
  return typeof now === 'bigint' || now instanceof DecimalNumber ? [number ?? value, value] : [value, number ?? value];
}

/** On a bound, and on both sides of it. */
export function around(bound: unknown): unknown[] {
  if (typeof bound === 'bigint') return [bound, bound + 1n, bound - 1n];
  return bound instanceof Money ? [bound, bound.plus(Money.of(1n, 0)), bound.minus(Money.of(1n, 0))] : [bound];
}

export function negativeOf(value: unknown): unknown[] {
  if (value instanceof Money) return [value.negated()];
  return typeof value === 'bigint' ? [-value] : [];
}

export function isAlike(one: unknown, other: unknown): boolean {
  if (one instanceof Money && other instanceof Money) return one.compare(other) === 0;
  if (one instanceof DecimalNumber && other instanceof DecimalNumber) return one.value.compare(other.value) === 0;
  return one !== undefined && one === other;
}
