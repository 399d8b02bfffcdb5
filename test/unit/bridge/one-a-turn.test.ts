// What may wait goes on one step in each turn of the event loop, in the order in which it asked.

import { expect, test } from '@jest/globals';
import { oneATurn } from '../../../src/bridge/one-a-turn.js';

test('whoever asks in one turn goes on in turns of their own, in order', async () => {
  let turns = 0;
  const counting = { ends: false };
  const count = (): void => {
    turns += 1;
    if (!counting.ends) setImmediate(count);
  };
  setImmediate(count);
  const turn = oneATurn();

  const seen = await Promise.all(
    [1, 2, 3, 4].map(async (name) => {
      await turn();
      return { name, turns };
    }),
  );
  counting.ends = true;

  expect(new Set(seen.map((one) => one.turns)).size).toBe(4);
  expect(seen.toSorted((a, b) => a.turns - b.turns).map(({ name }) => name)).toEqual([1, 2, 3, 4]);
});
