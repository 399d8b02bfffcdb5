// What must be true at every moment, at every answer, and when everything has come to rest. Each returns the
// promise that is broken, in words, or undefined.

import type { Reply } from '../../src/domain/outcome.js';
import { isUnfinished, undosInDoubt, type Transaction } from '../../src/domain/transaction.js';
import type { Scenario } from './scenario.js';
import type { Told, World } from './world.js';

const rollbackSent = (world: World, { budgets }: Scenario): boolean => world.left.rollbacks < budgets.rollbacks;

export function brokenNow(world: World, scenario: Scenario): string | undefined {
  const { stored, due, told } = world;
  for (const { applied, undone } of world.accounts) {
    if (applied > 1) return 'I1: the wallet applied one leg twice';
    if (undone > applied) return 'I2: the wallet undid what it never applied, or undid it twice';
  }
  if (stored === undefined) return undefined;
  const { state, goal } = stored.transaction;
  if (isUnfinished(state) !== (due !== undefined))
    return due === undefined ? 'I6: an unfinished record is not listed' : 'I6: a finished record is listed';
  const stands = state === 'applied' || (goal === 'deliver' && stored.transaction.promised === true);
  const ends = state === 'refused' || state === 'reversed' || state === 'cancelled' || goal === 'void';
  if ((told.failure !== undefined || told.undone) && !ends)
    return 'I4: the platform was told it has no effect, and the record says otherwise';
  if (told.success && !stands && !rollbackSent(world, scenario))
    return 'I3: the platform was told it is done, and the record says otherwise';
  return undefined;
}

/** What the platform knows after it has heard `reply`, or which promise that broke. */
export function tell(
  world: World,
  scenario: Scenario,
  does: 'delivery' | 'rollback' | 'look',
  reply: Reply,
): Told | string {
  const { told } = world;
  if (reply.kind === 'askAgain') return told;
  const record = world.stored?.transaction;
  const state = record?.state;
  const voided = record?.goal === 'void' && record.promised === true;
  if (does === 'rollback') {
    const undone =
      reply.kind === 'success' || reply.result === 'transactionNotFound' || reply.result === 'alreadyRolledBack';
    if (!undone) return told;
    if (state === 'reversed' || state === 'cancelled' || state === 'refused' || voided) return { ...told, undone };
    return 'I4: a rollback was answered as done, and no record of that is stored';
  }
  if (reply.kind === 'success') {
    if (told.failure !== undefined) return 'I5: told done after it was told failed';
    if (told.undone) return 'I5: told done after its rollback was told done';
    if (scenario.isFull && state !== 'applied') return 'I3: told done, and no more might be owed';
    return state === 'applied' || (record?.goal === 'deliver' && record.promised === true)
      ? { ...told, success: true }
      : 'I3: told done before that was stored';
  }
  if (told.success && !rollbackSent(world, scenario)) return 'I5: told failed after it was told done';
  if (told.failure !== undefined && told.failure !== reply.result && !rollbackSent(world, scenario))
    return `I5: told failed in two ways (${told.failure}, then ${reply.result})`;
  if (state === 'refused' || state === 'reversed' || state === 'cancelled' || voided)
    return { ...told, failure: reply.result };
  return 'I4: told failed before that was stored';
}

/** Nobody works on it, nothing is on its way, and nothing is due any more. */
export function isAtRest({ tasks, messages, due, stored }: World): boolean {
  // It is looked now and then whether its wallet is back; nothing comes of that by itself.
  const isElsewhere = stored?.transaction.elsewhere === true;
  return tasks.length === 0 && messages.length === 0 && (due === undefined || due === Infinity || isElsewhere);
}

export function brokenAtRest(world: World, scenario: Scenario): string | undefined {
  const { told } = world;
  const net = world.accounts.map(({ applied, undone }) => applied - undone);
  const nothing = net.every((effect) => effect === 0);
  const record = world.stored?.transaction;
  if (record === undefined) return nothing ? undefined : 'I6: the wallet has an effect without a record';
  switch (record.state) {
    case 'claimed':
    case 'open':
      return `stuck: the record is ${record.state}, and nobody will ever look at it`;
    case 'applied':
      return net.every((effect) => effect === 1) ? undefined : 'I6: the record is applied, the wallet has not got it';
    case 'refused':
    case 'reversed':
    case 'cancelled':
    case 'writtenOff':
      return nothing ? undefined : `I6: the record is ${record.state}, the wallet has an effect`;
    case 'held': {
      const because = record.heldBecause ?? 'no reason';
      if ((told.failure !== undefined || told.undone) && record.goal !== 'void')
        return `I4: told without effect, held with goal ${record.goal ?? 'none'}`;
      if (told.success && record.goal !== 'deliver' && !rollbackSent(world, scenario))
        return `L2: told done, held with goal ${record.goal ?? 'none'}`;
      return world.refused === true || world.moved === true || mayStayHeld(record, world, scenario)
        ? undefined
        : `L1: held without need (${because})`;
    }
  }
}

function mayStayHeld({ goal, legs }: Transaction, world: World, scenario: Scenario): boolean {
  const { kind, operation, operator } = scenario;
  if (kind === 'none' || kind === 'noneInverse') return true;
  // That a lookup does not find an undo proves nothing there.
  if (kind === 'findsUndo' && goal === 'void' && legs.some(({ undos }) => undos > 0)) return true;
  const { undo } = operator.terms.legs[operation];
  if (goal === 'void' && undo === undefined) return true;
  // An undo whose reply is lost can be asked for no second time there.
  if (goal === 'void' && undo?.knows && undo.repeatable === 'no' && legs.some((leg) => undosInDoubt(leg) > 0))
    return true;
  // A wallet of which only an undo can be asked can be brought to "never", not to "done"; and what is held on
  // its way to "done" stays held when it is rolled back.
  return (
    (kind === 'cancelFirst' || undo?.knows === true) &&
    operation !== 'withdraw' &&
    (goal === 'deliver' || rollbackSent(world, scenario))
  );
}
