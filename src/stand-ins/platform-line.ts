// The platform's line to a callback service: makes callbacks, signs them, delivers them, and follows up as
// the platform does. It keeps nothing of what it hears, so that it can be used for days.
import { randomUUID } from 'node:crypto';
import { nextMove, type MoneyCallback } from './platform-book.js';
import {
  callbackBody,
  signCallback,
  wires,
  type Besides,
  type Callback,
  type MoneyFields,
  type Wire,
} from './platform-callback.js';
import { Connections, type Answer } from './platform-post.js';

export interface Delivered<C extends Callback = Callback> {
  readonly callback: C;
  readonly answer: Answer;
}

/** How one delivery differs from the usual: another address (by its index), less patience. */
interface Way {
  readonly base?: number;
  readonly timeoutMs?: number;
}

/** A sign that is not the platform's makes it somebody else's delivery. */
export interface DeliveryOptions extends Way {
  readonly sign?: string;
}

/** What only looks like a callback. */
export interface Oddity extends Way {
  readonly method?: string;
  readonly operation: Callback['operation'];
  readonly body: string;
}

export interface PlatformLineOptions {
  /**
   * Where the callbacks are mounted, such as `http://127.0.0.1:8080/WalletService`; copies are spread over
   * all.
   */
  readonly baseUrls: readonly [string, ...string[]];
  readonly agentID: string;
  readonly key: string;
  /** The dialect it speaks, `seamless` when not given. */
  readonly wire?: Wire;
  /** The game of callbacks that name no other; one of the dialect's own when not given. */
  readonly gameID?: string;
  /** The platform's patience with one delivery, in milliseconds; 10 s when not given. */
  readonly timeoutMs?: number;
  /** How long it waits before it follows up, in milliseconds. */
  readonly pauseMs?: number;
}

/** What of a callback is not made up, or not left out. */
type Given = Partial<Pick<MoneyFields, 'transactionID' | 'roundID'>> & Besides;

const FOLLOW_UPS_AT_MOST = 20;

/** A fresh id in the platform's shape: 32 lower-case hex digits. */
export function freshId(): string {
  return randomUUID().replaceAll('-', '');
}

export class PlatformLine {
  readonly wire: Wire;
  readonly #options: PlatformLineOptions;
  readonly #connections = new Connections();
  readonly #game: Besides;

  constructor(options: PlatformLineOptions) {
    this.#options = options;
    this.wire = options.wire ?? wires.seamless;
    this.#game = options.gameID === undefined ? {} : { gameID: options.gameID };
  }

  getBalance(userID: string): Callback {
    return { operation: 'GetBalance', agentID: this.#options.agentID, userID, ...this.#game };
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
    return { operation: 'RollbackTransaction', agentID: this.#options.agentID, userID, transactionID, ...this.#game };
  }

  /** The right sign of a callback under this platform's key. */
  sign(callback: Callback): string {
    return signCallback(callback, this.#options.key, this.wire);
  }

  /** A callback's body; `sign` is the right one when not given. */
  body(callback: Callback, sign = this.sign(callback)): string {
    return callbackBody(callback, sign, this.wire);
  }

  /** One delivery. */
  deliver(callback: Callback, { sign, ...way }: DeliveryOptions = {}): Promise<Answer> {
    return this.post({ operation: callback.operation, body: this.body(callback, sign), ...way });
  }

  /** Anything at all to the path of an operation. */
  post({ method = 'POST', operation, body, base = 0, timeoutMs }: Oddity): Promise<Answer> {
    const { baseUrls, timeoutMs: usual = 10_000 } = this.#options;
    const url = `${baseUrls[base % baseUrls.length] ?? baseUrls[0]}/${operation}`;
    return this.#connections.send({ method, url, body, timeoutMs: timeoutMs ?? usual }, this.wire);
  }

  /**
   * A money callback as the platform sees it through: no usable answer to a bet brings rollbacks, to anything
   * else the same again, until an answer ends it or the bound of follow-ups is reached. All deliveries, in
   * order.
   */
  async seeThrough(
    callback: MoneyCallback,
    deliver: (callback: MoneyCallback, sent: number) => Promise<Answer>,
  ): Promise<Delivered<MoneyCallback>[]> {
    const { pauseMs = 250 } = this.#options;
    const delivered: Delivered<MoneyCallback>[] = [];
    let current = callback;
    for (let sent = 0; sent <= FOLLOW_UPS_AT_MOST; sent += 1) {
      const answer = await deliver(current, sent);
      delivered.push({ callback: current, answer });
      const next = nextMove(current.operation, answer.code);
      if (next === 'end') break;
      if (next === 'rollback') current = this.rollback(current.userID, current.transactionID);
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
    return delivered;
  }

  /** Closes the idle connections. */
  close(): void {
    this.#connections.close();
  }

  #money(userID: string, given: Given): MoneyFields & Besides {
    const { agentID } = this.#options;
    return { agentID, userID, transactionID: freshId(), roundID: freshId(), ...this.#game, ...given };
  }
}
