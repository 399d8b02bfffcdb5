// The composition root: settings and operator files in, a running bridge out. The only module that knows every other; the
// command line and the tests both enter here.

import { randomBytes } from 'node:crypto';
import type { Workshop } from './bridge/drive.js';
import { countMoved } from './bridge/count-moved.js';
import { createHandleCallback } from './bridge/handle-callback.js';
import { createPerformer } from './bridge/perform.js';
import { AgentGone, createResolve, createResolver } from './bridge/resolver.js';
import { sampleUnfinished } from './bridge/sample.js';
import { startSampler } from './bridge/sampler.js';
import { watchSight } from './bridge/sight.js';
import { createUnreadableAlarm } from './bridge/unreadable-alarm.js';
import type { Homes } from './domain/home.js';
import { JournalUnavailable, UnreadableRecord, type Clock, type Journal, type PlayerFacts } from './domain/ports.js';
import { createAdminApp } from './http/admin.js';
import { createCallbackApp } from './http/callbacks.js';
import { listen, type Listener } from './http/server.js';
import { readEpoch } from './journal/epoch.js';
import { MemoryFacts } from './journal/memory-facts.js';
import { MemoryJournal } from './journal/memory-journal.js';
import { RedisConnection } from './journal/redis-connection.js';
import { RedisFacts } from './journal/redis-facts.js';
import { RedisJournal } from './journal/redis-journal.js';
import { Replication } from './journal/replication.js';
import { checkRedis } from './journal/start-checks.js';
import type { Log } from './observe/log.js';
import { createObserve, type Observe } from './observe/observe.js';
import { formatProblem } from './yaml/diagnostics.js';
import { isError, loadAgain, loadOperators, type Loaded } from './operators/load.js';
import { createReload } from './operators/reload.js';
import { watchDirectory } from './operators/watch-directory.js';
import { createOperatorSet } from './operators/operator-set.js';
import type { Settings } from './settings.js';

export interface App {
  readonly port: number;
  readonly adminPort: number;
  /** Reads the operator files again, and uses them if all are sound. Never rejects. */
  reload(): Promise<void>;
  /** Not ready, no new callbacks; what runs is finished, then everything is let go. */
  stop(): Promise<void>;
}

/** The bridge must not start like this; each line says what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

const resolver = { every: 250, atOnce: 32 };
/** Counts may be long, and rare. */
const uncountedAfter = 300_000;
const redisWithin = 10_000;
const noJournal =
  'Redis holds no journal: if it is new, run "wallet-bridge journal adopt" once. If it held one, it was emptied, and every bet ' +
  'would be taken for a new one: put the data back, or see "An emptied Redis" in the README first.';
/** Milliseconds past the longest deadline after which a stopping listener drops what is left. */
const grace = 1_000;

