// Why: says what a backlog costs those it does not belong to, and how fast it is worked off, with real processes
// and a real Redis: one operator's wins owed to a slow wallet beside another's void, and wins owed after an
// outage beside live traffic. `--bridge` measures another build on the same machine.
// Never: counts a win as delivered that the wallet did not answer with yes.
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median } from './median.mjs';
import { builtBridge, isDone, load, measured, newID, OTHER, QUICK, send, startBridge } from './neighbourhood.mjs';
import { stopAll } from './processes.mjs';
import { AGENT } from './wire.mjs';

const { values } = parseArgs({
  options: {
    bridge: { type: 'string', default: builtBridge },
    wins: { type: 'string', default: '20000' },
    beside: { type: 'string', default: '5000' },
    rate: { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('backlog.mjs [--bridge dist/main.js] [--wins 20000] [--beside 5000] [--rate 100]');
  process.exit(0);
}
const SLOW = 2_000; // ms
/** Wins the wallet gets later than ones younger by so much (ms) are out of order. */
const ORDER = 1_000;
const live = { seconds: 12, rate: values.rate };

/** @typedef {import('./neighbourhood.mjs').Wallet} Wallet */

/** @param {number} port @param {string} agentID @param {number} count */
async function owe(port, agentID, count) {
  const run = randomBytes(8).toString('hex');
  const ids = Array.from({ length: count }, (_, i) => run + i.toString(16).padStart(16, '0'));
  const players = Array.from({ length: 100 }, (_, i) => `player_${String(i)}`);
  for (const userID of players) await send(port, 'GetBalance', { agentID, userID });
  /** @type {Map<string, number>} */
  const since = new Map();
  let next = 0;
  const sender = async () => {
    for (let i = next++; i < count; i = next++) {
      const transactionID = ids[i] ?? '';
      since.set(`gsp-${transactionID}`, performance.now());
      const win = { agentID, userID: players[i % 100] ?? '', amount: '1.00', transactionID, roundID: transactionID };
      const answer = await send(port, 'Deposit', win);
      if (!isDone(answer)) throw new Error(`a win was not accepted: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, sender));
  return since;
}

/** @param {string} what @param {number} most @param {() => boolean} isSo */
async function until(what, most, isSo) {
  const end = performance.now() + most;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${String(most / 1000)} s`);
    await pause(20);
  }
}

/** @param {number} port @param {Wallet} slow @param {Wallet} well */
async function voidBesideSlow(port, slow, well) {
  const count = Number(values.beside);
  slow.mood = () => ({ after: 0, status: 503 });
  await owe(port, AGENT, count);
  slow.mood = () => ({ after: SLOW, status: 201 });
  await until('the slow wallet is asked', 60_000, () => slow.yes.size > 0);
  await send(port, 'GetBalance', { agentID: OTHER, userID: 'p1' });
  const transactionID = newID();
  well.mood = () => ({ after: 30_000, status: 503 });
  await send(port, 'Withdraw', { agentID: OTHER, userID: 'p1', amount: '1.00', transactionID, roundID: 'r1' });
  const told = performance.now();
  well.mood = () => ({ after: QUICK, status: 201 });
  await until('the void', 600_000, () => well.yes.has(`gsp-${transactionID}-r`));
  const waited = (well.yes.get(`gsp-${transactionID}-r`) ?? 0) - told;
  console.log(
    `a void beside ${String(count)} wins owed to a wallet of ${String(SLOW / 1000)} s: ${(waited / 1000).toFixed(1)} s`,
  );
}

/** @typedef {import('./neighbourhood.mjs').Load & { wallet: number }} Seen */

/**
 * `wallet`: by how much the wallets, whose process this is, were late themselves in one of a hundred looks (ms).
 * @param {number} port @returns {Promise<Seen>}
 */
async function loadLive(port) {
  const lateness = monitorEventLoopDelay({ resolution: 1 });
  lateness.enable();
  const loaded = await load(port, live);
  return { ...loaded, wallet: lateness.percentile(99) / 1e6 - 1 };
}

/**
 * One load after the other while `isOn`, or one only.
 * @param {number} port @param {() => boolean} isOn
 */
async function loadWhile(port, isOn) {
  const seen = [await loadLive(port)];
  while (isOn()) seen.push(await loadLive(port));
  // The last one went on when all was over.
  return seen.length > 1 ? seen.slice(0, -1) : seen;
}

/** @param {number} port @param {Wallet} wallet */
async function afterAnOutage(port, wallet) {
  await load(port, live);
  const alone = [await loadLive(port), await loadLive(port), await loadLive(port)];
  wallet.mood = () => ({ after: 0, status: 503 });
  const owed = await owe(port, OTHER, Number(values.wins));
  const before = [await loadLive(port)];
  wallet.mood = () => ({ after: QUICK, status: 201 });
  wallet.yes.clear();
  const well = performance.now();
  await until('the first win', 120_000, () => [...wallet.yes.keys()].some((it) => owed.has(it)));
  let isOver = false;
  const beside = loadWhile(port, () => !isOver);
  await until(
    'the backlog',
    900_000,
    () => wallet.yes.size >= owed.size && [...owed.keys()].every((it) => wallet.yes.has(it)),
  );
  isOver = true;
  const during = await beside;
  let youngest = -Infinity;
  let late = 0;
  let last = 0;
  let first = Infinity;
  for (const [reference, at] of wallet.yes) {
    const since = owed.get(reference);
    if (since === undefined) continue;
    if (since < youngest - ORDER) late += 1;
    youngest = Math.max(youngest, since);
    last = Math.max(last, at);
    first = Math.min(first, at);
  }
  const seconds = (last - well) / 1000;
  const span = (last - first) / 1000;
  console.log(
    `${String(owed.size)} wins owed to a wallet of ${String(QUICK)} ms, delivered in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  the first after ${((first - well) / 1000).toFixed(1)} s, then ${(owed.size / span).toFixed(0)} a second`,
  );
  console.log(`  out of the order of age: ${((late / owed.size) * 100).toFixed(1)} %`);
  console.log(
    `  live at ${values.rate} a second, ${String(live.seconds)} s each: p50 / p99, and the wallets' own lateness, ms`,
  );
  for (const [when, loads] of Object.entries({
    alone,
    'beside what is owed': before,
    'while it is delivered': during,
  })) {
    const shown = loads.map(
      ({ p50, p99, wallet: late }) => `${p50.toFixed(1)} / ${p99.toFixed(1)}, ${late.toFixed(1)}`,
    );
    const ratio = median(loads.map(({ p99 }) => p99)) / median(alone.map(({ p99 }) => p99));
    console.log(`    ${when}: ${shown.join('; ')}: ratio of the middle p99 ${ratio.toFixed(2)}`);
  }
}

await measured(async ({ first, second }) => {
  await afterAnOutage((await startBridge(values.bridge)).port, second);
  await stopAll();
  await voidBesideSlow((await startBridge(values.bridge)).port, first, second);
});
