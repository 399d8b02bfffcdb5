// What is known of players and rounds, in Redis beside the journal, so that every replica sees it. Nothing
// here decides over money: what is lost, or cannot be read, is simply not known. Sessions are as good as
// passwords and stand in no message.

import { randomUUID } from 'node:crypto';
import type { ChainableCommander } from 'ioredis';
import type { Player } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import type { Movement, PlayerFacts, PlayerSession, Recalled, Round, RoundBet } from '../domain/ports.js';
import { roundKey, roundLifetime, sentWithKey, sessionKey } from './keys.js';
import type { JournalCommand, RedisConnection } from './redis-connection.js';

/**
 * By now the latest bet of a round may be a newer one. KEYS[1]: the round, ARGV[1]: the reference of the bet
 * that is undone.
 */
const forgetIfLatest = `
if redis.call('HGET', KEYS[1], 'reference') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/**
 * A launch puts back what it replaced only where nobody came after it. KEYS[1]: the session, ARGV: the launch,
 * its session, for how many ms the fields that follow lived on; none of them: nothing was known.
 */
const putBack = `
if redis.call('HGET', KEYS[1], 'launch') ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[1], 'session') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
if #ARGV > 3 and tonumber(ARGV[3]) > 0 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 4))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1`;

/** On the journal's own connection, which stays the journal's to close. */
export class RedisFacts implements PlayerFacts {
  constructor(private readonly redis: RedisConnection) {}

  async recall(player: Player, roundID?: string, movement?: Movement): Promise<Recalled> {
    // On a Cluster they may be on several masters; on one server they leave together.
    const [session, bet, sentWith] = await this.redis.read('recall', (client) =>
      Promise.all([
        client.hgetall(sessionKey(player)),
        roundID === undefined ? undefined : client.hgetall(roundKey({ ...player, roundID })),
        movement === undefined ? undefined : client.get(sentWithKey(movement)),
      ]),
    );
    return { ...sessionIn(session), ...betIn(bet), ...(typeof sentWith === 'string' && { sentWith }) };
  }

  async keepSession(player: Player, session: PlayerSession, lifetime: number): Promise<void> {
    const key = sessionKey(player);
    await this.atOnce('keepSession', (steps) =>
      steps
        .del(key)
        .hset(key, { ...session })
        .pexpire(key, lifetime),
    );
  }

  async replaceSession(player: Player, session: PlayerSession, lifetime: number): Promise<() => Promise<void>> {
    const key = sessionKey(player);
    // Two launches may bring the same session, so each has a name of its own.
    const launch = randomUUID();
    const [fields, life] = await this.atOnce('replaceSession', (steps) =>
      steps
        .hgetall(key)
        .pttl(key)
        .del(key)
        .hset(key, { ...session, launch })
        .pexpire(key, lifetime),
    );
    const began = performance.now();
    const before = Object.entries(textsIn(fields)).flatMap(([name, text = '']) => [name, text]);
    return async () => {
      const left = Math.floor(Number(life) - (performance.now() - began));
      await this.redis.read('putSessionBack', (client) =>
        client.eval(putBack, 1, key, launch, session.session, left, ...before),
      );
    };
  }

  async renewSession(player: Player, session: string, lifetime: number): Promise<void> {
    const key = sessionKey(player);
    await this.atOnce('renewSession', (steps) => steps.hset(key, { session }).pexpire(key, lifetime));
  }

  async forgetSession(player: Player): Promise<void> {
    await this.redis.read('forgetSession', (client) => client.del(sessionKey(player)));
  }

  async keepSentWith(movement: Movement, session: string, lifetime: number, isFirst: boolean): Promise<void> {
    const key = sentWithKey(movement);
    await this.redis.read('keepSentWith', (client) =>
      isFirst ? client.set(key, session, 'PX', lifetime) : client.set(key, session, 'PX', lifetime, 'NX'),
    );
  }

  async keepBet(round: Round, { amount, ...bet }: RoundBet): Promise<void> {
    const key = roundKey(round);
    const fields = { ...bet, amount: amount.toString() };
    await this.atOnce('keepBet', (steps) => steps.del(key).hset(key, fields).pexpire(key, roundLifetime));
  }

  async forgetBet(round: Round, reference: string): Promise<void> {
    await this.redis.read('forgetBet', (client) => client.eval(forgetIfLatest, 1, roundKey(round), reference));
  }

  /** All steps or none, and nobody reads between them. What each said, in their order. */
  private atOnce(name: JournalCommand, fill: (steps: ChainableCommander) => void): Promise<readonly unknown[]> {
    return this.redis.read(name, async (client) => {
      const steps = client.multi();
      fill(steps);
      return ((await steps.exec()) ?? []).map(([error, said]) => {
        if (error !== null) throw error;
        return said;
      });
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
