// The one rule about records that both journals hold: an unfinished one is listed, and lives until it is
// finished.

import type { Write } from '../domain/ports.js';
import { isUnfinished } from '../domain/transaction.js';

/**
 * Throws for a write that would leave an unfinished record where nobody looks for it, let it expire, or list
 * a finished one: bugs of the caller.
 */
export function requireListed({ transaction: { state }, due, lifetime }: Write): void {
  if (isUnfinished(state) && due === undefined) throw new Error(`a record that is ${state} must be listed`);
  if (isUnfinished(state) && lifetime !== undefined) throw new Error(`a record that is ${state} must not expire`);
  if (!isUnfinished(state) && due !== undefined) throw new Error(`a record that is ${state} has nothing due`);
}
