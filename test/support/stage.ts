// Everything a whole story needs: a real Redis, the stand-in wallet with its ledger file, bridge processes as
// anybody would start them, and a platform that signs and keeps its own book.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { ChildProgram, freePort } from '../../src/demo/processes.js';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { ledgerBalances, readLedger, type LedgerEntry } from '../../src/stand-ins/ledger.js';
import { startStandInWallet, type StandInOptions, type StandInWallet } from '../../src/stand-ins/server.js';
import { inDialect, wire } from './dialect.js';
import { endsWithUs } from './ends-with-us.js';
import { startRedis, type TestRedis } from './redis.js';

const STARTS_WITHIN_MS = 60_000;

export interface BridgeProcess {
  readonly url: string;
  readonly adminUrl: string;
  kill9(): Promise<void>;
  /** SIGHUP: it reads its operator files again. */
  hangUp(): void;
  /** Waits until its log has this text. */
  says(text: string): Promise<unknown>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  readonly isRunning: boolean;
}

export interface Stage {
  readonly redis: TestRedis;
  readonly client: Redis;
  /** What the platform signs with. */
  readonly key: string;
  readonly walletUrl: string;
  startBridge(env?: NodeJS.ProcessEnv): Promise<BridgeProcess>;
  /** A bridge that runs before the first test; `env` is asked for then. */
  useBridge(env?: () => NodeJS.ProcessEnv): BridgeProcess;
  /** A platform that delivers to these bridges in turn. */
  platform(...bridges: [BridgeProcess, ...BridgeProcess[]]): PlatformPlayer;
  fault(fault: string, how?: { times?: number; ms?: number; match?: Record<string, string> }): Promise<void>;
  /** Money calls the wallet saw, as "POST /v2/players/alice/debits". */
  walletCalls(): Promise<string[]>;
  /** What a player has by the wallet's ledger file, in cents. */
  actual(player: string): bigint;
  /** That file's entries. */
  ledger(): LedgerEntry[];
  stopWallet(): Promise<void>;
  startWallet(): Promise<void>;
  /** The records in Redis that are not finished, and what the due index lists: by the same names. */
  unfinished(): Promise<{ records: string[]; listed: string[] }>;
}

interface Ground {
  readonly dir: string;
  readonly redis: TestRedis;
  readonly client: Redis;
  readonly walletPort: number;
  readonly ledgerFile: string;
}

interface Started {
  readonly child: ChildProgram;
  readonly port: number;
  readonly adminPort: number;
}

/**
 * A stage for the tests of a file: set before the first one, ended after the last one. `operator` changes the
 * demo's operator file, for stories that need another one.
 */
