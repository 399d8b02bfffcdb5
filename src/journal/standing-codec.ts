// What a record is counted as, in letters: it stands before the record's text, so that the script that
// replaces the record knows what it was counted as. And what the counts of one bucket say.

import type { Tally } from '../domain/ports.js';
import { Money } from '../domain/money.js';
import { outstanding, standingOf, type Standing } from '../domain/standing.js';
import { goals, states, type Transaction } from '../domain/transaction.js';
import { restored } from './keys.js';
import { stateLetters } from './record-parts.js';

/** What is written for a record that is finished: it is counted as nothing. */
const nothing = '-';
const goalLetters = { void: 'v', deliver: 'd', none: '-' } as const;
const trustLetters = { yes: 't', no: '-' } as const;
/** Digits of an instant in the name of a record's age, so that names are in the order of instants. */
const digits = 15;

/**
 * "<state, goal, trust>/<since>/<units>/<decimals>"; the amount is what is still to move of what is on trust,
 * zero for all else.
 */
export function encodeStanding(t: Transaction): string {
  const standing = standingOf(t);
  if (standing === undefined) return nothing;
  const amount = standing.onTrust ? outstanding(t) : Money.zero;
  const since = String(t.since).padStart(digits, '0');
  return `${lettersOf(standing)}/${since}/${amount.units}/${amount.decimals}`;
}

function lettersOf({ state, goal, onTrust }: Standing): string {
  return stateLetters[state] + goalLetters[goal ?? 'none'] + trustLetters[onTrust ? 'yes' : 'no'];
}

function standingIn(letters: string): Standing | undefined {
  const [stateLetter, goalLetter, trustLetter] = letters;
  const state = states.find((one) => stateLetters[one] === stateLetter);
  if (state === undefined) return undefined;
  return { state, goal: goals.find((one) => goalLetters[one] === goalLetter), onTrust: trustLetter === 't' };
}

/**
 * Reads the reply of the count script: for each group its name, its count, the oldest of it, and then each of
 * its sums as decimals and units.
 */
export function talliesIn(reply: readonly unknown[]): Tally[] {
  return reply.flatMap((row) => {
    const [group = '', count = '', oldest = '', ...sums] = Array.isArray(row) ? row.map(String) : [];
    const [letters = '', agent = ''] = group.split(':');
    const standing = standingIn(letters);
    if (standing === undefined) return [];
    let amount = Money.zero;
    for (let i = 0; i < sums.length; i += 2)
      amount = amount.plus(Money.of(BigInt(sums[i + 1] ?? '0'), Number(sums[i] ?? '0')));
    const since = Number(oldest.split(':')[2]);
    return [{ ...standing, agentID: restored(agent), count: Number(count), amount, oldest: since }];
  });
}

/** One row for each group, of many rows of it. */
export function together(rows: readonly Tally[]): Tally[] {
  const groups = new Map<string, Tally>();
  for (const row of rows) {
    const name = `${lettersOf(row)}:${row.agentID}`;
    const { count, amount, oldest } = groups.get(name) ?? { count: 0, amount: Money.zero, oldest: Infinity };
    groups.set(name, {
      ...row,
      count: count + row.count,
      amount: amount.plus(row.amount),
      oldest: Math.min(oldest, row.oldest),
    });
  }
  return [...groups.values()];
}
