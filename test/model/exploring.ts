// The production code of the bridge, through every interleaving of two deliveries, a rollback, the resolver
// and one fault. MODEL_BUDGET=full explores two faults and two looks at once, for hours;
// MODEL_ONLY=withdraw/always only what begins so. Each operation has a file of its own, so that they are
// explored beside one another.

import { describe, expect, test } from '@jest/globals';
import { explore } from './explore.js';
import { scenariosOf } from './forms.js';
import type { Operation } from './scenario.js';

const isLong = process.env['MODEL_BUDGET'] === 'full';
const only = process.env['MODEL_ONLY'] ?? '';
/** As many as fit into the memory of one process. */
const mostStates = isLong ? 3_000_000 : Infinity;
const say = (line: string): void => void process.stdout.write(`model: ${line}\n`);

export function keepsThePromise(operation: Operation): void {
  const asked = scenariosOf(isLong ? 'long' : 'short').filter(
    ({ name }) => name.startsWith(`${operation}/`) && name.startsWith(only),
  );
  if (asked.length === 0) {
    test(`${operation} was not asked for`, () => expect(only).not.toBe(''));
    return;
  }
  describe('every interleaving keeps the promise', () =>
    test.each(asked)(
      '$name',
      (scenario) => {
        const progress = (states: number, waiting: number) => {
          if (isLong) say(`${scenario.name}: ${states} states, ${waiting} of them to go on from`);
        };
        const { states, rests, seconds, isComplete, violations } = explore(scenario, { mostStates, progress });

        say(
          `${scenario.name}: ${states} states${isComplete ? '' : ' (not all)'}, ${rests} at rest, ${seconds.toFixed(1)} s`,
        );
        expect([...violations]).toEqual([]);
        expect(rests).toBeGreaterThan(0);
        expect(isComplete || isLong).toBe(true);
      },
      isLong ? 7_200_000 : 240_000,
    ));
}
