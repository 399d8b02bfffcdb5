// The layer that tells whoever watches of every call, also of one that never left.

import type { Cause } from '../domain/causes.js';
import type { Observer } from '../domain/ports.js';
import { causeOf } from './cause-of.js';
import type { AnyVerdict, MakeCall } from './calling.js';
import { playerOf } from './compiled-wallet.js';

/** `operator`: whose wallet it is. */
export function observing(make: MakeCall, operator: string, tell: Observer['walletCalled']): MakeCall {
  return async (wanted) => {
    const ended = await make(wanted);
    const { name: call, subject, settings } = wanted;
    const { verdict, ms, unmade } = ended;
    const { kind } = verdict;
    const because = 'because' in verdict ? verdict.because : undefined;
    tell({
      operator,
      call,
      kind,
      ms,
      agentID: playerOf(subject).agentID,
      transactionID: 'transaction' in subject ? subject.transaction.transactionID : undefined,
      traceID: settings.trace?.traceID,
      because,
      cause: because !== undefined && isUnclear(kind) ? causeIn(because, unmade) : undefined,
      unmade,
    });
    return ended;
  };
}

const isUnclear = (kind: AnyVerdict['kind']): boolean => kind === 'unknown' || kind === 'notApplied';

/** What a mapping says of a request it cannot make may be any sentence. */
const causeIn = (because: string, unmade: string | undefined): Cause =>
  unmade === undefined ? (causeOf(because) ?? 'unreadable') : 'noRequest';
