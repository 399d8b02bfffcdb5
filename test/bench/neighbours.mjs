// Why: says what one operator's bad day costs the callbacks of another, with real processes and a real Redis:
// its wallet hangs, is undecided, answers megabytes; it floods; it reloads a large file; strangers knock at the
// door; Redis stands still; and how many callbacks a healthy wallet loses when many come at once. Each p99 is told
// as a ratio to that of the same traffic alone, measured just before, in the same run.
// Never: counts a callback as done that the platform was not told is done.
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  builtBridge,
  isDone,
  load,
  measured,
  newID,
  OTHER,
  send,
  startBridge,
  writeOperator,
} from './neighbourhood.mjs';
import { cpuMs, otherCoreMs } from './processes.mjs';
import { AGENT } from './wire.mjs';

const { values } = parseArgs({
  options: {
    bridge: { type: 'string', default: builtBridge },
    rate: { type: 'string', default: '200' },
    sick: { type: 'string', default: '50' }, // of the wallet with the bad day, callbacks a second
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' }, // bad days whose name has this in it
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('neighbours.mjs [--bridge dist/main.js] [--rate 200] [--sick 50] [--seconds 10] [--only reload]');
  process.exit(0);
}
const { rate } = values;
const seconds = Number(values.seconds);
const SICK_RATE = Number(values.sick);
const WARM_SECONDS = 10;
/** What the bad day before left to be done must not be taken for a good one. */
const RESTS_MS = 3_000;
const RULES = 500;
const SILENT_MS = 500;

/** @typedef {import('./neighbourhood.mjs').Wallet} Wallet */
/** @typedef {import('./neighbourhood.mjs').Mood} Mood */
/** @typedef {Pick<Awaited<ReturnType<typeof startBridge>>, 'port' | 'bridge' | 'redis'>} Bridge */

/**
 * Begins `act` so many times a second until it is stopped; resolves once all of them have ended.
 * @param {number} perSecond @param {() => Promise<unknown>} act
 */
function repeating(perSecond, act) {
  let ends = false;
  const began = performance.now();
  const running = (async () => {
    /** @type {Set<Promise<unknown>>} */
    const under = new Set();
    for (let n = 0; !ends; n++) {
      await pause(Math.max(0, began + (n * 1000) / perSecond - performance.now()));
      const one = act()
        .catch(() => undefined)
        .finally(() => under.delete(one));
      under.add(one);
    }
    await Promise.all(under);
  })();
  return async () => {
    ends = true;
    await running;
  };
}

/** @param {string} operation @param {string} [agentID] */
const callback = (operation, agentID = OTHER) => {
  const transactionID = newID();
  return { operation, all: { agentID, userID: 'p1', amount: '1.00', transactionID, roundID: transactionID } };
};

/** Bets, wins and balances of the other operator. @param {number} port @param {Agent} agent */
const traffic = (port, agent) => {
  let n = 0;
  return () => {
    const { operation, all } = callback(['Withdraw', 'Deposit', 'GetBalance'][n++ % 3] ?? 'GetBalance');
    return send(port, operation, all, { agent });
  };
};

/**
 * What live traffic is like while it lasts, against the same traffic alone; and how busy the bridge and the core of
 * all others were.
 * @param {string} what @param {Bridge} of @param {() => () => Promise<unknown>} begin
 */
async function beside(what, { port, bridge }, begin) {
  if (!what.includes(values.only)) return;
  await pause(RESTS_MS);
  const alone = await load(port, { seconds, rate });
  const end = begin();
  await pause(1_000);
  const [began, own, others] = [performance.now(), cpuMs(bridge), otherCoreMs()];
  const during = await load(port, { seconds, rate });
  const took = performance.now() - began;
  const [busy, beyond] = [cpuMs(bridge) - own, (otherCoreMs() ?? NaN) - (others ?? NaN)];
  await end();
  const shown = `${alone.p99.toFixed(1)} → ${during.p99.toFixed(1)} ms, ${(during.p99 / alone.p99).toFixed(2)} ×`;
  const shares = [busy, beyond].map((ms) => `${((ms / took) * 100).toFixed(0)} %`).join(' and ');
  const lost = `lost ${String(alone.errors)}, then ${String(during.errors)}`;
  console.log(`${what.padEnd(48)} ${shown.padEnd(26)} ${lost}; bridge and other core ${shares} busy`);
}

/** @param {number} port @param {number} count @param {string} operation */
async function burst(port, count, operation) {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  // Connections are made before: what is measured is the queue behind them.
  await Promise.all(
    Array.from({ length: count }, () => send(port, 'GetBalance', callback('GetBalance', AGENT).all, { agent })),
  );
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: count }, () => send(port, operation, callback(operation, AGENT).all, { agent })),
  );
  agent.destroy();
  const took = performance.now() - began;
  const lost = answers.filter((answer) => !isDone(answer)).length;
  console.log(`${String(count)} × ${operation} at once: ${String(lost)} lost, all answered in ${took.toFixed(0)} ms`);
}

