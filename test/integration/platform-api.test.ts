// The other direction, on real sockets: what a site asks, what the platform gets of it, and what the site is
// told, the same in both dialects. The stand-in platform verifies sign and token by code of its own.

import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JournalUnavailable } from '../../src/domain/ports.js';
import {
  apiToken,
  dialects,
  platformKey,
  platformStage,
  siteKeys,
  type Dialect,
  type PlatformStage,
} from '../support/platform-stage.js';

let stage: PlatformStage;
afterEach(() => stage.close());

const launch = { userID: 'ann12', gameID: '2001' };
const grant = { ...launch, count: 10 };

describe.each(dialects)('in dialect %s', (dialect) => {
  beforeEach(async () => {
    stage = await platformStage(dialect);
  });

  test('the games are told in one shape', async () => {
    const { status, body } = await stage.ask('games');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ stale: false, ageSeconds: 0 },
      games: [
        {
          gameID: '2001',
          name: 'Book of Ra',
          provider: expect.any(String),
          images: [expect.stringMatching(/^https:/)],
        },
        { gameID: '2002', name: 'Blackjack “Classic”' },
      ],
    });
  });

  test('a launch gives a URL, and its answer is kept by nobody', async () => {
    const { status, body, headers } = await stage.ask('launch', { ...launch, language: 'tr' });

    expect([status, Object.keys(body), headers.get('cache-control')]).toEqual([200, ['url'], 'no-store']);
    expect(body['url']).toContain(`${stage.platform.url}/play/`);
    expect(stage.sent()[0]).toMatchObject(
      dialect === 'seamless'
        ? { apiToken, agentID: 'SOUND01', ...launch, language: 'tr', sign: expect.stringMatching(/^[0-9A-F]{64}$/) }
        : { agentID: 'SOUND01', userID: 'ann12', gameid: 2001, lang: 'tr', isaffiliate: false },
    );
  });

  test('free spins are granted', async () => {
    const { status, body } = await stage.ask('free-spins', grant);

    expect(status).toBe(200);
    expect(stage.platform.grants()).toEqual([body['freeSpinID']]);
  });

  test('a game may be named by a number', async () => {
    expect((await stage.ask('launch', { ...launch, gameID: 2001 })).status).toBe(200);
  });

  test.each([
    ['an unknown field', { ...launch, gameId: '1' }, 'gameId', /unknown field/],
    ['a game below zero', { userID: 'ann12', gameID: -1 }, 'gameID', /^gameID: expected text, or a whole number/],
    ['no player', { gameID: '2001' }, 'userID', /^userID: missing; expected text/],
    ['a player of another kind', { ...launch, userID: 12 }, 'userID', /expected text/],
    ['an empty player', { ...launch, userID: '' }, 'userID', /expected text/],
    ['a line break', { ...launch, userID: 'ann\n12' }, 'userID', /control characters/],
    ['half a character', `{"userID":"ann12\\ud800","gameID":"2001"}`, 'userID', /control characters/],
    ['a language there is not', { ...launch, language: 'xx' }, 'language', /expected one of en, fr/],
    ['another currency', { ...launch, currency: 'USD' }, 'currency', /expected EUR/],
    ['a stranger’s agent', { ...launch, agentID: 'OTHER01' }, 'agentID', /expected one of SOUND01/],
    ['a session that is no text', { ...launch, session: ['s3cr3t'] }, 'session', /expected text/],
    ['a session of unbearable length', { ...launch, session: 's3cr3t'.repeat(800) }, 'session', /expected text/],
    ['a session to a grant', { ...grant, session: 's3cr3t' }, 'session', /unknown field/],
    ['no number of spins', { ...launch, count: '10' }, 'count', /expected a whole number from 1 to 1000/],
    ['a fraction of spins', { ...launch, count: 1.5 }, 'count', /expected a whole number/],
    ['too many spins', { ...launch, count: 1001 }, 'count', /expected a whole number/],
    ['a key twice', '{"userID":"ann12","userID":"bob12","gameID":"2001"}', undefined, /cannot be read/],
    ['no JSON', '{"userID":', undefined, /cannot be read/],
    ['a list', '[]', undefined, /cannot be read/],
  ])('%s is a 400 that names the field, and the platform is not asked', async (_what, body, field, sentence) => {
    const path = typeof body === 'object' && 'count' in body ? 'free-spins' : 'launch';

    const told = await stage.ask(path, body);

    expect([told.status, told.body['error'], told.body['field']]).toEqual([400, 'wrongField', field]);
    expect(told.body['message']).toMatch(sentence);
    expect(JSON.stringify(told.body)).not.toContain('s3cr3t');
    expect(stage.platform.calls).toEqual([]);
  });

  test.each([4, 5, 7, 8, 2, 3, 1])('the platform’s no %d is a 422 with its code and message', async (code) => {
    stage.platform.fail('refuse', { code });

    const { status, body } = await stage.ask('launch', launch);

    expect([status, body['error'], body['platform']]).toEqual([
      422,
      'refused',
      { code, message: `refused with ${code}` },
    ]);
  });

  test.each([9, 11])('“done before”, %d, is a 409', async (code) => {
    stage.platform.fail('refuse', { code });

    expect((await stage.ask('free-spins', grant)).status).toBe(409);
  });

  test.each([
    ['status-500', 502, true],
    ['garbage', 502, true],
    ['html-200', 502, true],
    ['empty-200', 502, true],
    ['redirect', 502, true],
    ['reset', 502, true],
    ['hang', 504, true],
    ['done-then-hang', 504, true],
  ] as const)(
    'a platform with the fault %s is a %d, and nothing is asked twice',
    async (fault, expected, mayHaveHappened) => {
      stage.platform.fail(fault);

      const { status, body } = await stage.ask('free-spins', grant);

      expect([status, body['mayHaveHappened']]).toEqual([expected, mayHaveHappened]);
      expect(body['platform']).toEqual(fault === 'status-500' ? { code: 1, message: 'Internal error' } : undefined);
      expect(stage.platform.calls).toHaveLength(1);
    },
  );

  test('a platform that is away is a 502, and certainly did nothing', async () => {
    await stage.platform.down();

    const { status, body } = await stage.ask('free-spins', grant);

    expect([status, body['mayHaveHappened']]).toEqual([502, false]);
    await stage.platform.up();
  });

  test('a launch URL that is a script is no answer', async () => {
    stage.platform.fail('script-url');

    const { status, body } = await stage.ask('launch', launch);

    expect([status, JSON.stringify(body).includes('javascript')]).toEqual([502, false]);
  });

  test('what the platform repeats of our secrets is not handed on, and none is logged or counted', async () => {
    stage.platform.fail('leak');
    const { status, body } = await stage.ask('launch', { ...launch, session: 's3cr3t-session' });
    await stage.ask('launch', { ...launch, session: 's3cr3t-session' });
    await stage.ask('launch', `{"session":"s3cr3t-session"`);
    await stage.ask('launch', launch, 's3cr3t-key');

    expect(status).toBe(422);
    const seen = [JSON.stringify(body), await stage.logged(), await stage.metrics()].join('\n');
    const signs = stage.sent().flatMap(({ sign }) => (typeof sign === 'string' ? [sign] : []));
    for (const secret of [apiToken, platformKey, 's3cr3t', siteKeys.old.key, '/play/', ...signs])
      expect(seen).not.toContain(secret);
    expect(seen).toContain('"site":"lobby"');
  });

  test('log and metrics say which site asked, and what became of it', async () => {
    await stage.ask('launch', launch, siteKeys.other.key);
    stage.platform.fail('refuse', { code: 5 });
    await stage.ask('launch', launch, siteKeys.other.key);

    const metrics = await stage.metrics();
    const [, second] = (await stage.logged())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'site request');

    expect(second).toMatchObject({
      ...{ operator: 'sound', site: 'mobile', call: 'launch', agentID: 'SOUND01', userID: 'ann12' },
      ...{ httpStatus: 422, outcome: 'refused', platformCode: 5 },
    });
    expect(metrics).toContain('wallet_bridge_platform_calls_total{operator="sound",call="launch",outcome="told"} 1');
    expect(metrics).toContain('wallet_bridge_platform_calls_total{operator="sound",call="launch",outcome="refused"} 1');
    expect(metrics).toContain(
      'wallet_bridge_site_requests_total{operator="sound",site="mobile",call="launch",status="422"} 1',
    );
  });
});

