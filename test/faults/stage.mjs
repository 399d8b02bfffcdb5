// Why: everything a run needs, as real processes: Redis in one of its forms, a wallet for each kind with its
// own ledger file, three replicas of the bridge, and the faulty links between them. Never: shares a wallet's ledger, or
// anything else, with the platform.
/** @import { Dialect } from './wallet-kinds.mjs' */
/** @import { Link } from './fault-link.mjs' */
/** @import { createTaps } from './redis-taps.mjs' */
/** @import { RedisSet } from '../support/redis-sets.mjs' */
/** @import { FsyncInTurn, SingleRedis } from './single-redis.mjs' */
/** @import { WalletKind } from './wallet-kinds.mjs' */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, freePorts, isOk, takesConnections } from '../support/children.mjs';
import { startCluster, startSentinelSet } from '../support/redis-sets.mjs';
import { openLink } from './fault-link.mjs';
import { OPENINGS, SUSPENDED_REPLICA } from './plan.mjs';
import { startSingleRedis } from './single-redis.mjs';
import { operatorFile, walletOf } from './wallet-kinds.mjs';
import { watchRequests } from './wallet-watch.mjs';

const REPLICAS = 3;
const TOKEN = 'faults-wallet';
const SUSPENDED_CLOCK = new URL('suspended-clock.mjs', import.meta.url).href;
const ROUTES = new URL('routes.mjs', import.meta.url).href;
const STARTS_AT_MOST = 40;
const STARTS_AGAIN_AFTER_MS = 250;

/** @typedef {'single' | 'sentinel' | 'cluster'} RedisForm */
/** @typedef {Child & { redisLinks: readonly Link[], url: string, adminUrl: string }} StagedReplica */
/** @typedef {{ child: Child, link: Link, watch: ReturnType<typeof watchRequests>, ledgerFile: string, url: string }} StagedWallet */
/**
 * What a mistake may change of a stage: what operators' files say of their wallets, and who sees the wallets'
 * traffic.
 * @typedef {object} StageHooks
 * @property {Readonly<Record<string, Partial<WalletKind>>> | undefined} [declared]
 * @property {((kind: string, bytes: Buffer, port: number) => void) | undefined} [onRequest]
 */
/**
 * What the fault before a wallet's call is.
 * @typedef {{ match: { reference: string, method: string }, fault: string, ms?: number, times?: number, lasts?: number }} QueuedFault
 */
/** @typedef {{ at: string, fault: string | null, reference: string | null }} WalletCall */
/** @typedef {Awaited<ReturnType<typeof setStage>>} Stage */

/**
 * Starts everything in `directory`. `redis`: in which form; `fsync`: how one server syncs its file, from one
 * start of it to the next; `waitsFor`: for how many of its replicas each write waits. `taps` sees each
 * replica's traffic with Redis.
 * @param {StageHooks & {
 *   directory: string, dist: string, kinds: readonly string[], dialects: readonly Dialect[], key: string,
 *   redis: RedisForm, fsync: FsyncInTurn, waitsFor: number,
 *   taps: ReturnType<typeof createTaps>, isSuspended: boolean }} how
 */
export async function setStage({ directory, dist, kinds, dialects, key, redis, fsync, waitsFor, taps, ...more }) {
  const { isSuspended, declared = {}, onRequest } = more;
  const ports = await freePorts(2 * REPLICAS + kinds.length);
  const nextPort = () => {
    const port = ports.pop();
    if (port === undefined) throw new Error('too few ports were asked for');
    return port;
  };
  /** @param {string} name */
  const logFile = (name) => join(directory, `${name}.log`);
  const operators = join(directory, 'operators');
  mkdirSync(operators, { recursive: true });

  const { set, single } = await openRedis(redis, directory, fsync);
  const adopt = () => adoptJournal(dist, set.url);
  await adopt();

  /** @type {Map<string, StagedWallet>} */
  const wallets = new Map();
  /** @param {string} kind @param {number} port */
  async function openWallet(kind, port) {
    const ledgerFile = join(directory, `ledger-${kind}.jsonl`);
    const wallet = new Child(`wallet ${kind}`, walletCommand(dist, kind, port, ledgerFile), {
      logFile: logFile(`wallet-${kind}`),
      isReady: () => takesConnections(port),
    });
    await wallet.start();
    const watch = watchRequests((bytes) => onRequest?.(kind, bytes, port));
    const link = await openLink(port, watch.tap);
    const walletUrl = `http://127.0.0.1:${link.port}`;
    for (const dialect of dialects) {
      const file = operatorFile({ kind, dialect, walletUrl }, { ...walletOf(kind), ...declared[kind] });
      writeFileSync(join(operators, `${dialect}-${kind}.yaml`), file);
    }
    wallets.set(kind, { child: wallet, link, watch, ledgerFile, url: `http://127.0.0.1:${port}` });
  }
  await Promise.all(kinds.map((kind) => openWallet(kind, nextPort())));

  /** @param {number} i */
  async function startReplica(i) {
    const [port, adminPort] = [nextPort(), nextPort()];
    const replica = new Child(`replica ${i}`, [process.execPath, join(dist, 'main.js'), 'serve'], {
      logFile: logFile(`replica-${i}`),
      isReady: () => isOk(`http://127.0.0.1:${adminPort}/readyz`),
    });
    const nodePorts = new Set(set.nodes.map(({ port }) => port));
    // Sentinels hear nothing of what is stored.
    const links = set.ports.map((target) => openLink(target, nodePorts.has(target) ? taps.of(replica) : undefined));
    const redisLinks = await Promise.all(links);
    const preloaded = [ROUTES, ...(isSuspended && i === SUSPENDED_REPLICA ? [SUSPENDED_CLOCK] : [])];
    replica.env = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      REDIS_URL: set.url,
      REDIS_WAIT_REPLICAS: String(waitsFor),
      OPERATORS_DIR: operators,
      LOG_LEVEL: 'info',
      FAULTS_GSP_KEY: key,
      FAULTS_WALLET_TOKEN: TOKEN,
      NODE_OPTIONS: preloaded.map((url) => `--import=${url}`).join(' '),
      FAULTS_ROUTES: JSON.stringify(Object.fromEntries(set.ports.map((target, n) => [target, redisLinks[n]?.port]))),
    };
    await startAsSupervised(replica);
    const [url, adminUrl] = [`http://127.0.0.1:${port}/WalletService`, `http://127.0.0.1:${adminPort}`];
    return Object.assign(replica, { redisLinks, url, adminUrl });
  }
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, (_, i) => startReplica(i)));
  return { set, single, wallets, replicas, adopt };
}

