// Why: what the console is shown must be true, so behind it stand a real bridge, a real Redis and the stand-in
// wallet, each a process of its own; and a platform that signs, made without one line of the bridge.
// Never: leaves a process or a file behind.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sign, SIGNED_FIELDS } from '../bench/wire.mjs';
import { Child, freePorts, isOk, takesConnections } from '../support/children.mjs';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const AGENT = 'DEMO01';
/** First balances, in cents. @type {Readonly<Record<string, bigint>>} */
const OPENINGS = { alice: 100_00n, bob: 5_00n };
export const TOKENS = { operator: 'operators-own-token', viewer: 'viewers-own-token' };
/** @typedef {Awaited<ReturnType<typeof setStage>>} Stage */
/** @typedef {{ operation: string, userID?: string, amount?: string }} Said */

/** The demo's operator, whose wallet can be asked about nothing: what it does not answer a person must end. */
const operatorFile = () =>
  readFileSync(here('../../config/operators/demo.yaml'), 'utf8').replace('repeatable: always', "repeatable: 'no'");

export async function setStage() {
  const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-console-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const [redisPort = 0, walletPort = 0, port = 0, adminPort = 0, strangePort = 0] = await freePorts(5);
  const [key, walletToken] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const ledgerFile = join(directory, 'ledger.jsonl');
  const file = operatorFile();
  writeFileSync(join(directory, 'operator.yaml'), file);

  /** @param {string} name */
  const logFile = (name) => join(directory, `${name}.log`);
  const listens = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', directory];
  const redis = new Child('redis-server (is it installed?)', ['redis-server', ...listens, '--appendonly', 'yes'], {
    logFile: logFile('redis'),
    isReady: () => takesConnections(redisPort),
  });
  const players = Object.entries(OPENINGS).map(([player, cents]) => `${player}=${String(cents / 100n)}.00`);
  const how = ['--ledger', ledgerFile, '--port', String(walletPort), '--token', walletToken];
  const program = here('../../dist/stand-ins/wallet.js');
  const wallet = new Child('wallet', [process.execPath, program, ...how, '--players', players.join(',')], {
    logFile: logFile('wallet'),
    isReady: () => takesConnections(walletPort),
  });
  const base = `http://127.0.0.1:${String(adminPort)}`;
  const bridge = new Child('bridge', [process.execPath, here('../../dist/main.js'), 'serve'], {
    logFile: logFile('bridge'),
    isReady: () => isOk(`${base}/readyz`),
    env: {
      ...{ HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: String(adminPort) },
      ...{ REDIS_URL: `redis://127.0.0.1:${String(redisPort)}`, OPERATORS_DIR: directory },
      ...{ DEMO_GSP_KEY: key, DEMO_WALLET_TOKEN: walletToken },
      ...{ DEMO_WALLET_URL: `http://127.0.0.1:${String(walletPort)}`, LOG_LEVEL: 'warn' },
      ...{ ADMIN_TOKEN: TOKENS.operator, ADMIN_VIEWER_TOKEN: TOKENS.viewer },
    },
  });
  await Promise.all([redis.start(), wallet.start()]);
  await bridge.start();

  return {
    base,
    operatorFile: file,
    /** Where nothing of the bridge listens. */
    strangePort,
    wallet,
    /** One callback; its transactionID, and the code it was answered. @param {Said} said */
    async deliver({ operation, userID = 'alice', amount = '1.00' }) {
      const transactionID = randomBytes(16).toString('hex');
      /** @type {Record<string, string>} */
      const all = { agentID: AGENT, userID, amount, transactionID, roundID: randomBytes(16).toString('hex') };
      const fields = Object.fromEntries((SIGNED_FIELDS[operation] ?? []).map((name) => [name, all[name]]));
      const body = JSON.stringify({ ...fields, sign: sign(key, Object.values(fields)) });
      const headers = { 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${String(port)}/WalletService/${operation}`;
      const text = await (await fetch(url, { method: 'POST', headers, body })).text();
      return { transactionID, code: Number(/"result":(\d+)/.exec(text)?.[1] ?? NaN) };
    },
    /** What befalls the wallet's next bet. @param {string} fault */
    async befall(fault) {
      const body = JSON.stringify({ fault, times: 1, ms: 0, match: { pathIncludes: '/debits' } });
      await fetch(`http://127.0.0.1:${String(walletPort)}/control/faults`, { method: 'POST', body });
    },
    /** What a player has by the lines of the wallet's ledger file, in cents. @param {string} player */
    actual(player) {
      /** @type {{ player: string, cents: string }[]} */
      const entries = linesOf(ledgerFile).map((line) => JSON.parse(line));
      return entries.filter((one) => one.player === player).reduce((sum, { cents }) => sum + BigInt(cents), 0n);
    },
    /** What the bridge wrote down of people, the last one last. */
    told() {
      return linesOf(logFile('bridge'))
        .filter((line) => line.startsWith('{'))
        .map((line) => /** @type {Record<string, unknown>} */ (JSON.parse(line)))
        .filter(({ msg }) => msg === 'console');
    },
    async stop() {
      await Promise.all([bridge.stop(), wallet.stop()]);
      await redis.stop();
    },
  };
}

/** Its whole lines. @param {string} file */
const linesOf = (file) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