describe('what one dialect has and the other lacks', () => {
  const open = async (dialect: Dialect) => (stage = await platformStage(dialect));

  test('seamless tells the status of free spins, and cannot cancel them', async () => {
    await open('seamless');
    const { body: granted } = await stage.ask('free-spins', grant);
    const freeSpinID = granted['freeSpinID'];

    const status = await stage.ask('free-spins/status', { freeSpinID });
    const unknown = await stage.ask('free-spins/status', { freeSpinID: 'fs_nobodys' });
    const cancel = await stage.ask('free-spins/cancel', { ...launch, freeSpinID });

    expect(status.body).toEqual({ freeSpinID, status: 'active', total: 10, used: 7, remaining: 3 });
    expect([unknown.status, unknown.body['platform']]).toEqual([
      422,
      { code: 8, message: 'Free spin grant not found' },
    ]);
    expect([cancel.status, cancel.body['error']]).toEqual([501, 'notInDialect']);
    expect(cancel.body['message']).toContain('seamless');
  });

  test.each([{ betLevel: 2 }, { expires: '2099-01-01T00:00:00Z' }, { freeSpinID: 'mine' }])(
    'seamless does not drop %p of a grant without a word',
    async (more) => {
      await open('seamless');

      const { status, body } = await stage.ask('free-spins', { ...grant, ...more });

      expect([status, body['field']]).toEqual([400, Object.keys(more)[0]]);
      expect(stage.platform.calls).toEqual([]);
    },
  );

  test('v2 grants under our id, and cancels; it cannot tell the status', async () => {
    await open('v2');
    const asked = { ...grant, betLevel: 2, expires: '2099-01-01T02:00:00+02:00', freeSpinID: 'mine-1' };

    const granted = await stage.ask('free-spins', asked);
    const again = await stage.ask('free-spins', asked);
    const status = await stage.ask('free-spins/status', { freeSpinID: 'mine-1' });
    const cancelled = await stage.ask('free-spins/cancel', { ...launch, freeSpinID: 'mine-1' });
    const gone = await stage.ask('free-spins/cancel', { ...launch, freeSpinID: 'mine-1' });

    expect(granted.body).toEqual({ freeSpinID: 'mine-1', betLevel: 2, expires: '2099-01-01T00:00:00.000Z' });
    expect(stage.sent()[0]).toEqual({
      ...{ agentID: 'SOUND01', userID: 'ann12', gameID: 2001, betlevel: 2, freespincount: 10 },
      ...{ expiretime: '2099-01-01T00:00:00.000Z', freespinID: 'mine-1' },
    });
    expect([again.status, again.body['platform']]).toEqual([409, { code: 11, message: 'Duplicate freespinID' }]);
    expect([status.status, status.body['error']]).toEqual([501, 'notInDialect']);
    expect(cancelled.body).toEqual({ freeSpinID: 'mine-1', cancelled: true });
    expect(gone.status).toBe(422);
  });

  test('v2 says under which id a grant may have been made, so that it can be cancelled', async () => {
    await open('v2');
    stage.platform.fail('done-then-hang');

    const { status, body } = await stage.ask('free-spins', grant);

    expect(status).toBe(504);
    expect(stage.platform.grants()).toEqual([body['freeSpinID']]);
  });

  test('v2 wants ids it can hold', async () => {
    await open('v2');

    const player = await stage.ask('launch', { ...launch, userID: 'player_1' });
    const game = await stage.ask('launch', { ...launch, gameID: 'slot_001' });
    const long = await stage.ask('free-spins', { ...grant, freeSpinID: 'x'.repeat(37) });

    expect([player, game, long].map(({ status, body }) => [status, body['field']])).toEqual([
      [400, 'userID'],
      [400, 'gameID'],
      [400, 'freeSpinID'],
    ]);
  });

  test('v2 takes a lobby and an affiliate', async () => {
    await open('v2');

    const bad = await stage.ask('launch', { ...launch, lobbyUrl: 'javascript:alert(1)' });
    await stage.ask('launch', { ...launch, lobbyUrl: 'https://site.example/', affiliate: true });

    expect([bad.status, bad.body['field']]).toEqual([400, 'lobbyUrl']);
    expect(stage.sent()).toMatchObject([{ lobbyUrl: 'https://site.example/', isaffiliate: true }]);
  });
});