/**
 * `single`: what only one server can befall.
 * @param {RedisForm} form
 * @param {string} directory
 * @param {FsyncInTurn} fsync
 * @returns {Promise<{ set: RedisSet, single?: SingleRedis }>}
 */
async function openRedis(form, directory, fsync) {
  switch (form) {
    case 'single': {
      const single = await startSingleRedis(directory, fsync);
      return { set: single.set, single };
    }
    case 'sentinel':
      return { set: await startSentinelSet(2, directory) };
    case 'cluster':
      return { set: await startCluster(directory) };
  }
}

/**
 * A replica may refuse to start while Redis is away or empty, or has too few replicas; whoever runs replicas
 * starts them again then.
 * @param {Child} replica
 */
export async function startAsSupervised(replica) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await replica.start();
      return;
    } catch (error) {
      if (attempt === STARTS_AT_MOST || replica.isRunning) throw error;
      await pause(STARTS_AGAIN_AFTER_MS);
    }
  }
}

/**
 * In production the bridge takes no empty Redis for a new one, and none that lost writes for its journal,
 * until a person says that it is.
 * @param {string} dist
 * @param {string} url
 */
async function adoptJournal(dist, url) {
  const env = { PATH: process.env['PATH'], REDIS_URL: url };
  const adopts = spawn(process.execPath, [join(dist, 'main.js'), 'journal', 'adopt'], {
    ...{ env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const [printed, complained] = await Promise.all([text(adopts.stdout), text(adopts.stderr), once(adopts, 'close')]);
  if (adopts.exitCode !== 0) throw new Error(`the journal could not be adopted:\n${printed}${complained}`);
}

/**
 * @param {string} dist
 * @param {string} kind
 * @param {number} port
 * @param {string} ledgerFile
 * @returns {[string, ...string[]]}
 */
function walletCommand(dist, kind, port, ledgerFile) {
  const { memory, cancelFirst } = walletOf(kind);
  const players = Object.entries(OPENINGS).map((opening) => opening.join('='));
  const program = join(dist, 'stand-ins/wallet.js');
  const options = ['--kind', memory, '--ledger', ledgerFile, '--port', String(port), '--token', TOKEN];
  const more = ['--players', players.join(','), ...(cancelFirst ? ['--cancel-first'] : [])];
  return [process.execPath, program, ...options, ...more];
}

/**
 * The wallet of a kind that the stage was set for.
 * @param {Stage} stage
 * @param {string | undefined} kind
 */
export function walletIn({ wallets }, kind = '') {
  const found = wallets.get(kind);
  if (found === undefined) throw new Error(`the stage has no wallet ${kind}`);
  return found;
}

/**
 * Puts a fault before the next call that matches, behind the back of the bridge.
 * @param {StagedWallet} wallet
 * @param {QueuedFault} fault
 */
export async function queueWalletFault({ url }, fault) {
  const answer = await fetch(`${url}/control/faults`, { method: 'POST', body: JSON.stringify(fault) });
  await answer.body?.cancel();
  if (answer.status !== 201) throw new Error(`the stand-in wallet does not know the fault ${fault.fault}`);
}

/**
 * No fault waits for a call any more.
 * @param {StagedWallet} wallet
 */
export async function clearWalletFaults({ url }) {
  await (await fetch(`${url}/control/faults`, { method: 'DELETE' })).body?.cancel();
}

/**
 * The calls a wallet saw, with the fault each met.
 * @param {StagedWallet} wallet
 * @returns {Promise<WalletCall[]>}
 */
export async function walletCalls({ url }) {
  return JSON.parse(await (await fetch(`${url}/control/calls`)).text()).calls;
}
