// What all rounds of a run share: the line to the service, its pace, and what was found. Every delivery goes
// through here, so each is paced, timed, judged as it is written, and none leaves once the run is over.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Callback } from '../platform-callback.js';
import type { DeliveryOptions, Oddity, PlatformLine } from '../platform-line.js';
import type { Answer } from '../platform-post.js';
import type { Exchange, Findings } from './findings.js';
import { faultOnWire } from './wire.js';

export interface TableOptions {
  readonly line: PlatformLine;
  readonly findings: Findings;
  /** Deliveries a second. */
  readonly rate: number;
  readonly targets: number;
  /** Aborted: nothing leaves any more. */
  readonly over: AbortController;
  /** What currency is due beside a balance; the first one that is told where it is not given. */
  readonly currency?: string | undefined;
}

/** A service that gives so many deliveries in a row no answer, and none for so long, is gone. */
const SILENT_AFTER = 20;
const SILENT_FOR_MS = 10_000;
/** How far a late start may be caught up with, in milliseconds. */
const BURST_MS = 100;

export const SILENT = 'the service gave no answer any more';

export class Table {
  readonly line: PlatformLine;
  readonly findings: Findings;
  readonly latencies = new Map<Callback['operation'], RecordableHistogram>();
  readonly latency = createHistogram();
  delivered = 0;
  #currency: string | undefined;
  #unanswered = 0;
  #answeredAt = performance.now();
  #slot = 0;

  constructor(private readonly options: TableOptions) {
    this.line = options.line;
    this.findings = options.findings;
    this.#currency = options.currency;
  }

  /** Waits until so many deliveries may leave. */
  async pace(count: number): Promise<void> {
    const apart = 1_000 / this.options.rate;
    const now = performance.now();
    const at = Math.max(this.#slot, now - BURST_MS);
    this.#slot = at + apart * count;
    if (at > now) await new Promise((resume) => setTimeout(resume, at - now));
    this.options.over.signal.throwIfAborted();
  }

  /** One callback, to the next address, judged as it is written. */
  async deliver(scene: string, callback: Callback, { sign, timeoutMs }: DeliveryOptions = {}): Promise<Exchange> {
    const { operation } = callback;
    const post = { operation, body: this.line.body(callback, sign) };
    const answer = await this.#send(timeoutMs === undefined ? post : { ...post, timeoutMs });
    const exchange = { what: operation, body: post.body, answer };
    const fault = faultOnWire(operation, answer, this.line.wire);
    const isOurImpatience = timeoutMs !== undefined && fault?.rule === 'answered';
    if (fault !== null && !isOurImpatience) this.findings.broken(fault.rule, scene, fault.why, exchange);
    if (operation === 'GetBalance') this.#judgeCurrency(scene, exchange);
    return exchange;
  }

  /** What only looks like a callback. Only a POST must be answered as one. */
  async post(scene: string, oddity: Oddity): Promise<Exchange> {
    const answer = await this.#send(oddity);
    const { method = 'POST', operation, body } = oddity;
    const exchange = { what: method === 'POST' ? operation : `${method} ${operation}`, body, answer };
    const fault = method === 'POST' ? faultOnWire(operation, answer, this.line.wire) : null;
    if (fault !== null) this.findings.broken(fault.rule, scene, fault.why, exchange);
    return exchange;
  }

  async #send(oddity: Oddity): Promise<Answer> {
    this.options.over.signal.throwIfAborted();
    this.delivered += 1;
    const answer = await this.line.post({ ...oddity, base: this.delivered % this.options.targets });
    const micros = Math.max(1, Math.round(answer.ms * 1_000));
    this.latency.record(micros);
    this.#latencyOf(oddity.operation).record(micros);
    this.#listen(answer.httpStatus !== null);
    return answer;
  }

  #listen(isAnswered: boolean): void {
    this.#unanswered = isAnswered ? 0 : this.#unanswered + 1;
    if (isAnswered) this.#answeredAt = performance.now();
    const silence = performance.now() - this.#answeredAt;
    if (this.#unanswered >= SILENT_AFTER && silence >= SILENT_FOR_MS) this.options.over.abort(SILENT);
  }

  #latencyOf(operation: Callback['operation']): RecordableHistogram {
    const known = this.latencies.get(operation) ?? createHistogram();
    this.latencies.set(operation, known);
    return known;
  }

  #judgeCurrency(scene: string, exchange: Exchange): void {
    const name = this.line.wire.currency;
    const told = name === undefined ? undefined : exchange.answer.members?.[name];
    if (typeof told !== 'string' || exchange.answer.code !== 0) return;
    this.#currency ??= told;
    if (told === this.#currency) return;
    this.findings.broken('currency', scene, `currency is ${told}; due is ${this.#currency}`, exchange);
  }
}
