// One record as lines for a terminal, or as JSON; instants are UTC.

import { assertNever } from '../../domain/outcome.js';
import type { TransactionKey } from '../../domain/ports.js';
import type { Leg } from '../../domain/transaction.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import { unknownRecord } from './print-deed.js';
import type { Attempts, Described, DescribedUnreadable, Movement } from '../../domain/describe-transaction.js';
import { age, dayAndTime } from '../../deeds/wording.js';
import { printable } from '../../domain/printable.js';

/** `why`: in short, what the platform was told and how that came; `whole`: with everything that is known. */
export type Telling = 'why' | 'whole';

/** Exit code 1: there is nothing to read. */
export function printShown(
  key: TransactionKey,
  shown: Described | DescribedUnreadable | undefined,
  { format, telling }: { readonly format: Format; readonly telling: Telling },
): Printed {
  if (shown === undefined) return unknownRecord(key);
  const exitCode = 'remedy' in shown ? 1 : 0;
  if (format === 'json') return { lines: [JSON.stringify(shown)], exitCode };
  const lines = 'remedy' in shown ? unreadableLines(shown) : telling === 'why' ? whyLines(shown) : recordLines(shown);
  return { lines: lines.map(printable), exitCode };
}

function whyLines({ subject, facts, told, movements, story, next }: Described): string[] {
  const { state, heldBecause, nextLook, agentID } = facts;
  return [
    line('what', `${subject} (${agentID})`),
    line('platform told', told),
    ...storyLines(story),
    ...movements.map(({ name, amounts, effect }) => line(name, `${amounts.join(' and ')}: ${effectText(effect)}`)),
    ...(state === 'held' ? [line('held', heldBecause ?? 'no reason on record')] : []),
    line('next', next),
    ...(nextLook === 'none' ? [] : [line('looked at next', dayAndTime(nextLook))]),
  ];
}

const storyLines = (story: readonly string[]): string[] => ['story (UTC)', ...story.map((sentence) => `  ${sentence}`)];

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
    line('next', t.next),
    ...(nextLook === 'none' ? [] : [line('looked at next', dayAndTime(nextLook))]),
    ...(t.vainTries === 0 ? [] : [line('tried in vain', t.vainTries === 1 ? 'once' : `${t.vainTries} times`)]),
    ...(t.balance === null ? [] : [line('balance', t.balance)]),
    ...movements.flatMap((movement) => ['', ...movementLines(movement)]),
    '',
    ...storyLines(story),
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
