// A trace of our own, for what comes without one. Random and no more: nothing may rest on it.

import { randomUUID } from 'node:crypto';
import type { Trace } from '../domain/trace.js';

/**
 * Of an UUID, because Node makes those in stock and so a hundred times as fast as random bytes. Its last half is
 * random, which is what those count on who keep a share of the traces.
 */
export const newTrace = (): Trace => ({ traceID: randomUUID().replaceAll('-', ''), isRecorded: true });
