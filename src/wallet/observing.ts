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
    tell({
      ...{ operator, call, kind: verdict.kind, ms, agentID: playerOf(subject).agentID },
      traceID: settings.trace?.traceID,
      ...reasonOf(verdict, unmade),
      ...(unmade !== undefined && { unmade }),
      ...('transaction' in subject && { transactionID: subject.transaction.transactionID }),
    });
    return ended;
  };
}

function reasonOf(verdict: AnyVerdict, unmade: string | undefined): { because?: string; cause?: Cause } {
  if (!('because' in verdict)) return {};
  const { kind, because } = verdict;
  return { because, ...((kind === 'unknown' || kind === 'notApplied') && { cause: causeIn(because, unmade) }) };
}

/** What a mapping says of a request it cannot make may be any sentence. */
const causeIn = (because: string, unmade: string | undefined): Cause =>
  unmade === undefined ? (causeOf(because) ?? 'unreadable') : 'noRequest';
