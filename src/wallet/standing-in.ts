// The layer that sends once more what is owed and was turned away for the player's session, with what stands in
// for that. The record counts one send and knows that it may have left; its lease is looked at again, and the
// wallet is told that it is a repeat. What the file reads as a bad session did nothing, so the two cannot both
// land.

import type { AnyVerdict, Ended, MakeCall } from './calling.js';
import type { Known } from './compiled-wallet.js';

export function standingIn(make: MakeCall): MakeCall {
  return async (wanted) => {
    const { subject, settings } = wanted;
    const began = performance.now();
    const ended = await make(wanted);
    const instead = ended.badSession === true ? withAnotherSession(subject) : undefined;
    if (instead === undefined) return ended;
    const within = settings.within - (performance.now() - began);
    const second = await make({ ...wanted, subject: instead, settings: { ...settings, within } });
    // A session it hands out is of the one that stands in, and not the player's.
    return { ...reached(second), session: undefined };
  };
}

/** What is sent once more; where no session is known, what stands in for it was sent already. */
export function withAnotherSession<S extends { readonly known?: Known | undefined }>(subject: S) {
  if (subject.known?.session === undefined) return undefined;
  return { ...subject, known: { ...subject.known, isOver: true }, again: true } as const;
}

/** Whatever kept the second one from leaving, the first one came to the wallet. */
function reached<V extends AnyVerdict>(ended: Ended<V>): Ended<V> {
  const { verdict } = ended;
  return verdict.kind === 'notApplied' ? { ...ended, verdict: { ...verdict, reached: true } } : ended;
}
