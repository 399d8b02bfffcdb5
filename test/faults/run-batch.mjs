// Why: one batch: a fresh stage, some hundred transactions under faults, rest, a last round of late copies,
// and the verdict. Everything it saw stays in its directory. Never: judges before the faults are over and
// `settle` has passed twice.
/** @import { JournalModules, JournalView } from './journal-view.mjs' */
/** @import { Instead, Plan } from './plan.mjs' */
/** @import { Platform } from './platform.mjs' */
/** @import { FsyncInTurn } from './single-redis.mjs' */
/** @import { QueuedFault, RedisForm, Stage, StageHooks } from './stage.mjs' */
/** @import { Delivery, Seen } from './verdict.mjs' */
/** @import { Dialect } from './wallet-kinds.mjs' */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAsker } from './asker.mjs';
import { createFailovers } from './failovers.mjs';
import { countFaults, openFaultLog, watchForStalls } from './fault-log.mjs';
import { createGate } from './gate.mjs';
import { createGuard } from './guard.mjs';
import { createInjector } from './injector.mjs';
import { viewJournal } from './journal-view.mjs';
import { OPENINGS, planProcessFaults, planTransaction } from './plan.mjs';
import { createPlatform } from './platform.mjs';
import { createTaps } from './redis-taps.mjs';
import { clearWalletFaults, queueWalletFault, setStage, walletCalls, walletIn } from './stage.mjs';
import { judge } from './verdict.mjs';
import { agentOf, kindOf, TIMES } from './wallet-kinds.mjs';

const AT_ONCE = 32;
/** Milliseconds the platform goes on asking once no fault is left, and the bridge may then go on working. */
const ASKS_ON_FOR = 20_000;
const ASKS_AT_END_FOR = 10_000;
const COMES_TO_REST_WITHIN = 30_000;
/** No transaction has come to its end for so long: the platform gives up, and what has no answer is wrong. */
const NOTHING_ENDS_FOR = 120_000;
const LAST_COPIES_OF = 8;

/**
 * What a run takes from the build under test.
 * @typedef {JournalModules & typeof import('../../src/stand-ins/platform-player.js')
 *   & typeof import('../../src/stand-ins/platform-callback.js')
 *   & typeof import('../../src/stand-ins/ledger.js') & typeof import('../../src/stand-ins/cents.js')} Modules
 */
/** @typedef {{ journal: JournalView, plans: readonly Plan[] }} Ground */
/** @typedef {(kind: string, fault: QueuedFault) => Promise<void>} Queue */
/**
 * What a planted mistake does in one batch. `lateMs` goes to the plan and `processFaults` to that of the
 * processes; `before` is called before each transaction, `faultsOver` and `after` when their time has come;
 * `witness` changes what the judgement is given.
 * @typedef {StageHooks & {
 *   lateMs?: number, processFaults?: Instead | undefined, before?: (plan: Plan, ground: Ground) => unknown,
 *   faultsOver?: (ground: Ground & { queue: Queue, platform: Platform }) => Promise<void>,
 *   after?: (left: { journal: JournalView, unfinished: Unfinished }) => Promise<void>,
 *   witness?: (seen: Seen) => Seen }} Hooks
 */
/** @typedef {Awaited<ReturnType<JournalView['unfinished']>>} Unfinished */
/** @typedef {{ transactions: number } & ReturnType<typeof judge>} KindVerdict */
/** @typedef {Awaited<ReturnType<typeof runBatch>>} BatchVerdict */

/**
 * Plays `transactions` transactions spread over `kinds`; resolves with what `judge` finds for each kind, and
 * the counts of faults.
 * @param {{
 *   directory: string, dist: string, modules: Modules, seed: string, kinds: [string, ...string[]],
 *   dialects: readonly [Dialect, ...Dialect[]],
 *   transactions: number, redis: RedisForm, fsync: FsyncInTurn, waitsFor: number, without: readonly string[],
 *   mutant?: Hooks | undefined, say: (line: string) => void }} run
 */
