// What is known of players and rounds, in Redis beside the journal, so that every replica sees it. Nothing
// here decides over money: what is lost, or cannot be read, is simply not known. Sessions are as good as
// passwords and stand in no message.

import type { ChainableCommander } from 'ioredis';
import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type { PlayerFacts, PlayerSession, Round, RoundBet } from '../domain/ports.js';
import { roundKey, roundLifetime, sessionKey } from './keys.js';
import type { JournalCommand, RedisConnection } from './redis-connection.js';

/**
 * By now the latest bet of a round may be a newer one. KEYS[1]: the round, ARGV[1]: the reference of the bet
 * that is undone.
 */
const forgetIfLatest = `
if redis.call('HGET', KEYS[1], 'reference') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** On the journal's own connection, which stays the journal's to close. */
export class RedisFacts implements PlayerFacts {
  constructor(private readonly redis: RedisConnection) {}

  async recall(player: Player, roundID?: string): Promise<{ session?: PlayerSession; bet?: RoundBet }> {
    const [session, bet] = await this.redis.pipelined('recall', (pipeline) => {
      pipeline.hgetall(sessionKey(player));
      if (roundID !== undefined) pipeline.hgetall(roundKey({ ...player, roundID }));
    });
    return { ...sessionIn(session), ...betIn(bet) };
  }

  keepSession(player: Player, session: PlayerSession, lifetime: number): Promise<void> {
    const key = sessionKey(player);
    return this.atOnce('keepSession', (steps) =>
      steps
        .del(key)
        .hset(key, { ...session })
        .pexpire(key, lifetime),
    );
  }

  renewSession(player: Player, session: string, lifetime: number): Promise<void> {
    const key = sessionKey(player);
    return this.atOnce('renewSession', (steps) => steps.hset(key, { session }).pexpire(key, lifetime));
  }

  async forgetSession(player: Player): Promise<void> {
    await this.redis.read('forgetSession', (client) => client.del(sessionKey(player)));
  }

  keepBet(round: Round, { amount, ...bet }: RoundBet): Promise<void> {
    const key = roundKey(round);
    const fields = { ...bet, amount: amount.toString() };
    return this.atOnce('keepBet', (steps) => steps.del(key).hset(key, fields).pexpire(key, roundLifetime));
  }

  async forgetBet(round: Round, reference: string): Promise<void> {
    await this.redis.read('forgetBet', (client) => client.eval(forgetIfLatest, 1, roundKey(round), reference));
  }

  /** All steps or none, and nobody reads between them. */
  private async atOnce(name: JournalCommand, fill: (steps: ChainableCommander) => void): Promise<void> {
    await this.redis.read(name, async (client) => {
      const steps = client.multi();
      fill(steps);
      for (const [error] of (await steps.exec()) ?? []) if (error !== null) throw error;
    });
  }
}

function sessionIn(fields: unknown): { session?: PlayerSession } {
  const { session, gameID, currency } = textsIn(fields);
  if (session === undefined) return {};
  return { session: { session, ...(gameID !== undefined && { gameID }), ...(currency !== undefined && { currency }) } };
}

function betIn(fields: unknown): { bet?: RoundBet } {
  const { reference, receipt, amount: text = '' } = textsIn(fields);
  const amount = Money.parse(text);
  if (reference === undefined || amount === undefined) return {};
  return { bet: { reference, amount, ...(receipt !== undefined && { receipt }) } };
}

function textsIn(fields: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => typeof text === 'string'));
}
