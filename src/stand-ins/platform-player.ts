// A game platform in small: signs callbacks, delivers them as the platform does (again, at once, with
// follow-ups) and keeps its own book of what it was told. It stands for the other side of the wire, so it
// imports nothing of the bridge and must never read the wallet.
import { randomUUID } from 'node:crypto';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { isLosslessNumber, parse } from 'lossless-json';
import { parseCents } from './cents.js';
import { isJsonObject } from './json-object.js';
import {
  expectedCents,
  foldAnswers,
  nextMove,
  type BookEntry,
  type Heard,
  type MoneyCallback,
} from './platform-book.js';
import {
  callbackBody,
  signCallback,
  wires,
  type Besides,
  type Callback,
  type MoneyFields,
  type Wire,
} from './platform-callback.js';

/** What came back for one delivery. Everything is null or empty that did not come, or could not be read. */
export interface Answer {
  readonly httpStatus: number | null;
  /** The result code, only from an HTTP 200 with a readable body: all else is no answer to the platform. */
  readonly code: number | null;
  readonly message: string | null;
  /** The balance as it was written on the wire, when it was a JSON number. */
  readonly balanceText: string | null;
  readonly raw: string;
  /** Wall time of the delivery in milliseconds. */
  readonly ms: number;
}

export interface Delivered<C extends Callback = Callback> {
  readonly callback: C;
  readonly answer: Answer;
}

/** How one delivery differs from the usual: another sign, another address (by its index), less patience. */
export interface DeliveryOptions {
  readonly sign?: string;
  readonly base?: number;
  readonly timeoutMs?: number;
}

export interface PlatformPlayerOptions {
  /**
   * Where the callbacks are mounted, such as `http://127.0.0.1:8080/WalletService`; copies are spread over
   * all.
   */
  readonly baseUrls: readonly [string, ...string[]];
  readonly agentID: string;
  readonly key: string;
  /** The dialect it speaks, `seamless` when not given. */
  readonly wire?: Wire;
  /** The platform's patience with one delivery, in milliseconds; 10 s when not given. */
  readonly timeoutMs?: number;
}

/** What of a callback is not made up, or not left out. */
type Given = Partial<Pick<MoneyFields, 'transactionID' | 'roundID'>> & Besides;

const FOLLOW_UPS_AT_MOST = 20;
const FOLLOW_UP_PAUSE_MS = 250;

/** A fresh id in the platform's shape: 32 lower-case hex digits. */
export function freshId(): string {
  return randomUUID().replaceAll('-', '');
}

export class PlatformPlayer {
  readonly #options: PlatformPlayerOptions;
  readonly #wire: Wire;
  readonly #heard: Heard[] = [];
  readonly #openings = new Map<string, bigint>();
  readonly #agent = new Agent({ keepAlive: true });

  constructor(options: PlatformPlayerOptions) {
    this.#options = options;
    this.#wire = options.wire ?? wires.seamless;
  }

