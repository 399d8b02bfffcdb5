// Secrets of every kind are planted, and everything that can go wrong with them does, at a wallet that gives
// away in its replies whatever it was sent. Then all that was ever written or answered is searched for them.

import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/demo/processes.js';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { wire } from '../support/dialect.js';
import { endsWithUs } from '../support/ends-with-us.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const secrets = {
  platformKey: 'canary-platform-key-5d41402abc4b',
  walletToken: 'canary-wallet-token-7b2a9e6f0c1d',
  signKey: 'canary-sign-key-e3f1a0b9c8d7',
  apiToken: 'canary-platform-api-token-91827364',
  adminToken: 'canary-admin-token-0f1e2d3c4b5a',
  viewerToken: 'canary-viewer-token-a9b8c7d6e5f4',
  redisPassword: 'canary-redis-password-66778899',
  session: 'canary-session-of-alice-31415926',
  siteKey: 'canary-site-key-161803398874989',
  mistaken: 'canary-key-in-the-wrong-place-2718',
};
/** Everything that was printed, logged, answered or stored, by where. */
const written: [where: string, text: string][] = [];
const players: PlatformPlayer[] = [];
const children: ChildProcess[] = [];

let dir: string;
let redis: TestRedis;
let wallet: Server;
let walletUrl: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-canary-'));
  redis = await startRedis({ more: ['--requirepass', secrets.redisPassword] });
  wallet = createServer((request, response) => void tellsAll(request, response)).listen(0, '127.0.0.1');
  await once(wallet, 'listening');
  const address = wallet.address();
  walletUrl = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`;
  await writeFile(join(dir, 'operator.yaml'), operatorFile(['platformKey']));
});

afterAll(async () => {
  players.forEach((player) => player.close());
  children.forEach((child) => child.kill('SIGKILL'));
  wallet.closeAllConnections();
  wallet.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

const operatorFile = (keys: readonly string[]): string => `version: 1
operator: canary
platform:
  dialect: seamless
  timeout: 3s
  agents: [{ agentID: CANARY01, currency: EUR, keys: [${keys.join(', ')}] }]
  api:
    baseUrl: ${walletUrl}
    token: apiToken
    sites: [{ name: lobby, keyHashes: ['sha256:${createHash('sha256').update(secrets.siteKey).digest('hex')}'] }]
secrets:
  platformKey: { env: CANARY_PLATFORM_KEY }
  walletToken: { env: CANARY_WALLET_TOKEN }
  signKey: { env: CANARY_SIGN_KEY }
  apiToken: { env: CANARY_API_TOKEN }
wallet:
  baseUrl: ${walletUrl}
  timeout: 600ms
  settle: 5s
  auth: { type: bearer, token: walletToken }
  request:
    method: POST
    headers: { X-Sign: '\${hex(hmac("sha256", secrets.signKey, sent.raw))}', X-Session: '\${player.?session.orValue("")}' }
  applied: \${response.status == 200 && response.body.ok == true}
  repeatable: always
operations:
  getBalance:
    request: { path: '/balance', body: { key: '\${secrets.signKey}' } }
    response: { balance: '\${money.fromMajor(response.body.balance)}' }
  withdraw:
    request: { path: '/bet/\${request.userID}', body: { id: '\${reference}', key: '\${secrets.signKey}' } }
    response: { balance: '\${money.fromMajor(response.body.balance)}', receipt: '\${response.body.receipt}' }
  deposit:
    request: { path: '/win/\${request.userID}', body: { id: '\${reference}', key: '\${secrets.signKey}' } }
  betWin: legs
  rollback:
    request: { path: '/undo/\${request.userID}', body: { id: '\${reference}' } }
errors:
  - { when: '\${response.body.ok == false}', result: insufficientFunds }
`;

/** How the wallet answers, by the player's name; it repeats all it hears. */
const replies: Readonly<
  Record<string, (heard: string) => [status: number, text: string, headers?: Record<string, string>]>
> = {
  redirects: (heard) => [302, heard, { location: `${walletUrl}/${secrets.walletToken}` }],
  fails: (heard) => [500, heard],
  garbage: (heard) => [200, `<html>${heard}`],
  refuses: (heard) => [200, JSON.stringify({ ok: false, heard, code: secrets.walletToken })],
  unclear: (heard) => [200, JSON.stringify({ heard, balance: secrets.signKey, message: secrets.walletToken })],
  alice: (heard) => [200, JSON.stringify({ ok: true, balance: '100.00', heard })],
};

async function tellsAll(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const player = request.url?.split('/').at(-1) ?? '';
  if (player === 'silent') return;
  if (player === 'broken') {
    request.socket.destroy();
    return;
  }
  const [status, text, headers] = (replies[player] ?? replies['alice'])?.(
    JSON.stringify([request.url, request.headers, body]),
  ) ?? [500, ''];
  response.writeHead(status, headers).end(text);
}

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  REDIS_URL: redis.url.replace('redis://', `redis://:${secrets.redisPassword}@`),
  OPERATORS_DIR: dir,
  HOST: '127.0.0.1',
  LOG_LEVEL: 'trace',
  PLATFORM_ON_PUBLIC: '1',
  CANARY_PLATFORM_KEY: secrets.platformKey,
  CANARY_WALLET_TOKEN: secrets.walletToken,
  CANARY_SIGN_KEY: secrets.signKey,
  CANARY_API_TOKEN: secrets.apiToken,
  ADMIN_TOKEN: secrets.adminToken,
  ADMIN_VIEWER_TOKEN: secrets.viewerToken,
  ...more,
});

