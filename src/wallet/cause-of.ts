// The one word for each phrase that says why a call ended without a clear answer. A phrase that nobody placed
// here would be counted as a reply that cannot be read: a test holds every phrase of the code to this list.

import type { Cause } from '../domain/causes.js';
import type { FailureReason } from './classify-failure.js';

/** The phrases that stand alone; of those that go on with a detail, their beginning. */
type WholePhrase = Exclude<FailureReason, `${string}: ${string}`>;

const ofFailure: Readonly<Record<WholePhrase, Cause>> = {
  timeout: 'timeout',
  'connect timeout': 'connecting',
  'connection refused': 'connecting',
  'name not resolved': 'connecting',
  'host unreachable': 'connecting',
  'connection failed': 'connecting',
  'TLS handshake failed': 'tls',
  'connection reset': 'connectionLost',
  'connection closed': 'connectionLost',
  'reply cut': 'connectionLost',
  'reply too large': 'unreadable',
  'unreadable reply': 'unreadable',
  'request cannot be sent': 'noRequest',
  'no longer allowed to send': 'noTime',
  'started twice': 'bug',
};

/** In the order they are tried. */
const others: readonly (readonly [RegExp, Cause])[] = [
  [/^no rule (of the lookup )?holds|^a fault, and no rule holds/, 'noRule'],
  [/^breaker open$/, 'breakerOpen'],
  [/^too many calls in flight$/, 'queueFull'],
  [/^no access token: /, 'noToken'],
  [/^TLS: /, 'tls'],
  [/^no time left$/, 'noTime'],
  [/^the reply is applied and |^the lookup answers two things/, 'contradiction'],
  [/^a rule says |^a balance call answered /, 'ruleSaysSo'],
  [/^the wallet turned the session away$/, 'sessionOver'],
  [/^the operator declares no such call$|^no request can be made: /, 'noRequest'],
  [/ failed \(\w+\)$/, 'bug'],
  [/^a redirect|^the body is not |^the balance cannot be read$/, 'unreadable'],
];

const isWhole = (because: string): because is WholePhrase => Object.hasOwn(ofFailure, because);

export function causeOf(because: string): Cause | undefined {
  return isWhole(because) ? ofFailure[because] : others.find(([pattern]) => pattern.test(because))?.[1];
}
