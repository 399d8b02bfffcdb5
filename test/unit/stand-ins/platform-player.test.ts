// The platform player must be right before it can judge the bridge: its signs against known answers, its book
// against the platform's rules, its deliveries against a plain HTTP server.
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LosslessNumber, parse, stringify } from 'lossless-json';
import { formatCents, parseCents, readCents } from '../../../src/stand-ins/cents.js';
import {
  expectedCents,
  foldAnswers,
  nextMove,
  type Heard,
  type MoneyCallback,
  type Standing,
} from '../../../src/stand-ins/platform-book.js';
import {
  callbackBody,
  signCallback,
  signedText,
  wires,
  type Callback,
  type Wire,
} from '../../../src/stand-ins/platform-callback.js';
import { freshId } from '../../../src/stand-ins/platform-line.js';
import { PlatformPlayer } from '../../../src/stand-ins/platform-player.js';

interface Vector {
  readonly id: string;
  readonly dialect: string;
  readonly op: string;
  readonly secret: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly message: string;
  readonly sign: string;
}

const OPERATIONS = ['GetBalance', 'Withdraw', 'Deposit', 'BetWin', 'RollbackTransaction'];
const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../vectors/gitslotpark-sign.json'), 'utf8'),
) as readonly Vector[];
const wireOf: Readonly<Record<string, Wire>> = {
  published: wires.seamless,
  'v2-gameID': wires.v2,
  'v2-noGameID': wires['v2-noGameID'],
};
const answered = vectors.filter(({ dialect, op }) => wireOf[dialect] !== undefined && OPERATIONS.includes(op));
const published = answered.filter(({ dialect }) => dialect === 'published');

/** A vector as a callback: a rollback's target goes by one name here, whatever a dialect calls it. */
function callbackOf({ op, fields: { refTransactionID, ...fields } }: Vector): Callback {
  const target = op === 'RollbackTransaction' ? 'transactionID' : 'refTransactionID';
  const ref = refTransactionID === undefined ? {} : { [target]: refTransactionID };
  return { operation: op, ...fields, ...ref } as unknown as Callback;
}

const ids = { agentID: 'Partner01', userID: 'alice', transactionID: 't1', roundID: 'r1' };
const bet: MoneyCallback = { operation: 'Withdraw', ...ids, amount: '12.30' };
const win: MoneyCallback = { operation: 'Deposit', ...ids, amount: '20.00' };
const betWin: MoneyCallback = { operation: 'BetWin', ...ids, betAmount: '10.00', winAmount: '4.50' };
const rollback: MoneyCallback = {
  operation: 'RollbackTransaction',
  agentID: 'Partner01',
  userID: 'alice',
  transactionID: 't1',
};

const bobsRollback: MoneyCallback = { ...rollback, userID: 'bob' };

describe('signs', () => {
  test('every published callback vector is there to be checked', () => {
    expect(published.map(({ op }) => op)).toEqual(expect.arrayContaining(OPERATIONS));
  });

  test.each(answered)('$dialect $id $op', (vector) => {
    const { dialect, secret, message, sign } = vector;
    const callback = callbackOf(vector);

    expect(signedText(callback, wireOf[dialect])).toBe(message);
    expect(signCallback(callback, secret, wireOf[dialect])).toBe(sign);
  });
});

