// Why: says what the bridge costs more where there is much: operators, records, unfinished ones; and how long a
// start takes. Bridges with and without run side by side and are measured by turns, so that a machine that slows
// down slows both.
// Never: trusts that what was written is there: the bridge's own metrics say how much is unfinished.
/** @import { OwnRedis } from './ground.mjs' */
/** @import { Rival, Saturation } from './rivals.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { ask, metric, until } from './admin.mjs';
import { figure, printFigures, writeResult } from './figures.mjs';
import { forgetRecords, operatorFile, startRedis, startWallet, writeOperators } from './ground.mjs';
import { median } from './median.mjs';
import { rounds, seconds, values } from './options.mjs';
import { freePort, stop } from './processes.mjs';
import { bet, MONTH, of, openJournal, owed, settled, writeMany } from './records.mjs';
import { launch, rewarm, RIVALS, saturate, startBridge } from './rivals.mjs';
import { AGENT } from './wire.mjs';

const AWAY = { operator: 'away', agentID: 'AWAY01' };
const COUNTED_WITHIN = 60_000; // ms
const READY_WITHIN = 60_000;
const AWAKE_AFTER = 1_000;

/**
 * One of the bridges that are compared: what its Redis holds before, and what must be so before and after.
 * @typedef {{ name: string, operators: string, fill?: (redis: OwnRedis) => Promise<void>,
 *   check?: (bridge: Rival) => Promise<void>, load?: readonly string[] }} Side
 */
/** @typedef {Side & { redis: OwnRedis, bridge: Rival }} Begun */

/**
 * Filled without its log on disk, which it then writes at once; that is not rewritten while it is measured.
 * @param {Side} side
 */
async function startFilledRedis({ name, fill }) {
  const slug = name.replaceAll(/\W+/g, '-');
  const redis = await startRedis(slug, ['--appendonly', 'no', '--auto-aof-rewrite-percentage', '0']);
  await fill?.(redis);
  await redis.client.config('SET', 'appendonly', 'yes');
  await until('the log of Redis', 120_000, 100, async () =>
    /aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0/.test(await redis.client.info('persistence')),
  );
  return redis;
}

/** @param {Side} side @returns {Promise<Begun>} */
async function begin(side) {
  const redis = await startFilledRedis(side);
  const bridge = await startBridge(side.name, { redis, operators: side.operators });
  await side.check?.(bridge);
  bridge.server.kill('SIGSTOP');
  return { ...side, redis, bridge };
}

/** @param {Begun} side */
async function end({ bridge, redis, check }) {
  bridge.server.kill('SIGCONT');
  await check?.(bridge);
  await stop(bridge.server);
  await redis.stop();
}

/**
 * The others stand still meanwhile: what they do of their own accord would be taken from this one's core.
 * @param {Begun} side
 * @returns {Promise<Saturation>}
 */
async function measure({ name, bridge, redis, fill, load }) {
  bridge.server.kill('SIGCONT');
  await pause(AWAKE_AFTER);
  if (fill === undefined) await forgetRecords(redis);
  await rewarm(bridge);
  const result = await saturate(bridge, seconds, load);
  bridge.server.kill('SIGSTOP');
  const { perSecond, cpuMicros, busy } = result;
  const said = `${perSecond.toFixed(0).padStart(6)} callbacks/s  ${cpuMicros.toFixed(0).padStart(4)} µs`;
  console.log(`  ${name.padEnd(34)}${said}  busy ${busy.toFixed(2)}`);
  return result;
}

/**
 * All of them by turns, forth and back; gives how a figure of one relates to that of the first, as the median over
 * the rounds.
 * @param {readonly Side[]} sides
 */
async function sideBySide(sides) {
  console.log('');
  /** @type {Begun[]} */
  const all = [];
  for (const side of sides) all.push(await begin(side));
  /** @type {Map<Begun, Saturation>[]} */
  const measured = [];
  for (let round = 1; round <= rounds; round++) {
    const results = new Map();
    for (const side of round % 2 === 1 ? all : all.toReversed()) results.set(side, await measure(side));
    measured.push(results);
  }
  for (const side of all) await end(side);
  /** @param {number} which @param {'perSecond' | 'cpuMicros'} what */
  return (which, what) =>
    median(
      measured.map((results) => {
        const [first, other] = [all[0], all[which]].map((side) => side && results.get(side)?.[what]);
        return (other ?? NaN) / (first ?? NaN);
      }),
    );
}

