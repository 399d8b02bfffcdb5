// What is unfinished, for those who watch: the journal's counts by operator, and what of it cannot be read
// here. The counts cost the same however much there is. What cannot be read is found by reading on, so much at
// each count and no more: where there is much, it is told later.

import {
  type Clock,
  type Journal,
  type Listed,
  type Sample,
  type Tally,
  type TrustCount,
  type UnfinishedCount,
  type Unreadable,
} from '../domain/ports.js';
import { Money } from '../domain/money.js';

export type AgentOf = (agentID: string) => { readonly operator: string; readonly currency: string } | undefined;

/** Told of a record that cannot be read, as often as it is met. */
export type TellUnreadable = (operator: string, found: Unreadable & { readonly due: number }) => void;

const readAtOnce = 1_000;
/** So many in one piece, and the milliseconds between two, in which callbacks have their turn. */
const piece = 50;
const betweenPieces = 20;
const nobody = { operator: 'none', currency: 'none' };

/** Counts each time it is called, and reads on. Rejects as the journal does: a part is no count. */
export function createSample(
  journal: Journal,
  agentOf: AgentOf,
  unreadable: TellUnreadable,
  sleep: Clock['sleep'],
): () => Promise<Sample> {
  let reading: AsyncIterator<Listed> | undefined;
  let found = new Map<string, number>();
  /** By operator, as the last reading that came to its end found it. */
  let before: ReadonlyMap<string, number> = new Map();

  async function readOn(): Promise<void> {
    const from = (reading ??= journal.unfinished()[Symbol.asyncIterator]());
    for (let n = 0; n < readAtOnce; n++) {
      if (n > 0 && n % piece === 0) await sleep(betweenPieces);
      const next = await from.next();
      if (next.done === true) {
        before = found;
        startOver();
        return;
      }
      if (!('unreadable' in next.value)) continue;
      const { operator } = agentOf(next.value.key.agentID) ?? nobody;
      unreadable(operator, next.value);
      found.set(operator, (found.get(operator) ?? 0) + 1);
    }
  }

  function startOver(): void {
    reading = undefined;
    found = new Map();
  }

  return async () => {
    const tallies = await journal.count();
    try {
      await readOn();
    } catch (error) {
      startOver();
      throw error;
    }
    const unread = new Map(before);
    for (const [operator, count] of found) unread.set(operator, Math.max(count, unread.get(operator) ?? 0));
    return {
      unfinished: [
        ...unfinishedIn(tallies, agentOf, journal.now()),
        ...[...unread].map(([operator, count]) => ({ operator, state: 'unreadable', goal: 'none', count }) as const),
      ],
      onTrust: onTrustIn(tallies, agentOf, journal.now()),
    };
  };
}

function unfinishedIn(tallies: readonly Tally[], agentOf: AgentOf, now: number): UnfinishedCount[] {
  const rows = new Map<string, UnfinishedCount & { readonly oldest: number }>();
  for (const { agentID, state, goal = 'none', count, oldest: since } of tallies) {
    const { operator } = agentOf(agentID) ?? nobody;
    const name = `${operator} ${state} ${goal}`;
    const { count: others, oldest } = rows.get(name) ?? { count: 0, oldest: 0 };
    rows.set(name, { operator, state, goal, count: others + count, oldest: Math.max(oldest, now - since) });
  }
  return [...rows.values()];
}

function onTrustIn(tallies: readonly Tally[], agentOf: AgentOf, now: number): TrustCount[] {
  const rows = new Map<string, TrustCount>();
  for (const { agentID, goal, onTrust, count, amount, oldest: since } of tallies) {
    if (!onTrust) continue;
    const { operator, currency } = agentOf(agentID) ?? nobody;
    const duty = goal === 'void' ? 'undo' : 'deliver';
    const name = `${operator} ${duty} ${currency}`;
    const others = rows.get(name) ?? { count: 0, amount: Money.zero, oldest: 0 };
    rows.set(name, {
      ...{ operator, duty, currency, count: others.count + count },
      amount: others.amount.plus(amount),
      oldest: Math.max(others.oldest, now - since),
    });
  }
  return [...rows.values()];
}
