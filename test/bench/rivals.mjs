// Why: every server under test is started, warmed up and driven to saturation in the same way, whatever is measured.
// Never: compares a cold server with a warm one.
/** @import { ChildProcess } from 'node:child_process' */
/** @import { OwnRedis } from './ground.mjs' */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { directory, here, key, load, WALLET_PORT } from './ground.mjs';
import { values } from './options.mjs';
import { cpuMs, freePort, start, underTest, untilListening } from './processes.mjs';

const WARM_SECONDS = 10; // V8 needs as long to settle
const REWARM_SECONDS = 0.5;

/**
 * @typedef {{ name: string, ports: readonly number[], adminPort: number, server: ChildProcess, direct?: boolean }}
 * Rival
 */

/** @type {Readonly<Record<string, [string, ...string[]]>>} */
export const RIVALS = {
  floor: underTest(here('floor.mjs')),
  'pass-through': underTest(here('pass-through.mjs')),
  naive: underTest(here('naive.mjs')),
  ...(values.before !== undefined && { before: [...underTest(values.before), 'serve'] }),
  bridge: [...underTest(here('../../dist/main.js')), 'serve'],
};

/**
 * What a server is given: its Redis, its operators' files, and what else is in its environment.
 * @typedef {{ redis: OwnRedis, operators?: string, env?: Record<string, string> }} Given
 */

/** @param {string} name @param {() => Promise<unknown>} go */
async function orItsLastLines(name, go) {
  try {
    await go();
  } catch (error) {
    const lines = readFileSync(logOf(name), 'utf8').trimEnd().split('\n').slice(-5).join('\n');
    throw new Error(`${name}: ${messageOf(error)}\n${lines}`, { cause: error });
  }
}

/** @param {string} name */
const logOf = (name) => join(directory, `${name.replaceAll(/\W+/g, '-')}.log`);

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Starts a server and does not wait for it.
 * @param {string} name what it is called here
 * @param {[string, ...string[]]} command
 * @param {Given} given
 * @returns {Promise<Rival>}
 */
export async function launch(name, command, { redis, operators = here('operators'), env = {} }) {
  const [port, adminPort] = [await freePort(), await freePort()];
  const settings = {
    ...{ PORT: String(port), HOST: '127.0.0.1', ADMIN_PORT: String(adminPort), LOG_LEVEL: 'info' },
    ...{ REDIS_URL: redis.url, WALLET_URL: `http://127.0.0.1:${String(WALLET_PORT)}`, OPERATORS_DIR: operators },
    ...{ BENCH_KEY: key, BENCH_WALLET_TOKEN: 'bench' },
  };
  const server = start('server', command, { env: { ...settings, ...env }, logFile: logOf(name) });
  return { name, ports: [port], adminPort, server };
}

/**
 * A rival that is warm; throws with the last lines of its log when it does not become so.
 * @param {string} name
 * @param {Given} given
 * @param {keyof typeof RIVALS} program
 */
export async function startRival(name, given, program = name) {
  const command = RIVALS[program];
  if (command === undefined) throw new Error(`no rival is called ${program}`);
  const rival = await launch(name, command, given);
  await orItsLastLines(name, async () => {
    await untilListening(rival.server, rival.ports[0] ?? 0, name);
    await load(rival, WARM_SECONDS);
  });
  return rival;
}

/** @param {string} name @param {Given} given */
export const startBridge = (name, given) => startRival(name, given, 'bridge');

/**
 * How fast a server is at most: callbacks a second, what each takes of its processor (µs), which share of the time
 * that was busy.
 * @typedef {{ perSecond: number, cpuMicros: number, busy: number, done: number }} Saturation
 */

/**
 * As fast as the answers come, with whatever wallet there is.
 * @param {Rival} rival
 * @param {number} duration seconds
 * @param {readonly string[]} options of load.mjs
 * @returns {Promise<Saturation>}
 */
export async function saturate(rival, duration, options = []) {
  const before = cpuMs(rival.server);
  const { done, seconds } = await load(rival, duration, options);
  const used = cpuMs(rival.server) - before;
  return { perSecond: done / seconds, cpuMicros: (used * 1000) / done, busy: used / 1000 / seconds, done };
}

/** Wakes up what stood still while another was measured. @param {import('./ground.mjs').Target} target */
export const rewarm = (target) => load(target, REWARM_SECONDS);
