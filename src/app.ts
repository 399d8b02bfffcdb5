// The composition root: settings and operator files in, a running bridge out. The only module that knows every other; the
// command line and the tests both enter here.

import { randomBytes } from 'node:crypto';
import { createAcceptance } from './bridge/acceptance.js';
import type { Workshop } from './bridge/drive.js';
import { createHandleCallback } from './bridge/handle-callback.js';
import { createPerformer } from './bridge/perform.js';
import { createResolve, createResolver } from './bridge/resolver.js';
import { sampleUnfinished } from './bridge/sample.js';
import type { Clock, Journal, Operator } from './domain/ports.js';
import { createAdminApp } from './http/admin.js';
import { createCallbackApp } from './http/callbacks.js';
import { listen, type Listener } from './http/server.js';
import { readEpoch } from './journal/epoch.js';
import { MemoryJournal } from './journal/memory-journal.js';
import { RedisConnection } from './journal/redis-connection.js';
import { RedisJournal } from './journal/redis-journal.js';
import { Replication } from './journal/replication.js';
import { checkRedis } from './journal/start-checks.js';
import type { Log } from './observe/log.js';
import { createObserve, type Observe } from './observe/observe.js';
import { formatProblem } from './operators/diagnostics.js';
import { isError, loadOperators } from './operators/load.js';
import type { Agent, LoadedOperator } from './operators/operator.js';
import type { Settings } from './settings.js';
import { createHttpWallet, type HttpWallet } from './wallet/http-wallet.js';

export interface App {
  readonly port: number;
  readonly adminPort: number;
  /** Not ready, no new callbacks; what runs is finished, then everything is let go. */
  stop(): Promise<void>;
}

/** The bridge must not start like this; each line says what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

const sampleEvery = 5_000;
const resolver = { every: 250, atOnce: 32 };
const redisWithin = 10_000;
const noJournal =
  'Redis holds no journal: if it is new, run "wallet-bridge journal adopt" once. If it held one, it was emptied, and every bet ' +
  'would be taken for a new one: put the data back, or see "An emptied Redis" in the README first.';
/** Milliseconds past the longest deadline after which a stopping listener drops what is left. */
const grace = 1_000;