describe('what a dialect writes', () => {
  const { seamless, v2 } = wires;
  const given = { freeSpinID: 'fs1', gameID: '2001', isBonusBuy: true, endRound: false, refTransactionID: 't0' };
  const bodies: [name: string, wire: Wire, callback: Callback, body: string][] = [
    ['seamless', seamless, bet, '"amount":"12.30","transactionID":"t1","roundID":"r1"'],
    [
      'seamless',
      seamless,
      { ...bet, ...given },
      '"amount":"12.30","transactionID":"t1","roundID":"r1","freeSpin":true',
    ],
    ['v2', v2, bet, '"amount":12.3,"transactionID":"t1","roundID":"r1","gameID":2001,"freeSpinID":null,"isBonusBuy":0'],
    [
      'v2',
      v2,
      { ...bet, ...given, amount: '0.00' },
      '"amount":0.0,"transactionID":"t1","roundID":"r1","gameID":2001,"freeSpinID":"fs1","isBonusBuy":1',
    ],
    [
      'v2',
      v2,
      { ...win, ...given, amount: '90071992547409.90', gameID: 'slot_001' },
      '"amount":90071992547409.9,"refTransactionID":"t0","transactionID":"t1","roundID":"r1","gameID":"slot_001","freeSpinID":"fs1","endRound":false',
    ],
    [
      'v2',
      v2,
      betWin,
      '"betAmount":10,"winAmount":4.5,"transactionID":"t1","roundID":"r1","gameID":2001,"freeSpinID":null',
    ],
    [
      'v2',
      v2,
      { ...rollback, gameID: '12345678901234567890' },
      '"refTransactionID":"t1","gameID":12345678901234567890',
    ],
  ];

  test.each(bodies)('%s %#', (_name, wire, callback, body) => {
    const expected = `{"agentID":"Partner01","userID":"alice",${body},"sign":"S"}`;

    expect(callbackBody(callback, 'S', wire)).toBe(expected);
  });
});

