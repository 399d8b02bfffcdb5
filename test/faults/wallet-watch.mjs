// Why: some faults strike a replica at the instant its call is on the way to the wallet.
// Never: changes what is sent.
/** @import { Tap } from './fault-link.mjs' */

/**
 * A tap for a wallet's link, and a way to wait for the request that names a reference. `onRequest` sees what
 * replicas send.
 * @param {(bytes: Buffer) => void} onRequest
 */
export function watchRequests(onRequest) {
  /** @type {Map<string, () => unknown>} */
  const awaited = new Map();
  return {
    /** @type {Tap} */
    tap: () => ({
      up: (bytes) => {
        onRequest(bytes);
        const [reference = '', spring] = [...awaited].find(([name]) => bytes.includes(name)) ?? [];
        awaited.delete(reference);
        return [{ bytes, before: spring }];
      },
      down: (bytes) => [{ bytes }],
    }),
    /**
     * Does `spring` when such a request comes, before it goes on to the wallet.
     * @param {string} reference
     * @param {() => unknown} spring
     */
    next(reference, spring) {
      awaited.set(reference, spring);
      return () => awaited.delete(reference);
    },
  };
}
