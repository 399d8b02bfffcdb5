// Counts now and then what is unfinished, for those who watch. It only reads.

import { Money } from '../domain/money.js';
import type { Journal } from '../domain/ports.js';
import { isOnTrust, type Goal, type State, type Transaction } from '../domain/transaction.js';

interface UnfinishedCount {
  readonly operator: string;
  readonly state: State;
  readonly goal: Goal | 'none';
  readonly count: number;
  /** Age of the oldest (ms). */
  readonly oldest: number;
}

/** What the platform was told is done and the wallet has not confirmed. */
interface TrustCount {
  readonly operator: string;
  readonly duty: 'deliver' | 'undo';
  readonly currency: string;
  readonly count: number;
  readonly amount: Money;
  /** Age of the oldest (ms). */
  readonly oldest: number;
}

export interface Sample {
  readonly unfinished: readonly UnfinishedCount[];
  readonly onTrust: readonly TrustCount[];
}

/** More than this many unfinished records are counted as this many: far past any bound, and past any operator's sleep. */
const most = 10_000;

export async function sampleUnfinished(
  journal: Journal,
  agentOf: (agentID: string) => { readonly operator: string; readonly currency: string } | undefined,
): Promise<Sample> {
  const found = (await journal.unfinished(most)).map(({ transaction }) => {
    const { operator, currency } = agentOf(transaction.agentID) ?? { operator: 'none', currency: 'none' };
    return { operator, currency, transaction };
  });
  const now = journal.now();
  const unfinished = new Map<string, UnfinishedCount>();
  const onTrust = new Map<string, TrustCount>();
  for (const { operator, currency, transaction } of found) {
    const { state, goal = 'none', since } = transaction;
    const row = `${operator} ${state} ${goal}`;
    const { count, oldest } = unfinished.get(row) ?? { count: 0, oldest: 0 };
    unfinished.set(row, { operator, state, goal, count: count + 1, oldest: Math.max(oldest, now - since) });
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
      oldest: Math.max(sum.oldest, now - since),
    });
  }
  return { unfinished: [...unfinished.values()], onTrust: [...onTrust.values()] };
}

/** All that still has to move, whichever way: a bet and a win do not cancel out. */
function outstanding({ goal, legs }: Transaction): Money {
  return legs
    .filter(({ effect }) => (goal === 'void' ? effect === 'applied' || effect === 'unknown' : effect !== 'applied'))
    .flatMap(({ bet, win }) => [bet, win])
    .reduce<Money>((sum, amount) => (amount === undefined ? sum : sum.plus(amount)), Money.zero);
}
