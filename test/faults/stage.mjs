// Why: everything a run needs, as real processes: Redis, a wallet for each kind with its own ledger file,
// three replicas of the bridge, and the faulty links between them. Never: shares a wallet's ledger, or
// anything else, with the platform.
/** @import { Dialect } from './wallet-kinds.mjs' */
/** @import { Link } from './fault-link.mjs' */
/** @import { createTaps } from './redis-taps.mjs' */
/** @import { WalletKind } from './wallet-kinds.mjs' */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, freePorts, isOk, takesConnections } from '../support/children.mjs';
import { openLink } from './fault-link.mjs';
import { OPENINGS, SUSPENDED_REPLICA } from './plan.mjs';
import { operatorFile, walletOf } from './wallet-kinds.mjs';
import { watchRequests } from './wallet-watch.mjs';

const REPLICAS = 3;
const TOKEN = 'faults-wallet';
const SUSPENDED_CLOCK = new URL('suspended-clock.mjs', import.meta.url).href;
/** Redis' own name for where it keeps its append-only file. */
const AOF = 'appendonlydir';

/** @typedef {'everysec' | 'always'} Fsync */
/** @typedef {readonly [Fsync, ...Fsync[]]} FsyncInTurn */
/** @typedef {Child & { redisLink: Link, url: string }} StagedReplica */
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
 * Starts everything in `directory`. `fsync`: how Redis syncs its file, from one start of it to the next.
 * `taps` sees each replica's traffic with Redis.
 * @param {StageHooks & {
 *   directory: string, dist: string, kinds: readonly string[], dialects: readonly Dialect[], key: string, fsync: FsyncInTurn,
 *   taps: ReturnType<typeof createTaps>, isSuspended: boolean }} how
 */
export async function setStage({ directory, dist, kinds, dialects, key, fsync, taps, ...more }) {
  const { isSuspended, declared = {}, onRequest } = more;
  const ports = await freePorts(1 + 2 * REPLICAS + kinds.length);
  const nextPort = () => {
    const port = ports.pop();
    if (port === undefined) throw new Error('too few ports were asked for');
    return port;
  };
  const redisPort = nextPort();
  /** @param {string} name */
  const logFile = (name) => join(directory, `${name}.log`);
  const operators = join(directory, 'operators');
  mkdirSync(operators, { recursive: true });

  const data = { directory, port: redisPort, fsync: fsync[0], inTurn: fsync, starts: 0 };
  const redis = new Child('redis-server', redisCommand(data), {
    logFile: logFile('redis'),
    isReady: () => takesConnections(redisPort),
  });
  await startRedis({ redis, data });
  adoptJournal(dist, redisPort);

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
    const redisLink = await openLink(redisPort, taps.of(replica));
    replica.env = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
      OPERATORS_DIR: operators,
      LOG_LEVEL: 'info',
      FAULTS_GSP_KEY: key,
      FAULTS_WALLET_TOKEN: TOKEN,
      ...(isSuspended && i === SUSPENDED_REPLICA && { NODE_OPTIONS: `--import=${SUSPENDED_CLOCK}` }),
    };
    await replica.start();
    return Object.assign(replica, { redisLink, url: `http://127.0.0.1:${port}/WalletService` });
  }
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, (_, i) => startReplica(i)));
  return { redis, redisPort, wallets, replicas, data };
}

/** @typedef {{ directory: string, port: number, fsync: Fsync, inTurn: FsyncInTurn, starts: number }} RedisData */

/**
 * Starts Redis with the next of its ways to sync.
 * @param {{ redis: Child, data: RedisData }} stage
 */
export async function startRedis({ redis, data }) {
  data.fsync = data.inTurn[data.starts++ % data.inTurn.length] ?? data.inTurn[0];
  redis.command = redisCommand(data);
  await redis.start();
}

/**
 * In production the bridge takes no empty Redis for a new one until a person says that it is.
 * @param {string} dist
 * @param {number} redisPort
 */
function adoptJournal(dist, redisPort) {
  const env = { PATH: process.env['PATH'], REDIS_URL: `redis://127.0.0.1:${redisPort}` };
  const { status, stderr } = spawnSync(process.execPath, [join(dist, 'main.js'), 'journal', 'adopt'], { env });
  if (status !== 0) throw new Error(`the journal could not be adopted:\n${String(stderr)}`);
}

/**
 * Redis comes back without its data; only `putDataBack` brings what was there before.
 * @param {Stage} stage
 */
export async function emptyRedis(stage) {
  await stage.redis.kill9();
  renameSync(aofOf(stage), `${aofOf(stage)}-kept`);
  await startRedis(stage);
}

/** @param {Stage} stage */
export async function putDataBack(stage) {
  await stage.redis.kill9();
  rmSync(aofOf(stage), { recursive: true });
  renameSync(`${aofOf(stage)}-kept`, aofOf(stage));
  await startRedis(stage);
}

/** @param {Stage} stage */
const aofOf = ({ data }) => join(data.directory, AOF);

/**
 * @param {RedisData} data
 * @returns {[string, ...string[]]}
 */
const redisCommand = ({ port, directory, fsync }) => [
  'redis-server',
  ...['--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', ''],
  ...['--appendonly', 'yes', '--appendfsync', fsync, '--maxmemory-policy', 'noeviction'],
];

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
