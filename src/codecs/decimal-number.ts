// A number with a fraction, held exactly, because a wallet's 0.1 must not pass through a binary float on its
// way to an amount or back to the wallet. Whole numbers are bigints; this is for the rest. It must never be
// made from a JavaScript number.

import { Money } from '../domain/money.js';

// Far beyond any amount, and short enough that no reply can make us compute with millions of digits.
const longest = 400;

/** An exact decimal number of a request or a reply. `text` is how it is written on the wire. */
export class DecimalNumber {
  private constructor(
    readonly text: string,
    /** The number itself, in the domain's exact decimal; it need not be an amount. */
    readonly value: Money,
  ) {}

  /**
   * Reads JSON's number syntax: a bigint when it is whole ("10", "1.0", "1e2"); undefined for anything else
   * and for numbers past 400 digits.
   */
  static parse(text: string): bigint | DecimalNumber | undefined {
    const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
    if (match === null || text.length > longest) return undefined;
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const decimals = fraction.length - Number.parseInt(exponent, 10);
    if (Math.abs(decimals) > longest) return undefined;
    const units = BigInt(sign + whole + fraction);
    const value = decimals < 0 ? Money.of(units * 10n ** BigInt(-decimals), 0) : Money.of(units, decimals);
    return value.in(0) ?? new DecimalNumber(text, value);
  }

  /**
   * The amount as a plain number in its shortest form ("12.3", "10"): what a wallet that re-serialises our
   * JSON to verify a sign would write.
   */
  static of(value: Money): DecimalNumber {
    const text = value.toString();
    return new DecimalNumber(text.includes('.') ? text.replace(/\.?0+$/, '') : text, value);
  }
}
