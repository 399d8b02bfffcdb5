// What a call needs to know of its player beside the record, and what its reply teaches: sessions, and the
// bet a win belongs to. A store that is away costs this knowledge and nothing else: no verdict depends on it.

import type { Player } from '../domain/callback.js';
import type { Movement, PlayerFacts, PlayerSession, RoundBet, WalletCallKind } from '../domain/ports.js';
import { sendsInDoubt, undosInDoubt, type Leg, type Transaction } from '../domain/transaction.js';
import type { AnyVerdict } from './calling.js';
import type { CompiledCall, CompiledWallet, Known, Subject } from './compiled-wallet.js';
import { playerOf } from './compiled-wallet.js';

export interface PlayerKnowledge {
  /** The subject with what the call reads, as far as it is known. */
  informed<About extends Subject>(call: CompiledCall<unknown>, about: About): Promise<About>;
  /** A movement is about to be sent: what it is sent with is known from then on. */
  leaving(transaction: Transaction, leg: Leg, known: Known | undefined): Promise<void>;
  /** The wallet handed out a session: the next call, of any replica, has it. */
  renewed(subject: Subject, session: string): Promise<void>;
  /**
   * A call about a movement ended: if it took a bet or undid it, the next call of its round, of any replica,
   * sees that.
   */
  movementEnded(call: WalletCallKind, transaction: Transaction, leg: Leg, verdict: AnyVerdict): Promise<void>;
  /** A launch. Rejects with JournalUnavailable. */
  keepSession(player: Player, session: PlayerSession): Promise<void>;
  /**
   * The same for a launch that may come to nothing; what it gives back takes it out again. Both reject with
   * JournalUnavailable.
   */
  replaceSession(player: Player, session: PlayerSession): Promise<() => Promise<void>>;
  /** The end of a session. Rejects with JournalUnavailable. */
  forgetSession(player: Player): Promise<void>;
}

export function createPlayerKnowledge(
  facts: PlayerFacts,
  {
    sessionLifetime,
    keepsBets,
    sentWithLifetime,
  }: Pick<CompiledWallet, 'sessionLifetime' | 'keepsBets' | 'sentWithLifetime'>,
): PlayerKnowledge {
  return {
    async informed({ needs }, about) {
      if (needs === undefined || about.known !== undefined) return about;
      const subject: Subject = about;
      const transaction = 'leg' in subject ? subject.transaction : undefined;
      const bet = transaction && ownBet(transaction);
      const round = needs.round && bet === undefined ? transaction?.content?.roundID : undefined;
      const movement = needs.sentWith && 'leg' in subject ? movementOf(subject.transaction, subject.leg) : undefined;
      const isAsked = needs.player || round !== undefined || movement !== undefined;
      const found: Known = isAsked ? await facts.recall(playerOf(subject), round, movement).catch(() => ({})) : {};
      return { ...about, known: { ...found, ...(bet && { bet }) } };
    },
    async leaving(transaction, leg, known) {
      const session = known?.session?.session;
      if (sentWithLifetime === undefined || session === undefined) return;
      const isFirst = sendsInDoubt(leg) <= 1;
      await harmless(facts.keepSentWith(movementOf(transaction, leg), session, sentWithLifetime, isFirst));
    },
    async renewed(subject, session) {
      if (session === subject.known?.session?.session) return;
      await harmless(facts.renewSession(playerOf(subject), session, sessionLifetime));
    },
    async movementEnded(call, { agentID, userID, content }, leg, verdict) {
      const { bet: amount, reference } = leg;
      if (!keepsBets || amount === undefined || content === undefined) return;
      const round = { agentID, userID, roundID: content.roundID };
      if (call === 'undo' || call === 'lookupUndo') {
        if (isUndone(leg, verdict)) await harmless(facts.forgetBet(round, reference));
      } else if (hasLanded(leg, verdict)) {
        const receipt = 'receipt' in verdict ? verdict.receipt : leg.receipt;
        await harmless(facts.keepBet(round, { reference, amount, ...(receipt !== undefined && { receipt }) }));
      }
    },
    keepSession: (player, session) => facts.keepSession(player, session, sessionLifetime),
    replaceSession: (player, session) => facts.replaceSession(player, session, sessionLifetime),
    forgetSession: (player) => facts.forgetSession(player),
  };
}

const movementOf = ({ agentID, transactionID }: Transaction, { reference }: Leg): Movement => ({
  agentID,
  transactionID,
  reference,
});

/** The wallet has this movement of ours. A duplicate on the first send may be somebody else's. */
export function hasLanded(leg: Leg, verdict: AnyVerdict): boolean {
  return verdict.kind === 'applied' || (verdict.kind === 'duplicate' && sendsInDoubt(leg) > 1);
}

/** The same of its undo. */
function isUndone(leg: Leg, { kind }: AnyVerdict): boolean {
  return kind === 'applied' || kind === 'alreadyRolledBack' || (kind === 'duplicate' && undosInDoubt(leg) > 1);
}

/**
 * A win that came with its bet in one transaction belongs to that bet, whatever else was played in the round.
 */
function ownBet({ legs }: Transaction): RoundBet | undefined {
  const leg = legs.find(({ bet, effect }) => bet !== undefined && effect === 'applied');
  if (leg?.bet === undefined) return undefined;
  const { reference, bet: amount, receipt } = leg;
  return { reference, amount, ...(receipt !== undefined && { receipt }) };
}

async function harmless(stored: Promise<void>): Promise<void> {
  await stored.catch(() => undefined);
}
