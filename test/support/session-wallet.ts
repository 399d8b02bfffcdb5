// A loopback wallet that believes only in sessions: each debit hands out a new one in a header, and the one
// before is worth nothing from then on. Wins and closings are taken with any session, as wallets must.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SessionCall {
  readonly path: string;
  readonly session: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export class SessionWallet {
  readonly calls: SessionCall[] = [];
  private session: string | undefined;
  private rotations = 0;
  private cents = 10_000n;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body, session } = this.answer(request, Buffer.concat(chunks).toString());
        const rotated = session === undefined ? {} : { 'X-Session': session };
        response.writeHead(status, { 'Content-Type': 'application/json', ...rotated }).end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<SessionWallet> {
    const server = createServer();
    const wallet = new SessionWallet(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return wallet;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The player opens a game: the session the bridge must be told of. */
  launch(): string {
    return (this.session = `s3cr3t-launch-${++this.rotations}`);
  }

  seen(path: string): SessionCall[] {
    return this.calls.filter((call) => call.path === path);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, text: string): { status: number; body: object; session?: string } {
    const path = (request.url ?? '').replace(/^.*\//, '');
    const session = String(request.headers['x-session'] ?? '');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    this.calls.push({ path, session, body });
    if (path === 'balance') return { status: 200, body: { balanceMinor: Number(this.cents) } };
    if (path === 'close') return { status: 200, body: {} };
    if (path === 'debits' && session !== this.session) return { status: 403, body: { error: { code: 'SESSION' } } };
    const amount = typeof body['amountMinor'] === 'number' ? BigInt(body['amountMinor']) : 0n;
    this.cents += path === 'debits' ? -amount : amount;
    const id = `${path}-${this.calls.length}`;
    const done = { reference: body['reference'], debitId: id, creditId: id, balanceMinor: Number(this.cents) };
    if (path !== 'debits') return { status: 201, body: done };
    this.session = `s3cr3t-rotated-${++this.rotations}`;
    return { status: 201, body: done, session: this.session };
  }
}
