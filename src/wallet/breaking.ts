// The layer that does not ask a wallet known to be sick. Calls of different worth have breakers of their own,
// so that refused bets never keep back a win or an undo, and rounds that cannot be closed keep back nothing.

import type { Breaker } from './breaker.js';
import { neverLeft, type SendCall, type Wanted } from './calling.js';

export type BreakerClass = 'bets' | 'winsAndUndos' | 'balance' | 'closings';

export function breaking(send: SendCall, breakers: Readonly<Record<BreakerClass, Pick<Breaker, 'run'>>>): SendCall {
  return async (ready) =>
    (await breakers[classOf(ready)].run(() => send(ready))) ??
    neverLeft({ kind: 'notApplied', because: 'breaker open' });
}

export function classOf({ name, subject }: Wanted<unknown>): BreakerClass {
  if (name === 'balance') return 'balance';
  if (name === 'closeRound') return 'closings';
  return name === 'send' && 'leg' in subject && subject.leg.kind !== 'deposit' ? 'bets' : 'winsAndUndos';
}
