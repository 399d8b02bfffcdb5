// The console as a browser asks it, over HTTP and with a real Redis: who may see and do what, what becomes of a
// record, and that nothing in one is ever markup.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import request from 'supertest';
import { createConsole } from '../../src/console/console.js';
import type { Acted, ConsolePorts } from '../../src/console/ports.js';
import { JournalUnavailable, type Journal } from '../../src/domain/ports.js';
import { isUnfinished, type Transaction } from '../../src/domain/transaction.js';
import { createAdminApp } from '../../src/http/admin.js';
import { isOpen, rightsIn, type AdminAccess } from '../../src/http/admin-guard.js';
import { placeOf } from '../../src/journal/keys.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import { createLog } from '../../src/observe/log.js';
import { loadOperators } from '../../src/operators/load.js';
import { createPlayground } from '../../src/playground.js';
import { openRedisJournal, type JournalOnRedis } from '../support/redis-journal.js';
import { eur, player, someLeg, someTransaction } from '../support/transactions.js';

let client: Redis;
let close: JournalOnRedis['close'];
let journal: Journal;
let acted: Acted[];
let away: string[];
let ids = 0;

beforeAll(async () => {
  ({ client, journal, close } = await openRedisJournal());
});

afterAll(() => close());

beforeEach(() => {
  acted = [];
  away = [];
});

const tokens = { token: 'operators-own-token', viewerToken: 'viewers-own-token' };
const secrets = { DEMO_GSP_KEY: 'g'.repeat(32), DEMO_WALLET_TOKEN: 'w4llet-t0ken-that-nobody-sees' };

function appWith(access: AdminAccess, change: Partial<ConsolePorts> = {}) {
  const monitor = createMonitor(createLog('silent'));
  monitor.breakerChanged('demo', 'bets', 'open');
  const env = { ...secrets, DEMO_WALLET_URL: 'http://127.0.0.1:1' };
  const loaded = loadOperators(['config/operators/demo.yaml'], { env });
  const sample = {
    unfinished: [{ operator: 'demo', state: 'open', goal: 'deliver', count: 3, oldest: 65_000 }],
    onTrust: [
      {
        operator: 'demo',
        duty: 'deliver',
        currency: 'EUR',
        count: 3,
        amount: eur('90071992547409.93'),
        oldest: 65_000,
      },
    ],
  } as const;
  const console = createConsole({
    version: '7.8.9',
    whyNotReady: () => undefined,
    isOpen: isOpen(access),
    rightOf: rightsIn(access),
    turnedAway: (address) => away.push(address ?? ''),
    operators: () => [{ name: 'demo', agents: [player.agentID], findsByPlayer: true }],
    journal: () => journal,
    counted: () => ({ sample, ago: 3_000 }),
    figures: () => monitor.figures(),
    playground: createPlayground(() => loaded, env),
    acted: (event) => acted.push(event),
    failed: (error) => {
      throw error;
    },
    ...change,
  });
  const sessions = { keepSession: () => Promise.resolve(true), forgetSession: () => Promise.resolve(true) };
  return createAdminApp({
    ...{ access, console, ...sessions, scrape: () => monitor.scrape(), turnedAway: () => undefined },
    ...{ whyNotReady: () => undefined, isReady: () => true },
  });
}

/** What a browser does: it keeps the cookie, and sends the form it was given. */
function browser(app: ReturnType<typeof appWith>) {
  let cookie = '';
  let form = '';
  const keep = (response: request.Response): request.Response => {
    const [set] = response.get('Set-Cookie') ?? [];
    cookie = set?.split(';')[0] ?? cookie;
    form = /name="form" value="([^"]*)"/.exec(response.text)?.[1] ?? form;
    return response;
  };
  const headers = () => ({ Host: 'localhost:9090', ...(cookie !== '' && { Cookie: cookie }) });
  return {
    get: async (path: string) => keep(await request(app).get(`/console${path}`).set(headers())),
    post: async (path: string, fields: object, more: Record<string, string> = { Origin: 'http://localhost:9090' }) =>
      keep(
        await request(app)
          .post(`/console${path}`)
          .type('form')
          .set({ ...headers(), ...more })
          .send({ form, ...fields }),
      ),
    async enter(token: string) {
      await this.get('/');
      return this.post('/enter', { token });
    },
  };
}

