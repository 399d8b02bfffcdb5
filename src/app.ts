// The composition root: settings and operator files in, a running bridge out, in named steps. The command
// line and the tests both enter here; nothing but `commands` knows as many of the rooms.
// Longer than other files, because its steps are short and stand in the order in which they run.

import { setTimeout as pause } from 'node:timers/promises';
import { countElsewhere } from './bridge/count-elsewhere.js';
import { createCount } from './bridge/count-unfinished.js';
import { createHandleCallback, type HandleCallback } from './bridge/handle-callback.js';
import { machineClock, machineLoad, unhurriedClock } from './bridge/machine-clock.js';
import { createPerformer } from './bridge/perform.js';
import { AgentGone, createResolve, createResolver } from './bridge/resolver.js';
import { startSampler } from './bridge/sampler.js';
import { createUnreadableAlarm } from './bridge/unreadable-alarm.js';
import { createWorkshop } from './bridge/workshop.js';
import { UnreadableRecord, type Journal } from './domain/ports.js';
import { createAdminApp } from './http/admin.js';
import { isGuarded } from './http/admin-guard.js';
import { createCallbackApp, type CallbackPorts } from './http/callbacks.js';
import { createPlatformApp, createPlatformRoutes, type PlatformPorts } from './http/platform.js';
import { holds } from './http/addresses.js';
import { listen, type Listener, type ListenerSettings } from './http/server.js';
import { openMemoryJournal, openRedisJournal, type OpenJournal } from './journal/open-journal.js';
import type { Log } from './observe/log.js';
import { createMonitor } from './observe/create-monitor.js';
import type { Monitor } from './observe/monitor.js';
import { agentsUnanswered, breaksNothing } from './operators/broken-files.js';
import { isError, loadAgain, loadOperators, pathsRead, type Loaded } from './operators/load.js';
import { createOperatorSet, type OperatorSet } from './operators/operator-set.js';
import { createReload } from './operators/reload.js';
import { watchSources, type SourceWatch } from './operators/watch-sources.js';
import { adminAccessOf, redisOf, serverTlsOf, type Settings } from './settings.js';
import { ownVersion } from './version.js';
import type { HttpWallet } from './wallet/http-wallet.js';
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

/** The bridge must not start like this; each line says what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** What a process is at, and why callbacks are not to be sent to it then. */
const phases = {
  starting: 'starting: operator files are read, or Redis is waited for',
  serving: undefined,
  leaving: 'stopping: it still answers; send what is new to others',
  ending: 'stopping: what runs is finished',
} as const;

type HttpApp = Parameters<typeof listen>[0];

/** What every step of the start is given. */
interface Process {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly monitor: Monitor;
  phase: keyof typeof phases;
  /** Lets go of what was begun, the last first. */
  readonly endings: (() => unknown)[];
}

const resolver = { every: 250, atOnce: 256, busy: machineLoad() };
/** Milliseconds past the longest deadline after which a stopping listener drops what is left. */
const grace = 1_000;
/** Of the admin port: a few probes, scrapes and people. */
const mostConnections = 128;

/**
 * Starts the bridge. Rejects with StartRefused where operator files, or a production Redis, are not fit for
 * money.
 */
