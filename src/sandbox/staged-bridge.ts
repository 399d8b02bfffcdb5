// The bridge of a rehearsal: the real one, in this process, with its journal in memory, a listener for the
// callbacks and the operator's own wallet mapping pointed at the sandbox. Its clock can be put forward, so
// that nobody waits for what takes minutes in service.

import { createHandleCallback } from '../bridge/handle-callback.js';
import { machineClock } from '../bridge/machine-clock.js';
import { createPerformer } from '../bridge/perform.js';
import { createResolve, createResolver } from '../bridge/resolver.js';
import { createWorkshop } from '../bridge/workshop.js';
import type { Clock } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';
import { createCallbackApp } from '../http/callbacks.js';
import { listen } from '../http/server.js';
import { openMemoryJournal } from '../journal/open-journal.js';
import { createLog } from '../observe/log.js';
import { createMonitor } from '../observe/create-monitor.js';
import type { CompiledOperator } from '../operators/compile.js';
import { createOperatorSet } from '../operators/operator-set.js';
import type { HttpWallet } from '../wallet/http-wallet.js';

export interface StagedBridge {
  /** Where the callbacks are answered. */
  readonly url: string;
  readonly wallet: HttpWallet;
  /** Works on what is unfinished until it rests or a person must look. */
  settle(): Promise<void>;
  /** What only a person moves on. */
  held(): Promise<Transaction[]>;
  stop(): Promise<void>;
}

const basePath = '/WalletService';
/** Looks of the resolver after which what is still unfinished will stay so. */
const mostLooks = 200;

export async function startBridge(loaded: CompiledOperator, agentID: string): Promise<StagedBridge> {
  const clock = createLeapingClock();
  const monitor = createMonitor(createLog('silent'));
  const { terms } = loaded;
  const { journal, facts } = openMemoryJournal(
    () => clock.wall(),
    () => terms.giveUpAfter + terms.retention,
  );
  const operators = createOperatorSet([loaded], monitor, facts);
  const performer = createPerformer(journal, clock);
  const shop = createWorkshop(journal, clock, monitor);
  const operatorOf = (agentID: string) => operators.find(agentID)?.operator;
  const resolve = createResolve(shop, operatorOf);
  const resolver = createResolver(
    resolve,
    operatorOf,
    performer,
    journal,
    clock,
    { every: 0, atOnce: 8 },
    { failed: (error) => monitor.exception('resolver', error), looked: () => undefined, blind: () => undefined },
  );
  const work = createHandleCallback(shop);
  const found = operators.find(agentID);
  if (found === undefined) throw new Error('an agent without its operator');
  const { operator } = found;
  const app = createCallbackApp(basePath, {
    findAgent: (agentID) => operators.find(agentID)?.agent,
    operatorOf: () => operator,
    handle: (callback, of, startedAt, trace) =>
      performer.run(work(callback, of, startedAt), callback.kind === 'getBalance' ? undefined : callback, { trace }),
    observe: monitor,
    now: () => clock.monotonic(),
    isDraining: () => false,
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0, requestWithin: 10_000 });

  async function unfinished(): Promise<{ due: number; transaction: Transaction }[]> {
    const all: { due: number; transaction: Transaction }[] = [];
    for await (const listed of journal.unfinished())
      if ('transaction' in listed) all.push({ due: listed.due, transaction: listed.transaction });
    return all;
  }

  return {
    url: `http://127.0.0.1:${listener.port}${basePath}`,
    wallet: operator.wallet,
    async settle() {
      for (let looks = 0; looks < mostLooks; looks++) {
        await clock.leaping(() => resolver.round());
        const next = Math.min(...(await unfinished()).map(({ due }) => due));
        if (next === Infinity) return;
        clock.leapTo(next);
      }
    },
    held: async () =>
      (await unfinished()).map(({ transaction }) => transaction).filter(({ state }) => state === 'held'),
    async stop() {
      await listener.stop(1_000);
      await operators.close();
    },
  };
}

function createLeapingClock() {
  let ahead = 0;
  let leaps = false;
  const clock: Clock = {
    monotonic: () => machineClock.monotonic() + ahead,
    wall: () => machineClock.wall() + ahead,
    async sleep(ms) {
      if (!leaps) return machineClock.sleep(ms);
      ahead += ms;
    },
  };
  return {
    ...clock,
    /** Puts the clock forward to that instant. */
    leapTo(wall: number): void {
      ahead += Math.max(0, wall - clock.wall());
    },
    /** Whoever sleeps meanwhile puts the clock forward instead. */
    async leaping(work: () => Promise<void>): Promise<void> {
      leaps = true;
      await work();
      leaps = false;
    },
  };
}
