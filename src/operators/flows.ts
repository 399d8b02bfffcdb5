// What one call leads to by the file: the calls that follow it, and whether a free spin makes one.

import type { MoneyKind } from '../domain/callback.js';
import type { Terms } from '../domain/terms.js';
import type { OperatorFile } from './schema/operator-file.js';

/** What follows an applied call of this kind, besides its answer. */
export function afterOf(file: OperatorFile, kind: MoneyKind): readonly string[] {
  const operation = file.operations[kind];
  return operation === 'legs' ? [] : [operation.after ?? []].flat();
}

/** What becomes of a movement of nothing, kind by kind. */
export function zeroAmountsOf({ policy, operations }: OperatorFile): Terms['zeroAmounts'] {
  const own = (kind: MoneyKind) => {
    const operation = operations[kind];
    return (operation === 'legs' ? undefined : operation.zeroAmounts) ?? policy.zeroAmounts;
  };
  return { withdraw: own('withdraw'), deposit: own('deposit'), betWin: own('betWin') };
}

/** A free spin that has a mapping is sent, unless the file says otherwise. */
export function freeSpinsOf({ policy, operations }: OperatorFile): Terms['freeSpins'] {
  return policy.freeSpins ?? (operations.freeSpin === undefined ? 'skip' : 'forward');
}
