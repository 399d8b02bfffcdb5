// Everything a whole story needs: a real Redis, the stand-in wallet with its ledger file, bridge processes as anybody would
// start them, and a platform that signs and keeps its own book.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ChildProgram, freePort } from '../../src/demo/processes.js';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { ledgerBalances, readLedger, type LedgerEntry } from '../../src/stand-ins/ledger.js';
import { startStandInWallet, type StandInOptions, type StandInWallet } from '../../src/stand-ins/server.js';
import { startRedis, type TestRedis } from './redis.js';

export interface BridgeProcess {
  readonly url: string;
  readonly adminUrl: string;
  kill9(): Promise<void>;
  /** SIGHUP: it reads its operator files again. */
  hangUp(): void;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  readonly isRunning: boolean;
}

export interface Stage {
  readonly redis: TestRedis;
  readonly client: Redis;
  readonly key: string;
  readonly walletUrl: string;
  startBridge(env?: NodeJS.ProcessEnv): Promise<BridgeProcess>;
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
  end(): Promise<void>;
}

/** `operator` changes the demo's operator file, for stories that need another one. */
export async function setStage(
  wallet: Partial<StandInOptions> = {},
  operator: (demo: string) => string = (demo) => demo,
): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-stage-'));
  const redis = await startRedis();
  const client = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 3 });
  client.on('error', () => undefined);
  const key = randomBytes(16).toString('hex');
  const token = randomBytes(16).toString('hex');
  const ledgerFile = join(dir, 'ledger.jsonl');
  await writeFile(join(dir, 'operator.yaml'), operator(await readFile('config/operators/demo.yaml', 'utf8')));
  const walletPort = await freePort();
  const open = (): Promise<StandInWallet> =>
    startStandInWallet({ players: { alice: '100.00', bob: '5.00' }, token, ...wallet, ledgerFile, port: walletPort });
  let standIn: StandInWallet | undefined = await open();
  const walletUrl = `http://127.0.0.1:${walletPort}`;
  const started: ChildProgram[] = [];
  const players: PlatformPlayer[] = [];

  return {
    redis,
    client,
    key,
    walletUrl,
    async startBridge(env = {}) {
      const [port, adminPort] = [await freePort(), await freePort()];
      const child = new ChildProgram('bridge', ['dist/main.js', 'serve'], {
        PATH: process.env['PATH'],
        PORT: String(port),
        HOST: '127.0.0.1',
        ADMIN_PORT: String(adminPort),
        REDIS_URL: redis.url,
        OPERATORS_DIR: dir,
        LOG_LEVEL: 'warn',
        DEMO_GSP_KEY: key,
        DEMO_WALLET_TOKEN: token,
        DEMO_WALLET_URL: walletUrl,
        ...env,
      });
      started.push(child);
      const adminUrl = `http://127.0.0.1:${adminPort}`;
      await child.ready(async () =>
        (await fetch(`${adminUrl}/readyz`).catch(() => undefined))?.ok === true ? true : undefined,
      );
      return {
        url: `http://127.0.0.1:${port}/WalletService`,
        adminUrl,
        kill9: () => child.kill(),
        hangUp: () => child.signal('SIGHUP'),
        stop: () => child.stop(),
        get isRunning() {
          return child.isRunning;
        },
      };
    },
    platform(first, ...others) {
      const player = new PlatformPlayer({
        baseUrls: [first.url, ...others.map(({ url }) => url)],
        agentID: 'DEMO01',
        key,
      });
      player.open('alice', '100.00');
      player.open('bob', '5.00');
      players.push(player);
      return player;
    },
    async fault(fault, { times = 1, ms = 0, match = {} } = {}) {
      const answer = await fetch(`${walletUrl}/control/faults`, {
        method: 'POST',
        body: JSON.stringify({ fault, times, ms, match }),
      });
      if (answer.status !== 201) throw new Error(`the stand-in wallet refused the fault ${fault}`);
    },
    async walletCalls() {
      const { calls } = (await (await fetch(`${walletUrl}/control/calls`)).json()) as {
        calls: { method: string; path: string }[];
      };
      return calls.map(({ method, path }) => `${method} ${path}`).filter((call) => call.startsWith('POST'));
    },
    actual: (player) => ledgerBalances(readLedger(ledgerFile)).get(player) ?? 0n,
    ledger: () => readLedger(ledgerFile),
    async stopWallet() {
      await standIn?.close();
      standIn = undefined;
    },
    async startWallet() {
      standIn ??= await open();
    },
    async unfinished() {
      const keys = await client.keys('wb:*:tx:*');
      // An unfinished record never expires; that is how it is told from outside.
      const lives = await Promise.all(keys.map((name) => client.pttl(name)));
      const records = keys.filter((_, i) => lives[i] === -1).map((name) => name.replace(/^.*:tx:/, ''));
      const indexes = await client.keys('wb:*:due');
      const listed = (await Promise.all(indexes.map((name) => client.zrange(name, '0', '-1')))).flat();
      return { records, listed };
    },
    async end() {
      players.forEach((player) => player.close());
      await Promise.all(started.map((child) => child.kill()));
      client.disconnect();
      await standIn?.close();
      await redis.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
