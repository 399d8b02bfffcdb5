// The stand-in wallet is the other half of every comparison, so it is held to its own promises here: what
// moves, what it remembers, what each fault does, and that a kill forgets nothing.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ledgerBalances, readLedger } from '../../src/stand-ins/ledger.js';
import { startStandInWallet, type StandInOptions, type StandInWallet } from '../../src/stand-ins/server.js';

interface Seen {
  readonly status: number;
  readonly body: unknown;
}

const PROGRAM = join(__dirname, '../../dist/stand-ins/wallet.js');

let directory: string;
let ledgerFile: string;
let wallet: StandInWallet | undefined;
let child: ChildProcess | undefined;
let base: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stand-in-wallet-'));
  ledgerFile = join(directory, 'ledger.jsonl');
});

afterEach(async () => {
  await wallet?.close();
  wallet = undefined;
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<StandInOptions> = {}): Promise<void> {
  wallet = await startStandInWallet({ ledgerFile, port: 0, players: { alice: '100.00', bob: '5.00' }, ...options });
  base = `http://127.0.0.1:${wallet.port}`;
}

async function restart(options: Partial<StandInOptions> = {}): Promise<void> {
  await wallet?.close();
  await start(options);
}

async function call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Seen> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(base + path, { method, redirect: 'manual', ...sent, ...init });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: text };
  }
}

const debit = (reference: string, amountMinor: unknown, player = 'alice', init?: RequestInit): Promise<Seen> =>
  call('POST', `/v2/players/${player}/debits`, { reference, amountMinor, round: 'r' }, init);
const credit = (reference: string, amountMinor: unknown, player = 'alice'): Promise<Seen> =>
  call('POST', `/v2/players/${player}/credits`, { reference, amountMinor, round: 'r' });
const cancel = (reference: string, cancels: string): Promise<Seen> =>
  call('POST', '/v2/cancellations', { reference, cancels });
const lookup = (reference: string): Promise<Seen> => call('GET', `/v2/transactions/${reference}`);
const balance = (player = 'alice'): Promise<Seen> => call('GET', `/v2/players/${player}/balance`);
const refused = (status: number, code: string): Seen => ({ status, body: { error: { code } } });
const balanceInFile = (player = 'alice'): bigint | undefined => ledgerBalances(readLedger(ledgerFile)).get(player);
const kindsInFile = (): string[] => readLedger(ledgerFile).map(({ kind }) => kind);

/** Waits, bounded, until something is so. */
async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !what(); tries += 1) await new Promise((resume) => setTimeout(resume, 10));
  expect(what()).toBe(true);
}