export function useStage(
  wallet: Partial<StandInOptions> = {},
  operator: (demo: string) => string = (demo) => demo,
): Stage {
  const key = randomBytes(16).toString('hex');
  const token = randomBytes(16).toString('hex');
  const started: ChildProgram[] = [];
  const players: PlatformPlayer[] = [];
  let standIn: StandInWallet | undefined;
  let set: Ground | undefined;
  const ground = (): Ground => there(set);
  const walletUrl = (): string => `http://127.0.0.1:${ground().walletPort}`;

  async function openWallet({ walletPort, ledgerFile }: Ground): Promise<void> {
    const options = { players: { alice: '100.00', bob: '5.00' }, token, ...wallet, ledgerFile, port: walletPort };
    standIn ??= await startStandInWallet(options);
  }

  async function closeWallet(): Promise<void> {
    await standIn?.close();
    standIn = undefined;
  }

  beforeAll(async () => {
    set = await prepareGround(operator);
    await openWallet(set);
  }, STARTS_WITHIN_MS);

  afterAll(async () => {
    players.forEach((player) => player.close());
    await Promise.all(started.map((child) => child.kill()));
    await closeWallet();
    if (set === undefined) return;
    set.client.disconnect();
    await set.redis.stop();
    await rm(set.dir, { recursive: true, force: true });
  });

  async function start(env: NodeJS.ProcessEnv): Promise<Started> {
    const [port, adminPort] = [await freePort(), await freePort()];
    const child = new ChildProgram('bridge', ['dist/main.js', 'serve'], {
      PATH: process.env['PATH'],
      PORT: String(port),
      HOST: '127.0.0.1',
      ADMIN_PORT: String(adminPort),
      REDIS_URL: ground().redis.url,
      OPERATORS_DIR: ground().dir,
      LOG_LEVEL: 'warn',
      DEMO_GSP_KEY: key,
      DEMO_WALLET_TOKEN: token,
      DEMO_WALLET_URL: walletUrl(),
      ...env,
    });
    started.push(child);
    endsWithUs(child.pid, child.exited);
    await child.ready(async () =>
      (await fetch(`http://127.0.0.1:${adminPort}/readyz`).catch(() => undefined))?.ok === true ? true : undefined,
    );
    return { child, port, adminPort };
  }

  return {
    key,
    get redis() {
      return ground().redis;
    },
    get client() {
      return ground().client;
    },
    get walletUrl() {
      return walletUrl();
    },
    async startBridge(env = {}) {
      const bridge = await start(env);
      return bridgeOf(() => bridge);
    },
    useBridge(env = () => ({})) {
      let bridge: Started | undefined;
      beforeAll(async () => {
        bridge = await start(env());
      }, STARTS_WITHIN_MS);
      return bridgeOf(() => there(bridge));
    },
    platform(first, ...others) {
      const player = new PlatformPlayer({
        baseUrls: [first.url, ...others.map(({ url }) => url)],
        agentID: 'DEMO01',
        key,
        wire,
      });
      player.open('alice', '100.00');
      player.open('bob', '5.00');
      players.push(player);
      return player;
    },
    async fault(fault, { times = 1, ms = 0, match = {} } = {}) {
      const answer = await fetch(`${walletUrl()}/control/faults`, {
        method: 'POST',
        body: JSON.stringify({ fault, times, ms, match }),
      });
      if (answer.status !== 201) throw new Error(`the stand-in wallet refused the fault ${fault}`);
    },
    async walletCalls() {
      const { calls } = (await (await fetch(`${walletUrl()}/control/calls`)).json()) as {
        calls: { method: string; path: string }[];
      };
      return calls.map(({ method, path }) => `${method} ${path}`).filter((call) => call.startsWith('POST'));
    },
    actual: (player) => ledgerBalances(readLedger(ground().ledgerFile)).get(player) ?? 0n,
    ledger: () => readLedger(ground().ledgerFile),
    stopWallet: closeWallet,
    startWallet: () => openWallet(ground()),
    async unfinished() {
      const { client } = ground();
      const keys = await client.keys('wb:*:tx:*');
      // An unfinished record never expires; that is how it is told from outside.
      const lives = await Promise.all(keys.map((name) => client.pttl(name)));
      const records = keys.filter((_, i) => lives[i] === -1).map((name) => name.replace(/^.*:tx:/, ''));
      const indexes = await client.keys('wb:*:due');
      const listed = (await Promise.all(indexes.map((name) => client.zrange(name, '0', '-1')))).flat();
      return { records, listed };
    },
  };
}

/** Redis, and a directory with the operator's file; the rest is started on it. */
async function prepareGround(operator: (demo: string) => string): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-stage-'));
  await writeFile(
    join(dir, 'operator.yaml'),
    inDialect(operator(await readFile('config/operators/demo.yaml', 'utf8'))),
  );
  const redis = await startRedis();
  const client = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 3 });
  client.on('error', () => undefined);
  return { dir, redis, client, walletPort: await freePort(), ledgerFile: join(dir, 'ledger.jsonl') };
}

function bridgeOf(started: () => Started): BridgeProcess {
  return {
    get url() {
      return `http://127.0.0.1:${started().port}/WalletService`;
    },
    get adminUrl() {
      return `http://127.0.0.1:${started().adminPort}`;
    },
    kill9: () => started().child.kill(),
    hangUp: () => started().child.signal('SIGHUP'),
    says: (text) => started().child.ready((log) => (log.includes(text) ? true : undefined)),
    stop: () => started().child.stop(),
    get isRunning() {
      return started().child.isRunning;
    },
  };
}

function there<T>(what: T | undefined): T {
  if (what === undefined) throw new Error('this is there only while tests run');
  return what;
}
