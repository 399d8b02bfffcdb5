// A network that fails on demand, between a client and a server on loopback.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** From now on what the client sends waits here; `pass` lets it go on. */
  pause(): void;
  /** From now on the server gets everything, the client no reply; what is dropped never comes. */
  dropReplies(): void;
  /** Everything goes through again. */
  pass(): void;
  /** Breaks every connection there is; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  let dropping = false;
  let paused = false;
  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => {
      if (!dropping) client.write(bytes);
    });
    if (paused) client.pause();
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        pairs.delete(pair);
        // What the client sent and gave up on still arrives, as it would from a wire.
        if (socket === server) client.destroy();
        else server.end();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');

  function cut(): void {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  }

  return {
    port: address.port,
    pause() {
      paused = true;
      for (const [client] of pairs) client.pause();
    },
    dropReplies() {
      dropping = true;
    },
    pass() {
      dropping = paused = false;
      for (const [client] of pairs) client.resume();
    },
    cut,
    async close() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