describe('money', () => {
  test('bets, wins and undos move it and leave a line each', async () => {
    await start();

    expect(await debit('b1', 1230)).toEqual({
      status: 201,
      body: { reference: 'b1', debitId: 'debit-3', balanceMinor: 8770 },
    });
    expect(await credit('w1', 5)).toEqual({
      status: 201,
      body: { reference: 'w1', creditId: 'credit-4', balanceMinor: 8775 },
    });
    expect(await cancel('b1-r', 'b1')).toEqual({
      status: 201,
      body: { reference: 'b1-r', cancelId: 'undo-5', balanceMinor: 10005 },
    });
    expect(await balance()).toEqual({ status: 200, body: { balanceMinor: 10005, currency: 'EUR' } });

    const lines = readFileSync(ledgerFile, 'utf8').trim().split('\n').slice(2);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { player: 'alice', reference: 'b1', kind: 'debit', cents: '-1230', balance: '8770' },
      { player: 'alice', reference: 'w1', kind: 'credit', cents: '5', balance: '8775' },
      { player: 'alice', reference: 'b1-r', kind: 'undo', cents: '1230', of: 'b1', balance: '10005' },
    ]);
  });

  test('amounts beyond a double are exact', async () => {
    await start({ players: { alice: '0.00' } });

    await fetch(`${base}/v2/players/alice/credits`, {
      method: 'POST',
      body: '{"reference":"w1","amountMinor":9007199254740993}',
    });
    const response = await fetch(`${base}/v2/players/alice/balance`);

    expect(await response.text()).toBe('{"balanceMinor":9007199254740993,"currency":"EUR"}');
    expect(balanceInFile()).toBe(9007199254740993n);
  });

  test('what cannot be done is said and moves nothing', async () => {
    await start();
    await credit('w1', 100, 'bob');
    await debit('b1', 600, 'bob');

    expect(await debit('b2', 1, 'bob')).toEqual(refused(402, 'LOW_FUNDS'));
    expect(await cancel('w1-r', 'w1')).toEqual(refused(402, 'LOW_FUNDS'));
    expect(await cancel('w1-r', 'w1')).toEqual(refused(402, 'LOW_FUNDS'));
    expect(kindsInFile().filter((kind) => kind === 'undoRefused')).toHaveLength(2);
    expect(await debit('b3', 1, 'nobody')).toEqual(refused(404, 'NO_PLAYER'));
    expect(await balance('nobody')).toEqual(refused(404, 'NO_PLAYER'));
    expect(await cancel('x-r', 'x')).toEqual(refused(404, 'UNKNOWN_REFERENCE'));
    expect(await lookup('x')).toEqual(refused(404, 'UNKNOWN_REFERENCE'));
    for (const amount of [-1, 1.5, '1', null]) expect(await debit('b4', amount)).toEqual(refused(400, 'BAD_REQUEST'));
    expect(balanceInFile('bob')).toBe(0n);
    expect(balanceInFile()).toBe(10_000n);
  });

  test('a transaction can be looked up', async () => {
    await start();
    await debit('done', 1);
    await debit('low', 1_000_000);
    await debit('undone', 1);
    await cancel('undone-r', 'undone');

    expect((await lookup('done')).body).toMatchObject({ state: 'DONE' });
    expect((await lookup('low')).body).toMatchObject({ state: 'REJECTED' });
    expect((await lookup('undone')).body).toMatchObject({ state: 'CANCELLED' });
    expect((await lookup('undone-r')).body).toMatchObject({ state: 'DONE' });
    expect(await lookup('done-r')).toEqual(refused(404, 'UNKNOWN_REFERENCE'));
  });

  test('a token, when there is one, is asked for', async () => {
    await start({ token: 'right' });

    expect(await debit('b1', 1)).toEqual(refused(401, 'NO_TOKEN'));
    expect((await debit('b1', 1, 'alice', { headers: { authorization: 'Bearer right' } })).status).toBe(201);
  });
});

describe('what a wallet remembers', () => {
  test('always: the same outcome, refusals too', async () => {
    await start({ kind: 'always' });
    const first = await debit('b1', 100);
    await debit('low', 100_000);
    await credit('rich', 1_000_000);

    expect(await debit('b1', 100)).toEqual({
      status: 201,
      body: { ...(first.body as object), balanceMinor: 1_009_900 },
    });
    expect(await debit('low', 100_000)).toEqual(refused(402, 'LOW_FUNDS'));
    expect(await debit('b1', 101)).toEqual(refused(422, 'REFERENCE_REUSED'));
    expect(await credit('b1', 100)).toEqual(refused(422, 'REFERENCE_REUSED'));
    expect(balanceInFile()).toBe(1_009_900n);
  });

  test('successes: a refusal is thought over again', async () => {
    await start({ kind: 'successes' });
    await debit('b1', 100);
    await debit('low', 100_000);
    await credit('rich', 1_000_000);

    expect((await debit('b1', 100)).status).toBe(201);
    expect((await debit('low', 100_000)).status).toBe(201);
    expect(balanceInFile()).toBe(909_900n);
  });

  test('lookup: a repeat is a duplicate, but it can be asked', async () => {
    await start({ kind: 'lookup' });
    await debit('b1', 100);

    expect(await debit('b1', 100)).toEqual(refused(409, 'DUPLICATE'));
    expect((await lookup('b1')).body).toMatchObject({ state: 'DONE' });
    expect(balanceInFile()).toBe(9_900n);
  });

  test('none: a repeat is done again, each undo takes back one, and it cannot be asked', async () => {
    await start({ kind: 'none' });
    await debit('b1', 100);
    await debit('b1', 100);

    expect(balanceInFile()).toBe(9_800n);
    expect(await lookup('b1')).toEqual(refused(404, 'NO_SUCH_API'));
    expect((await cancel('b1-r', 'b1')).status).toBe(201);
    expect(balanceInFile()).toBe(9_900n);
    expect((await cancel('b1-r', 'b1')).status).toBe(201);
    expect(await cancel('b1-r', 'b1')).toEqual(refused(409, 'ALREADY_CANCELLED'));
    expect(balanceInFile()).toBe(10_000n);
  });

  test.each(['always', 'successes'] as const)('%s: a cancellation is done once and said again', async (kind) => {
    await start({ kind });
    expect(await cancel('b1-r', 'b1')).toEqual(refused(404, 'UNKNOWN_REFERENCE'));
    await debit('b1', 100);
    const first = await cancel('b1-r', 'b1');

    expect(await cancel('b1-r', 'b1')).toEqual(first);
    expect(await cancel('other-r', 'b1')).toEqual(refused(409, 'ALREADY_CANCELLED'));
    expect((await debit('b1', 100)).status).toBe(201);
    expect(balanceInFile()).toBe(10_000n);
  });

  test.each(['always', 'successes', 'lookup', 'none'] as const)(
    '%s with cancel-first: an early cancellation keeps the late original out',
    async (kind) => {
      await start({ kind, cancelFirst: true });

      expect(await cancel('b1-r', 'b1')).toMatchObject({ status: 201, body: { reference: 'b1-r' } });
      expect(await debit('b1', 100)).toEqual(refused(409, 'CANCELLED'));
      await restart({ kind, cancelFirst: true });
      expect(await debit('b1', 100)).toEqual(refused(409, 'CANCELLED'));
      expect(balanceInFile()).toBe(10_000n);
    },
  );
});

