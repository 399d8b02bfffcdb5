// After a reload that gave an agent another wallet: how many unfinished records were begun with the one
// before. They are held from now on, so whoever changed the file must hear of it at once, and not from
// players.

import { isElsewhere, type Homes } from '../domain/home.js';
import { JournalUnavailable, type Journal } from '../domain/ports.js';

type HomesOf = ReadonlyMap<string, Homes>;

/** By agent whose wallet is another one now; undefined: the journal is away, so nobody can count them. */
export async function countElsewhere(
  before: HomesOf,
  after: HomesOf,
  journal: Journal,
): Promise<ReadonlyMap<string, number | undefined>> {
  const elsewhere = new Map<string, number | undefined>();
  for (const [agentID, { today }] of before) {
    const now = after.get(agentID);
    if (now !== undefined && isElsewhere({ home: today }, now)) elsewhere.set(agentID, 0);
  }
  if (elsewhere.size === 0) return elsewhere;
  try {
    for await (const found of journal.unfinished()) {
      if ('unreadable' in found) continue;
      const { transaction } = found;
      const count = elsewhere.get(transaction.agentID);
      const homes = after.get(transaction.agentID);
      if (count !== undefined && homes !== undefined && isElsewhere(transaction, homes))
        elsewhere.set(transaction.agentID, count + 1);
    }
    return elsewhere;
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    return new Map([...elsewhere.keys()].map((agentID) => [agentID, undefined]));
  }
}
