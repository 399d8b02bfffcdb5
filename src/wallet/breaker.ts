// Keeps a sick wallet from being asked, so that callbacks are answered at once. It only counts and lets pass
// or not: it never ends a call, so no debit is left running behind a timeout that it alone believes in.

import CircuitBreaker from 'opossum';
import type { BreakerSettings } from './compiled-wallet.js';

export type BreakerState = 'closed' | 'open' | 'halfOpen';

/**
 * What a call brought; `isFailure`: the way to the wallet or the wallet itself failed, whatever that means
 * for money.
 */
interface Attempt {
  readonly isFailure: boolean;
}

export interface Breaker {
  state(): BreakerState;
  /**
   * The call's own result, or undefined when the breaker is open: then `call` was not made. Rejects only when
   * `call` does.
   */
  run<T extends Attempt>(call: () => Promise<T>): Promise<T | undefined>;
  /** Stops its timers; from then on it lets nothing pass. */
  stop(): void;
}

const failure = new Error('the wallet failed');

/** `onChange` is told each new state, once. */
export function createBreaker(settings: BreakerSettings, onChange: (state: BreakerState) => void): Breaker {
  const circuit = new CircuitBreaker((call: () => Promise<void>) => call(), {
    timeout: false,
    // Opossum opens above its threshold, while the setting means at it; and nothing is above 100.
    errorThresholdPercentage: settings.openAtPercent - 0.01,
    volumeThreshold: settings.minimumCalls,
    resetTimeout: settings.tryAgainAfter,
    rollingCountTimeout: 10_000,
    rollingCountBuckets: 10,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  });
  circuit.on('open', () => onChange('open'));
  circuit.on('halfOpen', () => onChange('halfOpen'));
  circuit.on('close', () => onChange('closed'));

  async function run<T extends Attempt>(call: () => Promise<T>): Promise<T | undefined> {
    // Asked here, because opossum counts a call it turns away as one without failure, and would be slow to
    // open again.
    if (!circuit.closed && !circuit.pendingClose) return undefined;
    let attempt: Promise<T> | undefined;
    const counted = circuit.fire(async () => {
      attempt = call();
      if ((await attempt).isFailure) throw failure;
    });
    // How it was counted is opossum's; what it brought is in the attempt itself.
    await counted.catch(() => undefined);
    return attempt;
  }

  return {
    run,
    state: () => (circuit.closed ? 'closed' : circuit.halfOpen ? 'halfOpen' : 'open'),
    stop: () => circuit.shutdown(),
  };
}
