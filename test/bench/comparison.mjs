// Why: says what the bridge costs, as ratios to rivals measured in the same run on the same machine, because
// absolute figures drift from machine to machine and hour to hour.
// Never: leaves a rival out silently, and never reports a round in which one answer was wrong.
/** @import { OwnRedis, Stub } from './ground.mjs' */
/** @import { Rival } from './rivals.mjs' */
/** @import { KindResult, Result } from './report.mjs' */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeResult } from './figures.mjs';
import {
  directory,
  forgetRecords,
  here,
  load,
  SLOW_WALLET_MS,
  startRedis,
  startWallet,
  WALLET_PORT,
} from './ground.mjs';
import { rounds, seconds, steadySeconds, values } from './options.mjs';
import { printProfile } from './profile-report.mjs';
import { printReport } from './report.mjs';
import { messageOf, rewarm, RIVALS, saturate, startRival } from './rivals.mjs';
import { kindOf, KINDS, newRun } from './wire.mjs';

const STEADY_RATE = 500;
const WARM_KIND_SECONDS = 0.5;
const profileFile = join(directory, 'profile.json');

/**
 * Which kinds of callback are measured alone of whom.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const ALONE = {
  floor: ['balance', 'bet', 'win'],
  before: Object.keys(KINDS).filter((kind) => kind !== 'mix'),
  bridge: Object.keys(KINDS).filter((kind) => kind !== 'mix'),
};

/** @param {Rival} rival @param {number} done */
async function reportProfile({ name, server }, done) {
  server.kill('SIGUSR2');
  while (!existsSync(profileFile)) await pause(100);
  console.log(`\n${name}`);
  printProfile(profileFile, done);
  rmSync(profileFile);
}

/**
 * One rival in one round: as fast as it can with an instant wallet, then at a fixed rate with a slow one.
 * @param {Rival} rival
 * @param {number} round
 * @param {Stub} stub
 * @returns {Promise<Result>}
 */
async function measure(rival, round, { setDelay }) {
  await rewarm(rival);
  if (values.profile) rival.server.kill('SIGUSR2');
  const { done, ...fast } = await saturate(rival, seconds);
  if (values.profile) await reportProfile(rival, done);
  await setDelay(SLOW_WALLET_MS);
  const { p50, p99 } = await load(rival, steadySeconds, ['--rate', String(STEADY_RATE)]);
  await setDelay(0);
  const speed = fast.perSecond.toFixed(0).padStart(6);
  console.log(`round ${String(round)}  ${rival.name.padEnd(12)} ${speed} callbacks/s`);
  return { round, name: rival.name, ...fast, p50, p99 };
}

/**
 * A yardstick that gave a wrong answer is measured again, and that is said; a build of the bridge that did ends the run.
 * @type {typeof measure}
 */
async function measureOnceMore(rival, round, stub) {
  try {
    return await measure(rival, round, stub);
  } catch (error) {
    if (rival.name === 'bridge' || rival.name === 'before') throw error;
    const [first] = messageOf(error).split('\n');
    console.log(`round ${String(round)}  ${rival.name} is measured again: ${String(first)}`);
    await stub.setDelay(0);
    return measure(rival, round, stub);
  }
}

/** The loads a rival had so far, by kind. @typedef {Map<string, { run: string, done: number }>} Past */

/**
 * A load of one kind: of transactions of its own, or of all those of the load it is about.
 * @param {Rival} rival
 * @param {string} kind
 * @param {number} duration seconds
 * @param {Past} past
 */
async function saturateWith(rival, kind, duration, past) {
  const { of = '' } = kindOf(kind);
  const { run, done: most } = past.get(of) ?? { run: newRun(), done: Infinity };
  const result = await saturate(rival, duration, ['--kind', kind, '--run', run, '--most', String(most)]);
  past.set(kind, { run, done: result.done });
  return result;
}

/**
 * Each kind of callback alone, by turns of whoever can do it.
 * @param {readonly Rival[]} rivals
 * @param {number} round
 */
async function measureKinds(rivals, round) {
  /** @type {KindResult[]} */
  const results = [];
  /** @param {number} duration @param {(result: KindResult) => void} take */
  const go = async (duration, take) => {
    const pasts = new Map(rivals.map((rival) => [rival, /** @type {Past} */ (new Map())]));
    for (const kind of Object.keys(KINDS))
      for (const [rival, past] of pasts)
        if (ALONE[rival.name]?.includes(kind) === true) {
          const { cpuMicros, busy } = await saturateWith(rival, kind, duration, past);
          take({ round, name: rival.name, kind, cpuMicros, busy });
        }
  };
  await go(WARM_KIND_SECONDS, () => undefined);
  await go(seconds, (result) => results.push(result));
  return results;
}

/** @param {string} name @param {OwnRedis} redis @param {Stub} stub @returns {Promise<Rival>} */
async function begin(name, redis, { wallet }) {
  if (name === 'direct') return { name, direct: true, ports: [WALLET_PORT], adminPort: 0, server: wallet };
  const profiled = { NODE_OPTIONS: `--import=${here('profiler.mjs')}`, BENCH_PROFILE: profileFile };
  return startRival(name, { redis, env: values.profile ? profiled : {} });
}

/** @param {readonly string[]} names */
function known(names) {
  const all = ['direct', ...Object.keys(RIVALS)];
  for (const name of names)
    if (!all.includes(name)) throw new Error(`no rival is called ${name}; there are ${all.join(', ')}`);
  return names;
}

/** The rivals by turns, in every round. A part of them, or a profile of them, is no whole result. */
export async function compare() {
  const names = known(values.only?.split(',') ?? ['direct', ...Object.keys(RIVALS)]);
  const redis = await startRedis('redis');
  const stub = await startWallet();
  /** @type {Rival[]} */
  const rivals = [];
  for (const name of names) rivals.push(await begin(name, redis, stub));
  /** @type {Result[]} */
  const results = [];
  /** @type {KindResult[]} */
  const kinds = [];
  for (let round = 1; round <= rounds; round++) {
    // Forth and back, so that a machine that slows down slows all of them.
    const inTurn = round % 2 === 1 ? rivals : rivals.toReversed();
    for (const rival of inTurn) {
      await forgetRecords(redis);
      results.push(await measureOnceMore(rival, round, stub));
    }
    await forgetRecords(redis);
    if (!values.profile) kinds.push(...(await measureKinds(inTurn, round)));
  }
  redis.client.disconnect();
  writeResult('', printReport(results, kinds), values.only === undefined && !values.profile);
}
