// One listener: its time limits, and an end that lets what runs finish. Nothing here knows what is served.

import { createServer, IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';

export interface Listener {
  /** The port it listens on, also where any free one was asked for with 0. */
  readonly port: number;
  /** Shows another certificate from the next connection on. Throws where it cannot be used. */
  secure(tls: ServerTls): void;
  /**
   * Takes no new connections, lets running requests finish for `within` ms at most, then drops what is left.
   */
  stop(within: number): Promise<void>;
}

/** A certificate and its key, as PEM. */
interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
  /**
   * Milliseconds in which a whole request must have arrived; later it is answered 408 and its connection
   * closed.
   */
  readonly requestWithin: number;
  /** One more is closed as it comes. What is kept of each has its bound, so this bounds all of it. */
  readonly mostConnections?: number;
  /** Seconds an idle connection is kept. */
  readonly keepIdleFor?: number;
  /** The last of so many requests of a connection closes it; 0: there may be any number. */
  readonly mostRequests?: number;
  /** Absent: it speaks plain HTTP. */
  readonly tls?: ServerTls | undefined;
  /** Whether anything of this address may be answered at all. Others get half of the connections at most. */
  readonly mayCall?: (address: string | undefined) => boolean;
  /** Told of each connection that was closed as it came. */
  readonly turnedAway?: (address: string | undefined) => void;
}

export const usual = {
  mostConnections: 4096,
  /**
   * Longer than what usual load balancers keep an idle connection, so that it is they who close it, never we
   * under a request.
   */
  keepIdleFor: 75,
  mostRequests: 0,
} as const;
/** Idle connections of a stopping listener are looked for this often. */
const sweepEvery = 20;
/**
 * Requests that take too long to arrive are looked for this often, which costs next to nothing. All that are found
 * are answered in one turn: 2,000 that began in the same second would keep the others waiting for a third of one.
 */
const lateLookedForEvery = 50;
/** Requests of one connection that wait for their answers; no more is read of it until one has its own. */
const mostUnanswered = 4;

/** Serves `app`; rejects when the address cannot be listened on, or shown with this certificate. */
export async function listen(app: Express, settings: ListenerSettings): Promise<Listener> {
  const { host, port, requestWithin, tls, mayCall = () => true, turnedAway = () => undefined } = settings;
  const { mostConnections, keepIdleFor, mostRequests } = { ...usual, ...settings };
  const connections = new Map<Socket, Connection>();
  const options = {
    ...withPrototypesOf(app),
    requestTimeout: requestWithin,
    headersTimeout: requestWithin,
    connectionsCheckingInterval: Math.min(lateLookedForEvery, requestWithin),
    keepAliveTimeout: keepIdleFor * 1000,
  };
  const serve: RequestListener = (request, response) => {
    connections.get(request.socket)?.take(response, () => void app(request, response));
  };
  const server =
    tls === undefined
      ? createServer(options, serve)
      : createTlsServer({ ...options, ...tls, handshakeTimeout: requestWithin }, serve);
  server.maxConnections = mostConnections;
  server.on('drop', (dropped?: { readonly remoteAddress?: string }) => {
    turnedAway(dropped?.remoteAddress);
  });
  // Of TLS the one that requests come over, which is there once its handshake is done.
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections.set(socket, new Connection(socket, mostRequests));
    socket.once('close', () => connections.delete(socket));
  });
  let strangers = 0;
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (mayCall(remoteAddress)) return;
    strangers += 1;
    socket.once('close', () => (strangers -= 1));
    if (strangers <= mostConnections / 2) return;
    turnedAway(remoteAddress);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    // For good, because an accept that fails later (no file descriptor left) must not end the process.
    server.on('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: portOf(server),
    secure: (next) => {
      if ('setSecureContext' in server) server.setSecureContext(next);
    },
    stop: (within) => stop(server, connections, within),
  };
}

/**
 * Works on few requests of it at once, and reads no further until they are answered. What came in one piece with
 * them waits its turn: so nobody who sends ahead keeps the process from the others for long.
 */
class Connection {
  private requests = 0;
  private unanswered = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly socket: Socket,
    private readonly mostRequests: number,
  ) {
    // Node itself goes on reading at the end of each request.
    socket.on('resume', () => this.restWhileFull());
    // Nobody waits for these any more, and none of them has begun.
    socket.once('close', () => this.waiting.splice(0));
  }

  take(response: ServerResponse, serve: () => void): void {
    this.requests += 1;
    if (this.requests === this.mostRequests) response.shouldKeepAlive = false;
    const begin = (): void => {
      // In a later turn, for those who wait at other connections: what is answered at once would else all be
      // answered in this one.
      response.once('close', () => setImmediate(() => this.answered()));
      serve();
    };
    if (this.isFull()) this.waiting.push(begin);
    else {
      this.unanswered += 1;
      begin();
    }
    this.restWhileFull();
  }

  private restWhileFull(): void {
    if (!this.isFull()) return;
    // A stream says that it pauses once only, and Node, which stops reading on that, may have begun again.
    if (this.socket.isPaused()) this.socket.emit('pause');
    else this.socket.pause();
  }

  private answered(): void {
    const next = this.waiting.shift();
    if (next !== undefined) next();
    else {
      this.unanswered -= 1;
      this.socket.resume();
    }
  }

  private isFull(): boolean {
    return this.unanswered >= mostUnanswered;
  }
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

async function stop(server: Server, connections: ReadonlyMap<Socket, unknown>, within: number): Promise<void> {
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    // Node does not call a connection idle that was opened ahead of need and never used.
    for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
  }, sweepEvery);
  const drop = setTimeout(() => server.closeAllConnections(), within);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(drop);
}
