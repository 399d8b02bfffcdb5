// A site launches a game through the bridge, and the platform calls back before it has even answered the
// launch: the wallet must be told the player's session all the same, in every replica. And what is for sites
// is served to sites alone.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../src/demo/processes.js';
import { makeSiteKey } from '../../src/platform/site-keys.js';
import { startStandInPlatform, type StandInPlatform } from '../../src/stand-ins/platform-server.js';
import { SessionWallet } from '../support/session-wallet.js';
import { dialect, wire } from '../support/dialect.js';
import { useStage } from '../support/stage.js';

const { key: siteKey, keyHash } = makeSiteKey();

/** The demo's operator with a site, for a wallet with sessions. */
const withSite = (demo: string): string =>
  [
    [
      '  dialect: seamless\n',
      `  dialect: seamless\n  api:\n    baseUrl: { env: DEMO_PLATFORM_URL }\n    token: apiToken\n    sites: [{ name: lobby, keyHashes: ['${keyHash}'] }]\n`,
    ],
    ['secrets:\n', 'secrets:\n  apiToken: { env: DEMO_API_TOKEN }\n'],
    [
      'request: { method: POST }',
      'request: { method: POST, headers: { X-Session: \'${player.?session.orValue("none")}\' } }',
    ],
    [
      'receipt: ${response.body.debitId}',
      'receipt: ${response.body.debitId}\n      session: ${response.headers["x-session"]}',
    ],
    [
      'errors:\n  - {',
      'errors:\n  - { when: \'${response.body.error.code == "SESSION"}\', result: wrongInput }\n  - {',
    ],
  ].reduce((text, [from = '', to = '']) => {
    if (!text.includes(from)) throw new Error(`the demo's operator has no ${from}`);
    return text.replace(from, () => to);
  }, demo);

let wallet: SessionWallet;
let platform: StandInPlatform;
let sites: { readonly here: number; readonly there: number };
beforeAll(async () => {
  wallet = await SessionWallet.start();
  sites = { here: await freePort(), there: await freePort() };
});

const stage = useStage({}, withSite);
const platformPort = (async () => await freePort())();
let url = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${await platformPort}`;
});
const env = (port: number | undefined) => ({
  DEMO_WALLET_URL: wallet.url,
  DEMO_PLATFORM_URL: url,
  DEMO_API_TOKEN: 'api-token',
  ...(port !== undefined && { PLATFORM_PORT: String(port) }),
});
const here = stage.useBridge(() => env(sites.here));
const there = stage.useBridge(() => ({ ...env(undefined), PLATFORM_ON_PUBLIC: '1' }));
beforeAll(async () => {
  platform = await startStandInPlatform({
    ...{ dialect, agentID: 'DEMO01', key: stage.key, token: 'api-token' },
    // The launch goes out from one replica, the callbacks come in at the other.
    ...{ port: await platformPort, callbacks: there.url },
  });
});
afterAll(async () => {
  wallet.stop();
  await platform.close();
});

const ask = (base: string, path: string, body: object, key = siteKey): Promise<Response> =>
  fetch(`${base}/platform/demo/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
const success = `"${wire.code}":0`;
const atSites = () => `http://127.0.0.1:${sites.here}`;
const atCallbacks = ({ url }: { readonly url: string }): string => new URL(url).origin;

describe('a launched game may call back at once', () => {
  test('and its first bet is made under the session of the launch', async () => {
    platform.playFirst();

    const launched = await ask(atSites(), 'launch', { userID: 'alice', gameID: '2001', session: wallet.launch() });

    expect(launched.status).toBe(200);
    expect(platform.heard).toEqual([
      expect.stringMatching(`^GetBalance 200 \\{"${wire.code}":0,`),
      expect.stringMatching(`^Withdraw 200 \\{"${wire.code}":0,`),
    ]);
  });

  test('and the URL opens a game that plays', async () => {
    const launched = await ask(atSites(), 'launch', { userID: 'alice', gameID: '2001', session: wallet.launch() });
    const { url: game } = (await launched.json()) as { url: string };

    const { played } = (await (await fetch(game)).json()) as { played: string[] };

    expect(played).toEqual([expect.stringContaining(success), expect.stringContaining(success)]);
  });

  test('and a launch that is refused leaves the game that goes on under its own session', async () => {
    await ask(atSites(), 'launch', { userID: 'alice', gameID: '2001', session: wallet.launch() });
    const going = wallet.calls.length;
    platform.fail('refuse', { code: 5 });

    const refused = await ask(atSites(), 'launch', { userID: 'alice', gameID: '2002', session: 'never-issued' });
    const bet = stage.platform(here);
    const { code } = await bet.deliver(bet.withdraw('alice', '1.00'));

    expect([refused.status, code]).toEqual([422, 0]);
    expect(wallet.calls.slice(going).some(({ session }) => session === 'never-issued')).toBe(false);
  });

  test('a wallet that is told the session wants one with every launch', async () => {
    const launched = await ask(atSites(), 'launch', { userID: 'alice', gameID: '2001' });

    expect([launched.status, await launched.json()]).toMatchObject([400, { field: 'session' }]);
  });
});

describe('what is for sites', () => {
  test('is not on the port of the callbacks, but where a setting says so', async () => {
    const [kept, opened] = [await ask(atCallbacks(here), 'games', {}), await ask(atCallbacks(there), 'games', {})];

    expect([kept.status, await kept.text(), opened.status]).toEqual([404, '', 200]);
  });

  test('is not on the admin port, nor are callbacks on the sites’ port', async () => {
    const admin = await ask(here.adminUrl, 'games', {});
    const callback = await fetch(`${atSites()}/WalletService/GetBalance`, { method: 'POST' });

    expect([admin.status, callback.status]).toEqual([404, 404]);
  });
});