async function stored(change: Partial<Transaction> = {}, due = Infinity): Promise<string> {
  const transactionID = change.transactionID ?? `t${++ids}`;
  const since = journal.now() - 60_000;
  const transaction = someTransaction({ state: 'held', goal: 'void', since, ...change, transactionID });
  const where = isUnfinished(transaction.state) ? { due } : { lifetime: 60_000 };
  expect(await journal.put({ transaction, expected: 0, ...where })).toMatchObject({ kind: 'done' });
  return transactionID;
}

const at = (transactionID: string) => ({ agentID: player.agentID, transactionID });
const pathOf = (id: string, act = '') =>
  `/transaction${act}?agentID=${player.agentID}&transactionID=${encodeURIComponent(id)}`;
const resolution = { said: 'applied', reason: 'seen in its books', actor: 'Anna', seen: '1' };

describe('who may', () => {
  const pages = ['/', '/queue', '/playground', pathOf('none')];

  test('see nothing without a token, and be asked for one', async () => {
    const stranger = browser(appWith(tokens));
    for (const path of pages) {
      const response = await stranger.get(path);
      expect(response.status).toBe(401);
      expect(response.text).toContain('Show your token');
      expect(response.text).not.toContain('demo');
    }
    expect((await stranger.post('/try-all?operator=demo', { actor: 'Eve' })).status).toBe(401);
  });

  test('enter with a token that is good, and be counted with one that is not', async () => {
    const app = appWith(tokens);
    const wrong = await browser(app).enter('a-strangers-token');
    const right = await browser(app).enter(tokens.viewerToken);

    expect([wrong.status, away.length]).toEqual([401, 1]);
    expect(wrong.text).toContain('neither token');
    expect([right.status, right.headers['location']]).toEqual([303, '/console/']);
    const [set = ''] = right.get('Set-Cookie') ?? [];
    expect(set).toMatch(/^wallet_bridge_console=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(tokens.viewerToken);
  });

  test('come back to where they wanted to, and to nobody else', async () => {
    const one = browser(appWith(tokens));
    await one.get('/queue?state=held');
    const back = await one.post('/enter', { token: tokens.token, next: '/console/queue?state=held' });
    await one.get('/');
    const elsewhere = await one.post('/enter', { token: tokens.token, next: '//evil.example/console/' });

    expect([back.headers['location'], elsewhere.headers['location']]).toEqual([
      '/console/queue?state=held',
      '/console/',
    ]);
  });

  test('have a cookie for TLS alone, where a proxy speaks it', async () => {
    const response = await request(appWith({})).get('/console/').set('X-Forwarded-Proto', 'https');

    expect(response.get('Set-Cookie')?.[0]).toContain('; Secure');
  });

  test.each([
    ['viewer', tokens.viewerToken, 403],
    ['operator', tokens.token, 303],
  ])('act: a %s', async (_who, token, status) => {
    const id = await stored();
    const open = await stored({ state: 'open' }, journal.now() + 60_000);
    const one = browser(appWith(tokens));
    await one.enter(token);
    const seen = await Promise.all(pages.slice(0, 3).map((path) => one.get(path)));
    const story = await one.get(pathOf(id));
    const answers = [
      await one.post(pathOf(open, '/try-now'), { actor: 'Anna' }),
      await one.post(pathOf(id, '/resolve'), resolution),
      await one.post('/try-all?operator=demo', { actor: 'Anna' }),
    ];

    expect(seen.map((response) => response.status)).toEqual([200, 200, 200]);
    expect(story.text.includes('Put it on record')).toBe(status === 303);
    expect(answers.map((response) => response.status)).toEqual([status, status, status]);
    expect((await journal.get(at(id)))?.revision).toBe(status === 303 ? 2 : 1);
    expect(acted).toHaveLength(status === 303 ? 3 : 0);
  });

  test('see nothing any more once they have left', async () => {
    const one = browser(appWith(tokens));
    await one.enter(tokens.token);
    await one.get('/');
    await one.post('/leave', {});

    expect((await one.get('/')).status).toBe(401);
  });

  test('do all without tokens, on this machine', async () => {
    const one = browser(appWith({}));
    const id = await stored();
    await one.get(pathOf(id));

    expect((await one.post(pathOf(id, '/resolve'), resolution)).status).toBe(303);
  });
});

describe('a form', () => {
  test.each<[string, Record<string, string>, object]>([
    ['of another page', { Origin: 'http://evil.example' }, {}],
    ['of another page of this machine', { Origin: 'http://localhost:3000' }, {}],
    ['of no page', { Origin: 'null' }, {}],
    ['a browser says to be of another site', { Origin: 'http://localhost:9090', 'Sec-Fetch-Site': 'cross-site' }, {}],
    ['of who says nothing of it', {}, {}],
    ['without its token', { Origin: 'http://localhost:9090' }, { form: '' }],
    ['with the token of another', { Origin: 'http://localhost:9090' }, { form: 'A'.repeat(43) }],
    ['without a cookie', { Origin: 'http://localhost:9090', Cookie: '' }, {}],
  ])('%s does nothing', async (_what, headers, fields) => {
    const id = await stored();
    for (const access of [{}, tokens]) {
      const one = browser(appWith(access));
      if (access === tokens) await one.enter(tokens.token);
      await one.get(pathOf(id));
      expect((await one.post(pathOf(id, '/resolve'), { ...resolution, ...fields }, headers)).status).toBe(403);
    }
    expect((await journal.get(at(id)))?.revision).toBe(1);
    expect(acted).toEqual([]);
  });
});

describe('a story', () => {
  test('ends as a person says, under their name, which is asked once', async () => {
    const legs = [someLeg({ effect: 'unknown', receipt: 'w-77' })];
    const id = await stored({ legs, heldBecause: 'nobody knows', promised: true });
    const one = browser(appWith(tokens));
    await one.enter(tokens.token);
    const before = await one.get(pathOf(id));
    await one.post(pathOf(id, '/resolve'), resolution);
    const after = await one.get(pathOf(id));

    for (const shown of ['Held for a person: nobody knows', 'w-77', 'gsp-t1', '1, it failed', 'the bridge undoes it'])
      expect(before.text).toContain(shown);
    const { transaction } = (await journal.get(at(id))) ?? {};
    expect(transaction).toMatchObject({ state: 'open', goal: 'void' });
    expect(transaction?.story?.at(-1)).toMatchObject({ what: 'saidApplied', why: 'seen in its books (Anna)' });
    expect(acted).toEqual([
      { who: 'Anna', what: 'resolve applied', ...at(id), reason: 'seen in its books', outcome: 'done' },
    ]);
    expect(after.text).toContain('Recorded; the bridge undoes it in the wallet now');
    expect(after.text).toMatch(/name="actor"\s+value="Anna"/);
    expect((await one.get(pathOf(id))).text).not.toContain('Recorded;');
  });

  test('is not ended twice by a form that is sent again', async () => {
    const id = await stored({ goal: 'deliver' });
    const one = browser(appWith({}));
    await one.get(pathOf(id));
    await one.post(pathOf(id, '/resolve'), { ...resolution, said: 'notApplied' });
    await one.post(pathOf(id, '/resolve'), { ...resolution, said: 'notApplied' });

    expect((await one.get(pathOf(id))).text).toContain('Not done: the record changed in the meantime');
    expect((await journal.get(at(id)))?.revision).toBe(2);
    expect(acted.map(({ outcome }) => outcome)).toEqual(['done', expect.stringContaining('changed in the meantime')]);
  });

  test.each([
    [{ actor: ' ' }, 'give your name'],
    [{ actor: 'x'.repeat(61) }, 'give your name'],
    [{ reason: ' ' }, 'give a reason'],
    [{ said: 'constructor' }, 'say what the wallet did'],
    [{ seen: 'x' }, 'which revision'],
  ])('is not ended by %j', async (change, why) => {
    const id = await stored();
    const one = browser(appWith({}));
    await one.get(pathOf(id));
    await one.post(pathOf(id, '/resolve'), { ...resolution, ...change });

    expect((await one.get(pathOf(id))).text).toContain(why);
    expect((await journal.get(at(id)))?.revision).toBe(1);
  });

  test('is tried at once, alone or with all of its operator', async () => {
    const later = journal.now() + 3_600_000;
    const alone = await stored({ state: 'open' }, later);
    const other = await stored({ state: 'open' }, later);
    const one = browser(appWith({}));
    await one.get(pathOf(alone));
    await one.post(pathOf(alone, '/try-now'), { actor: 'Anna' });
    const first = await Promise.all([alone, other].map((id) => journal.nextLook(at(id))));
    await one.post('/try-all?operator=demo', { actor: 'Anna' });

    expect(first[0]).toBeLessThan(later);
    expect(first[1]).toBe(later);
    expect(await journal.nextLook(at(other))).toBeLessThan(later);
    expect(acted.map(({ what, who, operator }) => [what, who, operator])).toEqual([
      ['try-now', 'Anna', undefined],
      ['try-now --all', 'Anna', 'demo'],
    ]);
  });

  test('that cannot be read says so, and what to do', async () => {
    const id = await stored();
    await client.set(placeOf(at(id)).record, 'no record');
    const one = browser(appWith({}));

    const story = await one.get(pathOf(id));
    const queue = await one.get('/queue?state=unreadable');

    expect(story.text).toContain('put the record back from a copy of Redis');
    expect(story.text).not.toContain('Put it on record');
    expect(queue.text).toContain(id);
    await client.del(placeOf(at(id)).record);
  });

  test('of nothing is a 404, and one without a whole name a 400', async () => {
    const one = browser(appWith({}));

    expect((await one.get(pathOf('never-came'))).status).toBe(404);
    expect((await one.get('/transaction?agentID=a')).status).toBe(400);
    expect((await one.get(`/transaction?agentID=a&transactionID=${'x'.repeat(201)}`)).status).toBe(400);
    expect((await one.get('/transactions')).status).toBe(404);
  });
});

test('hostile ids and reasons are text, and seen', async () => {
  const transactionID = `"><script>alert(1)</script>\u202e'`;
  const legs = [someLeg({ reference: '<img src=x>', receipt: '\u0000' })];
  await stored({ transactionID, heldBecause: '<b>why</b>', userID: '<i>', legs });
  const one = browser(appWith({}));
  await one.get(pathOf(transactionID));
  await one.post(pathOf(transactionID, '/resolve'), { ...resolution, reason: '<u>', actor: '"><s>' });

  for (const page of [await one.get(pathOf(transactionID)), await one.get('/queue')]) {
    expect(page.status).toBe(200);
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}');
    expect(page.text).not.toMatch(/<script>|<img|<b>|<i>|<u>|<s>|\u202e|\u0000/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  }
});

describe('the overview', () => {
  test('has what each operator owes, its breakers, and the version', async () => {
    const { text } = await browser(appWith({}, { whyNotReady: () => 'stopping: for a test' })).get('/');

    for (const shown of ['7.8.9', 'stopping: for a test', '90071992547409.93 EUR', 'bets: open', '1m 5s', 'deliver'])
      expect(text).toContain(shown);
  });
});

describe('the queue', () => {
  test('has a page of a hundred, the oldest first', async () => {
    for (let i = 0; i < 101; i++) await stored({ state: 'claimed', since: i }, journal.now() + 60_000);
    const one = browser(appWith({}));

    const first = await one.get('/queue?state=claimed&operator=demo');
    const second = await one.get('/queue?state=claimed&operator=demo&page=2');

    const rows = [first, second].map(({ text }) => text.match(/<th scope="row">/g)?.length);
    expect(rows).toEqual([100, 1]);
    expect(first.text).toContain('page=2');
  });
});

describe('a search', () => {
  const day = '2026-01-02';
  const begun = { userID: 'seeker <b>', since: Date.parse(`${day}T12:00:00Z`) };
  const asked = { agentID: player.agentID, userID: begun.userID, from: day, to: day };
  const pathWith = (change: Record<string, string> = {}): string =>
    `/find?${new URLSearchParams({ ...asked, ...change }).toString()}`;

  test('finds what a player did in some days, finished or not, and what was told of it', async () => {
    const one = browser(appWith({}));
    for (const [i, state] of (['applied', 'refused'] as const).entries()) {
      const transaction = someTransaction({ ...begun, transactionID: `sought-${i}`, state });
      await journal.put({ transaction, expected: 0, lifetime: 60_000, indexed: true });
    }

    const all = await one.get(pathWith());
    const refused = await one.get(pathWith({ result: 'generalError' }));
    const another = await one.get(pathWith({ from: '2026-01-03', to: '2026-01-03' }));

    expect(all.text.match(/class="id" href[^>]*\n? *>sought-\d/g)).toHaveLength(2);
    expect(all.text).toMatch(/2026-01-02 12:00:00.*success/s);
    expect(all.text).toContain('value="seeker &lt;b&gt;"');
    expect([refused.text.includes('sought-0'), refused.text.includes('sought-1')]).toEqual([false, true]);
    expect(another.text).not.toContain('sought-');
    expect((await one.get('/find')).text).toMatch(/<input name="from" value="\d{4}-\d\d-\d\d"/);
  });

  test.each<[Record<string, string>, string]>([
    [{ userID: '' }, 'an agentID and a userID are needed'],
    [{ from: '2.1.2026' }, 'a day is written as 2026-11-21'],
    [{ from: '2026-01-03' }, 'the last day is before the first'],
    [{ from: '2025-01-01' }, 'choose 92 days at most'],
    [{ agentID: 'NOBODY' }, 'no operator file names this agent'],
    [{ agentID: 'UNLISTED' }, 'policy.findByPlayer: false'],
  ])('of %j says why it looked for nothing', async (change, why) => {
    const unlisted = { name: 'unlisted', agents: ['UNLISTED'], findsByPlayer: false };
    const demo = { name: 'demo', agents: [player.agentID], findsByPlayer: true };
    const { status, text } = await browser(appWith({}, { operators: () => [demo, unlisted] })).get(pathWith(change));

    expect([status, text.includes(why)]).toEqual([400, true]);
  });
});

describe('the playground', () => {
  test('shows a request without its secrets, and which rule a reply fires', async () => {
    const one = browser(appWith(tokens));
    await one.enter(tokens.viewerToken);
    await one.get('/playground');
    const ask = { operator: 'demo', operation: 'withdraw', amount: '7.77', userID: 'alice' };
    const asked = await one.post('/playground', ask);
    const reply = '{"error":{"code":"LOW_FUNDS"}}';
    const replied = await one.post('/playground', { ...ask, status: '402', reply });

    expect(asked.text).toContain('/v2/players/alice/debits');
    expect(asked.text).toContain('&quot;amountMinor&quot;:777');
    expect(asked.text).toContain('‹secret:walletToken›');
    expect(replied.text).toMatch(/fires/);
    expect(replied.text).toContain('insufficientFunds');
    for (const { text } of [asked, replied])
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });

  describe('with another version of the file', () => {
    const inUse = readFileSync('config/operators/demo.yaml', 'utf8');
    const ask = { operator: 'demo', operation: 'withdraw', amount: '7.77', status: '402', reply: '{"error":{}}' };
    // The file in use is compiled once.
    const one = browser(appWith({}));
    beforeAll(() => one.get('/playground'));

    /** What the page says of it, as a person reads it. */
    async function shownOf(file: string): Promise<string> {
      const { text } = await one.post('/playground', { ...ask, file });
      const section = /<section aria-label="Versions">([\s\S]*?)<\/section>/.exec(text)?.[1] ?? '';
      return section
        .replaceAll('&quot;', '"')
        .replace(/<(?!\/?(?:del|ins)>)[^>]*>/g, '')
        .replace(/\s+/g, ' ');
    }

    test('says in words that nothing changes', async () => {
      expect(await shownOf(`${inUse}\n# a comment\n`)).toContain('Nothing changes: it is the same to the byte.');
    });

    test('marks what changes of the request, and of what becomes of the reply', async () => {
      const shown = await shownOf(
        inUse
          .replace('amountMinor: ${request.amount.minor()}', 'amountMinor: ${request.amount.major()}')
          .replace('auth: { type: bearer, token: walletToken }', 'auth: { type: bearer, token: gsp }')
          .replace(
            'errors:\n  - {',
            "errors:\n  - { when: '${response.status == 402}', result: insufficientFunds }\n  - {",
          ),
      );

      expect(shown).toContain('"amountMinor":<del>777</del>,');
      expect(shown).toContain('"amountMinor":<ins>"7.77"</ins>,');
      expect(shown).toContain('Bearer <del>‹secret:walletToken›</del>');
      expect(shown).toContain('Bearer <ins>‹secret:gsp›</ins>');
      expect(shown).toContain('outcome: <ins>refused</ins> <ins>result</ins>: <ins>insufficientFunds</ins>');
    });

    test('says its mistakes with their places, as check does', async () => {
      const shown = await shownOf(inUse.replace('repeatable: always', 'repeatable: sometimes'));

      expect(shown).toMatch(/pasted\.yaml:\d+:\d+ wallet\.repeatable: .*expected/);
      expect(shown).toContain('It cannot be used as it is.');
    });

    test('reads nothing the file in use does not: no secret as an address, no file, no other variable', async () => {
      const shown = await shownOf(
        inUse
          .replace('{ env: DEMO_WALLET_URL }', '{ env: DEMO_WALLET_TOKEN }')
          .replace('walletToken: { env: DEMO_WALLET_TOKEN }', 'walletToken: { file: package.json }')
          .replace('gsp: { env: DEMO_GSP_KEY }', 'gsp: { env: HOME }\n  mine: { env: DEMO_WALLET_TOKEN }')
          // Letter by letter no mask would know it again.
          .replace('${request.roundID}', '${secrets.walletToken.substring(0, 9) + secrets.mine.substring(0, 9)}'),
      );

      const unread = 'the environment variable DEMO_WALLET_TOKEN, the secret gsp, the secret walletToken';
      expect(shown).toContain(`It reads what the file in use does not: ${unread}.`);
      expect(shown).toContain('unset');
      expect(shown).not.toMatch(/w4llet|"name"|wallet-bri/);
    });

    test('compares it for nobody who may only look, and of no link', async () => {
      const viewer = browser(appWith(tokens));
      await viewer.enter(tokens.viewerToken);
      const page = await viewer.get('/playground');
      const link = new URLSearchParams({ ...ask, file: inUse }).toString();

      expect(page.text).not.toContain('name="file"');
      expect((await viewer.post('/playground', { ...ask, file: inUse })).text).toContain('you may only look');
      expect((await one.get(`/playground?${link}`)).text).not.toContain('aria-label="Versions"');
    });

    test('is bounded, and no mistake of it is markup', async () => {
      const { text } = await one.post('/playground', { ...ask, file: 'x'.repeat(32_001) });

      expect(text).toContain('the pasted file is too long');
      expect((await one.post('/playground', { ...ask, file: '<b>: "</textarea><i>' })).text).not.toMatch(/<b>|<i>/);
    });
  });

  test.each([
    [{ operation: 'nothing' }, 'no such operation'],
    [{ more: 'session' }, 'expected name=value'],
    [{ more: 'sesion=1' }, 'did you mean'],
    [{ status: '20x' }, 'no HTTP status'],
    [{ status: '200', headers: 'x' }, 'expected name:value'],
    [{ amount: '-1' }, 'below zero'],
  ])('says what is wrong with %j', async (change, why) => {
    const one = browser(appWith({}));
    await one.get('/playground');

    expect((await one.post('/playground', { operator: 'demo', operation: 'withdraw', ...change })).text).toContain(why);
  });
});

test('without its journal it says so', async () => {
  const lost = new Proxy(journal, {
    get: () => () => {
      throw new JournalUnavailable('Redis is not connected', true);
    },
  });
  const response = await browser(appWith({}, { journal: () => lost })).get('/queue');

  expect([response.status, response.text]).toEqual([503, expect.stringContaining('cannot be reached')]);
  expect((await browser(appWith({}, { journal: () => undefined })).get('/queue')).status).toBe(503);
  expect((await browser(appWith({}, { journal: () => undefined })).get('/')).status).toBe(200);
});