const clock: Clock = {
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Starts the bridge. Rejects with StartRefused where operator files, or a production Redis, are not fit for money. */
export async function startApp(settings: Settings, env: NodeJS.ProcessEnv, log: Log): Promise<App> {
  const observe = createObserve(log);
  let isReady = false;
  let isDraining = false;
  const ending: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    isReady = false;
    isDraining = true;
    for (const end of ending.reverse()) await end();
  };

  try {
    const admin = await openListener(
      createAdminApp({ scrape: () => observe.scrape(), isReady: () => isReady }),
      settings.ADMIN_HOST,
      settings.ADMIN_PORT,
      'ADMIN_PORT',
    );
    ending.push(() => admin.stop(grace));

    const loaded = load(settings, env, log);
    const retention = Math.max(...loaded.map(({ terms }) => terms.retention));
    const journal = await openJournal(settings, retention, observe, log);
    ending.push(() => journal.close());

    const { agents, operators, wallets } = connect(loaded, observe);
    ending.push(() => Promise.all(wallets.map((wallet) => wallet.close())));
    const operatorOf = (agentID: string): Operator | undefined => operators.get(agentID);

    const acceptance = createAcceptance();
    const performer = createPerformer(journal, clock);
    const shop = createWorkshop(journal, observe);
    const resolving = createResolver(createResolve(shop, operatorOf), performer, journal, clock, resolver, (error) =>
      observe.exception('resolver', error),
    );
    resolving.start();
    ending.push(() => resolving.stop());

    const sample = (): void =>
      void sampleUnfinished(journal, (agentID) => agents.get(agentID), acceptance).then(
        (counted) => observe.unfinished(counted),
        () => undefined,
      );
    sample();
    const sampler = setInterval(sample, sampleEvery);
    ending.push(() => clearInterval(sampler));

    const handle = createHandleCallback(shop, acceptance);
    const app = createCallbackApp(settings.BASE_PATH, {
      findAgent: (agentID) => agents.get(agentID),
      operatorOf: (agent) => known(operators.get(agent.agentID)),
      handle: (callback, operator, startedAt) =>
        performer.run(handle(callback, operator, startedAt), callback.kind === 'getBalance' ? undefined : callback),
      observe,
      now: () => clock.monotonic(),
      isDraining: () => isDraining,
    });
    const longest = Math.max(...loaded.map(({ terms }) => terms.deadline));
    const callbacks = await openListener(app, settings.HOST, settings.PORT, 'PORT');
    ending.push(() => callbacks.stop(longest + grace));

    isReady = true;
    log.info(
      {
        port: callbacks.port,
        adminPort: admin.port,
        basePath: settings.BASE_PATH,
        operators: loaded.map(({ name }) => name),
      },
      'ready',
    );
    return { port: callbacks.port, adminPort: admin.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function load(settings: Settings, env: NodeJS.ProcessEnv, log: Log): readonly LoadedOperator[] {
  const { operators, problems } = loadOperators([settings.OPERATORS_DIR], { env });
  if (problems.some(isError)) throw new StartRefused(problems.map(formatProblem));
  for (const problem of problems) log.warn({ problem: formatProblem(problem) }, 'operator file');
  return operators;
}

async function openJournal(settings: Settings, signLifetime: number, observe: Observe, log: Log): Promise<Journal> {
  if (settings.REDIS_URL === undefined) {
    log.warn(
      'REDIS_URL is not set: the journal is in memory, and a restart forgets every bet. Never do this with real money.',
    );
    return new MemoryJournal({ now: () => Date.now(), signLifetime });
  }
  const { REDIS_URL: url, REDIS_WAIT_REPLICAS: replicas } = settings;
  const inProduction = settings.NODE_ENV === 'production';
  const openConnection = (): RedisConnection =>
    new RedisConnection({
      url,
      onCommand: (name, ms, ok) => observe.journalCommand(name, ms, ok),
      onTrouble: (message) => log.warn({ trouble: message }, 'redis'),
    });
  const connection = openConnection();
  await connection.reachable(redisWithin);
  const problems = await checkRedis(connection.client, replicas);
  if (inProduction) {
    if (problems.length === 0 && (await readEpoch(connection)) === undefined) problems.push(noJournal);
    if (problems.length > 0) {
      await connection.close();
      throw new StartRefused(problems);
    }
  }
  for (const problem of problems) log.warn({ problem }, 'redis');
  const replication = replicas === 0 ? undefined : new Replication(openConnection(), replicas);
  await replication?.connection.reachable(redisWithin);
  return new RedisJournal(connection, {
    signLifetime,
    begins: !inProduction,
    onLost: (lost) => observe.journalLost(lost),
    ...(replication && { replication }),
    onUnreadable: (_key, error) => observe.exception('journal', error),
  });
}

/** Opens a wallet for each operator, and lists who is reached by which agentID. */
function connect(loaded: readonly LoadedOperator[], observe: Observe) {
  const agents = new Map<string, Agent>();
  const operators = new Map<string, Operator>();
  const wallets: HttpWallet[] = [];
  for (const { name, terms, wallet: compiled, agents: own } of loaded) {
    const wallet = createHttpWallet(compiled, {
      name,
      now: () => Date.now(),
      onBreaker: (event) => observe.breakerChanged(event.operator, event.class, event.state),
      onCall: (event) => observe.walletCalled(event),
    });
    for (const [which, state] of Object.entries(wallet.breakers())) observe.breakerChanged(name, which, state);
    wallets.push(wallet);
    for (const agent of own) {
      agents.set(agent.agentID, agent);
      operators.set(agent.agentID, { name, terms, wallet });
    }
  }
  return { agents, operators, wallets };
}

function createWorkshop(journal: Journal, observe: Observe): Workshop {
  const process = randomBytes(6).toString('base64url');
  let leases = 0;
  return {
    now: () => journal.now(),
    monotonic: () => clock.monotonic(),
    observer: observe,
    rememberBalance: (player, balance) => journal.rememberBalance(player, balance),
    newOwner: () => `${process}-${(leases++).toString(36)}`,
    random: () => Math.random(),
  };
}

async function openListener(
  app: Parameters<typeof listen>[0],
  host: string,
  port: number,
  setting: string,
): Promise<Listener> {
  try {
    return await listen(app, { host, port, requestWithin: 10_000 });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new StartRefused([`cannot listen on ${host}:${port} (${why}): set ${setting} to a free port`]);
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an agent without its operator');
  return value;
}
