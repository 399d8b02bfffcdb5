// The public listener's app. Whatever is posted to one of the five paths is answered 200 with a code; 503
// only where the bridge does not know. It must never answer a code for something the bridge may have begun
// and not finished.

import express, { type Express, type Request, type RequestHandler, type Response, type Router } from 'express';
import type { HandleCallback } from '../bridge/handle-callback.js';
import { newTrace } from '../bridge/new-trace.js';
import type { Operation } from '../domain/callback.js';
import type { Operator } from '../domain/ports.js';
import { readTraceparent, type Trace } from '../domain/trace.js';
import type { CallbackAnswered, Monitor } from '../observe/monitor.js';
import type { Agent } from '../protocol/agent.js';
import { operationOfPath } from '../protocol/dialects.js';
import { readCallback, type ReadCallback } from '../protocol/read-callback.js';
import { codeOf } from '../protocol/result-codes.js';
import { writeAskAgain, writeFailure, writeReply, type Answer } from '../protocol/write-reply.js';
import { holds, type Addresses } from './addresses.js';
import type { ExamineSign } from './sign-clinic.js';

export interface CallbackPorts {
  readonly findAgent: (agentID: string) => Agent | undefined;
  readonly operatorOf: (agent: Agent) => Operator;
  readonly handle: HandleCallback;
  readonly observe: Monitor;
  /** Monotonic ms, the clock `handle` counts its deadline by. */
  readonly now: () => number;
  /** True from the moment the process is to end: answers then ask for their connection to be closed. */
  readonly isDraining: () => boolean;
  /** Waited for before a callback nobody vouches for is answered; absent: it is answered at once. */
  readonly strangersTurn?: () => Promise<void>;
  /** What a sign that does not verify may have been made of; absent: nobody wants to know. */
  readonly examineSign?: ExamineSign;
  /** Absent: everybody may call. */
  readonly allowed?: Allowed;
}

/** Who may call. */
export interface Allowed {
  readonly from: Addresses;
  /** What X-Forwarded-For says is believed of these: the last address in it that is none of theirs calls. */
  readonly proxies: Addresses | undefined;
}

const largestBody = 8 * 1024;

/**
 * Serves the five callbacks below `basePath` ("/WalletService"), and the sites' requests only where it is given
 * their routes.
 */
export function createCallbackApp(basePath: string, ports: CallbackPorts, ofSites?: Router): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.enable('case sensitive routing').enable('strict routing');
  if (ports.allowed !== undefined) app.use(turnAway(app, ports.allowed, ports.observe));
  const base = basePath.replace(/\/+$/, '');
  for (const [path, operation] of operationOfPath)
    app
      .route(`${base}/${path}`)
      .post((request, response) => receive(operation, request, response, ports))
      .all((_request, response) => void response.writeHead(405, { Allow: 'POST', 'Content-Length': 0 }).end());
  if (ofSites !== undefined) app.use('/platform', ofSites);
  app.use((_request, response) => void response.writeHead(404, { 'Content-Length': 0 }).end());
  return app;
}

/** Before any of the body is read. */
function turnAway(app: Express, { from, proxies }: Allowed, observe: Monitor): RequestHandler {
  if (proxies !== undefined) app.set('trust proxy', (address: string) => holds(proxies, address));
  return (request, response, next) => {
    const { ip, socket } = request;
    if (holds(from, ip)) {
      next();
      return;
    }
    observe.turnedAway('notAllowed', ip);
    // A proxy's connection brings others, too.
    if (ip === socket.remoteAddress) response.shouldKeepAlive = false;
    const text = 'your address may not call here; see ALLOW_FROM in config/deploy/security.md\n';
    response.writeHead(403, { 'Content-Type': 'text/plain', 'Content-Length': text.length }).end(text);
  };
}

/**
 * Collects the body. What never arrives in full is no callback: it ends with the listener's time limit, or
 * its client's patience.
 */
function receive(operation: Operation, request: Request, response: Response, ports: CallbackPorts): void {
  const arrived = ports.now();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    const before = size;
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
    else if (before <= largestBody) answerOversized(operation, response, arrived, ports);
  });
  request.on('end', () => {
    const [first] = chunks;
    if (size > largestBody) response.end();
    else
      void respond(
        operation,
        request,
        response,
        chunks.length === 1 && first ? first : Buffer.concat(chunks),
        arrived,
        ports,
      );
  });
}

