// Why: one batch: a fresh stage, some hundred transactions under faults, rest, a last round of late copies,
// and the verdict. Everything it saw stays in its directory. Never: judges before the faults are over and
// `settle` has passed twice.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { countFaults, openFaultLog, watchForStalls } from './fault-log.mjs';
import { createInjector } from './injector.mjs';
import { viewJournal } from './journal-view.mjs';
import { OPENINGS, planProcessFaults, planTransaction } from './plan.mjs';
import { createPlatform } from './platform.mjs';
import { createTaps } from './redis-taps.mjs';
import { clearWalletFaults, queueWalletFault, setStage, walletCalls } from './stage.mjs';
import { judge } from './verdict.mjs';
import { agentOf, TIMES } from './wallet-kinds.mjs';

const AT_ONCE = 32;
/** Milliseconds the platform goes on asking once no fault is left, and the bridge may then go on working. */
const ASKS_ON_FOR = 20_000;
const ASKS_AT_END_FOR = 10_000;
const COMES_TO_REST_WITHIN = 30_000;
const LAST_COPIES_OF = 8;

/**
 * Plays `transactions` transactions spread over `kinds`; resolves with what `judge` finds for each kind, and
 * the counts of faults.
 */
export async function runBatch({
  directory,
  dist,
  modules,
  seed,
  kinds,
  transactions,
  fsync,
  without,
  mutant = {},
  say,
}) {
  mkdirSync(directory, { recursive: true });
  const { PlatformPlayer, readLedger, parseCents } = modules;
  const began = Date.now();
  const key = 'faults-signing-key';
  const faultLog = openFaultLog(join(directory, 'faults.jsonl'));
  const taps = createTaps(modules);
  const stage = await setStage({
    ...{ directory, dist, kinds, key, fsync, taps, isSuspended: !without.includes('suspended') },
    ...{ declared: mutant.declared, onRequest: mutant.onRequest },
  });
  const journal = viewJournal(stage.redisPort, modules);
  const stalls = watchForStalls(faultLog);

  const [first, ...others] = stage.replicas.map(({ url }) => url);
  const newPlayers = () =>
    new Map(
      kinds.map((kind) => [kind, new PlatformPlayer({ baseUrls: [first, ...others], agentID: agentOf(kind), key })]),
    );
  const [players, network] = [newPlayers(), newPlayers()];
  const plans = Array.from({ length: transactions }, (_, n) =>
    planTransaction(seed, n, kinds[n % kinds.length], { lateMs: mutant.lateMs, without }),
  );
  const planned = planProcessFaults(seed, transactions, kinds, mutant.processFaults);
  const injector = createInjector(stage, planned, faultLog, { taps, journal, plans });
  let endsAt = Infinity;
  const platform = createPlatform({
    players,
    network,
    recordOf: (callback) => journal.record(callback),
    file: join(directory, 'deliveries.jsonl'),
    endsAt: () => endsAt,
  });
  // A balance has to be known before a win can be accepted without the wallet.
  for (const player of players.values())
    await Promise.all(Object.keys(OPENINGS).map((userID) => player.deliver(player.getBalance(userID))));

  const queue = (kind, fault) => queueWalletFault(stage.wallets.get(kind), fault);
  let next = 0;
  let played = 0;
  const playOn = async () => {
    while (next < plans.length) {
      const plan = plans[next++];
      injector.reach(plan.n);
      await injector.keepPace();
      for (const fault of plan.walletFaults) await queue(plan.kind, fault);
      await mutant.before?.(plan, { journal, plans });
      await platform.play(plan);
      played += 1;
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
    const told = new Map(
      kinds.flatMap((kind) => players.get(kind).book()).map((entry) => [entry.transactionID, entry]),
    );
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

  await rest(journal);
  await rollBackAtEnd();
  await mutant.faultsOver?.({ queue, plans, journal, platform });
  for (const plan of plans.filter(({ n }) => n % LAST_COPIES_OF === 0))
    await platform.copy(plan, plan.callback, plan.n);
  await pause(2 * TIMES.settle);
  const unfinished = await rest(journal);
  await mutant.after?.({ journal, unfinished });
  const [listed, unlisted] = [await journal.unfinished(), await journal.unlisted()];
  const alarmed = alarmsIn(stage.replicas.map(({ logFile }) => logFile));

  const verdicts = {};
  let called = 0;
  for (const kind of kinds) {
    const calls = await walletCalls(stage.wallets.get(kind));
    called += calls.filter(({ reference }) => reference !== null).length;
    for (const { at, fault, reference } of calls)
      if (fault !== null) faultLog.note({ at: Date.parse(at), what: 'wallet', kind, fault, reference });
    const seen = {
      plans: plans.filter((plan) => plan.kind === kind),
      book: players.get(kind).book(),
      deliveries: platform.deliveries,
      ledger: readLedger(stage.wallets.get(kind).ledgerFile),
      unfinished: listed.filter(({ agentID }) => agentID === agentOf(kind)),
      unlisted: unlisted.filter((member) => member.startsWith(`${agentOf(kind)}:`)),
      alarmed,
      calls,
      lateWrites: taps.lateWrites.filter(({ agentID }) => agentID === agentOf(kind)),
      faults: faultLog.faults.filter(({ what, kind: of }) => what !== 'wallet' && (of ?? kind) === kind),
      parseCents,
    };
    verdicts[kind] = { transactions: seen.plans.length, ...judge(mutant.witness?.(seen) ?? seen) };
  }
  clearInterval(stalls);
  for (const player of [...players.values(), ...network.values()]) player.close();
  journal.close();
  await endStage(stage);

  const faults = { ...countFaults(faultLog.faults), ...countOccasions(plans, platform.deliveries, called) };
  const verdict = { seed, transactions, seconds: seconds(began), faults, verdicts };
  writeFileSync(join(directory, 'verdict.json'), JSON.stringify(verdict, bigintsAsText, 2));
  return verdict;
}

/** The transactions that replicas' logs call a person to. */
const alarmsIn = (logFiles) =>
  new Set(
    logFiles
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .filter((line) => line.includes('"msg":"alarm"'))
      .map((line) => JSON.parse(line).transactionID),
  );

const lieAbout = (reference) => ({ match: { reference, method: 'POST' }, fault: 'duplicate-before', times: 1 });

/** Waits, not for ever, until only what needs a person is unfinished; resolves with what is. */
async function rest(journal) {
  const late = Date.now() + COMES_TO_REST_WITHIN;
  for (;;) {
    const unfinished = await journal.unfinished();
    if (unfinished.every(({ transaction }) => transaction?.state === 'held') || Date.now() > late) return unfinished;
    await pause(250);
  }
}

/** What faults had the chance to strike, and what platform and network did by themselves. */
function countOccasions(plans, deliveries, called) {
  const isDuplicated = ({ twin, lost, copyAfterStart, copyAfterEnd }) =>
    twin !== 'none' || lost || (copyAfterStart ?? copyAfterEnd) !== undefined;
  const rollbacks = deliveries.filter(({ operation, by }) => operation === 'RollbackTransaction' && by === 'platform');
  return {
    'all wallet calls': called,
    'transactions with a duplicate': plans.filter(isDuplicated).length,
    'transactions with a rollback': new Set(rollbacks.map(({ transactionID }) => transactionID)).size,
  };
}

async function endStage({ redis, wallets, replicas }) {
  for (const { link, child } of wallets.values()) {
    link.close();
    await child.stop();
  }
  await Promise.all(replicas.map((replica) => replica.kill9()));
  for (const { redisLink } of replicas) redisLink.close();
  await redis.stop();
}

const seconds = (began) => Math.round((Date.now() - began) / 1000);
const bigintsAsText = (_key, value) => (typeof value === 'bigint' ? value.toString() : value);
