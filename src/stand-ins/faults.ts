// Everything the stand-in wallet can do wrong, one line per way, and the queue that says to which call it
// happens. Whether money moves is decided here and nowhere else: a fault either calls `apply` or it does not.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'lossless-json';
import { walletError, type WalletReply } from './accounts.js';

/** What the wallet remembers of one call, for whoever watches it. */
export interface WalletCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly reference: string | null;
  readonly player: string | null;
  readonly amountMinor: string | null;
  fault: FaultName | null;
  /** The HTTP status that was sent, null when nothing was. */
  status: number | null;
}

/** One call being answered. */
export interface Exchange {
  readonly call: WalletCall;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Does what was asked, in the ledger, and says what a healthy wallet would answer. */
  readonly apply: () => WalletReply;
  /** The fault's own time in milliseconds. */
  readonly ms: number;
  /** Runs something later, unless the wallet was stopped by then. */
  readonly later: (ms: number, what: () => void) => void;
}

const JSON_TYPE = 'application/json';

/** The healthy way: what was asked is done, then answered. */
export function answer(exchange: Exchange): void {
  sendReply(exchange, exchange.apply());
}

const FAULTS = {
  slow: (x) => {
    const reply = x.apply();
    x.later(x.ms, () => sendReply(x, reply));
  },
  hang: () => undefined,
  'apply-then-hang': (x) => void x.apply(),
  'reset-before': (x) => x.request.socket.resetAndDestroy(),
  'reset-after': (x) => {
    x.apply();
    x.request.socket.resetAndDestroy();
  },
  'cut-body': (x) => {
    const { status, body } = x.apply();
    const text = Buffer.from(writeJson(body));
    x.call.status = status;
    x.response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': text.length });
    x.response.write(text.subarray(0, text.length / 2), () => x.request.socket.destroy());
  },
  garbage: (x) => {
    x.apply();
    send(x, 200, JSON_TYPE, '{"reference": "');
  },
  oversized: (x) => {
    const { status, body } = x.apply();
    send(x, status, JSON_TYPE, writeJson({ ...body, padding: 'x'.repeat(2_000_000) }));
  },
  'no-balance': (x) => {
    const { status, body } = x.apply();
    sendReply(x, { status, body: { ...body, balanceMinor: undefined } });
  },
  'wrong-reference': (x) => {
    const { status, body } = x.apply();
    sendReply(x, { status, body: { ...body, reference: 'somebody-elses' } });
  },
  'status-502-before': (x) => sendReply(x, walletError(502, 'BAD_GATEWAY')),
  'status-502-after': (x) => {
    x.apply();
    sendReply(x, walletError(502, 'BAD_GATEWAY'));
  },
  'html-200': (x) => send(x, 200, 'text/html', '<!doctype html><title>Welcome</title><h1>It works!</h1>'),
  'empty-200': (x) => send(x, 200, JSON_TYPE, ''),
  // The query lets whoever follows the redirect be seen doing so.
  'redirect-302': (x) => send(x, 302, JSON_TYPE, '', { location: `${x.call.path}?redirected` }),
  'redirect-307': (x) => send(x, 307, JSON_TYPE, '', { location: `${x.call.path}?redirected` }),
  // A proxy or a replica behind the wallet that lags: it has not heard of what is there.
  absent: (x) => sendReply(x, walletError(404, 'UNKNOWN_REFERENCE')),
  // A wallet that cuts references off takes an undo for the movement it is to undo.
  'duplicate-before': (x) => sendReply(x, walletError(409, 'DUPLICATE')),
  maintenance: (x) => sendReply(x, { status: 503, body: { maintenance: true } }),
  late: (x) => {
    x.request.socket.destroy();
    x.later(x.ms, () => void x.apply());
  },
} satisfies Record<string, (exchange: Exchange) => void>;

export type FaultName = keyof typeof FAULTS;

/** Whether a text names a fault. */
export function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULTS, name);
}

/** Which calls a queued fault is for; what is left out matches everything. */
export interface FaultMatch {
  readonly method?: string;
  readonly pathIncludes?: string;
  readonly reference?: string;
  readonly player?: string;
}

export interface QueuedFault {
  readonly match: FaultMatch;
  readonly fault: FaultName;
  readonly ms: number;
  times: number;
  /** Milliseconds: instead of so many times it befalls every call for so long, from its first one on. */
  readonly lasts?: number;
  endsAt?: number;
}

/**
 * Takes the first queued fault meant for this call, once, and answers in its way; healthily when there is
 * none.
 */
export function answerWithFaults(exchange: Exchange, queue: QueuedFault[]): void {
  const { call } = exchange;
  const queued = nextFault(call, queue);
  if (queued === undefined) {
    answer(exchange);
    return;
  }
  call.fault = queued.fault;
  FAULTS[queued.fault]({ ...exchange, ms: queued.ms });
}

function nextFault(call: WalletCall, queue: QueuedFault[]): QueuedFault | undefined {
  const now = performance.now();
  const over = queue.filter(({ endsAt }) => endsAt !== undefined && endsAt < now);
  for (const fault of over) queue.splice(queue.indexOf(fault), 1);
  const queued = queue.find(({ match }) => matches(match, call));
  if (queued?.lasts !== undefined) queued.endsAt ??= now + queued.lasts;
  else if (queued !== undefined && --queued.times === 0) queue.splice(queue.indexOf(queued), 1);
  return queued;
}

function matches(match: FaultMatch, call: WalletCall): boolean {
  return (
    (match.method ?? call.method) === call.method &&
    call.path.includes(match.pathIncludes ?? '') &&
    (match.reference ?? call.reference) === call.reference &&
    (match.player ?? call.player) === call.player
  );
}

function sendReply(exchange: Exchange, reply: WalletReply): void {
  send(exchange, reply.status, JSON_TYPE, writeJson(reply.body));
}

/** A bigint becomes a number with all its digits. */
function writeJson(body: WalletReply['body']): string {
  return stringify(body) ?? '';
}

function send(
  exchange: Exchange,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): void {
  exchange.call.status = status;
  exchange.response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers });
  exchange.response.end(text);
}
