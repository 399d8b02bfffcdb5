// What a handler has at hand without asking the world for it, so that its effects are only what can fail,
// take time, or be seen by others.

import { randomBytes } from 'node:crypto';
import type { Player } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import type { Clock, Journal, Observer } from '../domain/ports.js';
import type { Clocks } from './send-window.js';

/** Clocks, dice, and somebody to tell. */
export interface Workshop extends Clocks {
  readonly observer: Observer;
  readonly rememberBalance: (player: Player, balance: Money) => void;
  /** A sign that must not serve for a transaction. */
  readonly bindToNone: (agentID: string, sign: string) => void;
  /** A token no other lease has. */
  readonly newOwner: () => string;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
}

/** The workshop of one process: no other process makes the same owner tokens. */
export function createWorkshop(journal: Journal, clock: Clock, observer: Observer): Workshop {
  const process = randomBytes(6).toString('base64url');
  let leases = 0;
  return {
    now: () => journal.now(),
    monotonic: () => clock.monotonic(),
    wall: () => clock.wall(),
    observer,
    rememberBalance: (player, balance) => journal.rememberBalance(player, balance),
    bindToNone: (agentID, sign) => journal.bindToNone(agentID, sign),
    newOwner: () => `${process}-${(leases++).toString(36)}`,
    random: () => Math.random(),
  };
}
