// The only way to an operator's wallet: one origin, one connection pool, one exchange per call. It knows HTTP
// and nothing of money. It never follows a redirect, never repeats, never leaves its origin, and never lets
// an error object out.

import type { SecureContext } from 'node:tls';
import { Axios } from 'axios';
import { Pool } from 'undici';
import type { CallSettings } from '../domain/ports.js';
import { reasonFor, type FailedExchange, type FailureReason } from './classify-failure.js';
import { PoolCall } from './undici-adapter.js';
import type { WalletReply, WalletRequest } from './message.js';

export type Exchange = { readonly kind: 'reply'; readonly reply: WalletReply; readonly ms: number } | FailedExchange;

export interface Transport {
  /** One HTTP exchange, within so many milliseconds from now, whole reply included. Never rejects. */
  exchange(request: WalletRequest, settings: CallSettings): Promise<Exchange>;
  /** Waits for what is under way, then lets go of all connections. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Origin and optional path prefix of every call. */
  readonly baseUrl: URL;
  readonly connections: number;
  /** Bytes of a reply's body at most. */
  readonly maxReplyBytes: number;
  /** Whom to trust and as whom to speak, where it is not the public authorities and nobody. */
  readonly secureContext?: SecureContext | undefined;
}

/**
 * Milliseconds: time for one lost SYN to be sent again. The call's own time is the bound; this one only frees
 * the connection's place.
 */
const connectWithin = 2_000;

/** Opens nothing yet: connections are made as calls need them, and kept. */
export function createTransport({ baseUrl, connections, maxReplyBytes, secureContext }: TransportOptions): Transport {
  // undici's own reply timeouts are off: each call has a timer of its own, over everything.
  const pool = new Pool(baseUrl.origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: connectWithin,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxReplyBytes,
    ...(secureContext && { connect: { secureContext } }),
  });
  // Made bare, not by `create`: no transformers, no interceptors, no status that is an error. Redirects,
  // proxies and absolute URLs are things of axios' own transport, which never runs; each setting that said so
  // would cost 2-3 µs of every call.
  const axios = new Axios({});
  const prefix = baseUrl.pathname.replace(/\/$/, '');

  async function exchange(request: WalletRequest, { within, mayStillSend }: CallSettings): Promise<Exchange> {
    const began = performance.now();
    const call = new PoolCall(pool, { 'accept-encoding': 'identity', ...request.headers }, mayStillSend);
    const failed = (because: FailureReason): Exchange => ({
      kind: 'failed',
      sent: call.progress !== 'waiting',
      because,
      ms: performance.now() - began,
    });
    try {
      // Without its slash it would run into the prefix.
      if (!request.path.startsWith('/')) return failed('request cannot be sent');
      const { status, data } = await axios.request<Uint8Array>({
        adapter: call.adapter,
        method: request.method,
        url: prefix + request.path,
        timeout: within,
        data: request.body,
      });
      const headers = joined(call.replyHeaders);
      if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return failed('unreadable reply');
      return { kind: 'reply', reply: { status, headers, body: data }, ms: performance.now() - began };
    } catch (error) {
      return failed(reasonFor(error, call.progress));
    }
  }

  let closed: Promise<void> | undefined;
  return { exchange, close: () => (closed ??= pool.close()) };
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) lines[name] = typeof value === 'string' ? value : value.join(', ');
  return lines;
}
