// The demo: a wallet, the bridge and a platform, three processes playing the main job on one machine, judged
// in the end by comparing what the players were told with what the wallet's ledger file says. Must never need
// anything prepared, and never leave a process or a file behind.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram, freePort, poll, WalletProcess } from './processes.js';
import { sceneLines } from './print-scenes.js';
import { openings, playScript, type Due, type Role } from './script.js';
import { booksOf, judge, judgementLines } from './verdict.js';
import { readLedger } from '../stand-ins/ledger.js';
import { callbackBody, signedText } from '../stand-ins/platform-callback.js';
import { freshId } from '../stand-ins/platform-line.js';
import { PlatformPlayer } from '../stand-ins/platform-player.js';

export interface DemoOptions {
  /** Stay up after the script and print ready curl lines, until interrupted. */
  readonly serve: boolean;
  readonly out?: (line: string) => void;
}

const WALLET_PROGRAM = fileURLToPath(new URL('../stand-ins/wallet.js', import.meta.url));
const BRIDGE_PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
const OPERATORS = fileURLToPath(new URL('../../config/operators', import.meta.url));
const AGENT = 'DEMO01';
/** What the operator file of the demo makes due. */
const due: Due = {
  duplicate: 0,
  betWinCalls: 2,
  freeSpinCalls: 0,
  unresolved: { bet: 'fail', win: 'accept', rollback: 'accept' },
  undoes: { bet: true, betWin: true },
  findsOut: { taken: true, notTaken: true },
  looksUp: false,
  says: { noFunds: true, noPlayer: true, noPlayerToBet: true, badSession: false },
  otherNos: [],
};
const UNFINISHED_WORK_MS = 90_000;
const INTERRUPTED = 130;