describe('cents and exact JSON', () => {
  test.each(['0.00', '0.05', '12.30', '-0.05', '-12.30', '90071992547409.93', '999999999999999.99'])(
    '%s comes back as it went in',
    (text) => {
      expect(formatCents(parseCents(text))).toBe(text);
    },
  );

  test.each(['', '1', '1.5', '1.234', '1,00', '+1.00', '1e2', ' 1.00', '.50'])('%j is no amount', (text) => {
    expect(readCents(text)).toBeNull();
    expect(() => parseCents(text)).toThrow('not an amount');
  });

  test('a number keeps its text, a text that looks like one stays a text', () => {
    const parsed = parse('{"balance": 150.00, "big": 90071992547409.93, "text": "12.30", "esc": "\\"1\\""}');

    expect(parsed).toEqual({
      balance: new LosslessNumber('150.00'),
      big: new LosslessNumber('90071992547409.93'),
      text: '12.30',
      esc: '"1"',
    });
  });

  test.each(['{"a": 01}', '{"a": 1.}', '{"a": .5}', '{"a": 1', '', 'NaN'])('%j is no JSON', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  test('a bigint is written with all its digits', () => {
    expect(stringify({ cents: 9007199254740993n, text: '5' })).toBe('{"cents":9007199254740993,"text":"5"}');
  });
});

describe('what the player was told', () => {
  const heard = (callback: MoneyCallback, ...codes: (number | null)[]): Heard[] =>
    codes.map((code) => ({ callback, code }));
  const standings: [name: string, heard: Heard[], standing: Standing, effect: bigint][] = [
    ['a bet answered 0 stands', heard(bet, 0), 'stands', -1230n],
    ['a bet answered 11 stands', heard(bet, 11), 'stands', -1230n],
    ['a free spin costs nothing', heard({ ...bet, freeSpinID: 'fs1' }, 0), 'stands', 0n],
    ['a win answered 0 stands', heard(win, 0), 'stands', 2000n],
    ['a bet with its win counts both', heard(betWin, 0), 'stands', -550n],
    ['copies that are all answered 0 stand once', heard(bet, 0, 0, 11), 'stands', -1230n],
    ['a bet answered 6 failed', heard(bet, 6), 'failed', 0n],
    ['a bet answered 1 failed', heard(bet, 1), 'failed', 0n],
    ['a win answered 1 is lost to the player', heard(win, 1), 'failed', 0n],
    ['a bet without an answer is in doubt', heard(bet, null), 'doubt', 0n],
    ['a win answered at the second delivery stands', heard(win, null, 0), 'stands', 2000n],
    ['a rollback answered 0 undoes', [...heard(bet, 0), ...heard(rollback, 0)], 'undone', 0n],
    ['a rollback answered 8 ends a silent bet', [...heard(bet, null), ...heard(rollback, 8)], 'undone', 0n],
    ['a rollback answered 9 ends it too', [...heard(bet, 0), ...heard(rollback, null, 9)], 'undone', 0n],
    ['a rollback heard before its bet undoes it all the same', [...heard(rollback, 8), ...heard(bet, 9)], 'undone', 0n],
    ['a silent rollback undoes nothing yet', [...heard(bet, 0), ...heard(rollback, null)], 'stands', -1230n],
    ['a refused rollback leaves the win', [...heard(win, 0), ...heard(rollback, 6)], 'stands', 2000n],
    ['done and failed are never both told', heard(bet, 0, 1), 'contradiction', 0n],
    ['nobody rolls back for another', [...heard(bet, 0), ...heard(bobsRollback, 8)], 'stands', -1230n],
    ['other content is another matter', [...heard(bet, 0), ...heard({ ...bet, amount: '1.00' }, 2)], 'stands', -1230n],
  ];

  test.each(standings)('%s', (_name, answers, standing, effect) => {
    const book = foldAnswers(answers);

    expect(book[0]).toMatchObject({ userID: 'alice', transactionID: 't1', standing });
    expect(expectedCents(10_000n, 'alice', book)).toBe(10_000n + effect);
    expect(expectedCents(500n, 'bob', book)).toBe(500n);
  });

  test('only silence makes the platform act again: a rollback after a bet, the same again after anything else', () => {
    expect(nextMove('Withdraw', null)).toBe('rollback');
    expect(nextMove('BetWin', null)).toBe('rollback');
    expect(nextMove('Deposit', null)).toBe('repeat');
    expect(nextMove('RollbackTransaction', null)).toBe('repeat');
    expect(nextMove('Withdraw', 1)).toBe('end');
    expect(nextMove('RollbackTransaction', 8)).toBe('end');
  });
});

describe('deliveries', () => {
  type Behaviour = (response: ServerResponse) => unknown;
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const json =
    (body: string, status = 200): Behaviour =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  const reset: Behaviour = (response) => response.socket?.resetAndDestroy();
  const hang: Behaviour = () => undefined;
  const cut: Behaviour = (response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"result": 0', () => response.socket?.destroy());
  };

  /** A bridge that does as it is told, the last behaviour for ever, and what it received. */
  async function bridge(...behaviours: Behaviour[]): Promise<{ url: string; seen: { url: string; body: unknown }[] }> {
    const seen: { url: string; body: unknown }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ url: request.url ?? '', body: JSON.parse(body) });
        (behaviours.length > 1 ? behaviours.shift() : behaviours[0])?.(response);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the test server has no port');
    return { url: `http://127.0.0.1:${address.port}/WalletService`, seen };
  }

  function playerOf(...urls: [string, ...string[]]): PlatformPlayer {
    const player = new PlatformPlayer({ baseUrls: urls, agentID: 'Partner01', key: '1234567890' });
    player.open('alice', '100.00');
    closing.push(() => player.close());
    return player;
  }

  test('the code is read where the dialect has it, and nowhere else', async () => {
    const { url } = await bridge(json('{"code":6,"result":0,"message":""}'));
    const player = new PlatformPlayer({ baseUrls: [url], agentID: 'Partner01', key: 'k', wire: wires.v2 });
    closing.push(() => player.close());

    expect(await player.deliver(player.withdraw('alice', '5.00'))).toMatchObject({ httpStatus: 200, code: 6 });
  });

  test('a delivery is one signed POST to the path of its operation', async () => {
    const { url, seen } = await bridge(json('{"result":0,"message":"","balance":87.70}'));
    const player = playerOf(url);
    const [vector] = published;
    const fields = vector?.fields ?? {};

    const answer = await player.deliver({ operation: 'Withdraw', ...fields } as unknown as Callback);

    expect(seen).toEqual([{ url: '/WalletService/Withdraw', body: { ...fields, sign: vector?.sign } }]);
    expect(answer).toMatchObject({ httpStatus: 200, code: 0, message: '', balanceText: '87.70' });
  });

  test('the balance is the text on the wire, to the last digit, and only when it is a number', async () => {
    const { url } = await bridge(
      json('{"result":0,"message":"","balance":90071992547409.93}'),
      json('{"result":0,"message":"","balance":"1.00"}'),
    );
    const player = playerOf(url);

    const first = await player.deliver(player.getBalance('alice'));
    const second = await player.deliver(player.getBalance('alice'));

    expect(first.balanceText).toBe('90071992547409.93');
    expect(second.balanceText).toBeNull();
  });

  test.each<[string, Behaviour, number | null]>([
    ['a reset connection', reset, null],
    ['a body cut short', cut, 200],
    ['HTTP 503', json('{"result":0,"message":""}', 503), 503],
    ['a redirect', json('{"result":0,"message":""}', 307), 307],
    ['HTML', json('<html></html>'), 200],
    ['a code that is a text', json('{"result":"0","message":""}'), 200],
    ['an array', json('[0]'), 200],
  ])('%s is no answer', async (_name, behaviour, httpStatus) => {
    const { url } = await bridge(behaviour);
    const player = playerOf(url);

    const answer = await player.deliver(player.withdraw('alice', '5.00'));

    expect(answer).toMatchObject({ httpStatus, code: null });
    expect(player.book()).toMatchObject([{ standing: 'doubt' }]);
  });

  test('a bet that gets no answer in time is rolled back until an answer ends it', async () => {
    const { url, seen } = await bridge(hang, json('', 503), json('{"result":8,"message":"not found"}'));
    const player = new PlatformPlayer({ baseUrls: [url], agentID: 'Partner01', key: 'k', timeoutMs: 200 });
    closing.push(() => player.close());
    player.open('alice', '100.00');

    const delivered = await player.play(player.withdraw('alice', '5.00', { transactionID: 't1', roundID: 'r1' }));

    const urls = ['Withdraw', 'RollbackTransaction', 'RollbackTransaction'].map((path) => `/WalletService/${path}`);
    expect(seen.map((call) => call.url)).toEqual(urls);
    expect(delivered.map(({ answer }) => answer.code)).toEqual([null, null, 8]);
    expect(player.expectedCents('alice')).toBe(10_000n);
  });

  test('a win that gets no answer is delivered again, the very same', async () => {
    const { url, seen } = await bridge(reset, json('{"result":0,"message":"","balance":105.00}'));
    const player = playerOf(url);

    await player.play(player.deposit('alice', '5.00'));

    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
    expect(player.expectedCents('alice')).toBe(10_500n);
  });

  test('copies at once are spread over all addresses and stand once', async () => {
    const success = json('{"result":0,"message":"","balance":95.00}');
    const [first, second] = [await bridge(success), await bridge(success)];
    const player = playerOf(first.url, second.url);

    const answers = await player.atOnce(player.withdraw('alice', '5.00'), 10);

    expect(answers.map(({ code }) => code)).toEqual(Array(10).fill(0));
    expect([first.seen.length, second.seen.length]).toEqual([5, 5]);
    expect(player.expectedCents('alice')).toBe(9_500n);
  });

  test('a tampered delivery carries the other sign and stays out of the book', async () => {
    const { url, seen } = await bridge(json('{"result":3,"message":"invalid sign"}'));
    const player = playerOf(url);

    const answer = await player.deliver(player.withdraw('alice', '5.00'), { sign: 'F'.repeat(64) });

    expect(answer.code).toBe(3);
    expect(seen[0]?.body).toMatchObject({ sign: 'F'.repeat(64) });
    expect(player.book()).toEqual([]);
  });

  test('fresh ids are 32 lower-case hex digits, never the same', () => {
    const made = Array.from({ length: 100 }, freshId);

    expect(new Set(made).size).toBe(100);
    expect(made.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