export async function runBatch({
  directory,
  dist,
  modules,
  seed,
  kinds,
  dialects,
  transactions,
  redis,
  fsync,
  waitsFor,
  without,
  mutant = {},
  say,
}) {
  mkdirSync(directory, { recursive: true });
  const { PlatformPlayer, wires, readLedger, parseCents } = modules;
  const began = Date.now();
  const key = 'faults-signing-key';
  const faultLog = openFaultLog(join(directory, 'faults.jsonl'));
  const taps = createTaps(modules, waitsFor);
  const stage = await setStage({
    ...{ directory, dist, kinds, dialects, key, redis, fsync, waitsFor, taps },
    ...{ isSuspended: !without.includes('suspended'), declared: mutant.declared, onRequest: mutant.onRequest },
  });
  const journal = viewJournal(stage.set, modules);
  const stalls = watchForStalls(faultLog);

  const [first = '', ...others] = stage.replicas.map(({ url }) => url);
  /** @param {string} kind @param {Dialect} dialect @returns {[string, InstanceType<typeof PlatformPlayer>]} */
  const player = (kind, dialect) => {
    const agentID = agentOf(kind, dialect);
    return [agentID, new PlatformPlayer({ baseUrls: [first, ...others], agentID, key, wire: wires[dialect] })];
  };
  const newPlayers = () => new Map(kinds.flatMap((kind) => dialects.map((dialect) => player(kind, dialect))));
  const [players, network] = [newPlayers(), newPlayers()];
  const books = () => [...players.values()].flatMap((player) => player.book());
  const plans = Array.from({ length: transactions }, (_, n) =>
    planTransaction(seed, n, kinds[n % kinds.length] ?? kinds[0], { lateMs: mutant.lateMs, without, dialects }),
  );
  const planned = planProcessFaults(seed, transactions, kinds, redis, mutant.processFaults);
  let endsAt = Infinity;
  let lastEnded = Date.now();
  const platform = createPlatform({
    players,
    network,
    recordOf: (callback) => journal.record(callback),
    file: join(directory, 'deliveries.jsonl'),
    endsAt: () => Math.min(endsAt, lastEnded + NOTHING_ENDS_FOR),
  });
  const gate = createGate();
  const guard = createGuard(stage, { journal, taps, platform });
  const asking = new PlatformPlayer({
    ...{ baseUrls: [first, ...others], key, wire: wires[dialects[0]] },
    agentID: agentOf(kinds[0], dialects[0]),
  });
  const asker = createAsker(asking, journal);
  const failovers = createFailovers(stage, { journal, guard, gate, asker, waitsFor });
  const injector = createInjector(stage, planned, faultLog, { taps, journal, plans, failovers, gate });
  // A balance has to be known before a win can be accepted without the wallet.
  for (const player of players.values())
    await Promise.all(Object.keys(OPENINGS).map((userID) => player.deliver(player.getBalance(userID))));

  /** @type {Queue} */
  const queue = (kind, fault) => queueWalletFault(walletIn(stage, kind), fault);
  let next = 0;
  let played = 0;
  const playOn = async () => {
    for (let plan = plans[next++]; plan !== undefined; plan = plans[next++]) {
      injector.reach(plan.n);
      await injector.keepPace();
      for (const fault of plan.walletFaults) await queue(plan.kind, fault);
      await mutant.before?.(plan, { journal, plans });
      await platform.play(plan);
      played += 1;
      lastEnded = Date.now();
      if (played % 100 === 0) say(`${played} of ${transactions} transactions, ${seconds(began)} s`);
    }
  };
  const playing = Promise.all(Array.from({ length: AT_ONCE }, playOn));
  // The platform goes on asking after the faults are over, but not for ever.
  const faultsOver = (async () => {
    while (next < plans.length) await pause(50);
    await injector.end();
    for (const wallet of stage.wallets.values()) await clearWalletFaults(wallet);
    endsAt = Date.now() + ASKS_ON_FOR;
  })();
  await Promise.all([playing, faultsOver]);
  say(`all answered and all faults over after ${seconds(began)} s`);

  /**
   * Of what stands; the wallet has never heard of the undo, and says all the same that it has that already.
   */
  const rollBackAtEnd = async () => {
    endsAt = Date.now() + ASKS_AT_END_FOR;
    const told = new Map(books().map((entry) => [entry.transactionID, entry]));
    /** @param {Plan} plan */
    const rollBack = async (plan) => {
      const { transactionID } = plan.callback;
      const record = await journal.record(plan.callback);
      if (told.get(transactionID)?.standing !== 'stands' || record?.state !== 'applied') return;
      for (const { undoReference } of record.legs) await queue(plan.kind, lieAbout(undoReference));
      await platform.rollBack(plan);
    };
    await Promise.all(plans.filter(({ rollsBackAtEnd }) => rollsBackAtEnd).map(rollBack));
    for (const wallet of stage.wallets.values()) await clearWalletFaults(wallet);
  };

  /** @param {string} id */
  const isByHand = (id) => guard.losses().some(({ transactionID }) => transactionID === id);
  await rest(journal, isByHand);
  await rollBackAtEnd();
  await mutant.faultsOver?.({ queue, plans, journal, platform });
  for (const plan of plans.filter(({ n }) => n % LAST_COPIES_OF === 0))
    await platform.copy(plan, plan.callback, plan.n);
  await pause(2 * TIMES.settle);
  const unfinished = await rest(journal, isByHand);
  await guard.close();
  await mutant.after?.({ journal, unfinished });
  const [listed, unlisted] = [await journal.unfinished(), await journal.unlisted()];
  const alarmed = alarmsIn(stage.replicas.map(({ logFile }) => logFile));

  /** @type {Record<string, KindVerdict>} */
  const verdicts = {};
  let called = 0;
  for (const kind of kinds) {
    const wallet = walletIn(stage, kind);
    const calls = await walletCalls(wallet);
    called += calls.filter(({ reference }) => reference !== null).length;
    for (const { at, fault, reference } of calls)
      if (fault !== null) faultLog.note({ at: Date.parse(at), what: 'wallet', kind, fault, reference });
    /** @type {Seen} */
    const seen = {
      plans: plans.filter((plan) => plan.kind === kind),
      book: [...players].filter(([agentID]) => kindOf(agentID) === kind).flatMap(([, player]) => player.book()),
      deliveries: platform.deliveries,
      ledger: readLedger(wallet.ledgerFile),
      unfinished: listed.filter(({ agentID }) => kindOf(agentID) === kind),
      unlisted: unlisted.filter((member) =>
        dialects.some((dialect) => member.startsWith(`${agentOf(kind, dialect)}:`)),
      ),
      alarmed,
      calls,
      lateWrites: taps.lateWrites.filter(({ agentID }) => kindOf(agentID) === kind),
      losses: guard.losses().filter(({ agentID }) => kindOf(agentID) === kind),
      faults: faultLog.faults.filter(({ what, kind: of }) => what !== 'wallet' && (of ?? kind) === kind),
      parseCents,
    };
    verdicts[kind] = { transactions: seen.plans.length, ...judge(mutant.witness?.(seen) ?? seen) };
  }
  const recovered = await Promise.all(
    failovers.done.map(async (one) => ({ ...one, answered: undefined, recoveredMs: await one.answered })),
  );
  clearInterval(stalls);
  for (const player of [...players.values(), ...network.values(), asking]) player.close();
  await endStage(stage);

  const faults = { ...countFaults(faultLog.faults), ...countOccasions(plans, platform.deliveries, called) };
  const verdict = { seed, transactions, waitsFor, seconds: seconds(began), faults, failovers: recovered, verdicts };
  writeFileSync(join(directory, 'verdict.json'), JSON.stringify(verdict, bigintsAsText, 2));
  return verdict;
}

