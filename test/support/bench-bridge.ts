// The bridge on a virtual clock, a journal in memory and a scripted wallet: one or more replicas on one
// journal.

import type { Workshop } from '../../src/bridge/workshop.js';
import type { Effect, Work } from '../../src/bridge/effects.js';
import { createHandleCallback } from '../../src/bridge/handle-callback.js';
import { createPerformer } from '../../src/bridge/perform.js';
import { createResolve, createResolver } from '../../src/bridge/resolver.js';
import type { Homes } from '../../src/domain/home.js';
import type { Callback } from '../../src/domain/callback.js';
import type { Reply } from '../../src/domain/outcome.js';
import type { Journal, Observer, Operator } from '../../src/domain/ports.js';
import type { LegTerms, Terms } from '../../src/domain/terms.js';
import type { Transaction } from '../../src/domain/transaction.js';
import { MemoryJournal } from '../../src/journal/memory-journal.js';
import { ScriptedWallet, type Memory } from './scripted-wallet.js';
import { eur, player, someHomes, someTerms } from './transactions.js';
import { VirtualClock } from './virtual-clock.js';

/** A wallet whose undo is the opposite call, with what that call can do. */
const inverse: Partial<Record<Memory, Partial<LegTerms>>> = {
  lookup: {
    repeatable: 'no',
    lookup: true,
    undo: { repeatable: 'no', settle: 60_000, cancelFirst: false, lookup: 'proves' },
  },
};

const abilities: Record<Memory, Parameters<typeof someTerms>[1]> = {
  always: { repeatable: 'always' },
  successes: {
    repeatable: 'successes',
    undo: { repeatable: 'successes', settle: 60_000, cancelFirst: false, lookup: 'no' },
  },
  lookup: {
    repeatable: 'no',
    lookup: true,
    undo: { repeatable: 'successes', settle: 60_000, cancelFirst: false, lookup: 'no' },
  },
  none: { repeatable: 'no', undo: { repeatable: 'no', settle: 60_000, cancelFirst: false, lookup: 'no' } },
};

