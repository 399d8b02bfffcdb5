// The ports of a process: who is heard there, within which bounds, and what is said where one cannot be opened.

import type { HandleCallback } from './bridge/handle-callback.js';
import { machineClock } from './bridge/machine-clock.js';
import { createConsole } from './console/console.js';
import { consolePortsIn } from './console-ports.js';
import { createAdminApp } from './http/admin.js';
import { isGuarded } from './http/admin-guard.js';
import { holds } from './http/addresses.js';
import { createCallbackApp, type CallbackPorts } from './http/callbacks.js';
import { createPlatformApp, createPlatformRoutes, type PlatformPorts } from './http/platform.js';
import { listen, type Listener, type ListenerSettings } from './http/server.js';
import { createSignClinic } from './http/sign-clinic.js';
import { createStrangersQueue } from './http/strangers.js';
import type { OperatorSet } from './operators/operator-set.js';
import { phases, serves, StartRefused, type Process } from './own-process.js';
import { adminAccessOf, errorCode, pairRefused, serverTlsOf } from './settings.js';
import type { HttpWallet } from './wallet/http-wallet.js';

type HttpApp = Parameters<typeof listen>[0];

const openAdminPort =
  'ADMIN_TOKEN is not set: whoever reaches the admin port may hand over sessions, read metrics and act in the console';
const unservedSites = 'platform.api is not served: no PLATFORM_PORT is set for their sites';
/** Milliseconds past the longest deadline after which a stopping listener drops what is left. */
const grace = 1_000;
/** Of the admin port: a few probes, scrapes and people. */
const mostConnections = 128;

export async function openAdmin(own: Process, operators: () => OperatorSet): Promise<Listener> {
  const { ADMIN_HOST, ADMIN_PORT } = own.settings;
  const toWallet = async (agentID: string, act: (wallet: HttpWallet) => Promise<void>): Promise<boolean> => {
    const found = operators().find(agentID);
    if (found !== undefined) await act(found.operator.wallet);
    return found !== undefined;
  };
  const access = adminAccessOf(own.settings);
  if (!isGuarded(ADMIN_HOST, access)) own.log.warn({ what: openAdminPort }, 'settings');
  const app = createAdminApp({
    access,
    turnedAway: (because, address) => own.monitor.turnedAway(because, address),
    scrape: (openMetrics) => own.monitor.scrape(openMetrics),
    whyNotReady: () => phases[own.phase],
    console: createConsole(consolePortsIn(own, operators)),
    isReady: () => serves(own),
    keepSession: (player, session) => toWallet(player.agentID, (wallet) => wallet.keepSession(player, session)),
    forgetSession: (player) => toWallet(player.agentID, (wallet) => wallet.forgetSession(player)),
  });
  const admin = await openListener(app, ADMIN_HOST, ADMIN_PORT, 'ADMIN_PORT', { ...boundsIn(own), mostConnections });
  own.endings.push(() => admin.stop(grace));
  return admin;
}

export function sitesIn(own: Process, operators: OperatorSet): PlatformPorts {
  return { platforms: () => operators.platforms(), observe: own.monitor, isReady: () => serves(own) };
}

/** Where sites are to have a port of their own. */
export async function openPlatform(
  own: Process,
  operators: OperatorSet,
  ofSites: PlatformPorts,
): Promise<Listener | undefined> {
  const { PLATFORM_HOST, PLATFORM_PORT, PLATFORM_ON_PUBLIC } = own.settings;
  const unserved = [...operators.platforms().keys()];
  if (PLATFORM_PORT === undefined && PLATFORM_ON_PUBLIC === '0' && unserved.length > 0)
    own.log.warn({ operators: unserved, what: unservedSites }, 'settings');
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

export async function openCallbacks(
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
    strangersTurn: createStrangersQueue(() => machineClock.monotonic()),
    examineSign: createSignClinic(
      () => operators.agents(),
      () => machineClock.monotonic(),
    ),
    observe: {
      ...own.monitor,
      callbackAnswered: (event) => {
        own.answered += 1;
        own.monitor.callbackAnswered(event);
      },
    },
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
export function showCertificate({ settings, monitor }: Process, callbacks: Listener): void {
  try {
    const tls = serverTlsOf(settings);
    if (tls !== undefined) callbacks.secure(tls);
  } catch (error) {
    monitor.certificateRefused(errorCode(error));
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
    const code = errorCode(error);
    if (bounds.tls !== undefined && code.startsWith('ERR_')) throw new StartRefused([pairRefused(error)]);
    const cures: Readonly<Record<string, string>> = {
      EADDRINUSE: `set ${setting} to a free port`,
      EACCES: `set ${setting} to 1024 or more, or let this user listen on ports below (CAP_NET_BIND_SERVICE)`,
    };
    const cure = cures[code] ?? `set ${setting.replace('PORT', 'HOST')} to an address of this machine`;
    throw new StartRefused([`cannot listen on ${host}:${port} (${code}): ${cure}`]);
  }
}
