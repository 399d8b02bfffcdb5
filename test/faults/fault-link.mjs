// Why: a network between two programs on loopback that fails on demand, as networks do: late, cut, reset,
// deaf, not there. Never: loses bytes out of the middle of a connection and then goes on with it, because no
// network does that.
/** @import { Socket } from 'node:net' */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Bytes that go on together, once `before` resolves, and with everything after them behind it; `after` where
 * they did.
 * @typedef {{ bytes: Buffer, before?: (() => unknown) | undefined, after?: (() => void) | undefined }} Piece
 */
/**
 * What sees a link's traffic: in what pieces bytes go on, `up` to the server and `down` to the client.
 * @typedef {(cut: () => void) => Record<'up' | 'down', (bytes: Buffer) => Piece[]>} Tap
 */
/** @typedef {'pass' | 'slow' | 'deaf' | 'refuse'} LinkState */
/** @typedef {{ client: Socket, server: Socket, deaf: boolean }} Pair */
/** @typedef {Awaited<ReturnType<typeof openLink>>} Link */

/** @type {Tap} */
const untouched = () => ({ up: (bytes) => [{ bytes }], down: (bytes) => [{ bytes }] });

/**
 * Opens a port that leads to `target`. The states it can be in: `pass`, `slow` (each piece takes `ms` more,
 * both ways), `deaf` (the server gets everything, the client hears nothing), `refuse` (new connections are
 * reset). `tap` is called for each connection with what cuts it. A piece whose `before` resolves with false
 * is dropped.
 * @param {number} target
 * @param {Tap} tap
 */
export async function openLink(target, tap = untouched) {
  /** @type {Set<Pair>} */
  const pairs = new Set();
  /** @type {LinkState} */
  let state = 'pass';
  let delay = 0;

  const listener = createServer((client) => {
    client.on('error', () => client.destroy());
    if (state === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target, '127.0.0.1');
    /** @type {Pair} */
    const pair = { client, server, deaf: false };
    pairs.add(pair);
    const { up, down } = tap(() => breakAll('destroy', (other) => other === pair));
    const [toServer, toClient] = [lane(server), lane(client)];
    client.setNoDelay().on('data', (bytes) => {
      for (const piece of up(bytes)) toServer.write(piece, delay);
    });
    server.setNoDelay().on('data', (bytes) => {
      pair.deaf ||= state === 'deaf';
      for (const piece of down(bytes)) if (!pair.deaf) toClient.write(piece, delay);
    });
    server.on('error', () => server.destroy());
    // What a client sent and then gave up on still arrives, as it does from a wire.
    client.on('close', () => toServer.end());
    server.on('close', () => {
      pairs.delete(pair);
      if (!pair.deaf) toClient.end();
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a link has a port');

  /** @param {'destroy' | 'resetAndDestroy'} how @param {(pair: Pair) => boolean} which */
  function breakAll(how, which = () => true) {
    for (const pair of [...pairs].filter(which)) {
      pairs.delete(pair);
      for (const socket of [pair.client, pair.server]) socket[how]();
    }
  }

  return {
    port: address.port,
    /**
     * Stays like this until told otherwise.
     * @param {LinkState} next
     */
    become(next, ms = 0) {
      [state, delay] = [next, next === 'slow' ? ms : 0];
      breakAll('destroy', ({ deaf }) => deaf && next !== 'deaf');
    },
    /** Ends every connection there is, with a FIN. */
    cut: () => breakAll('destroy'),
    /** The same with a RST. */
    reset: () => breakAll('resetAndDestroy'),
    close() {
      breakAll('destroy');
      listener.close();
    },
  };
}

/**
 * One direction of a connection: pieces leave in their order, none before its time.
 * @param {Socket} socket
 */
function lane(socket) {
  let last = Promise.resolve();
  /** @param {() => void | Promise<void>} what */
  const then = (what) => (last = last.then(what));
  return {
    /** @param {Piece} piece @param {number} ms */
    write({ bytes, before, after }, ms) {
      const due = performance.now() + ms;
      void then(async () => {
        const left = due - performance.now();
        if (left > 0) await pause(left);
        if ((await before?.()) === false || !socket.writable) return;
        socket.write(bytes);
        after?.();
      });
    },
    end: () => void then(() => void socket.end()),
  };
}