describe('the ledger file', () => {
  test('a restart knows balances, receipts, refusals and cancellations', async () => {
    await start();
    const first = await debit('b1', 100);
    await debit('low', 100_000);
    await credit('w1', 1_000_000);
    await cancel('w1-r', 'w1');

    await restart({ players: { alice: '7.00', carol: '1.00' } });

    expect(await debit('b1', 100)).toEqual(first);
    expect(await debit('low', 100_000)).toEqual(refused(402, 'LOW_FUNDS'));
    expect(await cancel('other-r', 'w1')).toEqual(refused(409, 'ALREADY_CANCELLED'));
    expect((await balance()).body).toMatchObject({ balanceMinor: 9_900 });
    expect((await balance('carol')).body).toMatchObject({ balanceMinor: 100 });
  });

  test('a torn last line was never answered and is dropped', async () => {
    await start();
    await debit('b1', 100);
    await wallet?.close();
    appendFileSync(ledgerFile, '{"at":"2026-01-01T00:00:00.000Z","player":"alice","refer');

    await start();

    expect((await debit('b2', 100)).body).toMatchObject({ balanceMinor: 9_800 });
    expect(kindsInFile()).toEqual(['opening', 'opening', 'debit', 'debit']);
  });

  test('the program survives kill -9 with every answered movement, and ends on SIGTERM', async () => {
    expect(existsSync(PROGRAM)).toBe(true);
    await startProgram();
    await Promise.all(Array.from({ length: 20 }, (_, n) => debit(`b${n}`, 100)));
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'exit');

    await startProgram();

    expect((await balance()).body).toMatchObject({ balanceMinor: 8_000 });
    child?.kill('SIGTERM');
    expect(child && (await once(child, 'exit'))).toEqual([0, null]);
  });

  async function startProgram(): Promise<void> {
    const args = [PROGRAM, '--port', '0', '--ledger', ledgerFile, '--players', 'alice=100.00'];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child = started;
    const [line] = (await once(started.stdout, 'data')) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    base = `http://127.0.0.1:${port}`;
  }
});