describe('who may ask', () => {
  beforeEach(async () => {
    stage = await platformStage('seamless');
  });

  test('any key of a site opens, the old one and the new one', async () => {
    const statuses = await Promise.all(
      [siteKeys.old, siteKeys.new, siteKeys.other].map(
        async ({ key }) => (await stage.ask('launch', launch, key)).status,
      ),
    );

    expect(statuses).toEqual([200, 200, 200]);
  });

  test.each([
    ['none', ''],
    ['another', `wbs_${'A'.repeat(43)}`],
    ['the hash itself', siteKeys.old.keyHash],
    ['its beginning', siteKeys.old.key.slice(0, -1)],
  ])('%s is a 401, and nobody is asked', async (_what, key) => {
    const { status, body, headers } = await stage.ask('launch', launch, key);

    expect([status, body['error'], headers.get('www-authenticate')]).toEqual([401, 'noSiteKey', 'Bearer']);
    expect(stage.platform.calls).toEqual([]);
  });

  test('an operator there is not is a 404 to who has a key, and a 401 to a stranger', async () => {
    const known = await stage.ask('launch', launch, siteKeys.old.key, 'nobody');
    const stranger = await stage.ask('launch', launch, 'wbs_x', 'nobody');

    expect([known.status, stranger.status]).toEqual([404, 401]);
  });

  test('another path is a 404, another method a 405', async () => {
    const path = await stage.ask('free-rounds');
    const method = await fetch(`${stage.url}/sound/games`);
    const broken = await fetch(`${stage.url}/%zz/games`, { method: 'POST' });

    expect([path.status, method.status, method.headers.get('allow'), broken.status]).toEqual([404, 405, 'POST', 404]);
  });

  test('a body that is too large is a 413, however it comes', async () => {
    const whole = await stage.ask('launch', { ...launch, session: 'x'.repeat(17_000) });
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(`${stage.url}/sound/launch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${siteKeys.old.key}`, 'transfer-encoding': 'chunked' },
      });
      sending.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      for (let i = 0; i < 100; i += 1) sending.write('x'.repeat(1000));
      sending.end();
    });

    expect([whole.status, chunked]).toEqual([413, 413]);
    expect(stage.platform.calls).toEqual([]);
  });
});

