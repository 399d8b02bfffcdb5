// The layer that tells whoever watches of every call, also of one that never left.

import type { Cause } from '../domain/causes.js';
import type { Observer } from '../domain/ports.js';
import { causeOf } from './cause-of.js';
import type { MakeCall } from './calling.js';

/** `operator`: whose wallet it is. */
export function observing(make: MakeCall, operator: string, tell: Observer['walletCalled']): MakeCall {
  return async (wanted) => {
    const ended = await make(wanted);
    const { name: call, subject } = wanted;
    const { verdict, ms, unmade } = ended;
    tell({
      ...{ operator, call, kind: verdict.kind, ms },
      ...('because' in verdict && { because: verdict.because, cause: causeIn(verdict.because, unmade) }),
      ...(unmade !== undefined && { unmade }),
      ...('transaction' in subject && { transactionID: subject.transaction.transactionID }),
    });
    return ended;
  };
}

/** What a mapping says of a request it cannot make may be any sentence. */
const causeIn = (because: string, unmade: string | undefined): Cause =>
  unmade === undefined ? (causeOf(because) ?? 'unreadable') : 'noRequest';
