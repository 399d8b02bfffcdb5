// The layer that keeps calls in flight few enough for the wallet. One more waits for its turn as long as it
// could still end in its time, and is not applied otherwise. What callbacks need, what only asks for a
// balance, and what the resolver brings have places of their own, so that none of them keeps the others out.

import type { CallSettings } from '../domain/ports.js';
import { neverLeft, type Ready, type SendCall } from './calling.js';

export interface Limit {
  /** Calls on their way to the wallet and back. */
  inFlight(): number;
  /** Of these the backlog may have so many. */
  readonly backlog: number;
  limiting(send: SendCall): SendCall;
}

type Lane = 'money' | 'asking' | 'backlog';

/** Whose calls go first; for one place in so many it is the other way round, or those behind would never go. */
const usualOrder: readonly Lane[] = ['money', 'asking', 'backlog'];
const oneInSo = 8;
const turnedOrder: readonly Lane[] = usualOrder.toReversed();
/** Calls that wait at most: what is behind so many would wait for longer than a callback can. */
const mostWaiting = 1_000;

interface Waiting {
  readonly lane: Lane;
  readonly go: () => void;
}

/** All that it is put round count together: `most` at once. */
export function createLimit(most: number): Limit {
  const share = (part: number): number => Math.max(1, Math.floor(most * part));
  /** A quarter of all places is for money alone. */
  const mostBeside = share(3 / 4);
  const mostOf: Readonly<Record<Lane, number>> = { money: most, asking: mostBeside, backlog: share(1 / 2) };
  const inFlight: Record<Lane, number> = { money: 0, asking: 0, backlog: 0 };
  const waiting: Record<Lane, Set<Waiting>> = { money: new Set(), asking: new Set(), backlog: new Set() };
  let given = 0;

  const all = (): number => inFlight.money + inFlight.asking + inFlight.backlog;
  const isWaiting = (): number => waiting.money.size + waiting.asking.size + waiting.backlog.size;

  function hasPlace(lane: Lane): boolean {
    if (all() >= most || inFlight[lane] >= mostOf[lane]) return false;
    return lane === 'money' || inFlight.asking + inFlight.backlog < mostBeside;
  }

  function next(): Waiting | undefined {
    for (const lane of given % oneInSo === 0 ? turnedOrder : usualOrder) {
      const [first] = waiting[lane];
      if (first !== undefined && hasPlace(lane)) return first;
    }
    return undefined;
  }

  function take(lane: Lane): void {
    inFlight[lane] += 1;
    given += 1;
  }

  function leave(lane: Lane): void {
    inFlight[lane] -= 1;
    for (let first = next(); first !== undefined; first = next()) {
      waiting[first.lane].delete(first);
      take(first.lane);
      first.go();
    }
  }

  /** Resolves with a place taken, or with false when none was free for so many milliseconds. */
  function place(lane: Lane, patience: number): boolean | Promise<boolean> {
    if (waiting[lane].size === 0 && hasPlace(lane)) {
      take(lane);
      return true;
    }
    if (patience <= 0 || isWaiting() >= mostWaiting) return false;
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        waiting[lane].delete(mine);
        resolve(false);
      }, patience);
      const mine: Waiting = {
        lane,
        go() {
          clearTimeout(giveUp);
          resolve(true);
        },
      };
      waiting[lane].add(mine);
    });
  }

  return {
    inFlight: all,
    backlog: mostOf.backlog,
    limiting: (send) => async (ready) => {
      const lane = laneOf(ready);
      const began = performance.now();
      const placed = place(lane, ready.settings.within - ready.call.timeout);
      if (placed !== true && !(await placed))
        return neverLeft({ kind: 'notApplied', because: 'too many calls in flight' });
      try {
        return await send(placed === true ? ready : { ...ready, settings: since(began, ready.settings) });
      } finally {
        leave(lane);
      }
    },
  };
}

function laneOf({ name, settings }: Ready<unknown>): Lane {
  if (settings.lane === 'backlog') return 'backlog';
  return name === 'balance' ? 'asking' : 'money';
}

/** What is left of a call's time after it has waited. */
const since = (began: number, settings: CallSettings): CallSettings => ({
  ...settings,
  within: settings.within - (performance.now() - began),
});