export function benchBridge(
  options: {
    memory?: Memory;
    cancelFirst?: boolean;
    /** Its undo says truthfully what it has not seen. */
    undoKnows?: boolean;
    undoIsInverse?: boolean;
    terms?: Partial<Terms>;
    wrap?: (journal: Journal) => Journal;
    random?: () => number;
    /** Only these have an operator; absent: all. */
    agents?: readonly string[];
  } = {},
) {
  const { memory = 'always', cancelFirst = false } = options;
  const clock = new VirtualClock();
  const wallet = new ScriptedWallet(clock, memory, cancelFirst);
  const bare = new MemoryJournal({ now: () => clock.monotonic(), signLifetime: 2_592_000_000 });
  const journal = options.wrap?.(bare) ?? bare;
  const leg = { ...abilities[memory], ...(options.undoIsInverse && inverse[memory]) };
  const undo = leg.undo && cancelFirst ? { undo: { ...leg.undo, cancelFirst, repeatable: 'successes' as const } } : {};
  const knowing = leg.undo && options.undoKnows ? { undo: { ...leg.undo, knows: true as const } } : {};
  const terms = someTerms(options.terms, { ...leg, ...undo, ...knowing });
  let operator: Operator = { name: 'northstar', terms, wallet, homes: someHomes };
  const alarms: string[] = [];
  const errors: unknown[] = [];
  const unknownRolledBack: string[] = [];
  const observer: Observer = {
    walletCalled: () => undefined,
    redelivered: () => undefined,
    unknownRolledBack: ({ agentID }) => unknownRolledBack.push(agentID),
    alarm: (event) => alarms.push(event.what),
    notAccepted: ({ because }) => alarms.push(`not accepted: ${because}`),
    recordChanged: () => undefined,
  };

  const replica = () => {
    let owners = 0;
    const name = Math.random().toString(36).slice(2);
    const shop: Workshop = {
      now: () => journal.now(),
      monotonic: () => clock.monotonic(),
      wall: () => clock.wall(),
      observer,
      rememberBalance: (who, balance) => journal.rememberBalance(who, balance),
      bindToNone: (agentID, sign) => journal.bindToNone(agentID, sign),
      newOwner: () => `${name}-${owners++}`,
      random: options.random ?? (() => 0.5),
    };
    const performer = createPerformer(journal, clock);
    const handle = createHandleCallback(shop);
    const operatorOf = (agentID: string) => (options.agents?.includes(agentID) === false ? undefined : operator);
    const resolver = createResolver(
      createResolve(shop, operatorOf),
      operatorOf,
      performer,
      journal,
      clock,
      { every: 500, atOnce: 16 },
      { failed: (error) => errors.push(error), looked: () => undefined, blind: () => undefined },
    );
    return {
      /** Delivers one callback now; the answer comes as time goes on. */
      deliver: (callback: Callback): Promise<Reply> =>
        performer.run(
          handle(callback, operator, clock.monotonic()),
          'transactionID' in callback ? callback : undefined,
        ),
      /**
       * Delivers one callback, and kills the replica before or after its `at`th step in the world (0 is the
       * first); the steps it had come to, and whether it died.
       */
      crash: async (
        callback: Callback,
        at: number,
        when: 'before' | 'after',
      ): Promise<{ steps: string[]; died: boolean }> => {
        const work = handle(callback, operator, clock.monotonic());
        const steps: string[] = [];
        for (let next = work.next(); next.done !== true; next = work.next()) {
          const effect = next.value;
          steps.push(effect.kind === 'call' ? effect.call.kind : effect.kind);
          if (steps.length > at && when === 'before') return { steps, died: true };
          await clock.until(performer.run(one(effect)));
          if (steps.length > at) return { steps, died: true };
        }
        return { steps, died: false };
      },
      resolver,
    };
  };
  const first = replica();
  bare.rememberBalance(player, eur('100.00'));

  return {
    clock,
    wallet,
    journal,
    alarms,
    errors,
    unknownRolledBack,
    replica,
    deliver: first.deliver,
    crash: first.crash,
    resolver: first.resolver,
    /** The operator's file says from now on that its wallet is this one. */
    use: (homes: Homes): void => {
      operator = { ...operator, homes };
    },
    /** Delivers and lets time pass until it is answered: "0 87.70", "1 generalError", "503". */
    say: async (callback: Callback): Promise<string> => spoken(await clock.until(first.deliver(callback))),
    /** Lets the resolver work for `ms`. */
    resolve: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        const round = first.resolver.round();
        await clock.until(round);
        await clock.advance(500);
      }
    },
    /** Lets the resolver work until the record needs nothing more, or only a person can do more. */
    rest: async (transactionID = 't1'): Promise<void> => {
      for (let looks = 0; looks < 200; looks++) {
        await clock.until(first.resolver.round());
        const t = (await journal.get({ ...player, transactionID }))?.transaction;
        if (t === undefined || (t.state !== 'claimed' && t.state !== 'open')) return;
        await clock.advance(5_000);
      }
    },
    record: async (transactionID = 't1'): Promise<Transaction | undefined> =>
      (await journal.get({ ...player, transactionID }))?.transaction,
    state: async (transactionID = 't1'): Promise<string> => {
      const t = (await journal.get({ ...player, transactionID }))?.transaction;
      return t === undefined ? 'absent' : `${t.state}${t.goal === undefined ? '' : ` ${t.goal}`}`;
    },
  };
}

function* one(effect: Effect): Work<void> {
  yield effect;
}

export function spoken(reply: Reply): string {
  switch (reply.kind) {
    case 'success':
      return `0 ${reply.balance?.cut(2).toString() ?? 'no balance'}`;
    case 'failure':
      return reply.result;
    case 'askAgain':
      return '503';
  }
}
