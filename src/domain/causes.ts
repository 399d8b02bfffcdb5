// Why a wallet call ended without a clear answer, in words that metrics count it by. The log says it in full.

export const causes = {
  timeout: 'no reply in time',
  connecting: 'no connection: refused, not in time, no such name, no way there',
  tls: 'no connection: the TLS handshake, or a certificate',
  connectionLost: 'the connection ended before the reply was whole',
  noToken: 'no access token',
  breakerOpen: 'the breaker keeps calls back',
  queueFull: '`wallet.concurrency` calls are in flight, and none ended in time',
  noTime: 'too little of the deadline or of the lease was left to send it',
  noRequest: 'the operator file makes no request of it',
  unreadable: 'a reply that cannot be read: a redirect, too large, not in its format',
  noRule: 'no rule of the file holds for the reply',
  contradiction: 'rules that exclude one another hold',
  ruleSaysSo: 'a rule says that it is unknown, or not applied',
  sessionOver: 'the wallet turned the player’s session away',
  bug: 'an exception of the bridge',
} as const;
export type Cause = keyof typeof causes;
