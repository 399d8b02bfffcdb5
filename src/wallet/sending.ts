// The call itself, inside all layers: one exchange with the wallet, and what the mapping reads in its reply.
// It claims nothing as proven that is not: what may have left and was not answered readably is `unknown`.

import { bugWhile, type AnyVerdict, type Ended, type Ready, type SendCall } from './calling.js';
import { isInfrastructureFailure, verdictOnFailure } from './classify-failure.js';
import type { WalletReply } from './message.js';
import type { Transport } from './transport.js';

/** `now`: epoch ms, for the mapping. */
export function sending(transport: Pick<Transport, 'exchange'>, now: () => number): SendCall {
  return async (ready) => {
    const { call, request, settings } = ready;
    const within = Math.min(settings.within, call.timeout);
    const exchanged = await transport.exchange(request, { ...settings, within });
    const { ms } = exchanged;
    if (exchanged.kind === 'failed')
      return { verdict: verdictOnFailure(exchanged), ms, isFailure: isInfrastructureFailure(exchanged) };
    return { ms, ...readReply(ready, exchanged.reply, now()) };
  };
}

/** All that a reply says. */
function readReply<V extends AnyVerdict>(ready: Ready<V>, reply: WalletReply, now: number): Omit<Ended<V>, 'ms'> {
  const { call, subject, request } = ready;
  try {
    const { verdict, session, badSession } = call.read(subject, request, reply, now);
    return { verdict, session, badSession, isFailure: verdict.kind === 'unknown' && isFromNoWallet(reply) };
  } catch (error) {
    return { verdict: { kind: 'unknown', because: bugWhile('reading its reply', error) }, isFailure: false };
  }
}

/**
 * Something in front of the wallet answered, or the wallet fell over. Asked only of replies no rule could
 * place: a 4xx or a business error nobody mapped is still the wallet speaking, and must not close the way for
 * all players.
 */
function isFromNoWallet({ status, headers, body }: WalletReply): boolean {
  if (status >= 400) return status >= 500;
  return status >= 300 || body.length === 0 || (headers['content-type'] ?? '').toLowerCase().startsWith('text/html');
}
