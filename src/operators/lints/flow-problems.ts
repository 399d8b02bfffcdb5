// What can be wrong between the keys that lead to further calls: a round that is closed, a free spin of its own. Each key is right
// by itself; together they would do what nobody meant, with money in the worst case.

import type { Report } from '../../yaml/diagnostics.js';
import type { OperatorFile } from '../schema/operator-file.js';
import type { UndoPlans } from '../undo-plans.js';
import type { Path } from '../../yaml/tree.js';

/** What follows an applied call of this kind, besides its answer. */
export function afterOf(file: OperatorFile, kind: 'withdraw' | 'deposit' | 'betWin'): readonly string[] {
  const operation = file.operations[kind];
  return operation === 'legs' ? [] : [operation.after ?? []].flat();
}

/** A free spin that has a mapping is sent, unless the file says otherwise. */
export function freeSpinsOf({ policy, operations }: OperatorFile): 'skip' | 'forward' {
  return policy.freeSpins ?? (operations.freeSpin === undefined ? 'skip' : 'forward');
}

/** Reports each at the key that must change. */
export function reportFlows(file: OperatorFile, plans: UndoPlans, report: Report): void {
  reportClosing(file, report);
  reportFreeSpins(file, plans, report);
}

function reportClosing(file: OperatorFile, report: Report): void {
  const { closeRound } = file.operations;
  const closing = (['deposit', 'betWin'] as const).filter((kind) => afterOf(file, kind).includes('closeRound'));
  for (const kind of closing) {
    const path: Path = ['operations', kind, 'after'];
    if (closeRound === undefined)
      report(path, 'closeRound, and there is no such call; expected operations.closeRound with a request');
    if (file.policy.zeroAmounts === 'skip')
      report(
        path,
        'closeRound, while a win of 0.00 makes no call, so a round without a win is never closed; expected policy.zeroAmounts: forward',
        { severity: 'warning' },
      );
  }
  if (closeRound !== undefined && closing.length === 0)
    report(['operations', 'closeRound'], 'nothing calls it; expected after: closeRound at deposit or betWin', {
      severity: 'warning',
      key: true,
    });
}

function reportFreeSpins(file: OperatorFile, plans: UndoPlans, report: Report): void {
  const isMapped = file.operations.freeSpin !== undefined;
  if (isMapped && file.policy.freeSpins === 'skip')
    report(
      ['policy', 'freeSpins'],
      'skip, while operations.freeSpin says how they are sent; expected forward, or no such operation',
    );
  if (freeSpinsOf(file) === 'skip' || plans.withdraw?.kind !== 'inverse') return;
  const message =
    'the undo of a bet is a deposit here, which would pay out the stake of a free spin that was never taken; ' +
    'expected a mapping of its own for the undo of a withdraw, or unsupported';
  if (isMapped) report(['operations', 'freeSpin'], message, { key: true });
  else report(['policy', 'freeSpins'], message, { severity: 'warning' });
}
