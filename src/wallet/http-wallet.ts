// An operator's wallet over HTTP: what the bridge asks for, rendered by the operator's mapping, sent at most once, read by
// the mapping. It never repeats a call and never rejects, and it calls nothing proven that is not: what may have left and
// was not answered readably is `unknown`.

import type { Player } from '../domain/callback.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { CallSettings, Observer, PlayerFacts, PlayerSession, Wallet } from '../domain/ports.js';
import { sendsInDoubt } from '../domain/transaction.js';
import { createAuthorizedTransport } from './auth/authorized-transport.js';
import { createAccessTokens } from './auth/oauth2.js';
import { createBreaker, type Attempt, type BreakerState } from './breaker.js';
import { callFor } from './call-for.js';
import { isInfrastructureFailure, verdictOnFailure } from './classify-failure.js';
import type { CompiledCall, CompiledWallet, Rendered, Subject } from './compiled-wallet.js';
import { createPlayerKnowledge, hasLanded } from './player-knowledge.js';
import { createRoundClosing } from './round-closing.js';
import { createTransport, type Transport } from './transport.js';
import type { WalletReply, WalletRequest } from './message.js';

/** Each has a breaker of its own, so that refused bets never keep back a win or an undo, nor do rounds that cannot be closed. */
type BreakerClass = 'bets' | 'winsAndUndos' | 'balance' | 'closings';

export interface HttpWalletOptions {
  /** The operator's name, for those who watch. */
  readonly name: string;
  /** Epoch ms, for the mapping. */
  readonly now: () => number;
  /** Sessions and bets of rounds, for mappings that read them. */
  readonly facts: PlayerFacts;
  readonly onBreaker?: (event: { operator: string; class: BreakerClass; state: BreakerState }) => void;
  readonly onCall?: Observer['walletCalled'];
}

export interface HttpWallet extends Wallet {
  /** `closings` only where the wallet has such a call. */
  breakers(): Readonly<Partial<Record<BreakerClass, BreakerState>>>;
  /** What a launch tells of a player's session, and its end. Both reject with JournalUnavailable. */
  keepSession(player: Player, session: PlayerSession): Promise<void>;
  forgetSession(player: Player): Promise<void>;
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
  { name, now, facts, onBreaker, onCall }: HttpWalletOptions,
): HttpWallet {
  const knowledge = createPlayerKnowledge(facts, compiled);
  const transport = transportTo(compiled);
  const breakerFor = (which: BreakerClass) =>
    createBreaker(compiled.breaker, (state) => onBreaker?.({ operator: name, class: which, state }));
  const breakers = {
    bets: breakerFor('bets'),
    winsAndUndos: breakerFor('winsAndUndos'),
    balance: breakerFor('balance'),
    closings: breakerFor('closings'),
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
    if (call.readSession !== undefined) await keepSessionOf(call, subject, request, exchanged.reply);
    try {
      const verdict = call.read(subject, request, exchanged.reply, now());
      return { verdict, ms, isFailure: verdict.kind === 'unknown' && isFromNoWallet(exchanged.reply) };
    } catch (error) {
      return { verdict: { kind: 'unknown', because: bug('reading its reply', error) }, ms, isFailure: false };
    }
  }

  /** Before the verdict is told: the next call may come at once, and needs it. */
  async function keepSessionOf(
    call: CompiledCall<unknown>,
    subject: Subject,
    request: WalletRequest,
    reply: WalletReply,
  ): Promise<void> {
    try {
      const session = call.readSession?.(subject, request, reply, now());
      if (session !== undefined) await knowledge.renewed(subject, session);
    } catch {
      // Whatever is wrong with it costs the session, never the verdict.
    }
  }

  async function attempt<V extends Verdict | BalanceVerdict>(
    which: BreakerClass,
    call: CompiledCall<V>,
    about: Subject,
    settings: CallSettings,
    /** Nothing about this movement left before: only then is a request that cannot be made a no. */
    isFirst = false,
  ): Promise<Omit<Answered<V>, 'isFailure'>> {
    const began = performance.now();
    const subject = await knowledge.informed(call, about);
    const within = settings.within - (performance.now() - began);
    if (within <= 0) return neverLeft({ kind: 'notApplied', because: 'no time left' });
    const rendered = render(call, subject, now());
    if (rendered.kind === 'cannot') {
      const { result, because } = rendered;
      return neverLeft(
        result === undefined || !isFirst ? { kind: 'notApplied', because } : { kind: 'refused', result },
      );
    }
    if (inFlight >= compiled.concurrency) return neverLeft({ kind: 'notApplied', because: 'too many calls in flight' });
    inFlight += 1;
    try {
      const answered = await breakers[which].run(() =>
        exchange(call, subject, rendered.request, { ...settings, within }),
      );
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
    const ends = performance.now() + settings.within;
    const which = callName === 'send' && leg.kind !== 'deposit' ? 'bets' : 'winsAndUndos';
    const call = callFor(compiled, callName, transaction, leg);
    const { verdict, ms } =
      call === undefined
        ? neverLeft({ kind: 'notApplied', because: 'the operator declares no such call' })
        : await attempt(which, call, subject, settings, callName === 'send' && sendsInDoubt(leg) === 1);
    onCall?.({
      operator: name,
      call: callName,
      kind: verdict.kind,
      ms,
      ...reason(verdict),
      transactionID: transaction.transactionID,
    });
    await knowledge.moved(callName, transaction, leg, verdict);
    const isForward = callName === 'send' || callName === 'lookup';
    if (closing !== undefined && isForward && hasLanded(leg, verdict)) {
      // The answer's balance may still have to be asked for.
      const reserve = 'balance' in verdict ? 0 : compiled.balance.timeout;
      await closing(subject, ends - performance.now() - reserve);
    }
    return verdict;
  }

  async function close(call: CompiledCall<Verdict>, subject: MoneySubject): Promise<void> {
    const { verdict, ms } = await attempt('closings', call, subject, {
      within: call.timeout,
      mayStillSend: () => true,
    });
    const { transactionID } = subject.transaction;
    onCall?.({ operator: name, call: 'closeRound', kind: verdict.kind, ms, ...reason(verdict), transactionID });
  }
  const closing =
    compiled.closeRound &&
    createRoundClosing(compiled.closeRound, {
      informed: (call, win) => knowledge.informed(call, win),
      now,
      make: close,
    });

  return {
    reference: (id) => compiled.reference(id),
    send: (transaction, leg, settings) => move('send', { transaction, leg }, settings),
    undo: (transaction, leg, settings) => move('undo', { transaction, leg }, settings),
    lookup: (transaction, leg, settings) => move('lookup', { transaction, leg }, settings),
    lookupUndo: (transaction, leg, settings) => move('lookupUndo', { transaction, leg }, settings),
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
      ...(compiled.closeRound && { closings: breakers.closings.state() }),
    }),
    keepSession: (player, session) => knowledge.keepSession(player, session),
    forgetSession: (player) => knowledge.forgetSession(player),
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

function transportTo({ baseUrl, concurrency, secureContext, oauth2 }: CompiledWallet): Transport {
  const bare = createTransport({ baseUrl, connections: concurrency, maxReplyBytes, secureContext });
  if (oauth2 === undefined) return bare;
  const toTokens = createTransport({
    baseUrl: new URL(oauth2.tokenUrl.origin),
    connections: 1,
    maxReplyBytes,
    secureContext,
  });
  return createAuthorizedTransport(
    bare,
    createAccessTokens(oauth2, toTokens, () => performance.now()),
  );
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
