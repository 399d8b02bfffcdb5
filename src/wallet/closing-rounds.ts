// The layer that tells the wallet that a round is over, once its win is paid, unless the platform says that
// more wins of it will come. Nobody depends on how that
// ends: it is not repeated, it changes no verdict, and it is waited for only as long as the answer can wait,
// so that the wallet has closed the round before the next bet if it can.

import type { CallSettings } from '../domain/ports.js';
import type { AnyVerdict, Ended, MakeCall, Wanted } from './calling.js';
import type { CompiledCall, CompiledWallet, Subject } from './compiled-wallet.js';
import { hasLanded, type PlayerKnowledge } from './player-knowledge.js';

type Win = Extract<Subject, { leg: unknown }>;

export interface ClosingOptions {
  readonly informed: PlayerKnowledge['informed'];
  /** Epoch ms, for the mapping. */
  readonly now: () => number;
  /** Milliseconds of the call's time that a balance call may still need. */
  readonly balanceTime: number;
}

/** `closeRound` as the operator's file has it; absent: it closes no rounds. */
export function closingRounds(
  make: MakeCall,
  closeRound: CompiledWallet['closeRound'],
  { informed, now, balanceTime }: ClosingOptions,
): MakeCall {
  if (closeRound === undefined) return make;
  const { call, after } = closeRound;

  async function close(win: Win, { lane, trace }: CallSettings): Promise<void> {
    const subject = await informed(call, win);
    if (!isDue(call, subject, now())) return;
    const settings = { within: call.timeout, mayStillSend: () => true, lane, trace };
    await make({ name: 'closeRound', call, subject, settings });
  }

  return async (wanted) => {
    const ends = performance.now() + wanted.settings.within;
    const ended = await make(wanted);
    const win = winPaid(wanted, ended);
    if (win !== undefined && after.has(win.leg.kind) && win.transaction.content?.endRound !== false) {
      // The answer's balance may still have to be asked for.
      const reserve = 'balance' in ended.verdict ? 0 : balanceTime;
      await atMost(ends - performance.now() - reserve, close(win, wanted.settings));
    }
    return ended;
  };
}

/** The movement the wallet now has; a win that is to be taken back ends no round. */
function winPaid({ name, subject }: Wanted<unknown>, { verdict }: Ended<AnyVerdict>): Win | undefined {
  const isForward = name === 'send' || name === 'lookup';
  if (!isForward || !('leg' in subject) || subject.transaction.goal === 'void') return undefined;
  if (!hasLanded(subject.leg, verdict)) return undefined;
  return name === 'lookup' ? { ...subject, again: true } : subject;
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
