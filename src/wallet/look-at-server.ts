// Whether a server can be reached, and whose certificate it shows, without asking it anything: for people who want
// to know before the first call. It trusts whom the calls trust.

import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket, type SecureContext } from 'node:tls';
import { ExchangeStopped, reasonFor, type FailureReason } from './classify-failure.js';

export type ServerLook =
  | {
      readonly kind: 'reached';
      /** When its certificate ends; absent without TLS. */
      readonly certificateEnds?: Date;
    }
  | { readonly kind: 'failed'; readonly because: FailureReason };

const perAddress = 2_000;
const within = 5_000;

/** Never rejects. */
export async function lookAtServer(url: URL, secureContext?: SecureContext): Promise<ServerLook> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  let socket: Socket | undefined;
  try {
    // Asked first, because a connection to a name that has no address may fail under another code.
    if (isIP(host) === 0) await lookup(host, { all: true });
    const to = { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: perAddress };
    const named = isIP(host) === 0 ? { servername: host } : {};
    socket = isSecure ? connectSecurely({ ...to, ...named, ...(secureContext && { secureContext }) }) : connect(to);
    await opened(socket, isSecure ? 'secureConnect' : 'connect');
    if (!(socket instanceof TLSSocket)) return { kind: 'reached' };
    const { validTo } = socket.getPeerX509Certificate() ?? {};
    return { kind: 'reached', ...(validTo !== undefined && { certificateEnds: new Date(validTo) }) };
  } catch (error) {
    return { kind: 'failed', because: reasonFor(error, 'waiting') };
  } finally {
    socket?.destroy();
  }
}

function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new ExchangeStopped('connect timeout')), within);
    const end = (then: () => void) => () => {
      clearTimeout(late);
      then();
    };
    socket.once(event, end(resolve));
    // For good: what a socket says after that concerns nobody.
    socket.on('error', (error) => end(() => reject(error))());
    socket.once(
      'close',
      end(() => reject(new ExchangeStopped('connection closed'))),
    );
  });
}
