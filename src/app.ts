// The composition root: settings and operator files in, a running bridge out, in named steps. The command
// line and the tests both enter here; nothing but `commands` knows as many of the rooms.

import { countElsewhere } from './bridge/count-elsewhere.js';
import { createCount } from './bridge/count-unfinished.js';
import { createHandleCallback, type HandleCallback } from './bridge/handle-callback.js';
import { machineClock, machineLoad, unhurriedClock } from './bridge/machine-clock.js';
import { oneATurn } from './bridge/one-a-turn.js';
import { createPerformer } from './bridge/perform.js';
import { AgentGone, createResolve, createResolver } from './bridge/resolver.js';
import { startSampler } from './bridge/sampler.js';
import { createUnreadableAlarm } from './bridge/unreadable-alarm.js';
import { createWorkshop } from './bridge/workshop.js';
import { UnreadableRecord, type Journal } from './domain/ports.js';
import { openMemoryJournal, openRedisJournal, type OpenJournal } from './journal/open-journal.js';
import type { Log } from './observe/log.js';
import { createMonitor } from './observe/create-monitor.js';
import type { Monitor } from './observe/monitor.js';
import { agentsUnanswered, breaksNothing } from './operators/broken-files.js';
import { factsOf } from './operators/facts-of.js';
import { isError, loadAgain, loadOperators, pathsRead, type Loaded } from './operators/load.js';
import { createOperatorSet, type OperatorSet } from './operators/operator-set.js';
import { createReload } from './operators/reload.js';
import { watchSources, type SourceWatch } from './operators/watch-sources.js';
import { openAdmin, openCallbacks, openPlatform, showCertificate, sitesIn } from './listeners.js';
import { serves, StartRefused, type Process } from './own-process.js';
import { redisOf, type Settings } from './settings.js';
import { countLeft, stop } from './stop-process.js';
import { ownVersion } from './version.js';
import { formatProblem } from './yaml/diagnostics.js';

export interface App {
  readonly port: number;
  readonly adminPort: number;
  /** Undefined where sites have no port of their own. */
  readonly platformPort: number | undefined;
  /** Reads the operator files again, and uses them if all are sound. Never rejects. */
  reload(): Promise<void>;
  /**
   * Not ready from now on, and for DRAIN_DELAY everybody is still answered; then no new callbacks, what runs is
   * finished, and everything is let go.
   */
  stop(): Promise<void>;
}

const unwatched = 'OPERATORS_DIR cannot be watched for changes: until it can, they are taken at SIGHUP only';
const noRedis =
  'REDIS_URL is not set: the journal is in memory, and a restart forgets every bet. Never do this with real money.';
const resolver = { every: 250, atOnce: 256, busy: machineLoad() };
/**
 * Starts the bridge. Rejects with StartRefused where operator files, or a production Redis, are not fit for
 * money.
 */
export async function startApp(settings: Settings, env: NodeJS.ProcessEnv, log: Log): Promise<App> {
  const monitor = createMonitor(log);
  tellVersion(log, monitor);
  const own: Process = { settings, env, log, monitor, phase: 'starting', answered: 0, shown: {}, endings: [] };
  try {
    // First, so that an orchestrator is answered while the rest starts.
    const admin = await openAdmin(own, () => operators);
    // From before they are read, or a change in between would go unseen.
    const watching = watch(own, () => void reload());
    const loaded = readFiles(own);
    watching.follow(pathsRead(loaded));
    own.shown.loaded = loaded;
    const { journal, facts, texts } = await openJournal(own, () => signLifetime(operators));
    own.endings.push(async () => void (own.left = await countLeft(journal)));
    own.shown.journal = journal;
    const operators = createOperatorSet(loaded.operators, monitor, facts, texts);
    own.endings.push(() => operators.close());
    const readAgain = createReloading(own, loaded, operators, journal, watching);
    const reload = (): Promise<void> => {
      showCertificate(own, callbacks);
      return readAgain();
    };
    const handle = startBridge(own, operators, journal);
    startCounting(own, operators, journal);
    const ofSites = sitesIn(own, operators);
    const callbacks = await openCallbacks(own, operators, handle, ofSites);
    const sites = await openPlatform(own, operators, ofSites);

    own.phase = 'serving';
    if (watching.changed) void reload();
    const ports = { port: callbacks.port, adminPort: admin.port, platformPort: sites?.port };
    log.info({ ...ports, basePath: settings.BASE_PATH, operators: operators.names() }, 'ready');
    return { ...ports, reload, stop: () => stop(own) };
  } catch (error) {
    await stop(own);
    throw error;
  }
}

/** The first line of its log, for whoever compares two runs. */
function tellVersion(log: Log, monitor: Monitor): void {
  const build = { version: ownVersion(), node: process.versions.node };
  log.info(build, 'starting');
  monitor.builtAs(build);
}

interface Watching extends SourceWatch {
  /** Something did before the bridge was ready, so that nobody was told. */
  readonly changed: boolean;
}

function watch(own: Process, changed: () => void): Watching {
  let early = false;
  const sources = watchSources(
    own.settings.OPERATORS_DIR,
    () => {
      if (serves(own)) changed();
      else early = true;
    },
    () => own.log.warn({ what: unwatched }, 'settings'),
  );
  own.endings.push(() => sources.close());
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = own.settings;
  const ofCertificate = [cert, key].filter((path) => path !== undefined);
  return {
    ...sources,
    follow: (paths) => sources.follow([...paths, ...ofCertificate]),
    get changed() {
      return early;
    },
  };
}

