// One request of the platform and what came back for it, kept as it was on the wire: what counts as an answer
// is the platform's to say, what is wrong with it somebody else's. It never throws for anything a service
// may do.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isLosslessNumber, parse } from 'lossless-json';
import { isJsonObject, type JsonObject } from './json-object.js';
import type { Wire } from './platform-callback.js';

/** What came back for one delivery. Everything is null or empty that did not come, or could not be read. */
export interface Answer {
  readonly httpStatus: number | null;
  /** The result code, only from an HTTP 200 with a readable body: all else is no answer to the platform. */
  readonly code: number | null;
  readonly message: string | null;
  /** The balance as it was written on the wire, when it was a JSON number. */
  readonly balanceText: string | null;
  readonly contentType: string | null;
  readonly raw: string;
  /** The members of a body that is one JSON object, whatever its HTTP status. */
  readonly members: JsonObject | null;
  /** Why nothing came, or not all of it. */
  readonly failure: string | null;
  /** Wall time of the delivery in milliseconds. */
  readonly ms: number;
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly timeoutMs: number;
}

/** Far above any answer; what is longer is cut, and then is no JSON. */
const LONGEST_ANSWER = 65_536;
/** Below the five seconds after which many servers close an idle connection under whoever writes to it. */
const IDLE_MS = 3_000;

/** Connections that are used again. */
export class Connections {
  readonly #http = new HttpAgent({ keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS });

  async send({ method, url, body, timeoutMs }: Request, wire: Wire): Promise<Answer> {
    const started = performance.now();
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const options = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    const isSecure = url.startsWith('https:');
    let response: IncomingMessage | undefined;
    const bytes: Buffer[] = [];
    let failure: string | null = null;
    try {
      response = await new Promise<IncomingMessage>((heard, failed) => {
        const sent = isSecure
          ? httpsRequest(url, { ...options, agent: this.#https }, heard)
          : httpRequest(url, { ...options, agent: this.#http }, heard);
        sent.on('error', failed).end(body);
      });
      let length = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes.push(chunk);
        length += chunk.length;
        if (length > LONGEST_ANSWER) break;
      }
    } catch (error) {
      // Refused, cut, too late: the platform cannot tell these apart and hears nothing.
      failure = wordsOf(error, timeoutMs);
    }
    const raw = Buffer.concat(bytes);
    const members = failure === null ? readMembers(raw) : null;
    const httpStatus = response?.statusCode ?? null;
    return {
      httpStatus,
      ...(httpStatus === 200 && members !== null ? readAnswer(members, wire) : NOT_READ),
      contentType: response?.headers['content-type'] ?? null,
      raw: raw.toString('utf8'),
      members,
      failure,
      ms: performance.now() - started,
    };
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

type Read = Pick<Answer, 'code' | 'message' | 'balanceText'>;

const NOT_READ: Read = { code: null, message: null, balanceText: null };

function readMembers(raw: Buffer): JsonObject | null {
  try {
    const body = parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
    return isJsonObject(body) ? body : null;
  } catch {
    return null;
  }
}

function readAnswer(members: JsonObject, wire: Wire): Read {
  const { [wire.code]: code, message, balance } = members;
  return {
    code: isLosslessNumber(code) && /^\d{1,3}$/.test(code.value) ? Number(code.value) : null,
    message: typeof message === 'string' ? message : null,
    balanceText: isLosslessNumber(balance) ? balance.value : null,
  };
}

function wordsOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'no connection';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `nothing within ${timeoutMs} ms`;
  const code: unknown = Reflect.get(error, 'code');
  return `no connection, or not for long enough${typeof code === 'string' ? ` (${code})` : ''}`;
}
