// One record as lines for a terminal; instants are UTC.

import { assertNever } from '../../domain/outcome.js';
import type { TransactionKey } from '../../domain/ports.js';
import type { Leg } from '../../domain/transaction.js';
import type { Printed } from '../print.js';
import { unknownRecord } from './print-deed.js';
import type { Attempts, Described, DescribedUnreadable, Movement } from '../../domain/describe-transaction.js';
import { age, dayAndTime } from '../../deeds/wording.js';
import { printable } from '../../domain/printable.js';

/** Exit code 1: there is nothing to read. */
export function printShown(key: TransactionKey, shown: Described | DescribedUnreadable | undefined): Printed {
  if (shown === undefined) return unknownRecord(key);
  if ('remedy' in shown) return { lines: unreadableLines(shown).map(printable), exitCode: 1 };
  return { lines: recordLines(shown).map(printable), exitCode: 0 };
}

function recordLines({ facts, movements, story, ...t }: Described): string[] {
  const { state, ageSeconds, nextLook } = facts;
  const goal = facts.goal === null ? '' : `, ${goalText(facts.goal)}`;
  return [
    line('agent', facts.agentID),
    line('transaction', facts.transactionID),
    line('what', t.subject),
    ...(t.roundID === null ? [] : [line('round', t.roundID)]),
    line('state', `${state}${goal} (revision ${t.revision})`),
    ...(state === 'held' ? [line('held', facts.heldBecause ?? 'no reason on record')] : []),
    line('platform told', t.told),
    ...(ageSeconds === null ? [] : [line('age', age(ageSeconds))]),
    ...(nextLook === 'none' ? [] : [line('looked at next', dayAndTime(nextLook))]),
    ...(t.vainTries === 0 ? [] : [line('tried in vain', t.vainTries === 1 ? 'once' : `${t.vainTries} times`)]),
    ...(t.balance === null ? [] : [line('balance', t.balance)]),
    ...movements.flatMap((movement) => ['', ...movementLines(movement)]),
    '',
    'story (UTC)',
    ...story.map((sentence) => `  ${sentence}`),
  ];
}

function unreadableLines({ facts, remedy }: DescribedUnreadable): string[] {
  return [
    line('agent', facts.agentID),
    line('transaction', facts.transactionID),
    line('state', `unreadable: ${facts.unreadableBecause ?? ''}`),
    line('looked at next', dayAndTime(facts.nextLook)),
    line('meanwhile', 'no replica that cannot read it acts on it, and no money of it moves'),
    line('what to do', remedy),
  ];
}

const line = (name: string, value: string): string => `${name.padEnd(14)}  ${value}`;

const goalText = (goal: string): string => (goal === 'void' ? 'must end without effect' : 'must reach the wallet');

function movementLines({ name, amounts, effect, sent, undone, ...leg }: Movement): string[] {
  return [
    line(name, `${amounts.join(' and ')}: ${effectText(effect)}`),
    line('  reference', leg.reference),
    ...(leg.winReference === null ? [] : [line('  of its win', leg.winReference)]),
    line('  undo’s', leg.undoReference),
    line('  sent', timesOf(sent)),
    ...(undone.count === 0 ? [] : [line('  undo sent', timesOf(undone))]),
    ...(leg.receipt === null ? [] : [line('  receipt', leg.receipt)]),
  ];
}

function timesOf({ count, last, vain }: Attempts): string {
  if (last === null) return 'never';
  const vainly = vain === 0 ? '' : vain === count ? '; in vain' : `; the first ${vain} in vain`;
  return `${count === 1 ? 'once' : `${count} times`}, at ${dayAndTime(last)} at the latest${vainly}`;
}

function effectText(effect: Leg['effect']): string {
  switch (effect) {
    case 'none':
      return 'the wallet does not have it';
    case 'unknown':
      return 'nobody knows whether the wallet has it';
    case 'applied':
      return 'the wallet has it';
    case 'undone':
      return 'undone';
    default:
      return assertNever(effect);
  }
}
