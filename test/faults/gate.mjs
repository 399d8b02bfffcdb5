// Why: a Redis that loses writes is found out by the processes that wrote them. What is to be shown of that
// must not be mixed with what the pages say is lost unseen: a process that dies with its Redis. Never: lets
// anything in beside who asked to be alone.

export function createGate() {
  let inside = 0;
  let closed = 0;
  /** @type {(() => void)[]} */
  let waiting = [];

  const changed = () => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  /** @param {() => boolean} holds */
  const until = async (holds) => {
    while (!holds()) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
  };
  let last = Promise.resolve();

  return {
    /** Somebody is alone, or waits to be. */
    get isClosed() {
      return closed > 0;
    },

    /**
     * Beside others of this sort.
     * @template T
     * @param {() => Promise<T>} act
     */
    async beside(act) {
      await until(() => closed === 0);
      inside += 1;
      try {
        return await act();
      } finally {
        inside -= 1;
        changed();
      }
    },

    /**
     * When all others are done, and before any more begin.
     * @template T
     * @param {() => Promise<T>} act
     */
    async alone(act) {
      closed += 1;
      const turn = last;
      let leave = () => {};
      last = new Promise((resolve) => (leave = () => resolve()));
      try {
        await turn;
        await until(() => inside === 0);
        return await act();
      } finally {
        closed -= 1;
        leave();
        changed();
      }
    },
  };
}
