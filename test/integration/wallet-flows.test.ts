// What goes on around a wallet call, over real sockets: sessions that are looked up and renewed, bets of
// rounds, rounds that are closed. A store that is away, or a closing that hangs, must never change what a
// call turned out to be.

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Content } from '../../src/domain/callback.js';
import { JournalUnavailable, type CallSettings, type PlayerFacts } from '../../src/domain/ports.js';
import type { Leg, Transaction } from '../../src/domain/transaction.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { createHttpWallet, type HttpWallet, type HttpWalletOptions } from '../../src/wallet/http-wallet.js';
import { fileWith, operatorOf } from '../support/operator-text.js';
import { eur, someLeg, someTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

interface Seen {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

const settings: CallSettings = { within: 5_000, mayStillSend: () => true };
const player = { agentID: 'SOUND01', userID: 'ann' };

let server: Server;
let seen: Seen[];
let respond: (call: Seen, response: ServerResponse) => void;
let facts: PlayerFacts;
let wallets: HttpWallet[];
let calls: Parameters<NonNullable<HttpWalletOptions['onCall']>>[0][];

beforeEach(async () => {
  [seen, wallets, calls] = [[], [], []];
  facts = new MemoryFacts(() => 1_000);
  respond = (_, response) => yes(response);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = { path: request.url ?? '', body: text === '' ? {} : (JSON.parse(text) as Seen['body']) };
      seen.push(call);
      respond(call, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  for (const wallet of wallets) await wallet.close();
});

const yes = (
  response: ServerResponse,
  headers: Record<string, string> = {},
  body: object = { balance: 100, id: 'd-1' },
) => void response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

/** The wallet of a file: every request carries the session, and every reply may renew it. */
function walletWith(...changes: readonly (readonly [string, string])[]): HttpWallet {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const operator = operatorOf(
    fileWith(
      ['https://wallet.example/api/', url],
      ['repeatable: always', "repeatable: always\n  request: { headers: { X-Session: '${player.?session}' } }"],
      [
        "receipt: '${response.body.id}' }",
        "receipt: '${response.body.id}', session: '${response.headers[\"x-session\"]}' }",
      ],
      [
        "{ path: /credits, body: { reference: '${reference}',",
        "{ path: /credits, body: { bet: '${round.?bet.reference}', debit: '${round.?bet.?receipt}', reference: '${reference}',",
      ],
      ...changes,
    ),
  );
  const wallet = createHttpWallet(operator.wallet, {
    name: 'sound',
    now: () => 1_000,
    facts,
    onCall: (event) => calls.push(event),
  });
  wallets.push(wallet);
  return wallet;
}

function movement(content: Content, change: Partial<Leg> = {}, more: Partial<Transaction> = {}): [Transaction, Leg] {
  const { kind, bet, win } = content;
  const own = someLeg({ kind, reference: `gsp-${kind}`, undoReference: `gsp-${kind}-r`, ...change });
  const { bet: _bet, ...bare } = own;
  const leg: Leg = { ...bare, ...(bet && kind !== 'deposit' && { bet }), ...(win && kind !== 'withdraw' && { win }) };
  return [someTransaction({ ...player, content, legs: [leg], ...more }), leg];
}
const bet = (change?: Partial<Leg>, more?: Partial<Content>) =>
  movement({ kind: 'withdraw', roundID: 'r1', bet: eur('12.30'), ...more }, change);
const win = (change?: Partial<Leg>, more?: Partial<Transaction>) =>
  movement({ kind: 'deposit', roundID: 'r1', win: eur('20.00') }, change, more);
const paths = (): string[] => seen.map(({ path }) => path);

/** A store that cannot be reached. */
const away = (): Promise<never> => Promise.reject(new JournalUnavailable('Redis is not connected', true));
const noStore: PlayerFacts = {
  recall: away,
  keepSession: away,
  replaceSession: away,
  renewSession: away,
  forgetSession: away,
  keepSentWith: away,
  keepBet: away,
  forgetBet: away,
};

describe('a session', () => {
  let sessions: (string | undefined)[];
  beforeEach(() => {
    sessions = [];
    server.on('request', (request: { headers: Record<string, string> }) => sessions.push(request.headers['x-session']));
  });

  test('of a launch goes with every call, the newest one with undos too, until it is over', async () => {
    const wallet = walletWith();
    await wallet.keepSession(player, { session: 's1' });
    await wallet.send(...bet(), settings);
    await wallet.balance(player, settings);
    await wallet.keepSession(player, { session: 's2' });
    await wallet.undo(...bet({ effect: 'applied' }), settings);
    await wallet.forgetSession(player);

    await wallet.send(...win(), settings);

    expect(sessions).toEqual(['s1', 's1', 's2', undefined]);
  });

  test('that the wallet renews is stored before the call returns, by a refusal too', async () => {
    const wallet = walletWith();
    await wallet.keepSession(player, { session: 's1', gameID: '7' });
    respond = (_, response) => yes(response, { 'x-session': 's2' });
    await wallet.send(...bet(), settings);
    const afterYes = await facts.recall(player);
    respond = (_, response) => yes(response, { 'x-session': 's3' }, { error: 'FUNDS' });

    await wallet.send(...bet(), settings);

    expect(afterYes).toEqual({ session: { session: 's2', gameID: '7' } });
    expect(await facts.recall(player)).toEqual({ session: { session: 's3', gameID: '7' } });
    expect(sessions).toEqual(['s1', 's2']);
  });
});

describe('a session that is over', () => {
  const offline = (): HttpWallet =>
    walletWith(
      [
        'repeatable: always',
        "repeatable: successes\n  onBadSession: { when: '${response.body.error == \"TOKEN\"}', session: 'offline-${request.userID}' }",
      ],
      [
        "cents: '${request.amount.minor()}' } }\n  rollback",
        "cents: '${request.amount.minor()}', s: '${player.?session}', again: '${repeat}' } }\n  rollback",
      ],
      [
        "cents: '${request.amount.minor()}' } }\n    response",
        "cents: '${request.amount.minor()}', s: '${player.?session}' } }\n    response",
      ],
      ['response.status == 200', 'response.body.ok == true'],
    );
  const accepts = (...sessions: string[]) => {
    respond = ({ body }, response) =>
      sessions.includes(String(body['s']))
        ? yes(response, { 'x-session': 's9' }, { ok: true, balance: 100, id: 'd-1' })
        : yes(response, {}, { error: 'TOKEN' });
  };
  const sent = () => seen.map(({ body }) => [body['s'], body['again']]);

  test('stands in for a win, which is a repeat then, and the player keeps what is known', async () => {
    const wallet = offline();
    await facts.keepSession(player, { session: 's1' }, 60_000);
    accepts('offline-ann');

    const verdict = await wallet.send(...win(), settings);

    expect(verdict).toMatchObject({ kind: 'applied' });
    expect(sent()).toEqual([
      ['s1', false],
      ['offline-ann', true],
    ]);
    expect(calls.map(({ kind }) => kind)).toEqual(['notApplied', 'applied']);
    expect((await facts.recall(player)).session).toEqual({ session: 's1' });
  });

  test('is not asked for where no session is known: the win leaves with the other one at once', async () => {
    const wallet = offline();
    accepts('offline-ann');

    expect(await wallet.send(...win(), settings)).toMatchObject({ kind: 'applied' });
    expect(sent()).toEqual([['offline-ann', false]]);
  });

  test('refuses a bet, and sends it no second time', async () => {
    const wallet = offline();
    await facts.keepSession(player, { session: 's1' }, 60_000);
    accepts('offline-ann');

    expect((await wallet.send(...bet(), settings)).kind).toBe('unknown');
    expect(sent()).toEqual([['s1', undefined]]);
  });

  test('and another one that is turned away, too, leaves the win owed, after two calls', async () => {
    const wallet = offline();
    await facts.keepSession(player, { session: 's1' }, 60_000);
    accepts('nobody');

    expect(await wallet.send(...win(), settings)).toMatchObject({ kind: 'notApplied', reached: true });
    expect(seen).toHaveLength(2);
  });

  test('does not leave a second time once its lease is over', async () => {
    const wallet = offline();
    await facts.keepSession(player, { session: 's1' }, 60_000);
    accepts('offline-ann');
    let asked = 0;

    const verdict = await wallet.send(...win(), { ...settings, mayStillSend: () => ++asked === 1 });

    expect(verdict).toMatchObject({ kind: 'notApplied', reached: true });
    expect(seen).toHaveLength(1);
  });
});

describe('the bet of a round', () => {
  test('is known to its win, with the wallet’s own id for it', async () => {
    const wallet = walletWith();
    await wallet.send(...bet(), settings);

    await wallet.send(...win(), settings);

    expect(seen[1]?.body).toEqual({ bet: 'gsp-withdraw', debit: 'd-1', reference: 'gsp-deposit', cents: 2000 });
  });

  test.each([
    ['refused', 200, { error: 'FUNDS' }, 1],
    ['not understood', 500, {}, 1],
    ['a duplicate of nobody knows what', 200, { error: 'DUPLICATE' }, 1],
  ])('is not one that was %s', async (_what, status, body, sends) => {
    const duplicate = [
      'errors:',
      'errors:\n  - { when: \'${response.body.error == "DUPLICATE"}\', result: duplicate }',
    ] as const;
    const wallet = walletWith(duplicate, [
      'response.status == 200',
      'response.status == 200 && response.body.id == "d-1"',
    ]);
    respond = (_, response) =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

    await wallet.send(...bet({ sends }), settings);

    expect(await facts.recall(player, 'r1')).toEqual({});
  });

  test('is one whose repeat the wallet calls a duplicate', async () => {
    const wallet = walletWith(
      ['errors:', 'errors:\n  - { when: \'${response.body.error == "DUPLICATE"}\', result: duplicate }'],
      ['response.status == 200', 'response.status == 200 && response.body.id == "d-1"'],
    );
    respond = (_, response) => yes(response, {}, { error: 'DUPLICATE' });

    await wallet.send(...bet({ sends: 2 }), settings);

    expect(await facts.recall(player, 'r1')).toEqual({ bet: { reference: 'gsp-withdraw', amount: eur('12.30') } });
  });

  test('is forgotten once it is undone', async () => {
    const wallet = walletWith();
    await wallet.send(...bet(), settings);

    await wallet.undo(...bet({ effect: 'applied' }), settings);

    expect(await facts.recall(player, 'r1')).toEqual({});
    expect(seen[1]).toEqual({
      path: '/credits',
      body: { bet: 'gsp-withdraw', reference: 'gsp-withdraw-r', cents: 1230 },
    });
  });

  test('of a betWin in legs is its own, whatever else was bet in the round', async () => {
    const wallet = walletWith();
    await wallet.send(...bet(), settings);
    const content: Content = { kind: 'betWin', roundID: 'r1', bet: eur('5.00'), win: eur('7.00') };
    const debit = someLeg({ reference: 'gsp-t2', effect: 'applied', receipt: 'd-2', bet: eur('5.00') });
    const [, credit] = win({ reference: 'gsp-t2-w' });

    await wallet.send(someTransaction({ ...player, content, legs: [debit, credit] }), credit, settings);

    expect(seen[1]?.body).toMatchObject({ bet: 'gsp-t2', debit: 'd-2', reference: 'gsp-t2-w' });
  });
});

describe('a store that is away', () => {
  test('costs what it knows, and no call', async () => {
    facts = noStore;
    respond = (_, response) => yes(response, { 'x-session': 's2' });
    const wallet = walletWith();

    const verdicts = [
      await wallet.send(...bet(), settings),
      await wallet.send(...win(), settings),
      await wallet.undo(...bet({ effect: 'applied' }), settings),
    ];

    expect(verdicts.map(({ kind }) => kind)).toEqual(['applied', 'applied', 'applied']);
    expect(seen[1]?.body).toEqual({ reference: 'gsp-deposit', cents: 2000 });
    await expect(wallet.keepSession(player, { session: 's1' })).rejects.toThrow(JournalUnavailable);
  });

  test('and hangs leaves a call no more time than there was', async () => {
    const hanging = { ...noStore, recall: () => new Promise<object>((resolve) => setTimeout(resolve, 60, {})) };
    facts = hanging;
    const wallet = walletWith();

    const verdict = await wallet.send(...bet(), { ...settings, within: 20 });

    expect(verdict).toEqual({ kind: 'notApplied', because: 'no time left' });
    expect(seen).toEqual([]);
  });
});

describe('the closing of a round', () => {
  const closing = (when = '') =>
    [
      [
        '  rollback: inverse',
        `    after: closeRound\n  closeRound:\n    request: { path: /close, body: { round: '\${request.roundID}', bet: '\${round.?bet.reference}' } }${when}\n  rollback: inverse`,
      ],
      ['errors:', 'policy: { zeroAmounts: forward }\nerrors:'],
    ] as const;

  test('follows a paid win once, before the call returns, and no other call', async () => {
    const wallet = walletWith(...closing());
    await wallet.send(...bet(), settings);
    await wallet.undo(...bet({ effect: 'applied', reference: 'gsp-other' }), settings);
    await wallet.undo(...win({ effect: 'applied' }), settings);

    await wallet.send(...win(), settings);

    expect(paths()).toEqual(['/debits', '/credits', '/debits', '/credits', '/close']);
    expect(seen[4]?.body).toEqual({ round: 'r1', bet: 'gsp-withdraw' });
    expect(calls.at(-1)).toMatchObject({ call: 'closeRound', kind: 'applied', transactionID: 't1' });
  });

  test('is not made after a win that is refused, in doubt, or to be taken back', async () => {
    const wallet = walletWith(...closing());
    respond = (_, response) => yes(response, {}, { error: 'FUNDS' });
    await wallet.send(...win(), settings);
    respond = (_, response) => void response.writeHead(500).end();
    await wallet.send(...win(), settings);
    respond = (_, response) => yes(response);

    await wallet.send(...win({}, { goal: 'void' }), settings);

    expect(paths()).toEqual(['/credits', '/credits', '/credits']);
  });

  test('is made only where its condition holds', async () => {
    const wallet = walletWith(...closing('\n    when: ${request.amount == money.fromMajor("0")}'));
    await wallet.send(...win(), settings);
    const [transaction, leg] = movement({ kind: 'deposit', roundID: 'r1', win: eur('0.00') });

    await wallet.send(transaction, leg, settings);

    expect(paths()).toEqual(['/credits', '/credits', '/close']);
  });

  test.each([
    ['refused', 402],
    ['failed', 500],
  ])('that is %s changes nothing of the win, nor its breaker', async (_what, status) => {
    respond = ({ path }, response) => (path === '/close' ? void response.writeHead(status).end() : yes(response));
    const wallet = walletWith(...closing(), [
      'repeatable: always',
      'repeatable: always\n  breaker: { minimumCalls: 2, openAtPercent: 1 }',
    ]);

    const verdicts = [];
    for (let i = 0; i < 4; i += 1) verdicts.push(await wallet.send(...win(), settings));

    expect(verdicts.every(({ kind }) => kind === 'applied')).toBe(true);
    expect(wallet.breakers()).toMatchObject({ winsAndUndos: 'closed' });
    const closings = calls.filter(({ call }) => call === 'closeRound').map(({ kind }) => kind);
    expect(closings).toHaveLength(4);
    expect(closings).not.toContain('applied');
  });

  test('that hangs is not waited for beyond the callback’s time, and still arrives', async () => {
    let hung: ServerResponse | undefined;
    respond = ({ path }, response) => {
      if (path === '/close') hung = response;
      else yes(response, {}, { balance: 100, id: 'd-1' });
    };
    const wallet = walletWith(...closing());

    const verdict = await wallet.send(...win(), { ...settings, within: 400 });
    await until('the closing arrives', () => hung !== undefined);
    if (hung !== undefined) yes(hung);
    await until('it is told of', () => calls.some(({ call }) => call === 'closeRound'));

    expect(verdict.kind).toBe('applied');
    expect(calls.at(-1)).toMatchObject({ call: 'closeRound', kind: 'applied' });
  });

  test('has a breaker of its own, shown only where there is such a call', () => {
    expect(walletWith(...closing()).breakers()).toMatchObject({ closings: 'closed' });
    expect(walletWith().breakers()).not.toHaveProperty('closings');
  });
});

describe('a free spin', () => {
  test('goes to its own call, and is undone by the withdraw’s', async () => {
    const wallet = walletWith([
      '  rollback: inverse',
      "  freeSpin:\n    request: { path: /free-spins }\n  rollback:\n    request: { path: /undo, body: { free: '${original.?freeSpin}' } }",
    ]);

    await wallet.send(...bet({}, { freeSpin: true }), settings);
    await wallet.send(...bet(), settings);
    await wallet.undo(...bet({ effect: 'applied' }, { freeSpin: true }), settings);

    expect(paths()).toEqual(['/free-spins', '/debits', '/undo']);
    expect(seen[2]?.body).toEqual({ free: true });
  });
});
