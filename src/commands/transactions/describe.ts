// One record for a person's eyes: what is certain, what is not, what the platform was told, and what comes next.

import { assertNever } from '../../domain/outcome.js';
import type { Stored, TransactionKey, Unreadability } from '../../domain/ports.js';
import { instant, nameOf, subject, tellStory, whyUnreadable } from '../../domain/tell-story.js';
import type { Leg, Transaction } from '../../domain/transaction.js';
import { age, lookText, printable } from './rows.js';

/** The facts, the movements, the story; instants are UTC. */
export function describe({ transaction: t, revision }: Stored, now: number, nextLook: number | undefined): string[] {
  const held = t.state === 'held' ? [['held', t.heldBecause ?? 'no reason on record'] as const] : [];
  const lines = [
    ['agent', t.agentID],
    ['transaction', t.transactionID],
    ['what', subject(t)],
    ...(t.content === undefined ? [] : [['round', t.content.roundID] as const]),
    ['state', `${t.state}${t.goal === undefined ? '' : `, ${goalText(t.goal)}`} (revision ${revision})`],
    ...held,
    ['platform told', told(t)],
    ['age', age(Math.max(0, Math.floor((now - t.since) / 1000)))],
    ...(nextLook === undefined ? [] : [['looked at next', lookText(nextLook)] as const]),
    ...(t.tries === 0 ? [] : [['tried in vain', t.tries === 1 ? 'once' : `${t.tries} times`] as const]),
    ...(t.balance === undefined ? [] : [['balance', t.balance.toString()] as const]),
  ] as const;
  return [
    ...facts(lines),
    ...t.legs.flatMap((leg) => ['', ...movement(leg)]),
    '',
    'story (UTC)',
    ...tellStory(t).map((line) => `  ${line}`),
  ].map(printable);
}

/** All there is to say of a record that cannot be read: nothing that stands in it. */
export function describeUnreadable(
  { agentID, transactionID }: TransactionKey,
  unreadable: Unreadability,
  nextLook: number | undefined,
): string[] {
  return facts([
    ['agent', agentID],
    ['transaction', transactionID],
    ['state', `unreadable: ${whyUnreadable(unreadable)}`],
    ['looked at next', lookText(nextLook)],
    ['meanwhile', 'no replica that cannot read it acts on it, and no money of it moves'],
    ['what to do', remedy(unreadable)],
  ]).map(printable);
}

/** What ends that. */
export function remedy(unreadable: Unreadability): string {
  switch (unreadable) {
    case 'newer':
      return 'use the command of that version, and bring every replica to it: they go on with it';
    case 'damaged':
    case 'gone':
      return 'look for the transaction in the wallet’s own books, and put the record back from a copy of Redis';
    default:
      return assertNever(unreadable);
  }
}

const facts = (lines: readonly (readonly [name: string, value: string])[]): string[] =>
  lines.map(([name, value]) => `${name.padEnd(14)}  ${value}`);

const goalText = (goal: NonNullable<Transaction['goal']>): string =>
  goal === 'void' ? 'must end without effect' : 'must reach the wallet';

function movement(leg: Leg): string[] {
  const { bet, win, reference, winReference, undoReference, receipt, effect } = leg;
  const { sends, lastSend, vainSends, undos, lastUndo, vainUndos } = leg;
  const amounts = [bet, win].flatMap((amount) => amount?.toString() ?? []).join(' and ');
  const times = (count: number, last: number, vain: number): string => {
    if (count === 0) return 'never';
    const vainly = vain === 0 ? '' : vain === count ? '; in vain' : `; the first ${vain} in vain`;
    return `${count === 1 ? 'once' : `${count} times`}, at ${instant(last)} at the latest${vainly}`;
  };
  return [
    [nameOf(leg), `${amounts}: ${effectText(effect)}`],
    ['  reference', reference],
    ...(winReference === undefined ? [] : [['  of its win', winReference]]),
    ['  undo’s', undoReference],
    ['  sent', times(sends, lastSend, vainSends)],
    ...(undos === 0 ? [] : [['  undo sent', times(undos, lastUndo, vainUndos)]]),
    ...(receipt === undefined ? [] : [['  receipt', receipt]]),
  ].map(([name = '', value = '']) => `${name.padEnd(14)}  ${value}`);
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

/** What the platform was told of it, or is told when it asks. */
function told(t: Transaction): string {
  switch (t.state) {
    case 'applied':
      return t.undoRefusal === undefined ? '0, done' : `0, done; its rollback: ${t.undoRefusal}`;
    case 'refused':
      return t.refusal ?? 'generalError';
    case 'reversed':
    case 'cancelled':
      return t.rolledBack ? 'it is rolled back' : '1, it failed';
    case 'writtenOff':
      return t.goal === 'deliver' ? '0, done' : t.rolledBack ? 'it is rolled back' : '1, it failed';
    case 'claimed':
    case 'open':
    case 'held':
      if (t.goal === undefined) return 'nothing yet';
      if (t.goal === 'deliver') return t.promised ? '0, done' : 'nothing yet';
      if (t.rolledBack) return t.promised ? 'its rollback was answered' : 'its rollback waits for an answer';
      return t.promised ? '1, it failed' : 'nothing yet; 1 when it asks';
    default:
      return assertNever(t.state);
  }
}

/** What becomes of a record after a person's word. */
export function whatFollows({ state, goal, legs }: Transaction): string {
  if (state === 'writtenOff') return 'it ends as a difference that reconcile lists as explained, and nothing is sent';
  if (state === 'held') return 'it is still held for another reason';
  if (goal === 'void')
    return legs.some(({ effect }) => effect === 'applied' || effect === 'unknown')
      ? 'the bridge undoes it in the wallet now'
      : 'it ends without effect, and nothing is sent';
  return legs.some(({ effect }) => effect !== 'applied')
    ? 'the bridge sends it to the wallet now, under the same reference'
    : 'it ends as done, and nothing is sent';
}
