// The layer that keeps calls in flight few enough for the wallet. One more is not queued but not applied: a
// call that waits for its turn would leave when nobody waits for it any more.

import { neverLeft, type SendCall } from './calling.js';

export interface Limit {
  /** Calls on their way to the wallet and back. */
  inFlight(): number;
  limiting(send: SendCall): SendCall;
}

/** All that it is put round count together: `most` at once. */
export function createLimit(most: number): Limit {
  let inFlight = 0;
  return {
    inFlight: () => inFlight,
    limiting: (send) => async (ready) => {
      if (inFlight >= most) return neverLeft({ kind: 'notApplied', because: 'too many calls in flight' });
      inFlight += 1;
      try {
        return await send(ready);
      } finally {
        inFlight -= 1;
      }
    },
  };
}
