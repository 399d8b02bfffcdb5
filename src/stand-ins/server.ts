// The stand-in wallet's HTTP side: a plain JSON wallet for players' money under /v2, and /control for whoever
// drives a test. It stands for an operator's wallet, so it imports nothing of the bridge and must never know
// the platform's wire.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { isLosslessNumber, parse } from 'lossless-json';
import { parseCents } from './cents.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import { StandInAccounts, walletError, type Habits, type MemoryKind, type WalletReply } from './accounts.js';
import { control, type Watched } from './control.js';
import { answer, answerWithFaults, type Exchange, type WalletCall } from './faults.js';

export interface StandInOptions extends Omit<Habits, 'memory'> {
  readonly ledgerFile: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Default: loopback only. */
  readonly host?: string | undefined;
  /** Default `always`. */
  readonly kind?: MemoryKind | undefined;
  /** The bearer token every /v2 call must carry, or one of several; without any, none is asked for. */
  readonly token?: string | readonly string[] | undefined;
  /** The launch's session: bets and questions for a balance must carry it as X-Session. */
  readonly session?: string | undefined;
  /** First balances, as decimal texts; a player who is in the ledger already keeps what stands there. */
  readonly players?: Readonly<Record<string, string>> | undefined;
}

export interface StandInWallet {
  readonly port: number;
  /** Cuts all connections and stops; movements that were still to land late are dropped. */
  readonly close: () => Promise<void>;
}

const CALLS_KEPT = 10_000;
const BAD_REQUEST = walletError(400, 'BAD_REQUEST');

/** Starts a stand-in wallet on its ledger file; rejects when the port is taken. */
export async function startStandInWallet(options: StandInOptions): Promise<StandInWallet> {
  const accounts = new StandInAccounts(options.ledgerFile, { ...options, memory: options.kind ?? 'always' });
  for (const [player, balance] of Object.entries(options.players ?? {})) accounts.open(player, parseCents(balance));
  const watched: Watched = { accounts, faults: [], calls: [] };
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, what: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      what();
    }, ms);
    timers.add(timer);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? '';
    const path = (request.url ?? '').split('?')[0] ?? '';
    // A caller that went away in the middle of its request asked for nothing.
    const sent = await readText(request).catch(() => null);
    if (sent === null) return;
    const body = readObject(sent);
    const asked = readQuestion(method, path, body);
    const call: WalletCall = {
      at: new Date().toISOString(),
      method,
      path,
      reference: asked.reference,
      player: asked.player ?? accounts.ownerOf(asked.cancels ?? asked.reference ?? '') ?? null,
      amountMinor: asked.cents?.toString() ?? null,
      fault: null,
      status: null,
    };
    const exchange: Omit<Exchange, 'apply'> = { call, request, response, ms: 0, later };
    if (path.startsWith('/control/')) {
      answer({ ...exchange, apply: () => control(watched, method, path.split('/').slice(2).map(unescape), body) });
      return;
    }
    watched.calls.push(call);
    if (watched.calls.length > CALLS_KEPT) watched.calls.shift();
    const welcome =
      options.token === undefined ||
      [options.token].flat().some((token) => request.headers.authorization === `Bearer ${token}`);
    const plays = options.session === undefined || request.headers['x-session'] === options.session;
    const isPlay = asked.what === 'balance' || asked.what === 'debit';
    const apply = (): WalletReply => {
      if (!welcome) return walletError(401, 'NO_TOKEN');
      return isPlay && !plays ? walletError(403, 'SESSION') : money(accounts, asked);
    };
    answerWithFaults({ ...exchange, apply }, watched.faults);
  };

  const server = createServer((request, response) => void handle(request, response));
  // Node's short default would cut idle connections under a caller that reuses them: a fault nobody asked
  // for.
  server.keepAliveTimeout = 120_000;
  const port = await listen(server, options.port, options.host ?? '127.0.0.1');
  const close = (): Promise<void> =>
    new Promise((closed) => {
      timers.forEach(clearTimeout);
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { port, close };
}

interface Question {
  readonly what: 'balance' | 'debit' | 'credit' | 'cancel' | 'lookup' | 'nothing';
  readonly player: string | null;
  readonly reference: string | null;
  readonly cancels: string | null;
  readonly cents: bigint | null;
  readonly round: string | null;
}

const ROUTES: readonly (readonly [Question['what'], RegExp])[] = [
  ['balance', /^GET \/v2\/players\/(?<player>[^/]+)\/balance$/],
  ['debit', /^POST \/v2\/players\/(?<player>[^/]+)\/debits$/],
  ['credit', /^POST \/v2\/players\/(?<player>[^/]+)\/credits$/],
  ['cancel', /^POST \/v2\/cancellations$/],
  ['lookup', /^GET \/v2\/transactions\/(?<reference>[^/]+)$/],
];

function readQuestion(method: string, path: string, body: JsonObject | null): Question {
  const word = (name: string): string | null => (typeof body?.[name] === 'string' ? body[name] : null);
  const amount = body?.['amountMinor'];
  const whole = isLosslessNumber(amount) && /^\d+$/.test(amount.value);
  const rest = {
    player: null,
    reference: word('reference'),
    cancels: word('cancels'),
    cents: whole ? BigInt(amount.value) : null,
    round: word('round'),
  };
  for (const [what, route] of ROUTES) {
    const found = route.exec(`${method} ${path}`);
    if (found === null) continue;
    const { player, reference } = found.groups ?? {};
    return {
      ...rest,
      what,
      ...(player && { player: unescape(player) }),
      ...(reference && { reference: unescape(reference) }),
    };
  }
  return { ...rest, what: 'nothing' };
}

function money(accounts: StandInAccounts, asked: Question): WalletReply {
  const { what, player, reference, cancels, cents, round } = asked;
  switch (what) {
    case 'balance': {
      const balanceMinor = accounts.balance(player ?? '');
      if (balanceMinor === undefined) return walletError(404, 'NO_PLAYER');
      return { status: 200, body: { balanceMinor, currency: 'EUR' } };
    }
    case 'debit':
    case 'credit':
      if (player === null || reference === null || cents === null) return BAD_REQUEST;
      return accounts.move(what, player, reference, cents, round ?? undefined);
    case 'cancel':
      return reference === null || cancels === null ? BAD_REQUEST : accounts.cancel(reference, cancels);
    case 'lookup':
      return accounts.lookup(reference ?? '');
    case 'nothing':
      return walletError(404, 'NO_SUCH_API');
  }
}

function readObject(sent: string): JsonObject | null {
  try {
    const body = parse(sent);
    return isJsonObject(body) ? body : null;
  } catch {
    return null;
  }
}

/** A name out of a path; a broken escape stays as it is, which names nobody. */
function unescape(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      const address = server.address();
      listening(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