/** With many operators loaded: callbacks of one of them, as of the only one; and callbacks of all of them. */
async function manyOperators() {
  const [one, many] = [writeOperators(1), writeOperators(Number(values.operators))];
  const name = `${values.operators} operators`;
  const ratio = await sideBySide([
    { name: '1 operator', operators: one },
    { name, operators: many },
    { name: `${name}, callbacks of all`, operators: many, load: ['--agents', values.operators] },
  ]);
  return [
    figure(`CPU per callback, ${name} ÷ 1`, ratio(1, 'cpuMicros'), { most: 1.05 }),
    figure('the same, callbacks of all of them', ratio(2, 'cpuMicros')),
    figure(`callbacks/s, ${name} ÷ 1`, ratio(1, 'perSecond')),
    ...(await starts(one, many)),
  ];
}

/**
 * From the start of the process to the first 200 of /readyz, in s.
 * @param {string} operators
 * @param {OwnRedis} redis
 */
async function startSeconds(operators, redis) {
  const bridge = RIVALS['bridge'];
  if (bridge === undefined) throw new Error('there is no bridge');
  const began = performance.now();
  const started = await launch('a start', bridge, { redis, operators });
  const isReady = () =>
    ask(started, '/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  await until('ready', READY_WITHIN, 5, isReady);
  const took = (performance.now() - began) / 1000;
  await stop(started.server);
  return took;
}

/** @param {string} one @param {string} many directories of operators */
async function starts(one, many) {
  const redis = await startRedis('starts');
  await startSeconds(one, redis); // begins the journal
  /** @type {[number[], number[]]} */
  const [alone, all] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    alone.push(await startSeconds(one, redis));
    all.push(await startSeconds(many, redis));
  }
  await redis.stop();
  return [
    figure(`from start to ready, ${values.operators} operators, s`, median(all), { most: 1.5 }),
    figure('the same, 1 operator', median(alone)),
  ];
}

/** With as many records as a large operator makes in days. */
async function manyRecords() {
  const count = Number(values.records);
  const operators = writeOperators(1);
  const whose = of('bench1', AGENT);
  const ratio = await sideBySide([
    { name: 'an empty Redis', operators },
    {
      ...{ name: `${values.records} records`, operators },
      async fill({ url }) {
        const journal = await openJournal(url);
        const write = () => journal.put({ transaction: settled(bet(whose)), expected: 0, lifetime: MONTH });
        await writeMany(count, write);
        await journal.close();
      },
    },
  ]);
  return [
    figure(`callbacks/s, ${values.records} records ÷ none`, ratio(1, 'perSecond'), { least: 0.95 }),
    figure('CPU per callback of the same', ratio(1, 'cpuMicros')),
  ];
}

/**
 * Another operator's, which owes them to a wallet nobody answers for. `after`: ms until they are looked at.
 * @param {string} name
 * @param {string} operators
 * @param {number} after
 * @returns {Side}
 */
function unfinishedSide(name, operators, after) {
  const whose = of(AWAY.operator, AWAY.agentID);
  const labels = { operator: AWAY.operator };
  return {
    ...{ name, operators },
    async fill({ url }) {
      const journal = await openJournal(url);
      await writeMany(Number(values.unfinished), () => {
        const transaction = owed(bet(whose));
        return journal.put({ transaction, expected: 0, due: Date.now() + after, trust: { kind: 'on' } });
      });
      await journal.close();
    },
    check: (bridge) =>
      until(`exactly ${values.unfinished} counted as unfinished`, COUNTED_WITHIN, 500, async () => {
        const counted = await metric(bridge, 'wallet_bridge_unfinished_records', labels);
        return counted === Number(values.unfinished);
      }),
  };
}

/** With much that is unfinished: not due yet, or due all at once at a wallet that is away. */
async function muchUnfinished() {
  const { operator, agentID } = AWAY;
  const operators = writeOperators(1, { 'away.yaml': operatorFile(operator, agentID, await freePort()) });
  const count = values.unfinished;
  const ratio = await sideBySide([
    { name: 'nothing unfinished', operators },
    unfinishedSide(`${count} unfinished, not due`, operators, MONTH),
    unfinishedSide(`${count} unfinished, wallet away`, operators, 0),
  ]);
  return [
    figure(`callbacks/s, ${count} unfinished that are not due ÷ none`, ratio(1, 'perSecond'), { least: 0.9 }),
    figure(`callbacks/s, ${count} due at a wallet that is away ÷ none`, ratio(2, 'perSecond'), { least: 0.9 }),
  ];
}

/** One after the other, each with processes of its own. */
export async function measureScale() {
  const { wallet } = await startWallet();
  const figures = [...(await manyOperators()), ...(await manyRecords()), ...(await muchUnfinished())];
  await stop(wallet);
  console.log('');
  printFigures(figures);
  writeResult('-scale', { figures });
}
