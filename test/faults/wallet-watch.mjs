// Why: some faults strike a replica at the instant its call is on the way to the wallet.
// Never: changes what is sent.

/**
 * A tap for a wallet's link, and a way to wait for the request that names a reference. `onRequest` sees what
 * replicas send.
 */
export function watchRequests(onRequest) {
  const awaited = new Map();
  return {
    tap: () => ({
      up: (bytes) => {
        onRequest(bytes);
        const reference = [...awaited.keys()].find((name) => bytes.includes(name));
        const spring = awaited.get(reference);
        awaited.delete(reference);
        return [{ bytes, before: spring }];
      },
      down: (bytes) => [{ bytes }],
    }),
    /** Does `spring` when such a request comes, before it goes on to the wallet. */
    next(reference, spring) {
      awaited.set(reference, spring);
      return () => awaited.delete(reference);
    },
  };
}
