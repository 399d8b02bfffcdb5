// Which phrase a failed call gets, and what it may prove: never more than that nothing left.
import { describe, expect, test } from '@jest/globals';
import {
  ExchangeStopped,
  isInfrastructureFailure,
  reasonFor,
  verdictOnFailure,
  type FailureReason,
  type Progress,
} from '../../../src/wallet/classify-failure.js';

const errorOf = (code: string): Error => Object.assign(new Error('Bearer top-secret'), { code });

describe('the phrase for an error', () => {
  const cases: [code: string, progress: Progress, phrase: FailureReason][] = [
    ['ECONNREFUSED', 'waiting', 'connection refused'],
    ['UND_ERR_CONNECT_TIMEOUT', 'waiting', 'connect timeout'],
    ['ETIMEDOUT', 'waiting', 'connect timeout'],
    ['ENOTFOUND', 'waiting', 'name not resolved'],
    ['EAI_AGAIN', 'waiting', 'name not resolved'],
    ['EHOSTUNREACH', 'waiting', 'host unreachable'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'waiting', 'TLS: the certificate is self-signed, by nobody who is trusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'waiting', 'TLS: the certificate is for another name'],
    ['CERT_HAS_EXPIRED', 'waiting', 'TLS: the certificate has expired'],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'waiting',
      'TLS: the certificate is by an authority that is not trusted, or its chain is not sent whole',
    ],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'waiting', 'TLS: what answers does not speak TLS'],
    ['ERR_SSL_SOMETHING_NEW', 'waiting', 'TLS handshake failed'],
    // A wallet may reject our certificate after it has taken the request: no longer a handshake.
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'sent', 'TLS: our certificate is not taken, or is missing'],
    ['ERR_SSL_SOMETHING_NEW', 'sent', 'connection failed'],
    ['ECONNRESET', 'waiting', 'connection reset'],
    ['ECONNRESET', 'sent', 'connection reset'],
    ['EPIPE', 'sent', 'connection reset'],
    ['UND_ERR_SOCKET', 'sent', 'connection closed'],
    ['UND_ERR_SOCKET', 'answering', 'reply cut'],
    ['ECONNRESET', 'answering', 'reply cut'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'answering', 'reply cut'],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'answering', 'reply too large'],
    ['UND_ERR_HEADERS_OVERFLOW', 'sent', 'reply too large'],
    ['UND_ERR_INVALID_ARG', 'waiting', 'request cannot be sent'],
    ['UND_ERR_CLOSED', 'waiting', 'no longer allowed to send'],
    ['ESOMETHINGNEW', 'sent', 'connection failed'],
  ];

  test.each(cases)('%s while %s is "%s"', (code, progress, phrase) => {
    expect(reasonFor(errorOf(code), progress)).toBe(phrase);
  });

  test.each([undefined, null, 'Bearer top-secret', 42, {}, { code: 5 }])(
    'a thrown %p is no more than a failed connection',
    (thrown) => {
      expect(reasonFor(thrown, 'sent')).toBe('connection failed');
    },
  );

  test('what the parser cannot read has a name only', () => {
    const error = Object.assign(new Error('Bearer top-secret'), { name: 'HTTPParserError', code: undefined });

    expect(reasonFor(error, 'sent')).toBe('unreadable reply');
  });

  test('a reason of our own is kept', () => {
    expect(reasonFor(new ExchangeStopped('timeout'), 'answering')).toBe('timeout');
  });
});

describe('the verdict', () => {
  test('is notApplied only when no byte left, whatever the reason', () => {
    expect(verdictOnFailure({ kind: 'failed', sent: false, because: 'connection reset', ms: 3 })).toEqual({
      kind: 'notApplied',
      because: 'connection reset',
    });
    expect(verdictOnFailure({ kind: 'failed', sent: true, because: 'connection refused', ms: 3 })).toEqual({
      kind: 'unknown',
      because: 'connection refused',
    });
  });
});

test('what we did not send for a reason of our own is no failure of the wallet', () => {
  const failed = (because: FailureReason) => isInfrastructureFailure({ kind: 'failed', sent: false, because, ms: 0 });

  expect(failed('no longer allowed to send')).toBe(false);
  expect(failed('request cannot be sent')).toBe(false);
  expect(failed('connect timeout')).toBe(true);
  expect(failed('TLS handshake failed')).toBe(true);
});
