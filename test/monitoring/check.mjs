// Why: the command `npm run monitoring`: promtool's word on the rules and their cases, then every query of rules
// and dashboard in a real Prometheus that asks a real bridge, while one of its two wallets is broken. With
// --drill it goes on: alerts must fire, and once the wallet is well nothing may be left unfinished.
// Exit code 0: all of it has data and no error; 1: something has not.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import {
  builtBridge,
  directory,
  isDone,
  load,
  measured,
  newID,
  OTHER,
  send,
  startBridge,
} from '../bench/neighbourhood.mjs';
import { AGENT } from '../bench/wire.mjs';
import { askPromtool, ensurePrometheus, inPack, startPrometheus, until } from './prometheus.mjs';

/** @import { Wallet } from '../bench/neighbourhood.mjs' */
/** @typedef {{ where: string, query: string, legend?: string, mustHaveData: boolean }} Asked */

const { values } = parseArgs({ options: { drill: { type: 'boolean', default: false } } });

/** @returns {Asked[]} */
function everyQuery() {
  /** @type {{ groups: { rules: { alert?: string, record?: string, expr: string }[] }[] }} */
  const { groups } = parse(readFileSync(inPack('rules.yml'), 'utf8'));
  /** @type {{ panels: { title: string, targets?: { expr: string, legendFormat: string }[] }[] }} */
  const { panels } = JSON.parse(readFileSync(inPack('grafana-dashboard.json'), 'utf8'));
  const ofRules = groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, record = '', expr }) => ({
      where: alert ?? record,
      query: expr,
      mustHaveData: alert === undefined,
    }));
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      ...{ where: title, query: expr.replaceAll('$operator', '.*'), legend: legendFormat, mustHaveData: true },
    })),
  );
  return [...ofRules, ...ofPanels];
}

/** Callbacks of both operators: balances, bets and wins. @param {number} port @param {number} seconds */
async function play(port, seconds) {
  const end = performance.now() + seconds * 1000;
  /** @param {number} first */
  const lane = async (first) => {
    for (let i = first; performance.now() < end; i++) {
      const transactionID = newID();
      const fields = { agentID: OTHER, userID: 'player_1', amount: '1.00', transactionID, roundID: transactionID };
      const operation = ['Withdraw', 'Deposit', 'GetBalance'][i % 3] ?? 'Deposit';
      const answer = await send(port, operation, fields);
      // The platform delivers once more what it was not told of.
      if (!isDone(answer) && operation === 'Deposit') await send(port, operation, fields);
      await pause(50);
    }
  };
  await Promise.all([load(port, { seconds, rate: '40' }), ...Array.from({ length: 6 }, (_, first) => lane(first))]);
}

/** The wallet answers nothing that says what it did. @param {Wallet} wallet */
function breakWallet(wallet) {
  wallet.mood = () => ({ after: 5, status: 500, body: '{"error":"down"}' });
}
/** @param {Wallet} wallet */
function mend(wallet) {
  wallet.mood = () => ({ after: 5, status: 201 });
}

/** @param {string} redisUrl @param {string[]} args */
const transactions = (redisUrl, ...args) =>
  execFileSync(process.execPath, [builtBridge, 'transactions', ...args], {
    env: { ...process.env, REDIS_URL: redisUrl, OPERATORS_DIR: join(directory, 'operators') },
    encoding: 'utf8',
  }).trim();

ensurePrometheus();
askPromtool();
await measured(async ({ second }) => {
  const { port, adminPort, redisUrl } = await startBridge(builtBridge);
  const prometheus = await startPrometheus(directory, adminPort);
  await until('the bridge is scraped', 20_000, async () => (await prometheus.query('up == 1')).length > 0);
  // Players whose balance is known, or no win could be told as done.
  await play(port, 4);
  breakWallet(second);
  const owed = async () => (await prometheus.query('wallet_bridge_accepted_records')).length > 0;
  await Promise.all([play(port, 8), until('wins are owed, and counted', 30_000, owed)]);

  let wrong = 0;
  /** @param {string} where @param {string} what */
  const say = (where, what) => {
    wrong += 1;
    console.log(`${where}: ${what}`);
  };
  const all = everyQuery();
  for (const { where, query, legend = '', mustHaveData } of all) {
    try {
      const found = await prometheus.query(query);
      if (mustHaveData && found.length === 0) say(where, `no data: ${query}`);
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      const named = found.filter(({ metric }) => Object.keys(metric).length > 0);
      for (const label of labels)
        if (named.length > 0 && named.every(({ metric }) => metric[label] === undefined))
          say(where, `has no label ${label}`);
    } catch (error) {
      say(where, error instanceof Error ? error.message : String(error));
    }
  }
  const exemplars = await prometheus.exemplars('wallet_bridge_callback_duration_seconds_bucket');
  if (exemplars.length === 0) say('exemplars', 'none');
  console.log(
    `${String(all.length)} queries, ${String(exemplars.length)} series with exemplars: ${String(wrong)} wrong`,
  );
  if (wrong > 0) process.exitCode = 1;
  if (!values.drill) return;

  console.log(
    `\nthe wallet of ${OTHER} is broken; unfinished:\n${transactions(redisUrl, 'list', '--state', 'open', '--limit', '3')}`,
  );
  const playing = play(port, 110);
  for (const name of ['WalletBridgeBreakerOpen', 'WalletBridgeWalletUnclear'])
    console.log(
      `${name} fires ${String(await until(name, 240_000, async () => (await prometheus.firing()).includes(name)))} s later`,
    );
  await playing;
  console.log(`firing: ${[...new Set(await prometheus.firing())].join(', ')}`);
  mend(second);
  console.log(`the wallet is well; ${transactions(redisUrl, 'try-now', '--all', '--operator', OTHER.toLowerCase())}`);
  const rested = await until('nothing is unfinished', 240_000, async () => {
    const [sum] = await prometheus.query('sum(wallet_bridge_unfinished_records) or vector(0)');
    return sum?.value[1] === '0';
  });
  console.log(`nothing is unfinished ${String(rested)} s later:\n${transactions(redisUrl, 'list', '--state', 'open')}`);
  const quiet = await until(
    'BreakerOpen is quiet',
    240_000,
    async () => !(await prometheus.firing()).includes('WalletBridgeBreakerOpen'),
  );
  console.log(`WalletBridgeBreakerOpen is quiet ${String(quiet)} s later`);
  await play(port, 3);
  const [left] = await prometheus.query(`sum(wallet_bridge_alarms_total)`);
  console.log(`alarms raised: ${left?.value[1] ?? '?'}; agents ${AGENT}, ${OTHER}`);
});
