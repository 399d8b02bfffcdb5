// A transport whose every request carries an access token. It sends a request at most twice, and the second
// time only because the wallet answered the first with 401: by RFC 6750 that is the door's answer to an ended
// token, given before the wallet looks at what is asked. For every other answer, and for none, the rule
// stays: sent once.

import type { CallSettings } from '../../domain/ports.js';
import type { FailureReason } from '../classify-failure.js';
import type { Exchange, Transport } from '../transport.js';
import type { AccessTokens } from './oauth2.js';
import type { WalletRequest } from '../message.js';

/** Without a token nothing is sent. Token and wallet share the call's time. */
export function createAuthorizedTransport(transport: Transport, tokens: AccessTokens): Transport {
  async function exchange(request: WalletRequest, { within, mayStillSend }: CallSettings): Promise<Exchange> {
    const began = performance.now();
    const passed = (): number => performance.now() - began;
    const left = (): number => Math.max(1, within - passed());
    const notSent = (because: FailureReason): Exchange => ({ kind: 'failed', sent: false, because, ms: passed() });
    const send = (token: string): Promise<Exchange> =>
      transport.exchange(
        { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } },
        { within: left(), mayStillSend },
      );

    const asked = await tokens.get(within);
    if (asked.kind === 'none') return notSent(asked.because);
    const first = await send(asked.token);
    if (first.kind === 'failed' || first.reply.status !== 401 || !(await tokens.discard(asked.token)))
      return { ...first, ms: passed() };
    const again = await tokens.get(left());
    const second = again.kind === 'token' ? await send(again.token) : notSent(again.because);
    // Where the second never left, the 401 is all the wallet said, and the mapping reads it.
    return { ...(second.kind === 'failed' && !second.sent ? first : second), ms: passed() };
  }

  return {
    exchange,
    async close() {
      await Promise.all([transport.close(), tokens.close()]);
    },
  };
}