const clock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** For what is not waited for when the process ends. */
const unhurried: Clock = {
  ...clock,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
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
      createAdminApp({
        scrape: () => observe.scrape(),
        isReady: () => isReady,
        keepSession: async (player, session) => {
          const found = operators.find(player.agentID);
          await found?.operator.wallet.keepSession(player, session);
          return found !== undefined;
        },
        forgetSession: async (player) => {
          const found = operators.find(player.agentID);
          await found?.operator.wallet.forgetSession(player);
          return found !== undefined;
        },
      }),
      settings.ADMIN_HOST,
      settings.ADMIN_PORT,
      'ADMIN_PORT',
    );
    ending.push(() => admin.stop(grace));

    // From before they are read, or a change in between would go unseen.
    const early = { changed: false };
    const unwatch = watchDirectory(
      settings.OPERATORS_DIR,
      () => {
        if (isReady) void reload();
        else early.changed = true;
      },
      () => log.warn('OPERATORS_DIR cannot be watched for changes: until it can, they are taken at SIGHUP only'),
    );
    ending.push(unwatch);
    const loaded = load(settings, env, observe);
    // A record lives on after its end, which may come long after the callback its sign came with.
    const signLifetime = (): number => operators.longest('giveUpAfter') + operators.longest('retention');
    const { journal, facts } = await openJournal(settings, signLifetime, observe, log);
    ending.push(() => journal.close());

    const operators = createOperatorSet(loaded.operators, observe, facts);
    ending.push(() => operators.close());
    const tellMoved = (before: ReadonlyMap<string, Homes>, after: ReadonlyMap<string, Homes>): void =>
      void countMoved(before, after, journal).then(
        (moved) => moved.forEach((records, agentID) => observe.walletMoved(agentID, records)),
        (error: unknown) => observe.exception('reload', error),
      );
    const reload = createReload(loaded, {
      load: (before) => loadAgain([settings.OPERATORS_DIR], before, { env }),
      use: (now) => {
        const before = operators.homes();
        const gone = operators.replace(now.operators);
        if (gone.length > 0) observe.agentsGone(gone);
        tellMoved(before, operators.homes());
      },
      tell: ({ outcome, problems }) => observe.operatorFilesRead(outcome, problems),
      failed: (error) => observe.exception('reload', error),
    });

    const performer = createPerformer(journal, clock);
    const shop = createWorkshop(journal, observe);
    const resolve = createResolve(shop, (agentID) => operators.find(agentID)?.operator);
    const resolving = createResolver(resolve, performer, journal, clock, resolver, {
      failed: (error, key) => {
        if (error instanceof AgentGone && key !== undefined) observe.nobodysRecord(key);
        // Of one that cannot be read whoever counts them tells, held ones included.
        else if (!(error instanceof UnreadableRecord)) observe.exception('resolver', error);
      },
      looked: () => observe.resolverLooked(),
      blind: (since) => observe.blind('resolver', since),
    });
    resolving.start();
    ending.push(() => resolving.stop());

    const unreadable = createUnreadableAlarm(observe, () => journal.now());
    const sight = watchSight(
      clock,
      { looked: () => undefined, blind: (since) => observe.blind('count', since) },
      uncountedAfter,
    );
    const count = (): Promise<void> =>
      sampleUnfinished(journal, (agentID) => operators.find(agentID)?.agent, unreadable).then(
        (counted) => {
          sight.seen();
          observe.unfinished(counted);
        },
        (error: unknown) => {
          if (error instanceof JournalUnavailable) sight.unseen(error);
          else observe.exception('sample', error);
        },
      );
    ending.push(startSampler(count, unhurried));

    const handle = createHandleCallback(shop);
    const app = createCallbackApp(settings.BASE_PATH, {
      // Both are asked in one turn of the event loop, so they are of one version.
      findAgent: (agentID) => operators.find(agentID)?.agent,
      operatorOf: ({ agentID }) => known(operators.find(agentID)).operator,
      handle: (callback, operator, startedAt) =>
        performer.run(handle(callback, operator, startedAt), callback.kind === 'getBalance' ? undefined : callback),
      observe,
      now: () => clock.monotonic(),
      isDraining: () => isDraining,
    });
    const callbacks = await openListener(app, settings.HOST, settings.PORT, 'PORT');
    ending.push(() => callbacks.stop(operators.longest('deadline') + grace));

    isReady = true;
    if (early.changed) void reload();
    log.info(
      {
        port: callbacks.port,
        adminPort: admin.port,
        basePath: settings.BASE_PATH,
        operators: operators.names(),
      },
      'ready',
    );
    return { port: callbacks.port, adminPort: admin.port, reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function load(settings: Settings, env: NodeJS.ProcessEnv, observe: Observe): Loaded {
  const loaded = loadOperators([settings.OPERATORS_DIR], { env });
  const problems = loaded.problems.map(formatProblem);
  if (loaded.problems.some(isError)) throw new StartRefused(problems);
  observe.operatorFilesRead('started', problems);
  return loaded;
}

/** The journal, and on its connection what is known of players. */
async function openJournal(
  settings: Settings,
  longestRetention: () => number,
  observe: Observe,
  log: Log,
): Promise<{ journal: Journal; facts: PlayerFacts }> {
  if (settings.REDIS_URL === undefined) {
    log.warn(
      'REDIS_URL is not set: the journal is in memory, and a restart forgets every bet. Never do this with real money.',
    );
    const journal = new MemoryJournal({
      now: () => Date.now(),
      get signLifetime() {
        return longestRetention();
      },
    });
    return { journal, facts: new MemoryFacts(() => Date.now()) };
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
  const journal = new RedisJournal(connection, {
    // Asked at each write, because a reload may bring a longer one.
    get signLifetime() {
      return longestRetention();
    },
    begins: !inProduction,
    onLost: (lost) => observe.journalLost(lost),
    ...(replication && { replication }),
  });
  return { journal, facts: new RedisFacts(connection) };
}

function createWorkshop(journal: Journal, observe: Observe): Workshop {
  const process = randomBytes(6).toString('base64url');
  let leases = 0;
  return {
    now: () => journal.now(),
    monotonic: () => clock.monotonic(),
    wall: () => clock.wall(),
    observer: observe,
    rememberBalance: (player, balance) => journal.rememberBalance(player, balance),
    bindToNone: (agentID, sign) => journal.bindToNone(agentID, sign),
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
