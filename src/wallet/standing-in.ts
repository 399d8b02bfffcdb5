// The layer that sends once more what is owed and was turned away for the player's session, with what stands in
// for that. The record counts one send and knows that it may have left; its lease is looked at again, and the
// wallet is told that it is a repeat. What the file reads as a bad session did nothing, so the two cannot both
// land.

import type { AnyVerdict, Ended, MakeCall } from './calling.js';

export function standingIn(make: MakeCall): MakeCall {
  return async (wanted) => {
    const { subject, settings } = wanted;
    const began = performance.now();
    const ended = await make(wanted);
    // Where no session is known, what stands in for it was sent already.
    if (ended.badSession !== true || subject.known?.session === undefined) return ended;
    const within = settings.within - (performance.now() - began);
    const known = { ...subject.known, isOver: true } as const;
    const second = await make({
      ...wanted,
      subject: { ...subject, known, again: true },
      settings: { ...settings, within },
    });
    // A session it hands out is of the one that stands in, and not the player's.
    return { ...reached(second), session: undefined };
  };
}

/** Whatever kept the second one from leaving, the first one came to the wallet. */
function reached<V extends AnyVerdict>(ended: Ended<V>): Ended<V> {
  const { verdict } = ended;
  return verdict.kind === 'notApplied' ? { ...ended, verdict: { ...verdict, reached: true } } : ended;
}
