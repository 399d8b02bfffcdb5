// What one operator has due. It holds so many records and no more: what is due after those stays in the journal,
// and is read on from there once half of them are begun. So they come in the order in which they are due,
// however many there are, and nobody else's stand before them.

import type { Due, Journal, TransactionKey } from '../domain/ports.js';
import { readingOn, type ReadOn } from './reading-on.js';

const mostWaiting = 4_000;

export const nameOf = ({ agentID, transactionID }: TransactionKey): string => JSON.stringify([agentID, transactionID]);

export class Queue {
  /** By name, those due longest first. */
  readonly waiting = new Map<string, Due>();
  readonly active = new Set<string>();
  /** What is due from here on (epoch ms) is not all in it; undefined: it is. */
  private behind: number | undefined;
  private readOn: ReadOn;

  constructor(private readonly journal: Journal) {
    this.readOn = readingOn(journal);
  }

  /** Takes a record in, unless it is there, or others that are due before it are not. */
  offer(key: Due): void {
    if (this.behind !== undefined && key.due >= this.behind) return;
    if (!this.takes(key)) this.behind = key.due;
  }

  wantsMore(): boolean {
    return this.behind !== undefined && this.waiting.size <= mostWaiting / 2;
  }

  /** Reads so many records at most of what it is behind with; `isMine`: of its operator. */
  async catchUp(most: number, isMine: (key: Due) => boolean): Promise<void> {
    const { readOn } = this;
    let last = this.behind ?? -Infinity;
    let isFull = false;
    const isEnd = await readOn(last, most, (key) => {
      // It may have started over meanwhile.
      if (this.readOn !== readOn) return false;
      last = key.due;
      isFull = isMine(key) && !this.takes(key);
      return !isFull;
    });
    if (this.readOn === readOn) this.behind = isEnd ? undefined : last;
  }

  /** Forgets all that waits, and reads it again, this record first. */
  startOver({ due }: Due): void {
    this.waiting.clear();
    this.behind = Math.min(due, this.behind ?? Infinity);
    this.readOn = readingOn(this.journal);
  }

  private takes(key: Due): boolean {
    const name = nameOf(key);
    if (this.active.has(name) || this.waiting.has(name)) return true;
    if (this.waiting.size >= mostWaiting) return false;
    this.waiting.set(name, key);
    return true;
  }
}
