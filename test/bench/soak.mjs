// Why: says whether memory grows under load, and over reloads of the operator files.
// Never: reads it from a process that rests: each reading is a median under load, when its heap is in use.
/** @import { Rival } from './rivals.mjs' */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { metric, until } from './admin.mjs';
import { cell, figure, printFigures, writeResult } from './figures.mjs';
import { load, startRedis, startWallet, writeOperators } from './ground.mjs';
import { median } from './median.mjs';
import { values } from './options.mjs';
import { residentMB } from './processes.mjs';
import { startBridge } from './rivals.mjs';

const READ_EVERY = 500; // ms
const GROWTH_MINUTES = 5;
const FIRST_RELOADS = 20;
const UNDER_LOAD_SECONDS = 10;
const RELOADED_WITHIN = 20_000; // ms
/** A version of the files stays as long as a call under way may last: what it takes is not memory that grew. */
const OLD_VERSIONS_GONE = 45_000; // ms

/**
 * Loads the bridge to saturation and reads its resident memory all the while. `each` is told of each minute.
 * @param {Rival} bridge
 * @param {number} duration seconds
 * @param {(minute: number[]) => void} each
 */
async function readUnderLoad(bridge, duration, each) {
  /** @type {number[]} */
  let readings = [];
  const perMinute = 60_000 / READ_EVERY;
  const reading = setInterval(() => {
    readings.push(residentMB(bridge.server));
    if (readings.length < perMinute) return;
    each(readings);
    readings = [];
  }, READ_EVERY);
  try {
    return { ...(await load(bridge, duration)), rest: readings };
  } finally {
    clearInterval(reading);
  }
}

/** @param {Rival} bridge */
async function underLoad(bridge) {
  await pause(OLD_VERSIONS_GONE);
  const { rest } = await readUnderLoad(bridge, UNDER_LOAD_SECONDS, () => undefined);
  return median(rest.slice(rest.length / 2));
}

/** @param {Rival} bridge @param {number} minutes */
async function overMinutes(bridge, minutes) {
  console.log('\nminute   resident MB   most');
  /** @type {number[]} */
  const all = [];
  const { done, seconds } = await readUnderLoad(bridge, minutes * 60 + 5, (minute) => {
    all.push(median(minute));
    console.log(`${cell(all.length, 0, 6)}${cell(all.at(-1), 1, 14)}${cell(Math.max(...minute), 1, 7)}`);
  });
  console.log(`${(done / seconds).toFixed(0)} callbacks/s all the while`);
  const last = all.at(-1) ?? NaN;
  const back = Math.min(GROWTH_MINUTES, all.length - 1);
  const growth = (last / (all.at(-1 - back) ?? NaN) - 1) * 100;
  return [
    figure(`resident memory after ${String(all.length)} minutes of saturation, MB`, last, { most: 200 }),
    figure(`its growth over the last ${String(back)} minutes, %`, growth, { below: 1 }),
  ];
}

/**
 * Changes an operator's file and waits until the bridge uses it.
 * @param {Rival} bridge
 * @param {string} file
 * @param {number} n
 */
async function reload(bridge, file, n) {
  const done = () => metric(bridge, 'wallet_bridge_reloads_total', { outcome: 'done' });
  const before = await done();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/timeout: 2\d\d\dms/, `timeout: ${String(2400 + (n % 2))}ms`));
  await until('a reload', RELOADED_WITHIN, 20, async () => (await done()) > before);
}

/** @param {Rival} bridge @param {string} file @param {number} count */
async function overReloads(bridge, file, count) {
  const first = Math.min(FIRST_RELOADS, Math.floor(count / 2));
  let early = NaN;
  for (let n = 1; n <= count; n++) {
    await reload(bridge, file, n);
    if (n === first) early = await underLoad(bridge);
  }
  const late = await underLoad(bridge);
  console.log(
    `\nresident MB after ${String(first)} reloads ${early.toFixed(1)}, after ${String(count)} ${late.toFixed(1)}`,
  );
  return [
    figure(`resident memory after ${String(count)} reloads ÷ after ${String(first)}`, late / early, { most: 1.05 }),
  ];
}

/** Minutes of load, then reloads of the same bridge. */
export async function soak() {
  const operators = writeOperators(1);
  const redis = await startRedis('redis');
  await startWallet();
  const bridge = await startBridge('bridge', { redis, operators });
  const figures = [
    ...(await overMinutes(bridge, Number(values['soak-minutes']))),
    ...(await overReloads(bridge, join(operators, 'bench1.yaml'), Number(values.reloads))),
  ];
  redis.client.disconnect();
  console.log('');
  printFigures(figures);
  writeResult('-soak', { minutes: Number(values['soak-minutes']), reloads: Number(values.reloads), figures });
}
