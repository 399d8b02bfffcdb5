// What a call without a readable reply means. Whether bytes may have left is never read from an error: the
// adapter counts it, and only "none did" is `notApplied`. Errors carry requests, and so secrets: nothing but
// these phrases leaves here.

import type { Verdict } from '../domain/outcome.js';

export type FailureReason =
  | 'timeout'
  | 'connect timeout'
  | 'connection refused'
  | 'name not resolved'
  | 'host unreachable'
  | 'TLS handshake failed'
  | 'connection reset'
  | 'connection closed'
  | 'connection failed'
  | 'reply too large'
  | 'reply cut'
  | 'unreadable reply'
  | 'request cannot be sent'
  | 'no longer allowed to send'
  | 'started twice'
  | `no access token: ${string}`;

/**
 * How far a call came: `sent` from just before its first byte may be written, `answering` once the reply's
 * head is here.
 */
export type Progress = 'waiting' | 'sent' | 'answering';

export interface FailedExchange {
  readonly kind: 'failed';
  /** False only when it is proven that no byte of it was written. */
  readonly sent: boolean;
  readonly because: FailureReason;
  /** Milliseconds from the call to giving it up. */
  readonly ms: number;
}

/** The bridge itself ended a call, for a reason that is known already. */
export class ExchangeStopped extends Error {
  override readonly name = 'ExchangeStopped';
  constructor(readonly because: FailureReason) {
    super(because);
  }
}

const reasons = new Map<string, FailureReason>([
  ['ECONNREFUSED', 'connection refused'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect timeout'],
  ['ETIMEDOUT', 'connect timeout'],
  ['ENOTFOUND', 'name not resolved'],
  ['EAI_AGAIN', 'name not resolved'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'host unreachable'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['UND_ERR_SOCKET', 'connection closed'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'reply too large'],
  ['UND_ERR_HEADERS_OVERFLOW', 'reply too large'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'reply cut'],
  ['HTTPParserError', 'unreadable reply'],
  ['UND_ERR_INVALID_ARG', 'request cannot be sent'],
  ['UND_ERR_NOT_SUPPORTED', 'request cannot be sent'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'request cannot be sent'],
  ['UND_ERR_CLOSED', 'no longer allowed to send'],
  ['UND_ERR_DESTROYED', 'no longer allowed to send'],
]);
const handshake = /TLS|SSL|CERT|SELF_SIGNED|UNABLE_TO|INVALID_PURPOSE|INVALID_CA|EPROTO/;
const oursAlone: ReadonlySet<FailureReason> = new Set(['request cannot be sent', 'no longer allowed to send']);

/**
 * The phrase for an error thrown while a call had come as far as `progress`. Reads the error's code or name
 * only.
 */
export function reasonFor(error: unknown, progress: Progress): FailureReason {
  if (error instanceof ExchangeStopped) return error.because;
  const code = codeOf(error);
  const reason = reasons.get(code) ?? 'connection failed';
  if (progress === 'answering' && (reason === 'connection closed' || reason === 'connection reset')) return 'reply cut';
  if (reason === 'connection failed' && progress === 'waiting' && handshake.test(code)) return 'TLS handshake failed';
  return reason;
}

/** The error's code; undici's parser errors have none, so then its name. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : '';
}

/**
 * What such a call says about the wallet's books. It speaks of this call only, and knows nothing of an
 * earlier send of the same reference.
 */
export function verdictOnFailure(failure: FailedExchange): Extract<Verdict, { kind: 'notApplied' | 'unknown' }> {
  return { kind: failure.sent ? 'unknown' : 'notApplied', because: failure.because };
}

/**
 * True when the way to the wallet or the wallet itself failed, false when the bridge did not send it for a
 * reason of its own.
 */
export function isInfrastructureFailure(failure: FailedExchange): boolean {
  return !oursAlone.has(failure.because);
}
