// Exact money: an integer count of units and how many decimals a unit has. It exists so that no amount is
// ever held in a binary float. It never rounds: what does not fit a unit is refused, and only `cut` drops
// decimals.

/** An exact amount of one currency's major unit: `units` × 10^-`decimals`. Immutable; may be negative. */
export class Money {
  static readonly zero = new Money(0n, 2);

  private constructor(
    readonly units: bigint,
    readonly decimals: number,
  ) {}

  /** `units` counted in 10^-`decimals` of the major unit: `of(1230n, 2)` is 12.30. */
  static of(units: bigint, decimals: number): Money {
    return new Money(units, decimals);
  }

  /** Reads plain decimal text of the major unit ("12.30", "-0.5", "10"); undefined for anything else. */
  static parse(text: string): Money | undefined {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (match === null) return undefined;
    const [, sign = '', whole = '', fraction = ''] = match;
    return new Money(BigInt(sign + whole + fraction), fraction.length);
  }

  /**
   * The count of 10^-`decimals` units, or undefined when that unit is too coarse to hold this amount exactly.
   */
  in(decimals: number): bigint | undefined {
    if (decimals >= this.decimals) return this.units * 10n ** BigInt(decimals - this.decimals);
    const step = 10n ** BigInt(this.decimals - decimals);
    return this.units % step === 0n ? this.units / step : undefined;
  }

  /**
   * This amount with exactly so many decimals: missing ones are added as zeros, surplus ones dropped, towards
   * zero.
   */
  cut(decimals: number): Money {
    if (decimals >= this.decimals) return new Money(this.units * 10n ** BigInt(decimals - this.decimals), decimals);
    return new Money(this.units / 10n ** BigInt(this.decimals - decimals), decimals);
  }

  plus(other: Money): Money {
    const decimals = Math.max(this.decimals, other.decimals);
    return new Money(this.cut(decimals).units + other.cut(decimals).units, decimals);
  }

  minus(other: Money): Money {
    return this.plus(other.negated());
  }

  negated(): Money {
    return new Money(-this.units, this.decimals);
  }

  /** Below zero, zero or above: as this is less than, equal to or more than the other. */
  compare(other: Money): number {
    const difference = this.minus(other).units;
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }

  isZero(): boolean {
    return this.units === 0n;
  }

  /** Decimal text of the major unit with all its decimals: "12.30"; "-0.05". */
  toString(): string {
    const digits = (this.units < 0n ? -this.units : this.units).toString().padStart(this.decimals + 1, '0');
    const sign = this.units < 0n ? '-' : '';
    const whole = digits.slice(0, digits.length - this.decimals);
    return this.decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(digits.length - this.decimals)}`;
  }
}
