// The layer that tells whoever watches of every call, also of one that never left.

import type { Observer } from '../domain/ports.js';
import type { MakeCall } from './calling.js';
import { playerOf } from './compiled-wallet.js';

/** `operator`: whose wallet it is. */
export function observing(make: MakeCall, operator: string, tell: Observer['walletCalled']): MakeCall {
  return async (wanted) => {
    const ended = await make(wanted);
    const { name: call, subject, settings } = wanted;
    const { verdict, ms, unmade } = ended;
    tell({
      ...{ operator, call, kind: verdict.kind, ms, agentID: playerOf(subject).agentID },
      traceID: settings.trace?.traceID,
      ...('because' in verdict && { because: verdict.because }),
      ...(unmade !== undefined && { unmade }),
      ...('transaction' in subject && { transactionID: subject.transaction.transactionID }),
    });
    return ended;
  };
}
