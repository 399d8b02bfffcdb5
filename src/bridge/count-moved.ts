// After a reload that gave an agent another wallet: how much unfinished business was begun with the one before. It is held from now on,
// so whoever changed the file must hear of it at once, and not from players.

import { isElsewhere, type Homes } from '../domain/home.js';
import { JournalUnavailable, type Journal } from '../domain/ports.js';

type HomesOf = ReadonlyMap<string, Homes>;

/** By agent whose wallet is another one now; undefined: nobody can count them, because the journal is away. */
export async function countMoved(
  before: HomesOf,
  after: HomesOf,
  journal: Journal,
): Promise<ReadonlyMap<string, number | undefined>> {
  const moved = new Map<string, number | undefined>();
  for (const [agentID, { today }] of before) {
    const now = after.get(agentID);
    if (now !== undefined && isElsewhere({ home: today }, now)) moved.set(agentID, 0);
  }
  if (moved.size === 0) return moved;
  try {
    for await (const found of journal.unfinished()) {
      if ('unreadable' in found) continue;
      const { transaction } = found;
      const count = moved.get(transaction.agentID);
      const homes = after.get(transaction.agentID);
      if (count !== undefined && homes !== undefined && isElsewhere(transaction, homes))
        moved.set(transaction.agentID, count + 1);
    }
    return moved;
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    return new Map([...moved.keys()].map((agentID) => [agentID, undefined]));
  }
}
