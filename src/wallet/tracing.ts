// Puts the header `traceparent` on what is sent, so that the wallet's people find our call among theirs. It comes
// last: what a file signs, shows and compares was made before, and a header of that name which a file makes
// itself is left as it is.

import { randomUUID } from 'node:crypto';
import { traceparentOf } from '../domain/trace.js';
import type { WalletRequest } from './message.js';
import type { Transport } from './transport.js';

export const traceHeader = 'traceparent';

type Exchanging = Pick<Transport, 'exchange'>;

/** Each exchange has an id of its own in the trace it is made for. */
export function tracing(transport: Exchanging): Exchanging {
  return {
    exchange(request, settings) {
      const { trace } = settings;
      if (trace === undefined || namesItsTrace(request)) return transport.exchange(request, settings);
      const headers = { ...request.headers, [traceHeader]: traceparentOf(trace, newCallID()) };
      return transport.exchange({ ...request, headers }, settings);
    },
  };
}

/** The file makes that header itself. */
export const namesItsTrace = ({ headers }: WalletRequest): boolean =>
  Object.keys(headers).some((name) => name.length === traceHeader.length && name.toLowerCase() === traceHeader);

/** 16 of an UUID's digits that are random, since Node makes those in stock. */
function newCallID(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 4) + uuid.slice(24);
}
