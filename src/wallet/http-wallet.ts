// An operator's wallet over HTTP: a call of the port becomes a call of the operator's file, goes through the
// layers, and its verdict comes back. Nothing here repeats a call, and no call rejects. A request leaves
// once; with an access token it leaves a second time where the wallet turned the token away (see
// `authorized-transport`).

import type { Player } from '../domain/callback.js';
import type { Verdict } from '../domain/outcome.js';
import type {
  CallSettings,
  Observer,
  PlayerFacts,
  PlayerSession,
  SharedTexts,
  Wallet,
  WalletCallKind,
} from '../domain/ports.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import { createAuthorizedTransport } from './auth/authorized-transport.js';
import { createAccessTokens, sharedToken } from './auth/oauth2.js';
import { createBreaker, type BreakerState } from './breaker.js';
import { breaking, type BreakerClass } from './breaking.js';
import { callFor } from './call-for.js';
import { closingRounds } from './closing-rounds.js';
import type { CompiledWallet } from './compiled-wallet.js';
import { createLimit } from './limiting.js';
import { observing } from './observing.js';
import { createPace } from './pacing.js';
import { createPlayerKnowledge } from './player-knowledge.js';
import { remembering } from './remembering.js';
import { rendering } from './rendering.js';
import { sending } from './sending.js';
import { standingIn } from './standing-in.js';
import { tracing } from './tracing.js';
import { createTransport, type Transport } from './transport.js';

export interface HttpWalletOptions {
  /** The operator's name, for those who watch. */
  readonly name: string;
  /** Epoch ms, for the mapping. */
  readonly now: () => number;
  /** Sessions and bets of rounds, for mappings that read them. */
  readonly facts: PlayerFacts;
  /** Access tokens, for all replicas; absent: this process has its own. */
  readonly texts?: SharedTexts;
  readonly onBreaker?: (event: { operator: string; class: BreakerClass; state: BreakerState }) => void;
  /** Hears of every call, also of one that never left (with 0 ms). */
  readonly onCall?: Observer['walletCalled'];
}

export interface HttpWallet extends Wallet {
  /** `closings` only where the wallet has such a call. */
  breakers(): Readonly<Partial<Record<BreakerClass, BreakerState>>>;
  /** What a launch tells of a player's session, and its end. All reject with JournalUnavailable. */
  keepSession(player: Player, session: PlayerSession): Promise<void>;
  /** For a launch that may come to nothing; what it gives back takes it out again. */
  replaceSession(player: Player, session: PlayerSession): Promise<() => Promise<void>>;
  forgetSession(player: Player): Promise<void>;
  /** Calls on their way to the wallet and back, of all classes. */
  inFlight(): number;
  /** Waits for calls under way, then closes all connections; later calls are not applied. */
  close(): Promise<void>;
}

/** A token server's reply is a token. */
const longestToken = 64 * 1024;

/** Opens nothing yet: connections are made as calls need them. */
export function createHttpWallet(
  compiled: CompiledWallet,
  { name, now, facts, texts, onBreaker, onCall }: HttpWalletOptions,
): HttpWallet {
  const { balance, closeRound } = compiled;
  const knowledge = createPlayerKnowledge(facts, compiled);
  const transport = transportTo(compiled, texts);
  const traced = compiled.traceparent === true ? tracing(transport) : transport;
  const limit = createLimit(compiled.concurrency);
  const pace = createPace(limit.backlog, { monotonic: () => performance.now(), random: () => Math.random() });
  const breakerFor = (which: BreakerClass) =>
    createBreaker(compiled.breaker, (state) => onBreaker?.({ operator: name, class: which, state }));
  const breakers = {
    bets: breakerFor('bets'),
    winsAndUndos: breakerFor('winsAndUndos'),
    balance: breakerFor('balance'),
    closings: breakerFor('closings'),
  };

  // From the inside out. The breaker counts exchanges and nothing of our own, so it stands next to them. The
  // pace hears of those it turns away. A call over the limit is kept from both: the breaker would take it for
  // one without failure, and it says nothing of the wallet.
  const send = limit.limiting(pace.pacing(breaking(sending(traced, now), breakers)));
  // A request that cannot be made takes no place in flight, and says so although the wallet is busy or sick.
  const rendered = rendering(send, now);
  // What a call ended in is told at once, whatever the store of players costs after it.
  const observed = observing(rendered, name, (event) => onCall?.(event));
  // A mapping reads what is remembered, so that is added before the request is made. What stands in for a bad
  // session is one more call, told of like any other.
  const remembered = compiled.knowsNobody ? observed : remembering(standingIn(observed), knowledge);
  // Outermost, because the call that closes a round is one more call with all its layers.
  const make = closingRounds(remembered, closeRound, {
    informed: (call, win) => knowledge.informed(call, win),
    now,
    balanceTime: balance.timeout,
  });

  async function move(
    kind: WalletCallKind,
    transaction: Transaction,
    leg: Leg,
    settings: CallSettings,
  ): Promise<Verdict> {
    const call = callFor(compiled, kind, transaction, leg);
    return (await make({ name: kind, call, subject: { transaction, leg }, settings })).verdict;
  }

  return {
    reference: (id) => compiled.reference(id),
    send: (transaction, leg, settings) => move('send', transaction, leg, settings),
    undo: (transaction, leg, settings) => move('undo', transaction, leg, settings),
    lookup: (transaction, leg, settings) => move('lookup', transaction, leg, settings),
    lookupUndo: (transaction, leg, settings) => move('lookupUndo', transaction, leg, settings),
    async balance(player, settings) {
      const { verdict } = await make({ name: 'balance', call: balance, subject: { player }, settings });
      return verdict.kind === 'notApplied' ? { kind: 'unknown', because: verdict.because } : verdict;
    },
    bears: () => pace.bears(),
    patience(callName, leg) {
      if (callName === 'balance') return balance.timeout;
      if (leg === undefined) throw new Error(`a ${callName} is always of a leg`);
      const timeout = compiled[callName][leg.kind]?.timeout;
      if (timeout === undefined && callName === 'send') throw new Error(`operator ${name} declares no ${leg.kind}`);
      return timeout ?? 0;
    },
    breakers: () => ({
      bets: breakers.bets.state(),
      winsAndUndos: breakers.winsAndUndos.state(),
      balance: breakers.balance.state(),
      ...(closeRound && { closings: breakers.closings.state() }),
    }),
    keepSession: (player, session) => knowledge.keepSession(player, session),
    replaceSession: (player, session) => knowledge.replaceSession(player, session),
    forgetSession: (player) => knowledge.forgetSession(player),
    inFlight: () => limit.inFlight(),
    async close() {
      await transport.close();
      for (const breaker of Object.values(breakers)) breaker.stop();
    },
  };
}

function transportTo(
  { baseUrl, concurrency, maxReply, secureContext, oauth2 }: CompiledWallet,
  texts: SharedTexts | undefined,
): Transport {
  const bare = createTransport({ baseUrl, connections: concurrency, maxReplyBytes: maxReply, secureContext });
  if (oauth2 === undefined) return bare;
  const toTokens = createTransport({
    baseUrl: new URL(oauth2.tokenUrl.origin),
    connections: 1,
    maxReplyBytes: longestToken,
    secureContext,
  });
  return createAuthorizedTransport(
    bare,
    createAccessTokens(oauth2, toTokens, () => performance.now(), texts && sharedToken(oauth2, texts)),
  );
}
