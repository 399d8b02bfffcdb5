// Carries out in the world what the bridge's handlers want done, in their order. It decides nothing.

import { assertNever } from '../domain/outcome.js';
import type { CallSettings, Clock, Journal, Stored, TransactionKey } from '../domain/ports.js';
import type { Effect, Work } from './effects.js';
import { isOver } from './send-window.js';

type Behalf = Pick<CallSettings, 'lane' | 'trace'>;

export interface Performer {
  /**
   * Runs work to its end; rejects with what it throws. `on`: the record it works on, so that redeliveries in
   * this process can wait for it. `behalf`: for whom it makes wallet calls.
   */
  run<T>(work: Work<T>, on?: TransactionKey, behalf?: Behalf): Promise<T>;
  /** So many are at work on that record here that one more would only cost. */
  isCrowded(on: TransactionKey): boolean;
}

/** Copies of one callback at once, past which no more is begun. */
const mostCopies = 256;

/** What this process does about one record. */
interface AtWork {
  /** Whoever began before all others, as long as it lasts: it may be its owner. */
  first: Promise<void> | undefined;
  copies: number;
}

interface Nap {
  readonly over: Promise<void>;
  readonly wake: () => void;
}

/** `turn`: what is done for the backlog waits for it before each step; absent: it waits for nobody. */
export function createPerformer(
  journal: Journal,
  clock: Clock,
  turn: () => Promise<void> = () => Promise.resolve(),
): Performer {
  const working = new Map<string, AtWork>();
  const naps = new Map<string, Nap>();
  const looks = new Map<string, Promise<Stored | undefined>>();
  const clocks = { monotonic: () => clock.monotonic(), wall: () => clock.wall(), now: () => journal.now() };
  const nameOf = ({ agentID, transactionID }: TransactionKey): string => `${agentID}\n${transactionID}`;

  /** Those that wait for one record wake together, when the first of them would, or its owner here is done. */
  function nap(on: TransactionKey, ms: number): Promise<void> {
    const name = nameOf(on);
    const shared = naps.get(name) ?? newNap(name);
    naps.set(name, shared);
    void clock.sleep(ms).then(shared.wake);
    return shared.over;
  }

  function newNap(name: string): Nap {
    let resolve: () => void = () => undefined;
    const over = new Promise<void>((done) => (resolve = done));
    const nap: Nap = {
      over,
      wake: () => {
        if (naps.get(name) === nap) naps.delete(name);
        resolve();
      },
    };
    void working.get(name)?.first?.then(nap.wake);
    return nap;
  }

  /** Those that look at one record in the same turn of the event loop look once. */
  function look(key: TransactionKey): Promise<Stored | undefined> {
    const name = nameOf(key);
    const shared = looks.get(name) ?? journal.getSafely(key);
    if (!looks.has(name)) setImmediate(() => looks.delete(name));
    looks.set(name, shared);
    return shared;
  }

  /** Not async: it runs three times for each bet, and a frame of its own is 0.9 kB each time. */
  function perform(effect: Effect, { lane, trace }: Behalf): Promise<void> {
    switch (effect.kind) {
      case 'put':
        return journal.put(effect.write).then(effect.give);
      case 'get':
        return look(effect.key).then(effect.give);
      case 'lastBalance':
        return journal.lastBalance(effect.player).then(effect.give);
      case 'call': {
        const { operator, kind, transaction, leg, within, window } = effect.call;
        const mayStillSend = (): boolean => !isOver(clocks, window);
        return operator.wallet[kind](transaction, leg, { within, mayStillSend, lane, trace }).then(effect.give);
      }
      case 'balance': {
        const { operator, player, within } = effect;
        const mayStillSend = (): boolean => true;
        return operator.wallet.balance(player, { within, mayStillSend, lane, trace }).then(effect.give);
      }
      case 'sleep':
        return (effect.workOn === undefined ? clock.sleep(effect.ms) : nap(effect.workOn, effect.ms)).then(effect.give);
      default:
        return assertNever(effect);
    }
  }

  async function finish<T>(work: Work<T>, behalf: Behalf): Promise<T> {
    let next = work.next();
    while (next.done !== true) {
      if (behalf.lane === 'backlog') await turn();
      try {
        await perform(next.value, behalf);
      } catch (error) {
        next = work.throw(error);
        continue;
      }
      next = work.next();
    }
    return next.value;
  }

  return {
    isCrowded: (on) => (working.get(nameOf(on))?.copies ?? 0) >= mostCopies,
    run(work, on, behalf = {}) {
      const done = finish(work, behalf);
      if (on === undefined) return done;
      const name = nameOf(on);
      const isFirst = !working.has(name);
      const atWork = working.get(name) ?? { first: undefined, copies: 0 };
      working.set(name, atWork);
      atWork.copies += 1;
      const leave = (): void => {
        if (isFirst) atWork.first = undefined;
        atWork.copies -= 1;
        if (atWork.copies === 0) working.delete(name);
      };
      const left = done.then(leave, leave);
      if (isFirst) atWork.first = left;
      return done;
    },
  };
}
