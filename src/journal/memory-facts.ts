// What is known of players and rounds, for a bridge without Redis and for tests: gone when the process ends.

import type { Player } from '../domain/callback.js';
import type { Movement, PlayerFacts, PlayerSession, Recalled, Round, RoundBet } from '../domain/ports.js';
import { roundKey, roundLifetime, sentWithKey, sessionKey } from './keys.js';

interface Kept<T> {
  readonly value: T;
  /** Epoch ms. */
  readonly until: number;
}

export class MemoryFacts implements PlayerFacts {
  private readonly sessions = new Map<string, Kept<PlayerSession>>();
  private readonly bets = new Map<string, Kept<RoundBet>>();
  private readonly sentWith = new Map<string, Kept<string>>();

  constructor(private readonly now: () => number) {}

  recall(player: Player, roundID?: string, movement?: Movement): Promise<Recalled> {
    const session = this.live(this.sessions, sessionKey(player));
    const bet = roundID === undefined ? undefined : this.live(this.bets, roundKey({ ...player, roundID }));
    const sentWith = movement && this.live(this.sentWith, sentWithKey(movement));
    return Promise.resolve({
      ...(session && { session }),
      ...(bet && { bet }),
      ...(sentWith !== undefined && { sentWith }),
    });
  }

  keepSession(player: Player, session: PlayerSession, lifetime: number): Promise<void> {
    this.sessions.set(sessionKey(player), { value: session, until: this.now() + lifetime });
    return Promise.resolve();
  }

  replaceSession(player: Player, session: PlayerSession, lifetime: number): Promise<() => Promise<void>> {
    const key = sessionKey(player);
    this.live(this.sessions, key);
    const before = this.sessions.get(key);
    const ours = { value: session, until: this.now() + lifetime };
    this.sessions.set(key, ours);
    return Promise.resolve(() => {
      if (this.sessions.get(key) !== ours) return Promise.resolve();
      if (before === undefined) this.sessions.delete(key);
      else this.sessions.set(key, before);
      return Promise.resolve();
    });
  }

  renewSession(player: Player, session: string, lifetime: number): Promise<void> {
    return this.keepSession(player, { ...this.live(this.sessions, sessionKey(player)), session }, lifetime);
  }

  forgetSession(player: Player): Promise<void> {
    this.sessions.delete(sessionKey(player));
    return Promise.resolve();
  }

  keepSentWith(movement: Movement, session: string, lifetime: number, isFirst: boolean): Promise<void> {
    const key = sentWithKey(movement);
    if (isFirst || this.live(this.sentWith, key) === undefined)
      this.sentWith.set(key, { value: session, until: this.now() + lifetime });
    return Promise.resolve();
  }

  keepBet(round: Round, bet: RoundBet): Promise<void> {
    this.bets.set(roundKey(round), { value: bet, until: this.now() + roundLifetime });
    return Promise.resolve();
  }

  forgetBet(round: Round, reference: string): Promise<void> {
    const key = roundKey(round);
    if (this.bets.get(key)?.value.reference === reference) this.bets.delete(key);
    return Promise.resolve();
  }

  private live<T>(kept: Map<string, Kept<T>>, key: string): T | undefined {
    const found = kept.get(key);
    if (found === undefined || this.now() < found.until) return found?.value;
    kept.delete(key);
    return undefined;
  }
}
