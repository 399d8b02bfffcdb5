// Why: says what two bridges on one Redis add to the time of a callback, at rates one alone bears and at higher ones.
// Never: hides what else had no time left: load, wallet and Redis share a core, and how much of it they used is said.
/** @import { ChildProcess } from 'node:child_process' */
/** @import { Target } from './ground.mjs' */
/** @import { Rival } from './rivals.mjs' */
import { cell, figure, printFigures, writeResult } from './figures.mjs';
import { load, SLOW_WALLET_MS, startRedis, startWallet, WALLET_PORT } from './ground.mjs';
import { median } from './median.mjs';
import { rounds, steadySeconds } from './options.mjs';
import { cpuMs } from './processes.mjs';
import { rewarm, startBridge } from './rivals.mjs';

const RATES = [500, 2_000];
const REPLICAS = ['first', 'second'];

/**
 * One load at a rate: its latency (ms), and which share of a core each process used, by its name.
 * @typedef {{ round: number, rate: number, name: string, p50: number, p99: number,
 *   shares: Record<string, number> }} Paced
 */

/**
 * @param {Target} target
 * @param {{ rate: number, round: number }} at
 * @param {Readonly<Record<string, ChildProcess>>} processes
 * @returns {Promise<Paced>}
 */
async function pace(target, { rate, round }, processes) {
  await rewarm(target);
  const before = Object.entries(processes).map(([name, child]) => /** @type {const} */ ([name, child, cpuMs(child)]));
  const loaded = await load(target, steadySeconds, ['--rate', String(rate)]);
  /** @param {number} ms */
  const share = (ms) => ms / 1000 / loaded.seconds;
  const shares = Object.fromEntries(before.map(([name, child, was]) => [name, share(cpuMs(child) - was)]));
  const { p50, p99 } = loaded;
  return { round, rate, name: target.name, p50, p99, shares: { ...shares, load: share(loaded.cpuMs) } };
}

/** @param {readonly Paced[]} results @param {(result: Paced) => number} of */
const over = (results, of) => median(results.map(of));

/** @param {readonly Paced[]} results of one rate and target */
function printRow(results) {
  const [{ rate, name, shares } = { rate: 0, name: '', shares: {} }] = results;
  const used = Object.keys(shares).map(
    (key) => `${key} ${over(results, (result) => result.shares[key] ?? 0).toFixed(2)}`,
  );
  const latency = `${cell(
    over(results, ({ p50 }) => p50),
    2,
    9,
  )}${cell(
    over(results, ({ p99 }) => p99),
    2,
    9,
  )}`;
  console.log(`${String(rate).padStart(6)}/s  ${name.padEnd(14)}${latency}   ${used.join(', ')}`);
}

/** @param {readonly Paced[]} results @param {number} rate @param {'p50' | 'p99'} of */
function added(results, rate, of) {
  const all = results.filter((result) => result.rate === rate);
  const more = all.flatMap((result) => {
    const direct = all.find(({ round, name }) => round === result.round && name === 'direct');
    return result.name === 'direct' || direct === undefined ? [] : [result[of] - direct[of]];
  });
  return figure(`added ${of} at ${String(rate)}/s over two replicas, ms`, median(more));
}

/** @param {readonly Paced[]} results @param {readonly Target[]} targets */
function report(results, targets) {
  console.log('\nMedians, ms, 20 ms wallet; then the share of a core each process used.');
  console.log('Both replicas share the core of the server; load, wallet and Redis the other one.\n');
  console.log('  rate                        p50      p99');
  for (const rate of RATES)
    for (const { name } of targets) printRow(results.filter((result) => result.rate === rate && result.name === name));
  console.log('');
  const figures = RATES.flatMap((rate) => [added(results, rate, 'p50'), added(results, rate, 'p99')]);
  printFigures(figures);
  return figures;
}

/** The wallet itself and two replicas by turns, at each rate, in every round. */
export async function measureReplicas() {
  const redis = await startRedis('redis');
  const { wallet, setDelay } = await startWallet();
  /** @type {Rival[]} */
  const bridges = [];
  for (const name of REPLICAS) bridges.push(await startBridge(name, { redis }));
  await setDelay(SLOW_WALLET_MS);
  const others = { wallet, redis: redis.server };
  const servers = Object.fromEntries(bridges.map(({ name, server }) => [name, server]));
  const direct = { name: 'direct', ports: [WALLET_PORT], direct: true };
  const both = { name: 'two replicas', ports: bridges.flatMap(({ ports }) => ports) };
  /** @type {Paced[]} */
  const results = [];
  for (let round = 1; round <= rounds; round++)
    for (const rate of RATES) {
      results.push(await pace(direct, { rate, round }, others));
      results.push(await pace(both, { rate, round }, { ...servers, ...others }));
    }
  redis.client.disconnect();
  writeResult('-replicas', { figures: report(results, [direct, both]), results });
}
