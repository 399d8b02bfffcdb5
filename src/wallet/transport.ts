// The only way to an operator's wallet: one origin, one connection pool, one exchange per call. It knows HTTP
// and nothing of money. It never follows a redirect, never repeats, never leaves its origin, and never lets
// an error object out.

import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Axios } from 'axios';
import { buildConnector, Pool } from 'undici';
import type { CallSettings } from '../domain/ports.js';
import { reasonFor, type FailedExchange, type FailureReason } from './classify-failure.js';
import { PoolCall } from './undici-adapter.js';
import { unpacked } from './unpacked.js';
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
  /** How names become addresses. */
  readonly lookup?: LookupFunction;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * Milliseconds: time for one lost SYN to be sent again. The call's own time is the bound; this one only frees
 * the connection's place.
 */
const connectWithin = 2_000;
/** Of addresses a name may have. */
const families = 2;

/**
 * Milliseconds a pool takes calls. A connection that is never idle would go on to where the wallet's name
 * pointed when it was made, although the name has moved; a new pool looks it up again.
 */
const poolLifetime = 30_000;

/** IPv4 first: where only one family works it is nearly always this one, and waiting for the other costs a call. */
const lookupUsual: LookupFunction = (hostname, options, told) =>
  lookup(hostname, { ...options, verbatim: false }, told);

/** Opens nothing yet: connections are made as calls need them, and kept. */
export function createTransport({
  baseUrl,
  connections,
  maxReplyBytes,
  secureContext,
  lookup: resolve = lookupUsual,
  now = () => performance.now(),
}: TransportOptions): Transport {
  // One for all pools, because it remembers the TLS sessions.
  const connect = buildConnector({
    // Each address has its time, as if it were the only one: Node's own 250 ms cut off whoever is far away.
    timeout: families * connectWithin,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: connectWithin,
    allowH2: false,
    lookup: resolve,
    ...(secureContext && { secureContext }),
  });
  // undici's own reply timeouts are off: each call has a timer of its own, over everything.
  const open = (): Pool =>
    new Pool(baseUrl.origin, {
      connections,
      pipelining: 1,
      connect,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxReplyBytes,
    });
  const isNamed = isIP(baseUrl.hostname.replace(/^\[|\]$/g, '')) === 0;
  const leaving = new Set<Promise<void>>();
  let pool = open();
  let since = now();

  /** The pool of today; calls under way end on the one they began with. */
  function current(): Pool {
    if (isNamed && now() - since >= poolLifetime) {
      const left = pool.close().finally(() => leaving.delete(left));
      leaving.add(left);
      pool = open();
      since = now();
    }
    return pool;
  }

  // Made bare, not by `create`: no transformers, no interceptors, no status that is an error. Redirects,
  // proxies and absolute URLs are things of axios' own transport, which never runs; each setting that said so
  // would cost 2-3 µs of every call.
  const axios = new Axios({});
  const prefix = baseUrl.pathname.replace(/\/$/, '');

  async function exchange(
    { method, path, headers, body }: WalletRequest,
    { within, mayStillSend }: CallSettings,
  ): Promise<Exchange> {
    const began = performance.now();
    const request = { method, path: prefix + path, headers: { 'accept-encoding': 'identity', ...headers }, body };
    const call = new PoolCall(current(), request, within, mayStillSend);
    const failed = (because: FailureReason): Exchange => ({
      kind: 'failed',
      sent: call.progress !== 'waiting',
      because,
      ms: performance.now() - began,
    });
    try {
      // Without its slash it would run into the prefix.
      if (!path.startsWith('/')) return failed('request cannot be sent');
      const { status, data } = await axios.request<Uint8Array>({ adapter: call.adapter });
      const lines = joined(call.replyHeaders);
      const bytes = unpacked(data, lines['content-encoding'] ?? '', maxReplyBytes);
      if (typeof bytes === 'string') return failed(bytes);
      return { kind: 'reply', reply: { status, headers: lines, body: bytes }, ms: performance.now() - began };
    } catch (error) {
      return failed(reasonFor(error, call.progress));
    }
  }

  let closed: Promise<void> | undefined;
  return { exchange, close: () => (closed ??= Promise.all([pool.close(), ...leaving]).then(() => undefined)) };
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) lines[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return lines;
}