describe('the list of games', () => {
  const open = async (gamesTtl: number) => (stage = await platformStage('seamless', { gamesTtl }));
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test('is asked for once, however many want it', async () => {
    await open(60_000);

    const lists = await Promise.all(Array.from({ length: 20 }, () => stage.ask('games')));
    await stage.ask('games');

    expect(lists.every(({ status }) => status === 200)).toBe(true);
    expect(stage.platform.calls).toHaveLength(1);
  });

  test('is asked for again when it is old', async () => {
    await open(1);

    await stage.ask('games');
    await pass(20);
    const { body } = await stage.ask('games');

    expect(body['stale']).toBe(false);
    expect(stage.platform.calls).toHaveLength(2);
  });

  test.each(['status-500', 'hang', 'html-200'] as const)(
    'is shown as old while the platform answers %s, and the platform has its peace',
    async (fault) => {
      await open(1);
      await stage.ask('games');
      stage.platform.fail(fault, { times: 100 });
      await pass(1_100);

      const [stale, again] = [await stage.ask('games'), await stage.ask('games')];

      expect(stale.body).toMatchObject({ stale: true, because: expect.any(String) });
      expect(stale.body['ageSeconds']).toBeGreaterThanOrEqual(1);
      expect(stale.body['games']).toHaveLength(2);
      expect([again.status, stage.platform.calls.length]).toEqual([200, 2]);
    },
  );

  test('is shown as old while the platform is away', async () => {
    await open(1);
    await stage.ask('games');
    await stage.platform.down();
    await pass(20);

    expect((await stage.ask('games')).body).toMatchObject({ stale: true });
    await stage.platform.up();
  });

  test('is not there where it never was; and a no is a no', async () => {
    await open(1);
    stage.platform.fail('status-500');
    const never = await stage.ask('games');
    await stage.close();

    await open(1);
    await stage.ask('games');
    stage.platform.fail('refuse', { code: 7 });
    await pass(20);
    const refused = await stage.ask('games');

    expect([never.status, refused.status]).toEqual([502, 422]);
  });
});

