// Counts now and then what is unfinished, for those who watch. It only reads.

import { Money } from '../domain/money.js';
import type { Journal, Sample, TrustCount, UnfinishedCount, Unreadable } from '../domain/ports.js';
import { isOnTrust, type Transaction } from '../domain/transaction.js';

export type AgentOf = (agentID: string) => { readonly operator: string; readonly currency: string } | undefined;

/** Told of a record that cannot be read, as often as it is counted. */
export type TellUnreadable = (operator: string, found: Unreadable & { readonly due: number }) => void;

/** Counts every unfinished record. Rejects as the journal does: a part is no count. */
export async function sampleUnfinished(
  journal: Journal,
  agentOf: AgentOf,
  unreadable: TellUnreadable,
): Promise<Sample> {
  const unfinished = new Map<string, UnfinishedCount>();
  const onTrust = new Map<string, TrustCount>();
  for await (const found of journal.unfinished()) {
    if ('unreadable' in found) {
      const { operator } = agentOf(found.key.agentID) ?? nobody;
      unreadable(operator, found);
      const row = `${operator} unreadable`;
      const count = (unfinished.get(row)?.count ?? 0) + 1;
      unfinished.set(row, { operator, state: 'unreadable', goal: 'none', count });
      continue;
    }
    const { transaction } = found;
    const { operator, currency } = agentOf(transaction.agentID) ?? nobody;
    const { state, goal = 'none', since } = transaction;
    const age = journal.now() - since;
    const row = `${operator} ${state} ${goal}`;
    const { count, oldest = 0 } = unfinished.get(row) ?? { count: 0 };
    unfinished.set(row, { operator, state, goal, count: count + 1, oldest: Math.max(oldest, age) });
    if (!isOnTrust(transaction)) continue;
    const duty = goal === 'void' ? 'undo' : 'deliver';
    const trust = `${operator} ${duty} ${currency}`;
    const sum = onTrust.get(trust) ?? { count: 0, oldest: 0, amount: Money.zero };
    onTrust.set(trust, {
      operator,
      duty,
      currency,
      count: sum.count + 1,
      amount: sum.amount.plus(outstanding(transaction)),
      oldest: Math.max(sum.oldest, age),
    });
  }
  return { unfinished: [...unfinished.values()], onTrust: [...onTrust.values()] };
}

const nobody = { operator: 'none', currency: 'none' };

/** All that still has to move, whichever way: a bet and a win do not cancel out. */
function outstanding({ goal, legs }: Transaction): Money {
  return legs
    .filter(({ effect }) => (goal === 'void' ? effect === 'applied' || effect === 'unknown' : effect !== 'applied'))
    .flatMap(({ bet, win }) => [bet, win])
    .reduce<Money>((sum, amount) => (amount === undefined ? sum : sum.plus(amount)), Money.zero);
}
