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
  | `TLS: ${string}`
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
  ['ERR_SOCKET_CONNECTION_TIMEOUT', 'connect timeout'],
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
/** What OpenSSL and Node say of a certificate, or of the handshake; the cure of each is another one. */
const faults: readonly (readonly [RegExp, FailureReason])[] = [
  [/^CERT_HAS_EXPIRED$/, 'TLS: the certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'TLS: the certificate is not valid yet'],
  [/^CERT_REVOKED$/, 'TLS: the certificate is revoked'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/, 'TLS: the certificate is for another name'],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'TLS: the certificate is self-signed, by nobody who is trusted'],
  [
    /^SELF_SIGNED_CERT_IN_CHAIN$|^UNABLE_TO_|^CERT_UNTRUSTED$|^INVALID_CA$|^ERR_TLS_CERT_SIGNATURE/,
    'TLS: the certificate is by an authority that is not trusted, or its chain is not sent whole',
  ],
  [/^INVALID_PURPOSE$|^CERT_REJECTED$/, 'TLS: the certificate is for another purpose'],
  [/KEY_TOO_SMALL|MD_TOO_WEAK|DH_KEY_TOO_SMALL/, 'TLS: the certificate or key is too weak'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, 'TLS: what answers does not speak TLS'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE/, 'TLS: no version both sides speak'],
  [
    /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ALERT_CERTIFICATE/,
    'TLS: our certificate is not taken, or is missing',
  ],
  [/HANDSHAKE_FAILURE|NO_SHARED_CIPHER/, 'TLS: no cipher both sides speak, or our certificate is missing'],
];
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
  if (reason !== 'connection failed' || !handshake.test(code)) return reason;
  // A wallet that speaks TLS 1.3 may turn our certificate down after the handshake, with the request on its way.
  const fault = faults.find(([pattern]) => pattern.test(code))?.[1];
  return fault ?? (progress === 'waiting' ? 'TLS handshake failed' : reason);
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