/** Runs the program; what it prints is searched. Its exit code. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = environment()) {
  const child = spawn(process.execPath, ['dist/main.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  endsWithUs(child.pid, ended);
  children.push(child);
  const said: [where: string, text: string] = [args.join(' '), ''];
  written.push(said);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (said[1] += chunk));
  return { child, ended, said: () => said[1] };
}

/** Asks, and what is answered is searched. */
async function ask(url: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, init);
  written.push([
    `answer to ${init.method ?? 'GET'} ${url}`,
    `${JSON.stringify([...answer.headers])} ${await answer.text()}`,
  ]);
  return answer.status;
}

async function started(env: NodeJS.ProcessEnv = {}) {
  const [port, adminPort] = [await freePort(), await freePort()];
  const program = run(['serve'], environment({ PORT: String(port), ADMIN_PORT: String(adminPort), ...env }));
  const admin = `http://127.0.0.1:${String(adminPort)}`;
  await until(
    'ready or ended',
    async () => (await fetch(`${admin}/readyz`).catch(() => undefined))?.ok === true || program.child.exitCode !== null,
    30_000,
  );
  if (program.child.exitCode !== null) throw new Error(program.said());
  return { ...program, admin, url: `http://127.0.0.1:${String(port)}/WalletService` };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** The same secret as anybody might write it. */
const guises = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), encodeURIComponent(secret)];
};

test('in no log, answer, metric, page or print, whatever goes wrong', async () => {
  const bridge = await started();
  const platform = new PlatformPlayer({ baseUrls: [bridge.url], agentID: 'CANARY01', key: secrets.platformKey, wire });
  players.push(platform);
  const names = ['alice', 'silent', 'broken', 'redirects', 'fails', 'garbage', 'refuses', 'unclear'];
  await ask(`${bridge.admin}/sessions/CANARY01/alice`, {
    method: 'PUT',
    ...bearer(secrets.adminToken),
    body: JSON.stringify({ session: secrets.session }),
  });
  for (const name of names) {
    platform.open(name, '100.00');
    for (const callback of [
      platform.getBalance(name),
      platform.withdraw(name, '1.00'),
      platform.deposit(name, '1.00'),
    ]) {
      const { raw } = await platform.deliver(callback);
      written.push([`answer to ${callback.operation} of ${name}`, raw]);
      // Once more with what somebody might take for a sign.
      await platform.deliver(callback, { sign: secrets.platformKey });
    }
  }
  const wrong = { agentID: 'CANARY01', userID: 'alice', sign: secrets.platformKey, amount: secrets.signKey };
  for (const body of [JSON.stringify(wrong), secrets.platformKey, `{"agentID":"${secrets.walletToken}"`])
    expect(await ask(`${bridge.url}/Withdraw`, { method: 'POST', body })).toBe(200);
  for (const path of ['metrics', 'sessions/CANARY01/alice', 'readyz', secrets.adminToken])
    for (const token of [secrets.viewerToken, secrets.adminToken, secrets.mistaken])
      await ask(`${bridge.admin}/${path}`, bearer(token));
  const origin = new URL(bridge.url).origin;
  for (const key of [secrets.siteKey, secrets.mistaken])
    for (const call of ['games', 'launch']) {
      const body = `{"agentID":"CANARY01","userID":"alice","token":"${secrets.session}"}`;
      await ask(`${origin}/platform/canary/${call}`, { method: 'POST', body, ...bearer(key) });
    }

  // An engineer's mistakes: the key itself where its name is wanted, and a password that is wrong.
  await writeFile(join(dir, 'operator.yaml'), operatorFile([secrets.mistaken]));
  bridge.child.kill('SIGHUP');
  await until('the file is refused', () => bridge.said().includes('refused'), 10_000);
  await run(['check', dir]).ended;
  await writeFile(join(dir, 'operator.yaml'), operatorFile(['platformKey']));
  const denied = environment({ REDIS_URL: redis.url.replace('redis://', `redis://:${secrets.mistaken}@`) });
  await run(['doctor'], denied).ended;
  const shutOut = run(['serve'], denied);
  await until('it says that it may not', () => shutOut.said().includes('"msg":"redis"'), 20_000);
  shutOut.child.kill('SIGTERM');
  await shutOut.ended;
  const file = join(dir, 'operator.yaml');
  const field = (name: string, value: string) => ['--field', `${name}=${value}`];
  for (const args of [
    ['doctor', '--player', 'alice'],
    ['explain', file, 'withdraw', ...field('userID', 'alice'), ...field('amount', '1.00')],
    ['explain', file, 'getBalance', '--format', 'json'],
    ['transactions', 'list', '--format', 'json'],
    ['simulate', file],
  ])
    await run(args).ended;
  await redis.kill9();
  await platform.deliver(platform.withdraw('alice', '1.00'));
  bridge.child.kill('SIGTERM');
  await bridge.ended;

  for (const name of await readdir(redis.dir, { recursive: true }))
    if (/\.(aof|rdb)$/.test(name))
      written.push([
        `redis ${name}`,
        (await readFile(join(redis.dir, name), 'latin1')).replaceAll(secrets.session, ''),
      ]);
  expect(written.length).toBeGreaterThan(30);
  expect(bridge.said()).toContain('"msg":"callback"');
  for (const [name, secret] of Object.entries(secrets))
    for (const [where, text] of written)
      for (const guise of guises(secret)) if (text.includes(guise)) expect(`${name} in ${where}`).toBe('nowhere');
}, 120_000);
