// Axios' own transport costs more than the rest of a callback together, and cannot say whether bytes left. So
// each call brings its own adapter: one undici dispatch, the body's raw bytes back, and `progress`, which
// outlives every error. Never: follows a redirect, sends twice, unpacks, or rejects with an AxiosError
// (it would carry the request's secrets).

import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher, Pool } from 'undici';
import { ExchangeStopped, type Progress } from './classify-failure.js';
import type { WalletRequest } from './message.js';

type RawHeaders = Record<string, string | string[] | undefined>;

const noHeaders = new AxiosHeaders();

// Checked before undici does: a pool of undici 7 that finds a request malformed leaves its connection marked
// busy for ever, and a handful of odd player ids would take the whole wallet away.
const sendablePath = /^\/[\u0021-\u00ff]*$/;
const sendableName = /^[\w!#$%&'*+.^`|~-]+$/;
const sendableValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** Who is spoken to and where a message ends is the transport's own business. */
const framing = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function isSendable({ path, headers }: PoolRequest): boolean {
  for (const name in headers)
    if (!sendableName.test(name) || !sendableValue.test(headers[name] ?? '') || framing.has(name.toLowerCase()))
      return false;
  return sendablePath.test(path);
}

/**
 * Whom to answer. The promise's own functions, not closures round them: with one of those V8 kept every finished
 * call, and all that hung on it, until a full collection (14 % of a callback's processor time, and 100 MB).
 */
interface Asker {
  readonly config: InternalAxiosRequestConfig;
  readonly resolve: (response: AxiosResponse<Buffer>) => void;
  readonly reject: (reason: Error) => void;
}

interface PoolRequest extends Pick<WalletRequest, 'method' | 'path' | 'headers'> {
  readonly body: Uint8Array | undefined;
}

/**
 * One wallet call, used once. All of its request travels here, beside axios: what axios copies and checks of a
 * config costs some 2 µs a key (six of them 6.0 % of a balance, the adapter alone 3.8 %).
 */
export class PoolCall implements Dispatcher.DispatchHandler {
  progress: Progress = 'waiting';
  replyHeaders: RawHeaders = {};
  #status = 0;
  readonly #body: Buffer[] = [];
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #asker: Asker | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly request: PoolRequest,
    /** Milliseconds for connecting, sending and the whole reply. */
    private readonly within: number,
    /** Asked immediately before the first byte may be written; false: nothing is. */
    private readonly mayStillSend: () => boolean,
  ) {}

  /** The call's `adapter`. Every status resolves. */
  readonly adapter: AxiosAdapter = (config) =>
    new Promise<AxiosResponse<Buffer>>((resolve, reject) => {
      const { method, path, headers, body = null } = this.request;
      if (!isSendable(this.request)) {
        reject(new ExchangeStopped('request cannot be sent'));
        return;
      }
      this.#asker = { config, resolve, reject };
      this.#timer = setTimeout(() => this.#expire(), this.within);
      this.pool.dispatch({ path, method, headers, body }, this);
    });

  // Throwing here, not `controller.abort`: both write nothing, but abort would also destroy the healthy
  // connection, and a wallet slower to connect than a call may last would never get one.
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.progress !== 'waiting') throw new ExchangeStopped('started twice');
    if (this.#over || !this.mayStillSend()) throw new ExchangeStopped('no longer allowed to send');
    this.progress = 'sent';
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    this.progress = 'answering';
    this.#status = status;
    this.replyHeaders = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    if (this.#asker === undefined) return;
    const { config, resolve } = this.#asker;
    const data = Buffer.concat(this.#body);
    resolve({ status: this.#status, data, statusText: '', headers: noHeaders, config });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, reason: Error): void {
    this.#end();
    this.#asker?.reject(reason);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #expire(): void {
    if (this.#controller !== undefined) this.#controller.abort(new ExchangeStopped('timeout'));
    else this.onResponseError(undefined, new ExchangeStopped('connect timeout'));
  }
}
