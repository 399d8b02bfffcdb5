// The production code of the bridge, through every interleaving of two deliveries, a rollback, the resolver and one fault.

import { describe, expect, test } from '@jest/globals';
import { explore } from './explore.js';
import { scenario } from './scenario.js';

describe('every interleaving keeps the promise', () => {
  test.each([
    ['always', 'withdraw'],
    ['always', 'deposit'],
    ['successes', 'withdraw'],
    ['successes', 'deposit'],
  ] as const)(
    'wallet %s: %s',
    (kind, operation) => {
      const { states, violations } = explore(scenario(kind, operation, { budgets: { faults: 1 } }));

      process.stdout.write(`model: ${operation} on ${kind}: ${states} states\n`);
      expect([...violations]).toEqual([]);
    },
    120_000,
  );
});
