// The layer that has the mapping make the request. A call it cannot make a request of is not applied, for
// nothing was sent; it is a no only where the platform's own values are to blame and nothing about the
// movement can have left before.

import { sendsInDoubt } from '../domain/transaction.js';
import { bugWhile, neverLeft, type MakeCall, type SendCall, type Wanted } from './calling.js';
import type { CompiledCall, Rendered, Subject } from './compiled-wallet.js';

/** `now`: epoch ms, for the mapping. */
export function rendering(send: SendCall, now: () => number): MakeCall {
  return async (wanted) => {
    const { call, subject, settings } = wanted;
    if (call === undefined) return neverLeft({ kind: 'notApplied', because: 'the operator declares no such call' });
    if (settings.within <= 0) return neverLeft({ kind: 'notApplied', because: 'no time left' });
    const rendered = render(call, subject, now());
    if (rendered.kind === 'request') return send({ ...wanted, call, request: rendered.request });
    const { result, because } = rendered;
    const isNo = result !== undefined && isFirstSend(wanted);
    const verdict = isNo
      ? ({ kind: 'refused', result, unmade: true, because: `no request can be made: ${because}` } as const)
      : ({ kind: 'notApplied', because } as const);
    return { ...neverLeft(verdict), unmade: because };
  };
}

function render(call: CompiledCall<unknown>, subject: Subject, now: number): Rendered {
  try {
    return call.render(subject, now);
  } catch (error) {
    return { kind: 'cannot', because: bugWhile('rendering it', error) };
  }
}

/** The send counted in the record is this one. */
function isFirstSend({ name, subject }: Wanted<unknown>): boolean {
  return name === 'send' && 'leg' in subject && sendsInDoubt(subject.leg) === 1 && subject.again !== true;
}
