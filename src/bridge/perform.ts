// Carries out in the world what the bridge's handlers want done, in their order. It decides nothing.

import { assertNever } from '../domain/outcome.js';
import type { CallSettings, Clock, Journal, TransactionKey } from '../domain/ports.js';
import type { Effect, Work } from './effects.js';
import { isOver } from './send-window.js';

export interface Performer {
  /**
   * Runs work to its end; rejects with what it throws. `on`: the record it works on, so that redeliveries in
   * this process can wait for it. `lane`: of the wallet calls it makes.
   */
  run<T>(work: Work<T>, on?: TransactionKey, lane?: CallSettings['lane']): Promise<T>;
}

export function createPerformer(journal: Journal, clock: Clock): Performer {
  const working = new Map<string, Promise<unknown>>();
  const clocks = { monotonic: () => clock.monotonic(), wall: () => clock.wall(), now: () => journal.now() };
  const nameOf = ({ agentID, transactionID }: TransactionKey): string => `${agentID}\n${transactionID}`;

  async function perform(effect: Effect, lane: CallSettings['lane']): Promise<void> {
    switch (effect.kind) {
      case 'put':
        effect.give(await journal.put(effect.write));
        break;
      case 'get':
        effect.give(await journal.getSafely(effect.key));
        break;
      case 'lastBalance':
        effect.give(await journal.lastBalance(effect.player));
        break;
      case 'call': {
        const { operator, kind, transaction, leg, within, window } = effect.call;
        const mayStillSend = (): boolean => !isOver(clocks, window);
        effect.give(await operator.wallet[kind](transaction, leg, { within, mayStillSend, lane }));
        break;
      }
      case 'balance': {
        const { operator, player, within } = effect;
        effect.give(await operator.wallet.balance(player, { within, mayStillSend: () => true, lane }));
        break;
      }
      case 'sleep': {
        const other = effect.workOn === undefined ? undefined : working.get(nameOf(effect.workOn));
        await (other === undefined ? clock.sleep(effect.ms) : Promise.race([other, clock.sleep(effect.ms)]));
        effect.give();
        break;
      }
      default:
        assertNever(effect);
    }
  }

  async function finish<T>(work: Work<T>, lane: CallSettings['lane']): Promise<T> {
    let next = work.next();
    while (next.done !== true) {
      try {
        await perform(next.value, lane);
      } catch (error) {
        next = work.throw(error);
        continue;
      }
      next = work.next();
    }
    return next.value;
  }

  return {
    run(work, on, lane) {
      const done = finish(work, lane);
      if (on === undefined) return done;
      const name = nameOf(on);
      if (working.has(name)) return done;
      const forget = (): void => void working.delete(name);
      working.set(name, done.then(forget, forget));
      return done;
    },
  };
}