/** @param {Bridge} bridge @param {Wallet} well @param {Wallet} sick @param {number} sickPort */
async function all(bridge, well, sick, sickPort) {
  const { port } = bridge;
  await load(port, { seconds: WARM_SECONDS, rate });
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  /** @type {readonly [string, Mood, number][]} */
  const moods = [
    ['its wallet never answers', () => ({ after: 30_000, status: 201 }), SICK_RATE],
    [
      'its wallet says "pending" after 900 ms',
      () => ({ after: 900, status: 202, body: '{"status":"pending"}' }),
      SICK_RATE,
    ],
    ['its wallet answers 1 MB', () => ({ after: 0, status: 200, body: `{"x":"${'y'.repeat(1_000_000)}"}` }), 20],
    ['it sends ten times as much as usual', () => ({ after: 20, status: 201 }), 10 * SICK_RATE],
  ];
  console.log(`p99 of an operator's callbacks at ${rate} a second, alone and while another operator has a bad day:`);
  for (const [what, mood, perSecond] of moods) {
    sick.mood = mood;
    sick.balances = mood;
    await beside(what, bridge, () => repeating(perSecond, traffic(port, agent)));
  }
  sick.mood = () => ({ after: 20, status: 201 });
  sick.balances = undefined;
  await beside('strangers send 500 bad signs a second', bridge, () =>
    repeating(500, () => send(port, 'Withdraw', callback('Withdraw', AGENT).all, { agent, badSign: true })),
  );
  const rules = Array.from(
    { length: RULES },
    (_, n) => `  - { when: '\${response.body.error.code == "E${String(n)}"}', result: generalError, outcome: refused }`,
  );
  let n = 0;
  await beside(`reload of a file of its ${String(RULES)} rules every second`, bridge, () =>
    repeating(1, () => {
      writeOperator('other01', OTHER, sickPort, {
        timeout: ['4s', `${String(500 + (++n % 2))}ms`],
        errors: `${rules.join('\n')}\n`,
      });
      return Promise.resolve();
    }),
  );
  await beside('Redis stands still for half a second in four', bridge, () =>
    repeating(0.25, async () => {
      bridge.redis.kill('SIGSTOP');
      await pause(SILENT_MS);
      bridge.redis.kill('SIGCONT');
    }),
  );
  if (values.only !== '') return agent.destroy();
  console.log('\nA wallet that takes 20 ms, 64 calls at once:');
  well.mood = () => ({ after: 20, status: 201 });
  for (const count of [150, 200, 400]) await burst(port, count, 'Withdraw');
  await burst(port, 200, 'Deposit');
  agent.destroy();
}

await measured(async ({ first, second, ports: [, sickPort = 0] }) =>
  all(await startBridge(values.bridge), first, second, sickPort),
);
