// Chance that can be had again: the same seed gives the same choices and amounts. Never for ids, which must be
// new in every run.

export class Dice {
  #state: number;

  /** Several dice of one seed are told apart by their number. */
  constructor(seed: number, which = 0) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, which * 2 + 1) >>> 0;
  }

  /** A whole number from 0 up to and without `bound`. */
  below(bound: number): number {
    return Math.floor(this.#next() * bound);
  }

  /** An amount from `least` to `most` cents, both included, in steps of `unit`. */
  cents(least: bigint, most: bigint, unit = 1n): bigint {
    const steps = (most - least) / unit;
    return steps <= 0n ? least : least + unit * BigInt(Math.floor(this.#next() * (Number(steps) + 1)));
  }

  /** One of them, each as often as it weighs. */
  weighed<T>(weights: ReadonlyMap<T, number>): T | undefined {
    let at = this.#next() * [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    for (const [one, weight] of weights) if ((at -= weight) < 0) return one;
    return [...weights.keys()].at(-1);
  }

  /** All of them in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((one) => ({ one, at: this.#next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }

  // Mulberry32: small, and even enough for choices.
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
