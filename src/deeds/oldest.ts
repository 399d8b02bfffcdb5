// The oldest of however many records there are, those nobody knows the age of before them. Only what is shown is
// kept, because there may be any number of them.

import type { Stored, Unreadable } from '../domain/ports.js';

export class Oldest<Found extends Stored | Unreadable> {
  /** All that were added. */
  count = 0;
  private kept: Found[] = [];

  constructor(private readonly limit: number) {}

  add(found: Found): void {
    this.count += 1;
    this.kept.push(found);
    if (this.kept.length >= 2 * this.limit + 1000) this.kept = this.all();
  }

  /** As many as there may be. */
  all(): Found[] {
    return [...this.kept].sort((a, b) => sinceOf(a) - sinceOf(b)).slice(0, this.limit);
  }
}

const sinceOf = (found: Stored | Unreadable): number => ('unreadable' in found ? 0 : found.transaction.since);

export const stateOf = (found: Stored | Unreadable) => ('unreadable' in found ? 'unreadable' : found.transaction.state);
export const keyOf = (found: Stored | Unreadable) => ('unreadable' in found ? found.key : found.transaction);