describe('faults', () => {
  const silent = 'nothing';
  const behaviours: [fault: string, moves: boolean, answer: unknown][] = [
    ['slow', true, { status: 201 }],
    ['no-balance', true, { status: 201, body: { reference: 'b1', debitId: 'debit-3' } }],
    ['wrong-reference', true, { status: 201, body: { reference: 'somebody-elses' } }],
    ['garbage', true, { status: 200, body: '{"reference": "' }],
    ['oversized', true, { status: 201 }],
    ['cut-body', true, silent],
    ['reset-after', true, silent],
    ['reset-before', false, silent],
    ['status-502-after', true, { status: 502 }],
    ['status-502-before', false, { status: 502 }],
    ['maintenance', false, { status: 503, body: { maintenance: true } }],
    ['html-200', false, { status: 200 }],
    ['empty-200', false, { status: 200, body: '' }],
    ['redirect-302', false, { status: 302 }],
    ['redirect-307', false, { status: 307 }],
    ['absent', false, refused(404, 'UNKNOWN_REFERENCE')],
    ['duplicate-before', false, refused(409, 'DUPLICATE')],
  ];

  test.each(behaviours)('%s: moves %s', async (fault, moves, expected) => {
    await start();
    await call('POST', '/control/faults', { match: { pathIncludes: '/debits' }, fault, times: 1, ms: 1 });

    const answer = await debit('b1', 100).catch(() => silent);

    if (expected === silent) expect(answer).toBe(silent);
    else expect(answer).toMatchObject(expected as object);
    expect(balanceInFile()).toBe(moves ? 9_900n : 10_000n);
    expect(await calls()).toMatchObject([
      { method: 'POST', reference: 'b1', player: 'alice', amountMinor: '100', fault },
    ]);
    expect((await debit('b2', 100)).status).toBe(201);
  });

  test.each([
    ['hang', 10_000n],
    ['apply-then-hang', 9_900n],
  ])('%s never answers', async (fault, left) => {
    await start();
    await call('POST', '/control/faults', { fault, times: 1 });
    const patience = new AbortController();

    const answer = debit('b1', 100, 'alice', { signal: patience.signal }).catch(() => silent);
    while ((await calls()).length === 0) await new Promise(setImmediate);
    const next = await balance();
    patience.abort();

    expect(await answer).toBe(silent);
    expect(next.body).toMatchObject({ balanceMinor: Number(left) });
    expect(await calls()).toMatchObject([{ fault, status: null }, { status: 200 }]);
  });

  test('late closes the connection and lands afterwards', async () => {
    await start();
    await call('POST', '/control/faults', { fault: 'late', times: 1, ms: 20 });

    const answer = await debit('b1', 100).catch(() => silent);

    expect(answer).toBe(silent);
    await until(() => balanceInFile() === 9_900n);
  });

  test('a fault is for the calls it matches, so many times, until cleared', async () => {
    await start();
    await call('POST', '/control/faults', { match: { player: 'bob', method: 'POST' }, fault: 'maintenance', times: 2 });
    await call('POST', '/control/faults', { match: { reference: 'b9' }, fault: 'maintenance', times: 9 });

    expect((await debit('b1', 100)).status).toBe(201);
    expect((await balance('bob')).status).toBe(200);
    expect((await debit('b2', 100, 'bob')).status).toBe(503);
    expect((await credit('w1', 100, 'bob')).status).toBe(503);
    expect((await credit('w1', 100, 'bob')).status).toBe(201);
    expect((await lookup('b9')).status).toBe(503);
    await call('DELETE', '/control/faults');
    expect((await lookup('b9')).status).toBe(404);
  });

  test('a fault can last for a time from its first call on', async () => {
    await start();
    await debit('b1', 100);
    await call('POST', '/control/faults', { match: { reference: 'b1' }, fault: 'absent', lasts: 500 });
    const isDone = async (): Promise<boolean> => (await lookup('b1')).status === 200;

    expect(await isDone()).toBe(false);
    expect(await isDone()).toBe(false);
    for (let tries = 0; tries < 200 && !(await isDone()); tries += 1)
      await new Promise((resume) => setTimeout(resume, 10));
    expect(await isDone()).toBe(true);
    expect(await isDone()).toBe(true);
  });

  test('an undo is matched by the player whose bet it is about', async () => {
    await start();
    await debit('b1', 100, 'bob');
    await call('POST', '/control/faults', { match: { player: 'bob' }, fault: 'status-502-before', times: 1 });

    expect((await cancel('b1-r', 'b1')).status).toBe(502);
    expect((await cancel('b1-r', 'b1')).status).toBe(201);
  });

  test.each([
    { fault: 'slwo', times: 1 },
    { fault: 'slow', times: 0 },
    { fault: 'slow', times: 1, match: { payer: 'bob' } },
    { fault: 'toString', times: 1 },
    { fault: 'absent', lasts: -1 },
  ])('a fault nobody can mean is refused: %j', async (fault) => {
    await start();

    expect((await call('POST', '/control/faults', fault)).status).toBe(400);
  });

  test('accounts can be opened and seen from outside, all or none', async () => {
    await start();

    const opened = await call('POST', '/control/players', { carol: '3.00', alice: '1.00' });
    const wrong = await call('POST', '/control/players', { dave: '3.00', erin: '3' });

    expect(opened.body).toEqual({ opened: ['carol'] });
    expect(wrong.status).toBe(400);
    expect((await call('GET', '/control/balance/carol')).body).toEqual({ balanceMinor: 300 });
    expect((await call('GET', '/control/balance/alice')).body).toEqual({ balanceMinor: 10_000 });
    expect((await call('GET', '/control/balance/dave')).status).toBe(404);
  });

  async function calls(): Promise<unknown[]> {
    const { body } = await call('GET', '/control/calls');
    return (body as { calls: unknown[] }).calls;
  }
});

