// What every stand-in wallet is made of: accounts in integer cents with a list of all their movements, and an
// HTTP server on loopback that can lose an answer after the movement was made. It shares no code with the
// bridge it bears witness on.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Entry {
  readonly id: string;
  readonly player: string;
  /** Signed: a bet takes. */
  readonly cents: bigint;
  /** The wallet's own id. */
  readonly receipt: string;
}

export class Ledger {
  readonly entries: Entry[] = [];
  readonly #openings: ReadonlyMap<string, bigint>;

  constructor(openings: Readonly<Record<string, bigint>>) {
    this.#openings = new Map(Object.entries(openings));
  }

  knows(player: string): boolean {
    return this.#openings.has(player);
  }

  cents(player: string): bigint {
    return this.entries
      .filter((entry) => entry.player === player)
      .reduce((sum, { cents }) => sum + cents, this.#openings.get(player) ?? 0n);
  }

  find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  book(player: string, id: string, cents: bigint): Entry {
    const entry = { id, player, cents, receipt: `w${this.entries.length + 1}` };
    this.entries.push(entry);
    return entry;
  }
}

interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
}
export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

export interface StandIn {
  readonly url: string;
  readonly ledger: Ledger;
  /** Path and body of every call, in order. */
  readonly calls: readonly string[];
  /** The answer of the next call with `part` in its path or body is lost, after the call was carried out. */
  loseAnswerTo(part: string): void;
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function serve(ledger: Ledger, answer: (call: Call) => Answer): Promise<StandIn> {
  const calls: string[] = [];
  const losing: string[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      const path = request.url ?? '';
      const call = `${path} ${raw.toString('utf8')}`;
      calls.push(call);
      const { status = 200, type, body } = answer({ path, headers: request.headers, raw });
      const lost = losing.findIndex((part) => call.includes(part));
      if (lost >= 0) {
        losing.splice(lost, 1);
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ledger,
    calls,
    loseAnswerTo: (part) => void losing.push(part),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** "12.3" → 1230. */
export function centsOf(text: string): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === '') throw new Error('no amount');
  return BigInt(whole + fraction.padEnd(2, '0'));
}

/** 1230 → "12.30". */
export function majorOf(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const json = (body: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object of a request; throws on anything else. */
export function objectOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return { ...value };
}

export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}

/** A whole number of a JSON request, as its digits were. */
export function wholeIn(fields: Fields, name: string): bigint {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error(`${name} is no whole number`);
  return BigInt(value);
}