function readFiles(own: Process): Loaded {
  const { settings, env, monitor } = own;
  const loaded = loadOperators([settings.OPERATORS_DIR], { env });
  const problems = loaded.problems.map(formatProblem);
  const isTolerated = settings.TOLERATE_BROKEN === '1' && loaded.operators.length > 0;
  if (loaded.problems.some(isError) && !isTolerated) throw new StartRefused(problems);
  monitor.operatorFilesRead('started', problems);
  tellBroken(own, loaded);
  monitor.operatorsInUse(factsOf(loaded));
  return loaded;
}

function tellBroken({ monitor }: Process, loaded: Loaded): void {
  const problems = loaded.problems.filter(isError).map(formatProblem);
  monitor.operatorFilesBroken(loaded.files.length - loaded.operators.length, agentsUnanswered(loaded), problems);
}

/** A record lives on after its end, which may come long after the callback its sign came with. */
function signLifetime(operators: OperatorSet): number {
  return operators.longest('giveUpAfter') + operators.longest('retention');
}

async function openJournal(own: Process, lifetime: () => number): Promise<OpenJournal> {
  const { settings, log, monitor } = own;
  const inProduction = settings.NODE_ENV === 'production';
  const redis = redisOf(settings);
  if (redis === undefined) log.warn({ what: noRedis }, 'settings');
  const opened =
    redis === undefined
      ? openMemoryJournal(() => Date.now(), lifetime)
      : await openRedisJournal({
          ...redis,
          begins: !inProduction,
          signLifetime: lifetime,
          onCommand: (name, ms, ok) => monitor.journalCommand(name, ms, ok),
          onTrouble: (message) => log.warn({ trouble: message }, 'redis'),
          onLost: (loss) => monitor.journalLost(loss),
          onUnlisted: () => monitor.claimUnlisted(),
          onFull: (isFull) => monitor.journalFull(isFull),
          judge: ({ unfit, unable }) => {
            if (unable.length > 0 || (inProduction && unfit.length > 0)) throw new StartRefused([...unable, ...unfit]);
            for (const problem of unfit) log.warn({ problem }, 'redis');
          },
        });
  own.endings.push(() => opened.journal.close());
  return opened;
}

function createReloading(
  own: Process,
  first: Loaded,
  operators: OperatorSet,
  journal: Journal,
  watching: Watching,
): () => Promise<void> {
  const { settings, env, monitor } = own;
  return createReload(first, {
    async load(before) {
      const loaded = await loadAgain([settings.OPERATORS_DIR], before, { env });
      watching.follow(pathsRead(loaded));
      return loaded;
    },
    tolerates: (before, now) => settings.TOLERATE_BROKEN === '1' && breaksNothing(before, now),
    use: (now) => {
      own.shown.loaded = now;
      tellBroken(own, now);
      monitor.operatorsInUse(factsOf(now));
      const before = operators.homes();
      const gone = operators.replace(now.operators);
      if (gone.length > 0) monitor.agentsGone(gone);
      void countElsewhere(before, operators.homes(), journal).then(
        (elsewhere) => elsewhere.forEach((records, agentID) => monitor.walletReplaced(agentID, records)),
        (error: unknown) => monitor.exception('reload', error),
      );
    },
    tell: ({ outcome, problems }) => monitor.operatorFilesRead(outcome, problems),
    failed: (error) => monitor.exception('reload', error),
  });
}

/** The resolver runs from here on; callbacks are handled by what is returned. */
function startBridge(own: Process, operators: OperatorSet, journal: Journal): HandleCallback {
  const { monitor } = own;
  const performer = createPerformer(journal, machineClock, oneATurn());
  const shop = createWorkshop(journal, machineClock, monitor);
  const operatorOf = (agentID: string) => operators.find(agentID)?.operator;
  const resolve = createResolve(shop, operatorOf);
  const resolving = createResolver(resolve, operatorOf, performer, journal, machineClock, resolver, {
    failed: (error, key) => {
      if (error instanceof AgentGone && key !== undefined) monitor.nobodysRecord(key);
      // A record that cannot be read is told by whoever counts them, held ones included.
      else if (!(error instanceof UnreadableRecord)) monitor.exception('resolver', error);
    },
    looked: () => monitor.resolverLooked(),
    blind: (since) => monitor.blind('resolver', since),
  });
  resolving.start();
  own.endings.push(() => resolving.stop());
  const handle = createHandleCallback(shop);
  return (callback, operator, startedAt, trace) => {
    const on = callback.kind === 'getBalance' ? undefined : callback;
    if (on !== undefined && performer.isCrowded(on))
      return Promise.resolve({ kind: 'askAgain', because: 'too many copies of it wait for its answer' });
    return performer.run(handle(callback, operator, startedAt), on, { trace });
  };
}

function startCounting({ monitor, shown, endings }: Process, operators: OperatorSet, journal: Journal): void {
  const count = createCount(journal, (agentID) => operators.find(agentID)?.agent, machineClock, {
    counted: (now) => {
      shown.counted = { sample: now, at: performance.now() };
      monitor.unfinished(now);
    },
    unreadable: createUnreadableAlarm(monitor, () => journal.now()),
    blind: (since) => monitor.blind('count', since),
    failed: (error) => monitor.exception('sample', error),
  });
  endings.push(startSampler(count, unhurriedClock));
}