/**
 * The transactions that replicas' logs call a person to.
 * @param {readonly string[]} logFiles
 * @returns {Set<string>}
 */
const alarmsIn = (logFiles) =>
  new Set(
    logFiles
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .filter((line) => line.includes('"msg":"alarm"'))
      .map((line) => JSON.parse(line).transactionID),
  );

/**
 * @param {string} reference
 * @returns {QueuedFault}
 */
const lieAbout = (reference) => ({ match: { reference, method: 'POST' }, fault: 'duplicate-before', times: 1 });

/**
 * Waits, not for ever, until only what needs a person is unfinished; resolves with what is.
 * @param {JournalView} journal
 * @param {(id: string) => boolean} isByHand
 */
async function rest(journal, isByHand) {
  const late = Date.now() + COMES_TO_REST_WITHIN;
  for (;;) {
    const unfinished = await journal.unfinished();
    const isAtRest = unfinished.every(
      ({ transactionID, transaction }) => transaction?.state === 'held' || isByHand(transactionID),
    );
    if (isAtRest || Date.now() > late) return unfinished;
    await pause(250);
  }
}

/**
 * What faults had the chance to strike, and what platform and network did by themselves.
 * @param {readonly Plan[]} plans
 * @param {readonly Delivery[]} deliveries
 * @param {number} called
 */
function countOccasions(plans, deliveries, called) {
  /** @param {Plan} plan */
  const isDuplicated = ({ twin, lost, copyAfterStart, copyAfterEnd }) =>
    twin !== 'none' || lost || (copyAfterStart ?? copyAfterEnd) !== undefined;
  const rollbacks = deliveries.filter(({ operation, by }) => operation === 'RollbackTransaction' && by === 'platform');
  return {
    'all wallet calls': called,
    'transactions in seamless': plans.filter(({ dialect }) => dialect === 'seamless').length,
    'transactions in v2': plans.filter(({ dialect }) => dialect === 'v2').length,
    'transactions with a duplicate': plans.filter(isDuplicated).length,
    'transactions with a rollback': new Set(rollbacks.map(({ transactionID }) => transactionID)).size,
  };
}

/** @param {Stage} stage */
async function endStage({ set, wallets, replicas }) {
  for (const { link, child } of wallets.values()) {
    link.close();
    await child.stop();
  }
  await Promise.all(replicas.map((replica) => replica.kill9()));
  for (const link of replicas.flatMap(({ redisLinks }) => redisLinks)) link.close();
  await set.stop();
}

/** @param {number} began */
const seconds = (began) => Math.round((Date.now() - began) / 1000);
/** @param {string} _key @param {unknown} value */
const bigintsAsText = (_key, value) => (typeof value === 'bigint' ? value.toString() : value);
