// An operator's wallet over HTTP: what the bridge asks for, rendered by the operator's mapping, sent at most once, read by
// the mapping. It never repeats a call and never rejects, and it calls nothing proven that is not: what may have left and
// was not answered readably is `unknown`.

import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { CallSettings, Observer, Wallet } from '../domain/ports.js';
import { createBreaker, type Attempt, type BreakerState } from './breaker.js';
import { isInfrastructureFailure, verdictOnFailure } from './classify-failure.js';
import type { CompiledCall, CompiledWallet, Rendered, Subject, WalletReply, WalletRequest } from './compiled-wallet.js';
import { createTransport } from './transport.js';

/** Each has a breaker of its own, so that refused bets never keep back a win or an undo. */
type BreakerClass = 'bets' | 'winsAndUndos' | 'balance';

export interface HttpWalletOptions {
  /** The operator's name, for those who watch. */
  readonly name: string;
  /** Epoch ms, for the mapping. */
  readonly now: () => number;
  readonly onBreaker?: (event: { operator: string; class: BreakerClass; state: BreakerState }) => void;
  readonly onCall?: Observer['walletCalled'];
}

export interface HttpWallet extends Wallet {
  breakers(): Readonly<Record<BreakerClass, BreakerState>>;
  /** Calls on their way to the wallet and back, of all classes. */
  inFlight(): number;
  /** Waits for calls under way, then closes all connections; later calls are not applied. */
  close(): Promise<void>;
}

type CallName = Parameters<Wallet['patience']>[0];
type MoneySubject = Extract<Subject, { leg: unknown }>;
/** What can be said of a call without a reply. */
type WithoutReply = Extract<Verdict, { kind: 'refused' | 'notApplied' | 'unknown' }>;
interface Answered<V> extends Attempt {
  readonly verdict: V | WithoutReply;
  readonly ms: number;
}

const maxReplyBytes = 1024 * 1024;

/** Breaks circuits and limits calls per operator; `onCall` hears of every call, also of one that never left (with 0 ms). */
export function createHttpWallet(
  compiled: CompiledWallet,
  { name, now, onBreaker, onCall }: HttpWalletOptions,
): HttpWallet {
  const transport = createTransport({ baseUrl: compiled.baseUrl, connections: compiled.concurrency, maxReplyBytes });
  const breakerFor = (which: BreakerClass) =>
    createBreaker(compiled.breaker, (state) => onBreaker?.({ operator: name, class: which, state }));
  const breakers = {
    bets: breakerFor('bets'),
    winsAndUndos: breakerFor('winsAndUndos'),
    balance: breakerFor('balance'),
  };
  let inFlight = 0;

  async function exchange<V extends Verdict | BalanceVerdict>(
    call: CompiledCall<V>,
    subject: Subject,
    request: WalletRequest,
    settings: CallSettings,
  ): Promise<Answered<V>> {
    const exchanged = await transport.exchange(request, {
      ...settings,
      within: Math.min(settings.within, call.timeout),
    });
    const { ms } = exchanged;
    if (exchanged.kind === 'failed')
      return { verdict: verdictOnFailure(exchanged), ms, isFailure: isInfrastructureFailure(exchanged) };
    try {
      const verdict = call.read(subject, request, exchanged.reply, now());
      return { verdict, ms, isFailure: verdict.kind === 'unknown' && isFromNoWallet(exchanged.reply) };
    } catch (error) {
      return { verdict: { kind: 'unknown', because: bug('reading its reply', error) }, ms, isFailure: false };
    }
  }

  async function attempt<V extends Verdict | BalanceVerdict>(
    which: BreakerClass,
    call: CompiledCall<V>,
    subject: Subject,
    settings: CallSettings,
  ): Promise<Omit<Answered<V>, 'isFailure'>> {
    const rendered = render(call, subject, now());
    if (rendered.kind === 'cannot') {
      const { result, because } = rendered;
      return neverLeft(result === undefined ? { kind: 'notApplied', because } : { kind: 'refused', result });
    }
    if (inFlight >= compiled.concurrency) return neverLeft({ kind: 'notApplied', because: 'too many calls in flight' });
    inFlight += 1;
    try {
      const answered = await breakers[which].run(() => exchange(call, subject, rendered.request, settings));
      return answered ?? neverLeft({ kind: 'notApplied', because: 'breaker open' });
    } finally {
      inFlight -= 1;
    }
  }

  async function move(
    callName: Exclude<CallName, 'balance'>,
    subject: MoneySubject,
    settings: CallSettings,
  ): Promise<Verdict> {
    const { transaction, leg } = subject;
    const which = callName === 'send' && leg.kind !== 'deposit' ? 'bets' : 'winsAndUndos';
    const call = compiled[callName][leg.kind];
    const { verdict, ms } =
      call === undefined
        ? neverLeft({ kind: 'notApplied', because: 'the operator declares no such call' })
        : await attempt(which, call, subject, settings);
    onCall?.({
      operator: name,
      call: callName,
      kind: verdict.kind,
      ms,
      ...reason(verdict),
      transactionID: transaction.transactionID,
    });
    return verdict;
  }

  return {
    reference: (id) => compiled.reference(id),
    send: (transaction, leg, settings) => move('send', { transaction, leg }, settings),
    undo: (transaction, leg, settings) => move('undo', { transaction, leg }, settings),
    lookup: (transaction, leg, settings) => move('lookup', { transaction, leg }, settings),
    async balance(player, settings) {
      const { verdict, ms } = await attempt('balance', compiled.balance, { player }, settings);
      onCall?.({ operator: name, call: 'balance', kind: verdict.kind, ms, ...reason(verdict) });
      return verdict.kind === 'notApplied' ? { kind: 'unknown', because: verdict.because } : verdict;
    },
    patience(callName, leg) {
      if (callName === 'balance') return compiled.balance.timeout;
      if (leg === undefined) throw new Error(`a ${callName} is always of a leg`);
      const timeout = compiled[callName][leg.kind]?.timeout;
      if (timeout === undefined && callName === 'send') throw new Error(`operator ${name} declares no ${leg.kind}`);
      return timeout ?? 0;
    },
    breakers: () => ({
      bets: breakers.bets.state(),
      winsAndUndos: breakers.winsAndUndos.state(),
      balance: breakers.balance.state(),
    }),
    inFlight: () => inFlight,
    async close() {
      await transport.close();
      for (const breaker of Object.values(breakers)) breaker.stop();
    },
  };
}

function render(call: CompiledCall<unknown>, subject: Subject, now: number): Rendered {
  try {
    return call.render(subject, now);
  } catch (error) {
    return { kind: 'cannot', because: bug('rendering it', error) };
  }
}

/** Names the error's class only: its text may quote what it stumbled over. */
function bug(doing: string, error: unknown): string {
  return `${doing} failed (${error instanceof Error ? error.name : typeof error})`;
}

const neverLeft = (verdict: WithoutReply) => ({ verdict, ms: 0 });

function reason(verdict: Verdict | BalanceVerdict): { because?: string } {
  return 'because' in verdict ? { because: verdict.because } : {};
}

/**
 * Something in front of the wallet answered, or the wallet fell over. Asked only of replies no rule could place: a 4xx or a
 * business error nobody mapped is still the wallet speaking, and must not close the way for all players.
 */
function isFromNoWallet({ status, headers, body }: WalletReply): boolean {
  if (status >= 400) return status >= 500;
  return status >= 300 || body.length === 0 || (headers['content-type'] ?? '').toLowerCase().startsWith('text/html');
}
