// What can be wrong between the keys that lead to further calls: a round that is closed, a free spin of its
// own. Each key is right by itself; together they would do what nobody meant, with money in the worst case.

import type { Path } from '../../yaml/tree.js';
import { afterOf, freeSpinsOf } from '../flows.js';
import type { OperatorFile } from '../schema/operator-file.js';
import type { Compiled, Lint } from './lint.js';

const closing = (file: OperatorFile): ('deposit' | 'betWin')[] =>
  (['deposit', 'betWin'] as const).filter((kind) => afterOf(file, kind).includes('closeRound'));
const afterAt = (kind: string): Path => ['operations', kind, 'after'];

export const closedRoundWithoutCall: Lint = {
  severity: 'error',
  *find({ file }) {
    if (file.operations.closeRound === undefined)
      for (const kind of closing(file))
        yield {
          path: afterAt(kind),
          message: 'closeRound, and there is no such call; expected operations.closeRound with a request',
        };
  },
};

export const unclosedRounds: Lint = {
  severity: 'warning',
  *find({ file, terms: { zeroAmounts } }) {
    for (const kind of closing(file))
      if (zeroAmounts[kind] === 'skip')
        yield {
          path: afterAt(kind),
          message: `closeRound, while a ${kind === 'deposit' ? 'win' : kind} of 0.00 makes no call, so a round without a win is never closed; expected zeroAmounts: forward beside it`,
        };
  },
};

export const uncalledCloseRound: Lint = {
  severity: 'warning',
  *find({ file }) {
    if (file.operations.closeRound !== undefined && closing(file).length === 0)
      yield {
        path: ['operations', 'closeRound'],
        message: 'nothing calls it; expected after: closeRound at deposit or betWin',
        key: true,
      };
  },
};

export const contradictedFreeSpin: Lint = {
  severity: 'error',
  *find({ file: { operations, policy } }) {
    if (operations.freeSpin !== undefined && policy.freeSpins === 'skip')
      yield {
        path: ['policy', 'freeSpins'],
        message: 'skip, while operations.freeSpin says how they are sent; expected forward, or no such operation',
      };
  },
};

const paidOut =
  'the undo of a bet is a deposit here, which would pay out the stake of a free spin that was never taken; ' +
  'expected a mapping of its own for the undo of a withdraw, or unsupported';
const isPaidOut = ({ file, plans }: Compiled): boolean =>
  freeSpinsOf(file) !== 'skip' && plans.withdraw?.kind === 'inverse';

export const paidOutFreeSpin: Lint = {
  severity: 'error',
  *find(compiled) {
    if (compiled.file.operations.freeSpin !== undefined && isPaidOut(compiled))
      yield { path: ['operations', 'freeSpin'], message: paidOut, key: true };
  },
};

/** Sent by operations.withdraw, which may take no stake either. */
export const paidOutWithdraw: Lint = {
  severity: 'warning',
  *find(compiled) {
    if (compiled.file.operations.freeSpin === undefined && isPaidOut(compiled))
      yield { path: ['policy', 'freeSpins'], message: paidOut };
  },
};