/**
 * Plays the demo and prints it. Resolves with the exit code: 0 when every result was as due and every balance
 * equal to the cent, 1 when not or when it could not start, 130 when it was interrupted before its end.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const print = options.out ?? ((line) => void process.stdout.write(`${line}\n`));
  const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-demo-'));
  const children: ChildProgram[] = [];
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = (): void => interruption.abort();
  const killAll = (): void => children.forEach((child) => child.killNow());
  const launch: Launch = (name, args, env) => {
    // What starts after the end was decided would be left behind.
    signal.throwIfAborted();
    const child = new ChildProgram(name, args, env);
    children.push(child);
    return child;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('exit', killAll);
  const interrupted = new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(INTERRUPTED)));
  const out = (line: string): void => {
    if (!signal.aborted) print(line);
  };
  try {
    const demo = await Promise.race([startDemo(directory, launch), interrupted]);
    if (typeof demo === 'number') return demo;
    const exitCode = await Promise.race([playDemo(demo, out, signal), interrupted]);
    if (!options.serve || signal.aborted) return exitCode;
    printCurlLines(demo, out);
    await interrupted;
    return exitCode;
  } catch (error) {
    out(`The demo could not go on: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    interruption.abort();
    await Promise.all(children.map((child) => child.stop()));
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('exit', killAll);
    rmSync(directory, { recursive: true, force: true });
  }
}

type Launch = (name: string, args: readonly string[], env: NodeJS.ProcessEnv) => ChildProgram;

interface Demo {
  readonly ledgerFile: string;
  readonly wallet: WalletProcess;
  readonly player: PlatformPlayer;
  readonly players: Readonly<Record<Role, string>>;
  readonly stranger: string;
  readonly callbacksUrl: string;
  readonly adminUrl: string;
  readonly key: string;
}

async function startDemo(directory: string, launch: Launch): Promise<Demo> {
  const ledgerFile = join(directory, 'ledger.jsonl');
  const [key, token] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  // A journal kept from an earlier run must not know these players, nor anything unfinished of theirs.
  const run = randomBytes(2).toString('hex');
  const named = (role: string): string => `${role}-${run}`;
  const players = {
    alice: named('alice'),
    bob: named('bob'),
    carol: named('carol'),
    dave: named('dave'),
    erin: named('erin'),
    frank: named('frank'),
  };

  const accounts = Object.entries(openings).map(([role, balance]) => `${named(role)}=${balance}`);
  const walletArgs = ['--ledger', ledgerFile, '--token', token, '--players', accounts.join(',')];
  const wallet = new WalletProcess((port) => launch('stand-in wallet', [WALLET_PROGRAM, ...port, ...walletArgs], {}));
  await wallet.start();

  const [port, adminPort] = [await freePort(), await freePort()];
  const bridge = launch('bridge', [BRIDGE_PROGRAM, 'serve'], {
    ...process.env,
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    ADMIN_HOST: '127.0.0.1',
    ADMIN_PORT: String(adminPort),
    BASE_PATH: '/WalletService',
    OPERATORS_DIR: OPERATORS,
    LOG_LEVEL: 'fatal',
    DEMO_GSP_KEY: key,
    DEMO_WALLET_TOKEN: token,
    DEMO_WALLET_URL: wallet.url,
  });
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  await bridge.ready(async () => {
    const answer = await fetch(`${adminUrl}/readyz`).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });

  const callbacksUrl = `http://127.0.0.1:${port}/WalletService`;
  const player = new PlatformPlayer({ baseUrls: [callbacksUrl], agentID: AGENT, key });
  for (const [role, balance] of Object.entries(openings)) player.open(named(role), balance);
  return { ledgerFile, wallet, player, players, stranger: named('nobody'), callbacksUrl, adminUrl, key };
}

async function playDemo(demo: Demo, out: (line: string) => void, signal: AbortSignal): Promise<number> {
  const { ledgerFile, player, players } = demo;
  const journal = (process.env['REDIS_URL'] ?? '') === '' ? 'in memory' : 'in Redis';
  out(`The bridge listens on ${demo.callbacksUrl}, its journal is ${journal}; the wallet is a process of its own.`);
  const books = () => booksOf(readLedger(ledgerFile));
  const agrees = async (userID: string): Promise<'equal' | 'different'> => {
    const isEqual = (): boolean => books().balances.get(userID) === player.expectedCents(userID);
    return (await poll(() => (isEqual() ? 'equal' : undefined), UNFINISHED_WORK_MS, signal)) ?? 'different';
  };
  const wrong = await playScript({
    ...demo,
    due,
    ids: () => ({ transactionID: freshId(), roundID: freshId() }),
    amount: (text) => text,
    tell: (event) => sceneLines(event).forEach(out),
    later: () => Promise.resolve(),
    agrees,
  });

  // Agreement may be passing: something done once too often would show only now.
  await new Promise((resume) => setTimeout(resume, 1_000));
  const judged = judge(books(), player, Object.values(players));
  judgementLines(judged, 'ledger file').forEach(out);
  wrong.push(...judged.wrong);

  out('');
  for (const line of wrong) out(`WRONG  ${line}`);
  out(wrong.length === 0 ? 'Equal to the cent, every result as due.' : `${wrong.length} differences.`);
  return wrong.length === 0 ? 0 : 1;
}

function printCurlLines({ player, players, callbacksUrl, adminUrl, key }: Demo, out: (line: string) => void): void {
  const bet = player.withdraw(players.alice, '1.00');
  const callbacks = [
    player.getBalance(players.alice),
    bet,
    player.deposit(players.alice, '2.50'),
    player.betWin(players.alice, '1.00', '0.50'),
    player.rollback(players.alice, bet.transactionID),
  ];
  out('');
  out('Still up. Each of the five callbacks, signed; the last one rolls the first bet back:');
  for (const callback of callbacks) {
    const body = callbackBody(callback, player.sign(callback));
    out(`\ncurl -s ${callbacksUrl}/${callback.operation} -H 'content-type: application/json' -d '${body}'`);
  }
  out('\nThe sign of the first bet by hand; the key is that of this run:');
  out(`\nprintf %s '${signedText(bet)}' | openssl dgst -sha256 -hmac ${key} -r | cut -c1-64 | tr a-f A-F`);
  out(`\nMetrics: curl -s ${adminUrl}/metrics`);
  out('Ctrl-C ends everything.');
}