describe('a launch and the player’s session', () => {
  const player = { agentID: 'SOUND01', userID: 'ann12' };
  const known = async () => (await stage.facts.recall(player)).session;

  beforeEach(async () => {
    stage = await platformStage('seamless');
  });

  test('is kept with its game and the agent’s currency', async () => {
    await stage.ask('launch', { ...launch, session: 's1', currency: 'EUR' });

    expect(await known()).toEqual({ session: 's1', gameID: '2001', currency: 'EUR' });
  });

  test.each(['refuse', 'status-500', 'hang', 'script-url'] as const)(
    'that ends with %s puts back what was known before',
    async (fault) => {
      await stage.ask('launch', { ...launch, session: 's1' });
      stage.platform.fail(fault, { code: 5 });

      await stage.ask('launch', { ...launch, gameID: '2002', session: 's2' });

      expect(await known()).toEqual({ session: 's1', gameID: '2001', currency: 'EUR' });
    },
  );

  test('that is refused leaves nothing where nothing was', async () => {
    stage.platform.fail('refuse', { code: 5 });

    await stage.ask('launch', { ...launch, session: 's1' });

    expect(await known()).toBeUndefined();
  });

  test('that is refused leaves a later launch as it is, also with the same session', async () => {
    stage.platform.fail('hang');
    const first = stage.ask('launch', { ...launch, session: 's1' });
    while (stage.platform.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await stage.ask('launch', { ...launch, session: 's1' });

    expect((await first).status).toBe(504);
    expect(await known()).toEqual({ session: 's1', gameID: '2001', currency: 'EUR' });
  });

  test('that cannot be kept is a 503, and the platform is not asked', async () => {
    stage.facts.replaceSession = () => Promise.reject(new JournalUnavailable('away', true));

    const { status, body } = await stage.ask('launch', { ...launch, session: 's1' });

    expect([status, body['error']]).toEqual([503, 'journalAway']);
    expect(stage.platform.calls).toEqual([]);
  });

  test('must be told where the wallet is told it with its calls', async () => {
    await stage.close();
    stage = await platformStage('seamless', { needsSession: true });

    const { status, body } = await stage.ask('launch', launch);

    expect([status, body['field']]).toEqual([400, 'session']);
  });
});

describe('the way to the platform', () => {
  test('is broken by failures for the call that fails, and for no other', async () => {
    const breaker = { openAtPercent: 50, minimumCalls: 3, tryAgainAfter: 60_000 };
    stage = await platformStage('seamless', { breaker });
    stage.platform.fail('status-500', { times: 3 });

    for (let i = 0; i < 3; i += 1) await stage.ask('free-spins', grant);
    const kept = await stage.ask('free-spins', grant);
    const launched = await stage.ask('launch', launch);

    expect([kept.status, kept.body['error'], kept.body['mayHaveHappened']]).toEqual([503, 'notAsked', false]);
    expect(launched.status).toBe(200);
    expect(await stage.metrics()).toContain('breaker_state{operator="sound",class="platform-free-spins"} 2');
  });

  test('is not broken by refusals', async () => {
    stage = await platformStage('seamless', { breaker: { openAtPercent: 1, minimumCalls: 1, tryAgainAfter: 60_000 } });
    stage.platform.fail('refuse', { times: 5, code: 5 });

    for (let i = 0; i < 5; i += 1) await stage.ask('launch', launch);

    expect((await stage.ask('launch', launch)).status).toBe(200);
  });

  test('takes so many calls at once, and one more is not made', async () => {
    stage = await platformStage('seamless', { concurrency: 1 });
    stage.platform.fail('hang');
    const first = stage.ask('launch', launch);
    while (stage.platform.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    const more = await stage.ask('launch', launch);

    expect([more.status, (await first).status]).toEqual([503, 504]);
  });
});