export async function startApp(settings: Settings, env: NodeJS.ProcessEnv, log: Log): Promise<App> {
  const monitor = createMonitor(log);
  tellVersion(log, monitor);
  const own: Process = { settings, env, log, monitor, phase: 'starting', endings: [] };
  try {
    // First, so that an orchestrator is answered while the rest starts.
    const admin = await openAdmin(own, () => operators);
    // From before they are read, or a change in between would go unseen.
    const watching = watch(own, () => void reload());
    const loaded = readFiles(own);
    watching.follow(pathsRead(loaded));
    const { journal, facts, texts } = await openJournal(own, () => signLifetime(operators));
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

async function stop(own: Process): Promise<void> {
  if (own.phase === 'serving') {
    own.phase = 'leaving';
    const { DRAIN_DELAY } = own.settings;
    own.log.info({ drainDelay: DRAIN_DELAY }, 'stopping');
    // Whoever spreads callbacks does not learn at once that this process is not ready, and goes on sending.
    await pause(DRAIN_DELAY);
  }
  own.phase = 'ending';
  for (const end of own.endings.reverse()) await end();
}

/** Whoever comes is answered: until just before its end a process that is not ready any more serves as before. */
const serves = ({ phase }: Process): boolean => phase === 'serving' || phase === 'leaving';

async function openAdmin(own: Process, operators: () => OperatorSet): Promise<Listener> {
  const { ADMIN_HOST, ADMIN_PORT } = own.settings;
  const toWallet = async (agentID: string, act: (wallet: HttpWallet) => Promise<void>): Promise<boolean> => {
    const found = operators().find(agentID);
    if (found !== undefined) await act(found.operator.wallet);
    return found !== undefined;
  };
  const access = adminAccessOf(own.settings);
  if (!isGuarded(ADMIN_HOST, access))
    own.log.warn('ADMIN_TOKEN is not set: whoever reaches the admin port may hand over sessions and read metrics');
  const app = createAdminApp({
    access,
    turnedAway: (because, address) => own.monitor.turnedAway(because, address),
    scrape: () => own.monitor.scrape(),
    whyNotReady: () => phases[own.phase],
    isReady: () => serves(own),
    keepSession: (player, session) => toWallet(player.agentID, (wallet) => wallet.keepSession(player, session)),
    forgetSession: (player) => toWallet(player.agentID, (wallet) => wallet.forgetSession(player)),
  });
  const admin = await openListener(app, ADMIN_HOST, ADMIN_PORT, 'ADMIN_PORT', { ...boundsIn(own), mostConnections });
  own.endings.push(() => admin.stop(grace));
  return admin;
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
    () => own.log.warn('OPERATORS_DIR cannot be watched for changes: until it can, they are taken at SIGHUP only'),
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
  if (redis === undefined)
    log.warn(
      'REDIS_URL is not set: the journal is in memory, and a restart forgets every bet. Never do this with real money.',
    );
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
      tellBroken(own, now);
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
  const performer = createPerformer(journal, machineClock);
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
  return (callback, operator, startedAt) => {
    const on = callback.kind === 'getBalance' ? undefined : callback;
    if (on !== undefined && performer.isCrowded(on))
      return Promise.resolve({ kind: 'askAgain', because: 'too many copies of it wait for its answer' });
    return performer.run(handle(callback, operator, startedAt), on);
  };
}

function startCounting({ monitor, endings }: Process, operators: OperatorSet, journal: Journal): void {
  const count = createCount(journal, (agentID) => operators.find(agentID)?.agent, machineClock, {
    counted: (now) => monitor.unfinished(now),
    unreadable: createUnreadableAlarm(monitor, () => journal.now()),
    blind: (since) => monitor.blind('count', since),
    failed: (error) => monitor.exception('sample', error),
  });
  endings.push(startSampler(count, unhurriedClock));
}

function sitesIn(own: Process, operators: OperatorSet): PlatformPorts {
  return { platforms: () => operators.platforms(), observe: own.monitor, isReady: () => serves(own) };
}

/** Where sites are to have a port of their own. */
async function openPlatform(
  own: Process,
  operators: OperatorSet,
  ofSites: PlatformPorts,
): Promise<Listener | undefined> {
  const { PLATFORM_HOST, PLATFORM_PORT, PLATFORM_ON_PUBLIC } = own.settings;
  const unserved = [...operators.platforms().keys()];
  if (PLATFORM_PORT === undefined && PLATFORM_ON_PUBLIC === '0' && unserved.length > 0)
    own.log.warn({ operators: unserved }, 'platform.api is not served: no PLATFORM_PORT is set for their sites');
  if (PLATFORM_PORT === undefined) return undefined;
  const app = createPlatformApp(ofSites);
  const sites = await openListener(app, PLATFORM_HOST, PLATFORM_PORT, 'PLATFORM_PORT', boundsIn(own));
  own.endings.push(() => sites.stop(platformTime(operators)));
  return sites;
}

/** Milliseconds a site's request may still be under way. */
function platformTime(operators: OperatorSet): number {
  return Math.max(0, ...[...operators.platforms().values()].map(({ timeout }) => timeout)) + grace;
}

async function openCallbacks(
  own: Process,
  operators: OperatorSet,
  handle: HandleCallback,
  ofSites: PlatformPorts,
): Promise<Listener> {
  const { BASE_PATH, HOST, PORT, PLATFORM_ON_PUBLIC, ALLOW_FROM, TRUSTED_PROXIES: proxies } = own.settings;
  const allowed = ALLOW_FROM && { from: ALLOW_FROM, proxies };
  const isProxy = (address: string | undefined): boolean => proxies !== undefined && holds(proxies, address);
  const ports: CallbackPorts = {
    // Both are asked in one turn of the event loop, so they are of one version.
    findAgent: (agentID) => operators.find(agentID)?.agent,
    operatorOf: ({ agentID }) => {
      const operator = operators.find(agentID)?.operator;
      if (operator === undefined) throw new Error('an agent without its operator');
      return operator;
    },
    handle,
    observe: own.monitor,
    now: () => machineClock.monotonic(),
    isDraining: () => own.phase !== 'serving',
    ...(allowed && { allowed }),
  };
  const app = createCallbackApp(
    BASE_PATH,
    ports,
    PLATFORM_ON_PUBLIC === '1' ? createPlatformRoutes(ofSites) : undefined,
  );
  const callbacks = await openListener(app, HOST, PORT, 'PORT', {
    ...boundsIn(own),
    tls: serverTlsOf(own.settings),
    ...(allowed && { mayCall: (address) => holds(allowed.from, address) || isProxy(address) }),
  });
  own.endings.push(() => callbacks.stop(operators.longest('deadline') + grace));
  return callbacks;
}

/** As its files have it now. One that cannot be used leaves the one before in use. */
function showCertificate({ settings, monitor }: Process, callbacks: Listener): void {
  try {
    const tls = serverTlsOf(settings);
    if (tls !== undefined) callbacks.secure(tls);
  } catch (error) {
    monitor.certificateRefused(codeOf(error));
  }
}

function boundsIn({ settings, monitor }: Process): Partial<ListenerSettings> {
  return {
    mostConnections: settings.MOST_CONNECTIONS,
    keepIdleFor: settings.KEEP_ALIVE_SECONDS,
    mostRequests: settings.KEEP_ALIVE_REQUESTS,
    turnedAway: (address) => monitor.turnedAway('connections', address),
  };
}

async function openListener(
  app: HttpApp,
  host: string,
  port: number,
  setting: string,
  bounds: Partial<ListenerSettings>,
): Promise<Listener> {
  try {
    return await listen(app, { host, port, requestWithin: 10_000, ...bounds });
  } catch (error) {
    const code = codeOf(error);
    if (bounds.tls !== undefined && code.startsWith('ERR_'))
      throw new StartRefused([
        `TLS_CERT_FILE: cannot be used with TLS_KEY_FILE (${code}); expected a certificate, and its own key without a passphrase`,
      ]);
    const cures: Readonly<Record<string, string>> = {
      EADDRINUSE: `set ${setting} to a free port`,
      EACCES: `set ${setting} to 1024 or more, or let this user listen on ports below (CAP_NET_BIND_SERVICE)`,
    };
    const cure = cures[code] ?? `set ${setting.replace('PORT', 'HOST')} to an address of this machine`;
    throw new StartRefused([`cannot listen on ${host}:${port} (${code}): ${cure}`]);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
