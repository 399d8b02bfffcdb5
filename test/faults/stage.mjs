// Why: everything a run needs, as real processes: Redis, a wallet for each kind with its own ledger file,
// three replicas of the bridge, and the faulty links between them. Never: shares a wallet's ledger, or
// anything else, with the platform.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, freePorts, isOk, takesConnections } from './children.mjs';
import { openLink } from './fault-link.mjs';
import { OPENINGS, SUSPENDED_REPLICA } from './plan.mjs';
import { operatorFile, WALLET_KINDS } from './wallet-kinds.mjs';
import { watchRequests } from './wallet-watch.mjs';

const REPLICAS = 3;
const TOKEN = 'faults-wallet';
const SUSPENDED_CLOCK = new URL('suspended-clock.mjs', import.meta.url).href;
/** Redis' own name for where it keeps its append-only file. */
const AOF = 'appendonlydir';

/**
 * Starts everything in `directory`. `fsync`: how Redis syncs its file, from one start of it to the next.
 * `taps` sees each replica's traffic with Redis. `declared` replaces what operators' files say of their
 * wallets; `onRequest` sees the wallets' traffic.
 */
export async function setStage({ directory, dist, kinds, key, fsync, taps, isSuspended, declared = {}, onRequest }) {
  const [redisPort, ...ports] = await freePorts(1 + 2 * REPLICAS + kinds.length);
  const logFile = (name) => join(directory, `${name}.log`);
  const operators = join(directory, 'operators');
  mkdirSync(operators, { recursive: true });

  const redis = new Child('redis-server', [], {
    logFile: logFile('redis'),
    isReady: () => takesConnections(redisPort),
  });
  const data = { directory, port: redisPort, fsync, starts: 0 };
  await startRedis({ redis, data });
  adoptJournal(dist, redisPort);

  const wallets = new Map();
  async function openWallet(kind, port) {
    const ledgerFile = join(directory, `ledger-${kind}.jsonl`);
    const wallet = new Child(`wallet ${kind}`, walletCommand(dist, kind, port, ledgerFile), {
      logFile: logFile(`wallet-${kind}`),
      isReady: () => takesConnections(port),
    });
    await wallet.start();
    const watch = watchRequests((bytes) => onRequest?.(kind, bytes, port));
    const link = await openLink(port, watch.tap);
    const file = operatorFile(kind, { ...WALLET_KINDS[kind], ...declared[kind] }, `http://127.0.0.1:${link.port}`);
    writeFileSync(join(operators, `${kind}.yaml`), file);
    wallets.set(kind, { child: wallet, link, watch, ledgerFile, url: `http://127.0.0.1:${port}` });
  }
  await Promise.all(kinds.map((kind) => openWallet(kind, ports.pop())));

  async function startReplica(i) {
    const [port, adminPort] = [ports.pop(), ports.pop()];
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

/** Starts Redis with the next of its ways to sync. */
export async function startRedis({ redis, data }) {
  redis.fsync = data.fsync[data.starts++ % data.fsync.length];
  redis.command = redisCommand(data, redis.fsync);
  await redis.start();
}

/** In production the bridge takes no empty Redis for a new one until a person says that it is. */
function adoptJournal(dist, redisPort) {
  const env = { PATH: process.env.PATH, REDIS_URL: `redis://127.0.0.1:${redisPort}` };
  const { status, stderr } = spawnSync(process.execPath, [join(dist, 'main.js'), 'journal', 'adopt'], { env });
  if (status !== 0) throw new Error(`the journal could not be adopted:\n${String(stderr)}`);
}

/** Redis comes back without its data; only `putDataBack` brings what was there before. */
export async function emptyRedis(stage) {
  await stage.redis.kill9();
  renameSync(aofOf(stage), `${aofOf(stage)}-kept`);
  await startRedis(stage);
}

export async function putDataBack(stage) {
  await stage.redis.kill9();
  rmSync(aofOf(stage), { recursive: true });
  renameSync(`${aofOf(stage)}-kept`, aofOf(stage));
  await startRedis(stage);
}

const aofOf = ({ data }) => join(data.directory, AOF);

const redisCommand = ({ port, directory }, fsync) => [
  ...['redis-server', '--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', ''],
  ...['--appendonly', 'yes', '--appendfsync', fsync, '--maxmemory-policy', 'noeviction'],
];

function walletCommand(dist, kind, port, ledgerFile) {
  const { memory, cancelFirst } = WALLET_KINDS[kind];
  const players = Object.entries(OPENINGS).map((opening) => opening.join('='));
  const program = [process.execPath, join(dist, 'stand-ins/wallet.js')];
  const options = ['--kind', memory, '--ledger', ledgerFile, '--port', String(port), '--token', TOKEN];
  return [...program, ...options, '--players', players.join(','), ...(cancelFirst ? ['--cancel-first'] : [])];
}

/** Puts a fault before the next call that matches, behind the back of the bridge. */
export async function queueWalletFault({ url }, fault) {
  const answer = await fetch(`${url}/control/faults`, { method: 'POST', body: JSON.stringify(fault) });
  await answer.body?.cancel();
  if (answer.status !== 201) throw new Error(`the stand-in wallet does not know the fault ${fault.fault}`);
}

/** No fault waits for a call any more. */
export async function clearWalletFaults({ url }) {
  await (await fetch(`${url}/control/faults`, { method: 'DELETE' })).body?.cancel();
}

/** The calls a wallet saw, with the fault each met. */
export async function walletCalls({ url }) {
  return (await (await fetch(`${url}/control/calls`)).json()).calls;
}
