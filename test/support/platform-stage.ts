// An operator's sites, the bridge's listener for them and a stand-in platform, on real sockets; in either
// dialect. The wallet's side is left out: what a launch keeps is kept in memory.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlatformApp } from '../../src/http/platform.js';
import { listen } from '../../src/http/server.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { createLog } from '../../src/observe/log.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import { connectPlatform } from '../../src/operators/connect-platform.js';
import type { CompiledPlatform } from '../../src/platform/compiled-platform.js';
import { makeSiteKey } from '../../src/platform/site-keys.js';
import { platformApis } from '../../src/protocol/platform-apis.js';
import { startStandInPlatform } from '../../src/stand-ins/platform-server.js';
import { fileWith, operatorOf } from './operator-text.js';

export const dialects = ['seamless', 'v2'] as const;
export type Dialect = (typeof dialects)[number];

export const apiToken = 'api-token-that-nobody-may-see';
export const platformKey = 'platform-test-key';
export const siteKeys = { old: makeSiteKey(), new: makeSiteKey(), other: makeSiteKey() };

/** The sound file with sites; `more` are keys of `platform.api`. */
export const fileWithSites = (baseUrl: string, more = ''): string =>
  fileWith(
    [
      'platform:\n',
      `platform:
  api:
    baseUrl: ${baseUrl}
    token: apiToken
${more}    sites:
      - name: lobby
        keyHashes: ['${siteKeys.old.keyHash}', '${siteKeys.new.keyHash}']
      - { name: mobile, keyHashes: ['${siteKeys.other.keyHash}'] }
`,
    ],
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  apiToken: { env: API_TOKEN }'],
  );

export const platformEnvironment = { GSP_KEY: platformKey, API_TOKEN: apiToken };

interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export async function platformStage(dialect: Dialect, change: Partial<CompiledPlatform> = {}, more = '') {
  const directory = mkdtempSync(join(tmpdir(), 'platform-'));
  const logFile = join(directory, 'log');
  const platform = await startStandInPlatform({
    ...{ dialect, agentID: 'SOUND01', key: platformKey, token: apiToken, port: 0 },
  });
  const { platform: compiled } = operatorOf(fileWithSites(`${platform.url}/`, more), { env: platformEnvironment });
  if (compiled === undefined) throw new Error('the file has no sites');
  const log = createLog('info', logFile);
  const flush = () => new Promise<void>((flushed) => log.flush(() => flushed()));
  const monitor = createMonitor(log);
  const facts = new MemoryFacts(() => Date.now());
  const side = connectPlatform(
    { ...compiled, dialect, api: platformApis[dialect], timeout: 1_000, ...change },
    { replaceSession: (player, session) => facts.replaceSession(player, session, 60_000) },
    (which, state) => monitor.breakerChanged('sound', which, state),
    (event) => monitor.platformCalled(event),
  );
  const listener = await listen(
    createPlatformApp({ platforms: () => new Map([['sound', side]]), observe: monitor, isReady: () => true }),
    { host: '127.0.0.1', port: 0, requestWithin: 10_000 },
  );
  const url = `http://127.0.0.1:${listener.port}/platform`;
  return {
    ...{ platform, facts, url },
    async ask(path: string, body: unknown = {}, key = siteKeys.old.key, operator = 'sound'): Promise<Told> {
      const answer = await fetch(`${url}/${operator}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return {
        status: answer.status,
        body: (await answer.json()) as Record<string, unknown>,
        headers: answer.headers,
      };
    },
    /** What the platform was sent, as JSON; GET has none. */
    sent(): Record<string, unknown>[] {
      return platform.calls.map(({ body }) => (body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)));
    },
    async logged(): Promise<string> {
      await flush();
      return readFileSync(logFile, 'utf8');
    },
    metrics: async () => (await monitor.scrape()).text,
    async close(): Promise<void> {
      await listener.stop(100);
      await platform.close();
      await side.close();
      await flush();
      rmSync(directory, { recursive: true });
    },
  };
}
export type PlatformStage = Awaited<ReturnType<typeof platformStage>>;
