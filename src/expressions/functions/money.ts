// Amounts and exact numbers in expressions: how a wallet's unit becomes Money and back. An amount that its unit cannot hold is
// refused, never rounded, because a rounded amount is another amount than the one the platform asked for. Only a balance may be
// rounded, and only where the file says so: some wallets compute it in binary floats.

import { Money } from '../../domain/money.js';
import { DecimalNumber } from '../../codecs/decimal-number.js';
import { fromScope, type Language } from '../language.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';

class MoneyMaker {
  readonly kind = 'money';
}

type Readable = string | bigint | DecimalNumber;
type Ordered = Money | bigint | DecimalNumber;

export function defineMoney(language: Language): void {
  // Declared without fields, or `.` would reach into the JavaScript objects.
  language.environment
    .registerType('Money', { ctor: Money, fields: {} })
    .registerType('DecimalNumber', { ctor: DecimalNumber, fields: {} })
    .registerType('MoneyMaker', { ctor: MoneyMaker, fields: {} })
    .registerConstant('money', 'MoneyMaker', new MoneyMaker())
    .registerOperator('Money + Money', (a: Money, b: Money) => a.plus(b))
    .registerOperator('Money - Money', (a: Money, b: Money) => a.minus(b))
    .registerOperator('-Money', (a: Money) => a.negated())
    .registerOperator('-DecimalNumber', (a: DecimalNumber) => DecimalNumber.of(a.value.negated()));

  for (const [left, right] of [
    ['DecimalNumber', 'DecimalNumber'],
    ['DecimalNumber', 'int'],
    ['int', 'DecimalNumber'],
  ] as const)
    language.environment
      .registerOperator(`${left} + ${right}: DecimalNumber`, (a: Readable, b: Readable) =>
        DecimalNumber.of(exact(a).plus(exact(b))),
      )
      .registerOperator(`${left} - ${right}: DecimalNumber`, (a: Readable, b: Readable) =>
        DecimalNumber.of(exact(a).minus(exact(b))),
      );

  for (const [left, right] of [
    ['Money', 'Money'],
    ['DecimalNumber', 'DecimalNumber'],
    ['DecimalNumber', 'int'],
    ['int', 'DecimalNumber'],
  ] as const) {
    // The library mirrors `==`, and nothing else, by itself.
    if (left !== 'int')
      language.environment.registerOperator(`${left} == ${right}`, (a: Ordered, b: Ordered) => compare(a, b) === 0);
    language.environment
      .registerOperator(`${left} < ${right}`, (a: Ordered, b: Ordered) => compare(a, b) < 0)
      .registerOperator(`${left} <= ${right}`, (a: Ordered, b: Ordered) => compare(a, b) <= 0)
      .registerOperator(`${left} > ${right}`, (a: Ordered, b: Ordered) => compare(a, b) > 0)
      .registerOperator(`${left} >= ${right}`, (a: Ordered, b: Ordered) => compare(a, b) >= 0);
  }

  language.define('Money.major(): string', major);
  language.define('Money.major(int): string', (money: Money, decimals: bigint) => fixed(money, decimals));
  language.define('Money.minor(): int', (money: Money) => counted(money, minorDecimals()));
  language.define('Money.number(): DecimalNumber', (money: Money) => DecimalNumber.of(money));
  language.define('Money.scaled(int): int', (money: Money, scale: bigint) => counted(money, decimalsOf(scale)));
  for (const type of ['string', 'int', 'DecimalNumber']) {
    language.define(`MoneyMaker.fromMajor(${type}): Money`, (_: MoneyMaker, value: Readable) => exact(value));
    language.define(`MoneyMaker.fromMinor(${type}): Money`, (_: MoneyMaker, value: Readable) =>
      counting(value, minorDecimals()),
    );
    language.define(`MoneyMaker.fromScaled(${type}, int): Money`, (_: MoneyMaker, value: Readable, scale: bigint) =>
      counting(value, decimalsOf(scale)),
    );
    // The last argument is "nearest", which is judged when the file is loaded.
    language.define(`MoneyMaker.fromMajor(${type}, string): Money`, (_: MoneyMaker, value: Readable) =>
      nearest(exact(value)),
    );
    language.define(`MoneyMaker.fromMinor(${type}, string): Money`, (_: MoneyMaker, value: Readable) =>
      nearest(shifted(exact(value), minorDecimals())),
    );
    language.define(
      `MoneyMaker.fromScaled(${type}, int, string): Money`,
      (_: MoneyMaker, value: Readable, scale: bigint) => nearest(shifted(exact(value), decimalsOf(scale))),
    );
  }
}

/** What "nearest" may be said in: the place of that argument, by function. */
export const roundedAt: ReadonlyMap<string, number> = new Map([
  ['fromMajor', 1],
  ['fromMinor', 1],
  ['fromScaled', 2],
]);

function compare(a: Ordered, b: Ordered): number {
  return (a instanceof Money ? a : exact(a)).compare(b instanceof Money ? b : exact(b));
}

/** Two decimals, and more only where the amount has them. */
function major(money: Money): string {
  return money.in(2) === undefined ? DecimalNumber.of(money).text : money.cut(2).toString();
}

/** Exactly so many decimals, for wallets that compare the text. */
function fixed(money: Money, decimals: bigint): string {
  if (decimals < 0n || decimals > 18n) throw new EvaluationFailure('an amount has 0 to 18 decimals');
  return Money.of(counted(money, Number(decimals)), Number(decimals)).toString();
}

/** The currency of the callback at work decides what a minor unit is. */
function minorDecimals(): number {
  const decimals = fromScope('minorDecimals');
  if (typeof decimals !== 'number') throw new EvaluationFailure('the minor unit of the currency is not known');
  return decimals;
}

/** 2 for 100; undefined for what is not a power of ten. */
export function scaleDecimals(scale: bigint): number | undefined {
  const text = scale.toString();
  return /^10*$/.test(text) ? text.length - 1 : undefined;
}

function decimalsOf(scale: bigint): number {
  const decimals = scaleDecimals(scale);
  if (decimals === undefined) throw new EvaluationFailure('a scale is a power of ten');
  return decimals;
}

function counted(money: Money, decimals: number): bigint {
  const units = money.in(decimals);
  if (units === undefined) throw new EvaluationFailure('the amount has more decimals than its unit can hold', true);
  return units;
}

/** A count of units is whole. A fraction, also one of zeros in a text, says that the value is counted in another unit. */
function counting(value: Readable, decimals: number): Money {
  const number = exact(value);
  const units = typeof value === 'string' && value.includes('.') ? undefined : number.in(0);
  if (units === undefined) throw new EvaluationFailure('a count of units is a whole number, this has a fraction');
  return Money.of(units, decimals);
}

function shifted(number: Money, decimals: number): Money {
  return Money.of(number.units, number.decimals + decimals);
}

/** To the unit of the currency; half of it away from zero. */
function nearest(amount: Money): Money {
  const decimals = minorDecimals();
  const half = Money.of(amount.compare(Money.zero) < 0 ? -5n : 5n, decimals + 1);
  return amount.plus(half).cut(decimals);
}

function exact(value: Readable): Money {
  if (typeof value === 'bigint') return Money.of(value, 0);
  if (value instanceof DecimalNumber) return value.value;
  // Longer text is no amount, and a reply must not make us compute with millions of digits.
  const money = value.length <= 40 ? Money.parse(value) : undefined;
  if (money === undefined) throw new EvaluationFailure('the text is not a plain decimal amount');
  return money;
}
