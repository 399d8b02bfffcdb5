// All that one operator file is looked at for once it is compiled. What is wrong between files is not here.

import type { Report } from '../../yaml/diagnostics.js';
import type { Turns } from '../turns.js';
import { bareStatus, withoutReference, withoutRefusal } from './call-promises.js';
import { clockIds } from './clock-ids.js';
import { constantSigns } from './constant-signs.js';
import {
  closedRoundWithoutCall,
  contradictedFreeSpin,
  paidOutFreeSpin,
  paidOutWithdraw,
  unclosedRounds,
  uncalledCloseRound,
} from './flows.js';
import { idleLookup, idleOfflineSession, idleUndoKnows, nothingOwed, receiptBeforeAnswer } from './idle-promises.js';
import { lineEnds } from './line-ends.js';
import type { Compiled, Lint } from './lint.js';
import { namesOfOtherDialects } from './other-dialects.js';
import { twoAnswers, unreachableRules } from './unreachable-rules.js';
import { unreadSecrets, unreadVars } from './unread-names.js';

export const lints: readonly Lint[] = [
  twoAnswers,
  unreachableRules,
  withoutRefusal,
  withoutReference,
  bareStatus,
  clockIds,
  constantSigns,
  lineEnds,
  idleLookup,
  nothingOwed,
  receiptBeforeAnswer,
  idleUndoKnows,
  idleOfflineSession,
  closedRoundWithoutCall,
  unclosedRounds,
  uncalledCloseRound,
  contradictedFreeSpin,
  paidOutFreeSpin,
  paidOutWithdraw,
  unreadSecrets,
  unreadVars,
  namesOfOtherDialects,
];

export function* reportLints(compiled: Compiled, report: Report): Turns<void> {
  for (const { severity, find } of lints) {
    yield;
    for (const finding of find(compiled)) {
      if (finding === undefined) {
        yield;
        continue;
      }
      const { path, message, ...where } = finding;
      report(path, message, { severity, ...where });
    }
  }
}