/**
 * Answers at once, but the rest is still read and dropped: closing under a sender resets the connection
 * before the sender reads the answer.
 */
function answerOversized(operation: Operation, response: Response, arrived: number, ports: CallbackPorts): void {
  const { status, result, body } = writeFailure('wrongInput', undefined);
  response.shouldKeepAlive = false;
  response.writeHead(status, headersOf(body));
  response.write(body);
  const ms = ports.now() - arrived;
  const because = 'the body is too large';
  ports.observe.callbackAnswered({ operation, status, result, code: codeOf(result), ms, because });
}

async function respond(
  operation: Operation,
  request: Request,
  response: Response,
  body: Buffer,
  arrived: number,
  ports: CallbackPorts,
): Promise<void> {
  const trace = readTraceparent(header(request, 'traceparent')) ?? newTrace();
  const { answer, unsigned, operator, callback, claims, because, balanceMissing } = await decide(
    operation,
    request,
    body,
    arrived,
    trace,
    ports,
  );
  const ms = ports.now() - arrived;
  if (callback === undefined) await ports.strangersTurn?.();
  if (ports.isDraining()) response.shouldKeepAlive = false;
  response.writeHead(answer.status, headersOf(answer.body));
  response.end(answer.body);
  const { status, result } = answer;
  const clinic = unsigned && examine(operation, body, unsigned, ports);
  const about = { operator, callback, claims, because, balanceMissing, clinic, traceID: trace.traceID };
  const code = codeOf(result);
  // Spread last, as in legs, callbacks and wallet replies: what begins with a spread V8 of Node 20 kept until a full
  // collection (with all that hung on it 6.2 kB a callback; so it is 2.2).
  ports.observe.callbackAnswered({ operation, status, result, code, ms, ...about });
}

/** What cannot be found out is not worth an answer that was given. */
function examine(operation: Operation, body: Buffer, agent: Agent, ports: CallbackPorts) {
  try {
    return ports.examineSign?.(operation, body, agent);
  } catch (error) {
    ports.observe.exception('read', error);
    return undefined;
  }
}

interface Decided extends Pick<CallbackAnswered, 'operator' | 'callback' | 'claims' | 'because' | 'balanceMissing'> {
  readonly answer: Answer;
  /** Whose sign it should have been. */
  readonly unsigned?: Agent;
}

async function decide(
  operation: Operation,
  request: Request,
  body: Buffer,
  arrived: number,
  trace: Trace,
  ports: CallbackPorts,
): Promise<Decided> {
  let read: ReadCallback;
  let operator: Operator;
  let agent: Agent | undefined;
  try {
    read = isEncoded(request) ? encoded : readCallback(operation, body, ports.findAgent);
    agent = read.agent;
    if (read.kind === 'rejected') {
      return {
        answer: writeFailure(read.result, agent?.dialect),
        because: read.because,
        // A proxy's word for an address may be any text.
        claims: { ...read.claims, address: request.ip?.slice(0, 45) },
        ...(agent && { operator: agent.operator }),
        ...(agent && read.result === 'invalidSign' && { unsigned: agent }),
      };
    }
    operator = ports.operatorOf(read.agent);
  } catch (error) {
    // Nothing has begun, so a code is the truth.
    ports.observe.exception('read', error);
    return { answer: writeFailure('generalError', agent?.dialect), because: 'an exception' };
  }
  const { callback } = read;
  ports.observe.callbackStarted(operator.name, callback, read.key);
  try {
    const reply = await ports.handle(callback, operator, arrived, trace);
    return {
      answer: writeReply(reply, callback, read.agent, operator.terms.duplicates),
      operator: operator.name,
      callback,
      because: reply.kind === 'askAgain' ? reply.because : undefined,
      balanceMissing: reply.kind === 'success' && reply.balance === undefined ? true : undefined,
    };
  } catch (error) {
    // It may have begun, and only the record knows how far.
    ports.observe.exception('handle', error);
    return { answer: writeAskAgain(read.agent.dialect), operator: operator.name, callback, because: 'an exception' };
  }
}

const encoded: ReadCallback = { kind: 'rejected', result: 'wrongInput', because: 'the body is encoded' };

function isEncoded(request: Request): boolean {
  const encoding = header(request, 'content-encoding');
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
}

/** Of one that came twice, both. */
function header({ headers }: Request, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

function headersOf(body: string): Record<string, string | number> {
  return { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
}
