// Amounts and exact numbers in expressions: how a wallet's unit becomes Money and back. An amount that its
// unit cannot hold is refused, never rounded, because a rounded amount is another amount than the one the
// platform asked for. Only a balance may be rounded, and only where the file says so: some wallets compute it
// in binary floats.

import type { Environment } from '@marcbachmann/cel-js';
import { Money } from '../../domain/money.js';
import { DecimalNumber } from '../../codecs/decimal-number.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { fromScope } from '../language.js';
import { literalText } from '../tree.js';
import type { ArgumentCheck, FunctionRow, FunctionRows } from './function-row.js';

class MoneyMaker {
  readonly kind = 'money';
}

type Readable = string | bigint | DecimalNumber;
type Ordered = Money | bigint | DecimalNumber;

/** The types of amounts and exact numbers, and what their operators do. */
export function registerMoney(environment: Environment): void {
  // Declared without fields, or `.` would reach into the JavaScript objects.
  environment
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
    environment
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
      environment.registerOperator(`${left} == ${right}`, (a: Ordered, b: Ordered) => compare(a, b) === 0);
    environment
      .registerOperator(`${left} < ${right}`, (a: Ordered, b: Ordered) => compare(a, b) < 0)
      .registerOperator(`${left} <= ${right}`, (a: Ordered, b: Ordered) => compare(a, b) <= 0)
      .registerOperator(`${left} > ${right}`, (a: Ordered, b: Ordered) => compare(a, b) > 0)
      .registerOperator(`${left} >= ${right}`, (a: Ordered, b: Ordered) => compare(a, b) >= 0);
  }
}

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
function scaleDecimals(scale: bigint): number | undefined {
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

/**
 * A count of units is whole. A fraction, also one of zeros in a text, says that the value is counted in
 * another unit.
 */
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

const isScale: ArgumentCheck = (argument) =>
  argument.op === 'value' && typeof argument.args === 'bigint' && scaleDecimals(argument.args) === undefined
    ? 'a scale is a power of ten: 1, 10, 100, …'
    : undefined;

/** A balance is the only amount that may be rounded. */
const isNearest: ArgumentCheck = (argument, use) => {
  if (literalText(argument) !== 'nearest') return 'the last argument can only be "nearest"';
  if (use === 'money') return undefined;
  return 'a rounded amount is another amount: write "nearest" in response.balance only';
};

const readable = 'string | int | DecimalNumber';

/**
 * `money.…` of a wallet's value, and of one that is rounded: there the last argument is "nearest", as was
 * judged at load.
 */
function readAs(name: string, read: (value: Readable) => Money, raw: (value: Readable) => Money): FunctionRow['forms'] {
  return {
    [`MoneyMaker.${name}(${readable}): Money`]: (_: MoneyMaker, value: Readable) => read(value),
    [`MoneyMaker.${name}(${readable}, string): Money`]: (_: MoneyMaker, value: Readable) => nearest(raw(value)),
  };
}

export const amounts: FunctionRows = {
  major: {
    forms: {
      'Money.major(): string': major,
      'Money.major(int): string': (money: Money, decimals: bigint) => fixed(money, decimals),
    },
    sentence: 'A text of two decimals in every currency, and more where the amount has them; .major(n) has exactly n.',
    example: { expression: 'request.amount.major() + "|" + request.amount.major(3)', result: '"12.30|12.300"' },
  },
  minor: {
    forms: { 'Money.minor(): int': (money: Money) => counted(money, minorDecimals()) },
    sentence: 'How many of the smallest unit: cents of EUR, yen of JPY. No request is made of a part of one.',
    example: { expression: 'request.amount.minor()', result: '1230' },
  },
  number: {
    forms: { 'Money.number(): DecimalNumber': (money: Money) => DecimalNumber.of(money) },
    sentence: 'The amount as an exact number, without zeros at its end.',
    example: { expression: 'request.amount.number()', result: '12.3' },
  },
  scaled: {
    forms: { 'Money.scaled(int): int': (money: Money, scale: bigint) => counted(money, decimalsOf(scale)) },
    literals: [isScale],
    sentence: 'The amount in units of which the scale, a power of ten, makes one whole.',
    example: { expression: 'request.amount.scaled(100000)', result: '1230000' },
  },
  fromMajor: {
    forms: readAs('fromMajor', exact, exact),
    literals: [undefined, isNearest],
    sentence: 'The amount a number or a text such as "-12.30" is; "nearest", for a balance, rounds it to the unit.',
    example: { expression: 'money.fromMajor("12.3").major()', result: '"12.30"' },
  },
  fromMinor: {
    forms: readAs(
      'fromMinor',
      (value) => counting(value, minorDecimals()),
      (value) => shifted(exact(value), minorDecimals()),
    ),
    literals: [undefined, isNearest],
    sentence: 'The amount of so many of the smallest unit of the currency; a value with a fraction is no such count.',
    example: { expression: 'money.fromMinor(1230).major()', result: '"12.30"' },
  },
  fromScaled: {
    forms: {
      [`MoneyMaker.fromScaled(${readable}, int): Money`]: (_: MoneyMaker, value: Readable, scale: bigint) =>
        counting(value, decimalsOf(scale)),
      [`MoneyMaker.fromScaled(${readable}, int, string): Money`]: (_: MoneyMaker, value: Readable, scale: bigint) =>
        nearest(shifted(exact(value), decimalsOf(scale))),
    },
    literals: [undefined, isScale, isNearest],
    sentence: 'The amount of so many units of which the scale, a power of ten, makes one whole.',
    example: { expression: 'money.fromScaled(1230000, 100000).major()', result: '"12.30"' },
  },
};
