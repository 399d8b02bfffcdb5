// A way to a server that is no wallet, with the wallet's own guards: a limit on calls in flight, and a breaker
// for each kind of call, so that one that fails keeps back no other. It knows neither who is called nor what
// for.

import { createBreaker, type Breaker, type BreakerState } from './breaker.js';
import { isInfrastructureFailure } from './classify-failure.js';
import type { BreakerSettings } from './compiled-wallet.js';
import type { WalletRequest } from './message.js';
import { createTransport } from './transport.js';

export interface GuardedLinkOptions {
  readonly baseUrl: URL;
  /** Calls in flight at most; one more is not made. */
  readonly concurrency: number;
  readonly maxReplyBytes: number;
  readonly breaker: BreakerSettings;
  /** Whether a reply shows that the server is sick. */
  readonly isFailure: (reply: { readonly status: number; readonly body: Uint8Array }) => boolean;
  readonly onBreaker: (kind: string, state: BreakerState) => void;
}

const kept = (because: string) => ({ kind: 'kept' as const, because });

/** Opens nothing yet: connections are made as calls need them, and kept. */
export function createGuardedLink<Kind extends string>(kinds: readonly Kind[], options: GuardedLinkOptions) {
  const { baseUrl, concurrency, maxReplyBytes, breaker, isFailure, onBreaker } = options;
  const transport = createTransport({ baseUrl, connections: concurrency, maxReplyBytes });
  const breakers = new Map<Kind, Breaker>(
    kinds.map((kind) => [kind, createBreaker(breaker, (state) => onBreaker(kind, state))]),
  );
  let inFlight = 0;

  async function send(request: Omit<WalletRequest, 'sent'>, within: number) {
    const exchange = await transport.exchange({ ...request, sent: {} }, { within, mayStillSend: () => true });
    const { ms } = exchange;
    if (exchange.kind === 'reply') {
      const { status, body } = exchange.reply;
      return { linked: { kind: 'reply' as const, status, body, ms }, isFailure: isFailure(exchange.reply) };
    }
    const { sent, because } = exchange;
    const timedOut = because === 'timeout' || because === 'connect timeout';
    return {
      linked: { kind: 'failed' as const, sent, timedOut, because, ms },
      isFailure: isInfrastructureFailure(exchange),
    };
  }

  return {
    /** One exchange, within so many milliseconds. Never rejects. */
    async exchange(kind: Kind, request: Omit<WalletRequest, 'sent'>, within: number) {
      if (inFlight >= concurrency) return kept('too many calls in flight');
      inFlight += 1;
      try {
        const attempt = await breakers.get(kind)?.run(() => send(request, within));
        return attempt?.linked ?? kept('breaker open');
      } finally {
        inFlight -= 1;
      }
    },
    states: (): readonly (readonly [Kind, BreakerState])[] => [...breakers].map(([kind, one]) => [kind, one.state()]),
    async close(): Promise<void> {
      await transport.close();
      for (const one of breakers.values()) one.stop();
    },
  };
}
