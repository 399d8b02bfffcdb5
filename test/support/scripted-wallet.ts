// A wallet in memory, for tests of the bridge alone: it keeps a ledger, has one of the four memories a wallet
// can have, and plays the faults it is told to, one for each call in turn.

import type { Player } from '../../src/domain/callback.js';
import { Money } from '../../src/domain/money.js';
import type { BalanceVerdict, Verdict } from '../../src/domain/outcome.js';
import type { CallSettings, Wallet } from '../../src/domain/ports.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';
import type { VirtualClock } from './virtual-clock.js';

export type Memory = 'always' | 'successes' | 'lookup' | 'none';
/**
 * `lostReply`: applied, the answer never came. `lostRequest`: never arrived, nobody knows. `late`: arrives
 * after so many ms. `absent`: it says that it does not know the reference, whatever it has. `clash`: it takes
 * the reference for one it was sent before.
 */
export type Fault =
  | 'ok'
  | 'lostReply'
  | 'lostRequest'
  | 'unreachable'
  | 'refuse'
  | 'absent'
  | 'clash'
  | { late: number }
  | { slow: number };

interface Movement {
  readonly reference: string;
  readonly what: 'applied' | 'undone';
  readonly amount: Money;
}

const lost: Verdict = { kind: 'unknown', because: 'timeout' };
const callTime = 1_000;

export class ScriptedWallet implements Wallet {
  readonly ledger: Movement[] = [];
  readonly calls: string[] = [];
  readonly faults: Fault[] = [];
  /** Milliseconds each balance call was given. */
  readonly balancesWithin: number[] = [];
  balanceText = '100.00';
  /** What it bears of the backlog at once; 0: it is away. */
  width = 16;
  /** False: its replies tell no balance, and a balance call fails. */
  tellsBalance = true;
  /** What happens to calls for which no fault is listed. */
  usually: Fault = 'ok';
  /** The most calls at once that were about one reference or its undo. */
  mostAtOnce = 0;
  private readonly underWay = new Map<string, number>();
  private readonly refused = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly memory: Memory,
    private readonly cancelFirst = false,
  ) {}

  reference(id: string): string {
    return `gsp-${id}`;
  }

  bears(): number {
    return this.width;
  }

  patience(): number {
    return callTime;
  }

  send(_t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict> {
    return this.play(`send ${leg.reference}`, settings, (refuse) => this.apply(leg, refuse));
  }

  undo(_t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict> {
    return this.play(`undo ${leg.reference}`, settings, (refuse) => this.reverse(leg, refuse));
  }

  lookup(_t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict> {
    return this.play(`lookup ${leg.reference}`, settings, () =>
      this.has(leg.reference, 'applied') ? { kind: 'applied' } : { kind: 'notFound' },
    );
  }

  lookupUndo(_t: Transaction, leg: Leg, settings: CallSettings): Promise<Verdict> {
    return this.play(`lookupUndo ${leg.reference}`, settings, () =>
      this.has(leg.reference, 'undone') ? { kind: 'applied' } : { kind: 'notFound' },
    );
  }

  balance(_player: Player, { within }: CallSettings): Promise<BalanceVerdict> {
    this.calls.push('balance');
    this.balancesWithin.push(within);
    if (!this.tellsBalance) return Promise.resolve({ kind: 'unknown', because: 'timeout' });
    return Promise.resolve({ kind: 'balance', balance: this.total() });
  }

  /** What the player has: the start and every movement in the ledger. */
  total(): Money {
    const start = Money.parse(this.balanceText) ?? Money.zero;
    return this.ledger.reduce((sum, movement) => sum.plus(movement.amount), start);
  }

  private async play(call: string, settings: CallSettings, act: (refuse: boolean) => Verdict): Promise<Verdict> {
    if (!settings.mayStillSend()) return { kind: 'notApplied', because: 'lease over' };
    this.calls.push(call);
    const name = call.replace(/^\w+ /, '');
    const others = this.underWay.get(name) ?? 0;
    this.underWay.set(name, others + 1);
    this.mostAtOnce = Math.max(this.mostAtOnce, others + 1);
    try {
      const verdict = await this.suffer(this.faults.shift() ?? this.usually, settings, act);
      if (this.tellsBalance || verdict.kind !== 'applied') return verdict;
      const { balance: _silent, ...rest } = verdict;
      return rest;
    } finally {
      this.underWay.set(name, (this.underWay.get(name) ?? 1) - 1);
    }
  }

  private async suffer(fault: Fault, settings: CallSettings, act: (refuse: boolean) => Verdict): Promise<Verdict> {
    const within = Math.min(settings.within, callTime);
    switch (fault) {
      case 'ok':
        return act(false);
      case 'refuse':
        return act(true);
      case 'absent':
        return { kind: 'notFound' };
      case 'clash':
        return { kind: 'duplicate' };
      case 'unreachable':
        return { kind: 'notApplied', because: 'connection refused' };
      case 'lostReply':
        act(false);
        await this.clock.sleep(within);
        return lost;
      case 'lostRequest':
        await this.clock.sleep(within);
        return lost;
      default:
        if ('slow' in fault) {
          await this.clock.sleep(fault.slow);
          return act(false);
        }
        void this.clock.sleep(fault.late).then(() => act(false));
        await this.clock.sleep(within);
        return lost;
    }
  }

  private has(reference: string, what: Movement['what']): boolean {
    return this.ledger.some((movement) => movement.reference === reference && movement.what === what);
  }

  private apply(leg: Leg, refuse: boolean): Verdict {
    const { reference } = leg;
    if (this.cancelFirst && this.has(reference, 'undone')) return { kind: 'alreadyRolledBack' };
    if (this.has(reference, 'applied') && this.memory !== 'none')
      return this.memory === 'lookup' ? { kind: 'duplicate' } : { kind: 'applied', balance: this.total() };
    if (refuse || (this.memory === 'always' && this.refused.has(reference))) {
      this.refused.add(reference);
      return { kind: 'refused', result: 'insufficientFunds' };
    }
    this.ledger.push({ reference, what: 'applied', amount: (leg.win ?? Money.zero).minus(leg.bet ?? Money.zero) });
    return { kind: 'applied', balance: this.total(), receipt: `receipt of ${reference}` };
  }

  private reverse(leg: Leg, refuse: boolean): Verdict {
    const { reference } = leg;
    if (refuse) return { kind: 'refused', result: 'insufficientFunds' };
    if (this.has(reference, 'undone') && (this.memory !== 'none' || this.cancelFirst))
      return { kind: 'alreadyRolledBack' };
    if (!this.has(reference, 'applied')) {
      if (!this.cancelFirst) return { kind: 'notFound' };
      this.ledger.push({ reference, what: 'undone', amount: Money.zero });
      return { kind: 'applied', balance: this.total() };
    }
    this.ledger.push({ reference, what: 'undone', amount: (leg.bet ?? Money.zero).minus(leg.win ?? Money.zero) });
    return { kind: 'applied', balance: this.total() };
  }
}