describe('each habit of a wallet', () => {
  const move = (what: 'debits' | 'credits', reference: string, amountMinor: number, round?: string) =>
    call('POST', `/v2/players/alice/${what}`, { reference, amountMinor, ...(round !== undefined && { round }) });
  const code = (seen: Seen): unknown => (seen.body as { error?: { code: unknown } }).error?.code ?? seen.status;

  test('bonus money is told and cannot be bet', async () => {
    await start({ bonus: 2_000n });

    expect(code(await move('debits', 'a', 8_001))).toBe('LOW_FUNDS');
    expect(code(await move('debits', 'b', 8_000))).toBe(201);
    expect((await call('GET', '/v2/players/alice/balance')).body).toMatchObject({ balanceMinor: 2_000 });
  });

  test('a bet above the limit is refused, a win is not', async () => {
    await start({ mostABet: 500n });

    expect(code(await move('debits', 'a', 501))).toBe('BET_LIMIT');
    expect(code(await move('debits', 'b', 500))).toBe(201);
    expect(code(await move('credits', 'c', 501))).toBe(201);
  });

  test('funds first: what is done already is refused once the money is gone', async () => {
    await start({ fundsFirst: true });

    expect(code(await move('debits', 'a', 10_000))).toBe(201);
    expect(code(await move('debits', 'a', 10_000))).toBe('LOW_FUNDS');
    await move('credits', 'w', 100);
    const undo = () => call('POST', '/v2/cancellations', { reference: 'w-r', cancels: 'w' });
    expect(code(await undo())).toBe(201);
    expect(code(await undo())).toBe('LOW_FUNDS');
  });

  test('a win is paid for a bet of its round that stands, once, also after a restart', async () => {
    await start({ winNeedsBet: true });

    expect(code(await move('credits', 'w0', 5, 'r1'))).toBe('NO_BET');
    await move('debits', 'b1', 5, 'r1');
    await restart({ winNeedsBet: true });
    expect(code(await move('credits', 'w1', 5, 'r1'))).toBe(201);
    expect(code(await move('credits', 'w1', 5, 'r1'))).toBe(201);
    expect(code(await move('credits', 'w2', 5, 'r1'))).toBe('NO_BET');
    await move('debits', 'b2', 5, 'r2');
    await call('POST', '/v2/cancellations', { reference: 'b2-r', cancels: 'b2' });
    expect(code(await move('credits', 'w3', 5, 'r2'))).toBe('NO_BET');
  });

  test('a session is asked of bets and balances', async () => {
    await start({ session: 'of-today' });
    const balance = (headers: Record<string, string>) =>
      call('GET', '/v2/players/alice/balance', undefined, { headers });

    expect(code(await balance({}))).toBe('SESSION');
    expect(code(await balance({ 'X-Session': 'of-yesterday' }))).toBe('SESSION');
    expect(code(await balance({ 'X-Session': 'of-today' }))).toBe(200);
    expect(code(await move('debits', 'a', 5))).toBe('SESSION');
    expect(code(await move('credits', 'b', 5))).toBe(201);
  });
});
