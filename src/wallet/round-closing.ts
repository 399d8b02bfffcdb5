// Tells the wallet that a round is over, once its win is paid. Nobody depends on how that ends: it is not repeated, it changes no
// verdict, and it is waited for only as long as the answer can wait, so that the wallet has closed before the next bet if it can.

import type { Verdict } from '../domain/outcome.js';
import type { CompiledCall, CompiledWallet, Subject } from './compiled-wallet.js';
import type { PlayerKnowledge } from './player-knowledge.js';

type Win = Extract<Subject, { leg: unknown }>;
interface ClosingPorts {
  readonly informed: PlayerKnowledge['informed'];
  /** Epoch ms, for the mapping. */
  readonly now: () => number;
  /** Makes the call, within its own time. Never rejects. */
  readonly make: (call: CompiledCall<Verdict>, subject: Win) => Promise<void>;
}

/** Closes the round of a movement the wallet has made, if its file says so, and waits `within` ms for it at most. Never rejects. */
export function createRoundClosing(
  { call, after }: NonNullable<CompiledWallet['closeRound']>,
  { informed, now, make }: ClosingPorts,
): (win: Win, within: number) => Promise<void> {
  async function close(win: Win): Promise<void> {
    const subject = await informed(call, win);
    if (isDue(call, subject, now())) await make(call, subject);
  }
  return async (win, within) => {
    // A win that is to be taken back ends no round.
    if (after.has(win.leg.kind) && win.transaction.goal !== 'void') await atMost(within, close(win));
  };
}

function isDue(call: CompiledCall<unknown>, subject: Subject, now: number): boolean {
  try {
    return call.isDue?.(subject, now) ?? true;
  } catch {
    return false;
  }
}

/** Waits for work that goes on by itself, but no longer than that many milliseconds. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(ms, 0))));
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
