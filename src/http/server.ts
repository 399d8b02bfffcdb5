// One listener: its time limits, and an end that lets what runs finish. Nothing here knows what is served.

import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';

export interface Listener {
  /** The port it listens on, also where any free one was asked for with 0. */
  readonly port: number;
  /**
   * Takes no new connections, lets running requests finish for `within` ms at most, then drops what is left.
   */
  stop(within: number): Promise<void>;
}

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
  /**
   * Milliseconds in which a whole request must have arrived; later it is answered 408 and its connection
   * closed.
   */
  readonly requestWithin: number;
}

/**
 * Longer than what usual load balancers keep an idle connection, so that it is they who close it, never we
 * under a request.
 */
const keepIdleFor = 75_000;
/** Idle connections of a stopping listener are looked for this often. */
const sweepEvery = 20;

/** Serves `app`; rejects when the address cannot be listened on. */
export async function listen(app: Express, settings: ListenerSettings): Promise<Listener> {
  const { host, port, requestWithin } = settings;
  const server = createServer(
    {
      ...withPrototypesOf(app),
      requestTimeout: requestWithin,
      headersTimeout: requestWithin,
      connectionsCheckingInterval: Math.min(1000, requestWithin),
      keepAliveTimeout: keepIdleFor,
    },
    app,
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    // For good, because an accept that fails later (no file descriptor left) must not end the process.
    server.on('error', reject);
    server.listen(port, host, resolve);
  });
  return { port: portOf(server), stop: (within) => stop(server, sockets, within) };
}

/**
 * Express sets the prototypes of every request and response anew, which is dear; made with the right ones
 * they stay as they are.
 */
function withPrototypesOf(app: Express) {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  Object.assign(app, { request: Request.prototype, response: Response.prototype });
  return { IncomingMessage: Request, ServerResponse: Response };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address.port;
}

async function stop(server: Server, sockets: ReadonlySet<Socket>, within: number): Promise<void> {
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    // Node does not call a connection idle that was opened ahead of need and never used.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }, sweepEvery);
  const drop = setTimeout(() => server.closeAllConnections(), within);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(drop);
}
