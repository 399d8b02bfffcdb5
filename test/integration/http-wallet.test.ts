// An operator's wallet behind a mapping, over real sockets: which verdict each call ends in, what the wallet
// saw of it, and when it is no longer asked.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MoneyKind } from '../../src/domain/callback.js';
import { Money } from '../../src/domain/money.js';
import type { BalanceVerdict, Verdict } from '../../src/domain/outcome.js';
import type { CallSettings } from '../../src/domain/ports.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import type { CompiledCall, CompiledWallet, Rendered } from '../../src/wallet/compiled-wallet.js';
import { createHttpWallet, type HttpWallet, type HttpWalletOptions } from '../../src/wallet/http-wallet.js';
import { player, someLeg, someTransaction } from '../support/transactions.js';
import type { WalletReply } from '../../src/wallet/message.js';

const settings: CallSettings = { within: 5_000, mayStillSend: () => true };
const transaction = someTransaction();
const leg = (kind: MoneyKind) => someLeg({ kind });

let server: Server;
let baseUrl: URL;
/** Paths asked for, in order. */
let seen: string[];
let respond: RequestListener;
let wallets: HttpWallet[];
let calls: Parameters<NonNullable<HttpWalletOptions['onCall']>>[0][];
let breakerEvents: string[];

beforeEach(async () => {
  [seen, wallets, calls, breakerEvents] = [[], [], [], []];
  respond = (_, response) => response.writeHead(201).end();
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    request.resume().on('end', () => respond(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`);
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  for (const wallet of wallets) await wallet.close();
});

/** 201 is a yes, 402 a no, 204 an unknown reference, 599 whatever; everything else is not understood. */
function verdictOn(reply: WalletReply): Verdict {
  switch (reply.status) {
    case 201:
      return { kind: 'applied' };
    case 402:
    case 599:
      return { kind: 'refused', result: 'insufficientFunds' };
    case 418:
      throw new TypeError('Bearer top-secret');
    default:
      return { kind: 'unknown', because: 'no rule holds' };
  }
}

function aCall(name: string, change: Partial<CompiledCall<Verdict>> = {}): CompiledCall<Verdict> {
  return {
    timeout: 5_000,
    render: () => rendered(`/${name}`),
    read: (_subject, _request, reply) => ({ verdict: verdictOn(reply) }),
    ...change,
  };
}

const rendered = (path: string): Rendered => ({
  kind: 'request',
  request: { method: 'POST', path, headers: { authorization: 'Bearer top-secret' }, body: Buffer.from('{}'), sent: {} },
});

const balanceCall: CompiledCall<BalanceVerdict> = {
  timeout: 700,
  render: () => rendered('/balance'),
  read: (_subject, _request, reply) => ({
    verdict:
      reply.status === 201 ? { kind: 'balance', balance: Money.zero } : { kind: 'unknown', because: 'no rule holds' },
  }),
};

function walletWith(change: Partial<CompiledWallet> = {}): HttpWallet {
  const compiled: CompiledWallet = {
    baseUrl,
    concurrency: 4,
    maxReply: 64 * 1024,
    breaker: { openAtPercent: 50, minimumCalls: 4, tryAgainAfter: 60_000 },
    reference: (id) => `gsp-${id}`,
    balance: balanceCall,
    send: { withdraw: aCall('bet'), deposit: aCall('win'), betWin: aCall('bet-win') },
    undo: { withdraw: aCall('undo') },
    lookup: { withdraw: aCall('lookup') },
    lookupUndo: {},
    sessionLifetime: 86_400_000,
    keepsBets: false,
    ...change,
  };
  const wallet = createHttpWallet(compiled, {
    name: 'northstar',
    now: () => 1_000,
    facts: new MemoryFacts(() => 1_000),
    onCall: (event) => calls.push(event),
    onBreaker: (event) => breakerEvents.push(`${event.operator} ${event.class} ${event.state}`),
  });
  wallets.push(wallet);
  return wallet;
}

/** So many bets, one after the other. */
async function bets(times: number, wallet: HttpWallet): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let i = 0; i < times; i += 1) verdicts.push(await wallet.send(transaction, leg('withdraw'), settings));
  return verdicts;
}

describe('a call', () => {
  test('ends in what the mapping reads, and is told to those who watch without a secret', async () => {
    const wallet = walletWith();

    const verdict = await wallet.send(transaction, leg('withdraw'), settings);

    expect(verdict).toEqual({ kind: 'applied' });
    expect(seen).toEqual(['/v2/bet']);
    expect(calls).toEqual([
      { operator: 'northstar', call: 'send', kind: 'applied', ms: expect.any(Number), transactionID: 't1' },
    ]);
    expect(wallet.inFlight()).toBe(0);
  });

  test('uses the call of its kind', async () => {
    const wallet = walletWith();

    await wallet.send(transaction, leg('deposit'), settings);
    await wallet.send(transaction, leg('betWin'), settings);
    await wallet.undo(transaction, leg('withdraw'), settings);
    await wallet.lookup(transaction, leg('withdraw'), settings);
    expect(await wallet.balance(player, settings)).toEqual({ kind: 'balance', balance: Money.zero });

    expect(seen).toEqual(['/v2/win', '/v2/bet-win', '/v2/undo', '/v2/lookup', '/v2/balance']);
    expect(wallet.reference('t1-w')).toBe('gsp-t1-w');
  });

  test('without a rule for the reply is unknown', async () => {
    respond = (_, response) => response.writeHead(200).end('<html>');

    expect(await walletWith().send(transaction, leg('withdraw'), settings)).toEqual({
      kind: 'unknown',
      because: 'no rule holds',
    });
  });

  test.each([
    ['the call’s own time', 100, 5_000],
    ['the time the bridge has left', 5_000, 100],
  ])('that is not answered within %s is unknown', async (_, timeout, within) => {
    respond = () => undefined;
    const wallet = walletWith({ send: { withdraw: aCall('bet', { timeout }) } });

    const verdict = await wallet.send(transaction, leg('withdraw'), { ...settings, within });

    expect(verdict).toEqual({ kind: 'unknown', because: 'timeout' });
    expect(seen).toHaveLength(1);
  });

  test('to nobody is not applied; a balance then is unknown', async () => {
    server.close();
    await once(server, 'close');
    const wallet = walletWith();

    expect(await wallet.send(transaction, leg('withdraw'), settings)).toEqual({
      kind: 'notApplied',
      because: 'connection refused',
    });
    expect(await wallet.balance(player, settings)).toEqual({ kind: 'unknown', because: 'connection refused' });
  });

  test('that may no longer leave is not applied, and no failure of the wallet', async () => {
    const wallet = walletWith();

    for (let i = 0; i < 20; i += 1)
      expect(await wallet.send(transaction, leg('withdraw'), { ...settings, mayStillSend: () => false })).toEqual({
        kind: 'notApplied',
        because: 'no longer allowed to send',
      });

    expect(seen).toEqual([]);
    expect(wallet.breakers().bets).toBe('closed');
  });
});

describe('a mapping', () => {
  const cannot = (result?: 'wrongInput') =>
    aCall('bet', { render: () => ({ kind: 'cannot', because: 'amount too fine', ...(result && { result }) }) });

  test('that cannot make a request leaves the wallet alone', async () => {
    const blamed = walletWith({ send: { withdraw: cannot('wrongInput') } });
    const other = walletWith({ send: { withdraw: cannot() } });

    expect(await blamed.send(transaction, leg('withdraw'), settings)).toEqual({
      kind: 'refused',
      result: 'wrongInput',
      unmade: true,
      because: 'no request can be made: amount too fine',
    });
    expect(await other.send(transaction, leg('withdraw'), settings)).toEqual({
      kind: 'notApplied',
      because: 'amount too fine',
    });
    expect(seen).toEqual([]);
  });

  test('that cannot make a request says nothing of what was sent before', async () => {
    const calls = { withdraw: cannot('wrongInput') };
    const wallet = walletWith({ send: calls, undo: calls, lookup: calls });
    const repeated = someLeg({ sends: 2 });

    const verdicts = [
      await wallet.send(transaction, repeated, settings),
      await wallet.lookup(transaction, leg('withdraw'), settings),
      await wallet.undo(transaction, someLeg({ undos: 1 }), settings),
    ];

    expect(verdicts).toEqual(Array(3).fill({ kind: 'notApplied', because: 'amount too fine' }));
  });

  test('with a bug before the call proves that nothing left', async () => {
    const render = (): never => {
      throw new TypeError('Bearer top-secret');
    };
    const wallet = walletWith({ send: { withdraw: aCall('bet', { render }) } });

    const verdict = await wallet.send(transaction, leg('withdraw'), settings);

    expect(verdict).toEqual({ kind: 'notApplied', because: 'rendering it failed (TypeError)' });
    expect(seen).toEqual([]);
  });

  test('with a bug after the call proves nothing', async () => {
    respond = (_, response) => response.writeHead(418).end();
    const wallet = walletWith();

    const verdict = await wallet.send(transaction, leg('withdraw'), settings);

    expect(verdict).toEqual({ kind: 'unknown', because: 'reading its reply failed (TypeError)' });
    expect(seen).toHaveLength(1);
  });

  test('has only the calls the operator declares', async () => {
    const wallet = walletWith({ send: { withdraw: aCall('bet', { timeout: 2_500 }) } });

    expect(wallet.patience('send', leg('withdraw'))).toBe(2_500);
    expect(wallet.patience('balance')).toBe(700);
    expect(wallet.patience('undo', leg('deposit'))).toBe(0);
    expect(() => wallet.patience('send', leg('deposit'))).toThrow('operator northstar declares no deposit');
    expect(await wallet.undo(transaction, leg('deposit'), settings)).toMatchObject({ kind: 'notApplied' });
    expect(seen).toEqual([]);
  });
});

test('more calls than the wallet takes at once wait for their turn', async () => {
  let [atOnce, most] = [0, 0];
  respond = (_, response) => {
    most = Math.max(most, ++atOnce);
    setTimeout(() => {
      atOnce -= 1;
      response.writeHead(201).end();
    }, 5);
  };
  const wallet = walletWith();

  const verdicts = await Promise.all(
    Array.from({ length: 200 }, () => wallet.send(transaction, leg('withdraw'), { ...settings, within: 60_000 })),
  );

  expect(verdicts).toEqual(Array(200).fill({ kind: 'applied' }));
  expect(most).toBe(4);
});

test('a call that could not end in its time if it waited is not applied', async () => {
  const waiting: (() => void)[] = [];
  respond = (_, response) => waiting.push(() => response.writeHead(201).end());
  const wallet = walletWith();

  const verdicts = Array.from({ length: 50 }, () => wallet.send(transaction, leg('withdraw'), settings));
  const turnedAway = await Promise.all(verdicts.slice(4));
  expect(turnedAway).toEqual(Array(46).fill({ kind: 'notApplied', because: 'too many calls in flight' }));
  expect(wallet.inFlight()).toBe(4);

  await until(() => waiting.length === 4);
  waiting.forEach((answer) => answer());
  expect(await Promise.all(verdicts.slice(0, 4))).toEqual(Array(4).fill({ kind: 'applied' }));
  respond = (_, response) => response.writeHead(201).end();
  expect(await bets(1, wallet)).toEqual([{ kind: 'applied' }]);
  expect(seen).toHaveLength(5);
  expect(wallet.inFlight()).toBe(0);
});

describe('the breaker', () => {
  const answering = (status: number, body = '{}', headers: Record<string, string> = {}): RequestListener => {
    return (_, response) => response.writeHead(status, headers).end(body);
  };

  test.each([
    ['a 500', answering(500)],
    ['a 503', answering(503)],
    ['a redirect', answering(302, '', { location: '/elsewhere' })],
    ['an empty 200', answering(200, '')],
    ['a page of HTML', answering(200, '<html>', { 'content-type': 'Text/HTML; charset=utf-8' })],
    ['no answer', ((request) => request.socket.destroy()) satisfies RequestListener],
    ['a reset', ((request) => request.socket.resetAndDestroy()) satisfies RequestListener],
  ])('opens after %s, again and again', async (_, listener) => {
    respond = listener;
    const wallet = walletWith();

    const verdicts = await bets(4, wallet);

    expect(verdicts.map(({ kind }) => kind)).toEqual(Array(4).fill('unknown'));
    expect(breakerEvents).toEqual(['northstar bets open']);
    expect(seen).toHaveLength(4);
  });

  test.each([
    ['an unlisted 400', answering(400)],
    ['an unlisted 404', answering(404)],
    ['an answer of the wallet no rule knows', answering(200, '{"code":77}')],
    ['a refusal, whatever its status', answering(599)],
  ])('stays closed after %s', async (_, listener) => {
    respond = listener;
    const wallet = walletWith();

    await bets(40, wallet);

    expect(wallet.breakers().bets).toBe('closed');
    expect(seen).toHaveLength(40);
  });

  test('stays closed after 1000 refusals', async () => {
    respond = answering(402);
    const wallet = walletWith();

    const verdicts = await bets(1_000, wallet);

    expect(verdicts).toEqual(Array(1_000).fill({ kind: 'refused', result: 'insufficientFunds' }));
    expect(wallet.breakers()).toEqual({ bets: 'closed', winsAndUndos: 'closed', balance: 'closed' });
    expect(seen).toHaveLength(1_000);
  });

  test('once open answers without the wallet, for its class only', async () => {
    respond = answering(500);
    const wallet = walletWith();
    await bets(4, wallet);
    respond = answering(201);
    seen = [];

    expect(await wallet.send(transaction, leg('withdraw'), settings)).toEqual({
      kind: 'notApplied',
      because: 'breaker open',
    });
    expect(await wallet.send(transaction, leg('betWin'), settings)).toEqual({
      kind: 'notApplied',
      because: 'breaker open',
    });
    expect(seen).toEqual([]);
    expect(calls.at(-1)).toMatchObject({ kind: 'notApplied', because: 'breaker open', ms: 0 });

    expect(await wallet.send(transaction, leg('deposit'), settings)).toEqual({ kind: 'applied' });
    expect(await wallet.undo(transaction, leg('withdraw'), settings)).toEqual({ kind: 'applied' });
    expect(await wallet.lookup(transaction, leg('withdraw'), settings)).toEqual({ kind: 'applied' });
    expect(await wallet.balance(player, settings)).toMatchObject({ kind: 'balance' });
    expect(wallet.breakers()).toEqual({ bets: 'open', winsAndUndos: 'closed', balance: 'closed' });
  });

  test('an open one for balances makes the balance unknown', async () => {
    respond = answering(500);
    const wallet = walletWith();
    for (let i = 0; i < 4; i += 1) await wallet.balance(player, settings);

    expect(await wallet.balance(player, settings)).toEqual({ kind: 'unknown', because: 'breaker open' });
    expect(seen).toHaveLength(4);
  });

  test('half open lets one call through, and closes when the wallet is well', async () => {
    respond = answering(500);
    const wallet = walletWith({ breaker: { openAtPercent: 50, minimumCalls: 4, tryAgainAfter: 20 } });
    await bets(4, wallet);
    respond = answering(201);
    await until(() => wallet.breakers().bets === 'halfOpen');

    const verdicts = await Promise.all([1, 2, 3].map(() => wallet.send(transaction, leg('withdraw'), settings)));

    expect(verdicts.map(({ kind }) => kind)).toEqual(['applied', 'notApplied', 'notApplied']);
    expect(seen).toHaveLength(5);
    expect(breakerEvents).toEqual(['northstar bets open', 'northstar bets halfOpen', 'northstar bets closed']);
  });
});

test('closing waits for the call under way; a later one is not applied', async () => {
  let answer = (): unknown => undefined;
  respond = (_, response) => (answer = () => response.writeHead(201).end());
  const wallet = walletWith();
  const underWay = wallet.send(transaction, leg('withdraw'), settings);
  await until(() => seen.length === 1);

  const closed = wallet.close();
  const later = await wallet.send(transaction, leg('withdraw'), settings);
  answer();

  expect(later.kind).toBe('notApplied');
  expect(await underWay).toEqual({ kind: 'applied' });
  await closed;
  expect(seen).toHaveLength(1);
});

test('nothing a watcher hears has a secret in it', async () => {
  respond = (request, response) => (seen.length === 1 ? response.writeHead(418).end() : request.socket.destroy());
  const wallet = walletWith();

  await bets(2, wallet);

  expect(calls).toHaveLength(2);
  expect(JSON.stringify(calls)).not.toContain('top-secret');
});

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}