  getBalance(userID: string): Callback {
    return { operation: 'GetBalance', agentID: this.#options.agentID, userID };
  }

  withdraw(userID: string, amount: string, given: Given = {}): MoneyCallback {
    return { operation: 'Withdraw', ...this.#money(userID, given), amount };
  }

  deposit(userID: string, amount: string, given: Given = {}): MoneyCallback {
    return { operation: 'Deposit', ...this.#money(userID, given), amount };
  }

  betWin(userID: string, betAmount: string, winAmount: string, given: Given = {}): MoneyCallback {
    return { operation: 'BetWin', ...this.#money(userID, given), betAmount, winAmount };
  }

  rollback(userID: string, transactionID: string): MoneyCallback {
    return { operation: 'RollbackTransaction', agentID: this.#options.agentID, userID, transactionID };
  }

  /** The right sign of a callback under this platform's key. */
  sign(callback: Callback): string {
    return signCallback(callback, this.#options.key, this.#wire);
  }

  /**
   * One delivery. Its answer goes into the book, unless the sign was tampered with: then it was not the
   * platform's.
   */
  async deliver(callback: Callback, how: DeliveryOptions = {}): Promise<Answer> {
    const { baseUrls, timeoutMs = 10_000 } = this.#options;
    const base = baseUrls[(how.base ?? 0) % baseUrls.length] ?? baseUrls[0];
    const body = callbackBody(callback, how.sign ?? this.sign(callback), this.#wire);
    const patience = how.timeoutMs ?? timeoutMs;
    const answer = await post(this.#agent, `${base}/${callback.operation}`, body, patience, this.#wire);
    const isOurs = how.sign === undefined;
    if (isOurs && callback.operation !== 'GetBalance') this.#heard.push({ callback, code: answer.code });
    return answer;
  }

  /** The very same delivery many times at once, in turn to every address. */
  atOnce(callback: Callback, copies: number): Promise<Answer[]> {
    return Promise.all(Array.from({ length: copies }, (_, base) => this.deliver(callback, { base })));
  }

  /**
   * A money callback as the platform sees it through: no usable answer to a bet brings rollbacks, to anything
   * else the same again, until an answer ends it or the bound of follow-ups is reached. All deliveries, in
   * order.
   */
  async play(callback: MoneyCallback): Promise<Delivered<MoneyCallback>[]> {
    const delivered: Delivered<MoneyCallback>[] = [];
    let current = callback;
    for (let sent = 0; sent <= FOLLOW_UPS_AT_MOST; sent += 1) {
      const answer = await this.deliver(current, { base: sent });
      delivered.push({ callback: current, answer });
      const next = nextMove(current.operation, answer.code);
      if (next === 'end') break;
      if (next === 'rollback') current = this.rollback(current.userID, current.transactionID);
      await new Promise((resume) => setTimeout(resume, FOLLOW_UP_PAUSE_MS));
    }
    return delivered;
  }

  /** Notes a player's first balance, from which his expected one is counted. */
  open(userID: string, balance: string): void {
    this.#openings.set(userID, parseCents(balance));
  }

  /** The book so far. */
  book(): BookEntry[] {
    return foldAnswers(this.#heard);
  }

  /** What a player must own by what he was told so far, in cents. */
  expectedCents(userID: string): bigint {
    return expectedCents(this.#openings.get(userID) ?? 0n, userID, this.book());
  }

  /** Closes the idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  #money(userID: string, given: Given): MoneyFields & Besides {
    const { agentID } = this.#options;
    return { agentID, userID, transactionID: freshId(), roundID: freshId(), ...given };
  }
}

type Read = Pick<Answer, 'code' | 'message' | 'balanceText'>;

const NOT_READ: Read = { code: null, message: null, balanceText: null };

async function post(agent: Agent, url: string, body: string, timeoutMs: number, wire: Wire): Promise<Answer> {
  const started = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  let httpStatus: number | null = null;
  let raw = '';
  try {
    const response = await new Promise<IncomingMessage>((heard, failed) => {
      request(url, { method: 'POST', agent, signal, headers }, heard).on('error', failed).end(body);
    });
    httpStatus = response.statusCode ?? null;
    raw = await readText(response);
  } catch {
    // Refused, cut, too late: the platform cannot tell these apart and hears nothing.
  }
  const read = httpStatus === 200 ? readAnswer(raw, wire) : NOT_READ;
  return { httpStatus, ...read, raw, ms: performance.now() - started };
}

function readAnswer(raw: string, wire: Wire): Read {
  let body: unknown;
  try {
    body = parse(raw);
  } catch {
    return NOT_READ;
  }
  const { [wire.code]: result, message, balance } = isJsonObject(body) ? body : {};
  const code = isLosslessNumber(result) && /^\d{1,3}$/.test(result.value) ? Number(result.value) : null;
  return {
    code,
    message: typeof message === 'string' ? message : null,
    balanceText: isLosslessNumber(balance) ? balance.value : null,
  };
}
