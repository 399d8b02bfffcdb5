// Why: a line for each thing that was looked at, and the sum at the end.

/** What does not hold; nothing: it does. @typedef {readonly string[] | void} Found */
/** @typedef {(what: string, look: () => Promise<Found>) => Promise<void>} Check */

export function createChecks() {
  const count = { passed: 0, failed: 0 };
  /** @type {Check} */
  const check = async (what, look) => {
    const began = performance.now();
    /** @type {Found} */
    let found;
    try {
      found = await look();
    } catch (error) {
      found = [error instanceof Error ? error.message : String(error)];
    }
    const took = `(${((performance.now() - began) / 1000).toFixed(1)} s)`;
    const isWell = found === undefined || found.length === 0;
    count[isWell ? 'passed' : 'failed'] += 1;
    console.log(`${isWell ? 'ok    ' : 'FAILED'} ${what} ${took}`);
    for (const one of found ?? []) console.log(`       ${one}`);
  };
  return { check, count };
}

/**
 * One thing said of something that is not as expected.
 * @param {string} what @param {unknown} actual @param {unknown} expected @returns {string[]}
 */
export const differs = (what, actual, expected) =>
  actual === expected ? [] : [`${what}: expected ${String(expected)}, found ${String(actual)}`];

/** @param {string} what @param {string | null} text @param {readonly string[]} words @returns {string[]} */
export const lacks = (what, text, words) =>
  words.filter((word) => !(text ?? '').includes(word)).map((word) => `${what} does not say "${word}"`);
