// Why: a run that found something must be playable again, so all chance in it comes from one printed seed.
// Never: asks the clock or Math.random.
import { createHash } from 'node:crypto';

/** @typedef {ReturnType<typeof dice>} Dice */

/**
 * Dice of their own for each text: the same text rolls the same numbers for ever.
 * @param {string} seed
 */
export function dice(seed) {
  let rolls = 0;
  const bytes = () => createHash('sha256').update(`${seed}/${rolls++}`).digest();
  /** @param {number} end */
  const below = (end) => bytes().readUInt32BE() % end;
  return {
    /**
     * True in so many of a hundred cases.
     * @param {number} chance
     */
    percent: (chance) => below(10_000) < chance * 100,
    /**
     * A whole number, both ends included.
     * @param {number} least @param {number} most
     */
    between: (least, most) => least + below(most - least + 1),
    /**
     * @template T
     * @param {readonly [T, ...T[]]} list
     * @returns {T}
     */
    pick: (list) => list[below(list.length)] ?? list[0],
    /** 32 hex digits, as the platform's ids are. */
    id: () => bytes().toString('hex').slice(0, 32),
  };
}
