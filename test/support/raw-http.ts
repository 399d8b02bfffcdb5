// HTTP as bytes on a socket: what a client library would refuse to send can be sent, and every reply is seen
// as it came.

import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

/** One request's bytes; `body` gets its Content-Length unless the headers say how it is framed. */
export function request(
  method: string,
  path: string,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): Buffer {
  const all: Record<string, string> = { Host: 'bridge', 'Content-Type': 'application/json', ...headers };
  const framed = Object.keys(all).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = Object.entries(framed ? all : { ...all, 'Content-Length': String(Buffer.byteLength(body)) });
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

/**
 * Writes the pieces one after the other and reads until `replies` have come, or the connection has ended. The
 * connection is then closed. Rejects when it is reset before.
 */
export async function talk(port: number, pieces: readonly (string | Buffer)[], replies = 1): Promise<RawReply[]> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay();
  let received = '';
  const done = new Promise<RawReply[]>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const seen = parse(received);
      if (seen.length >= replies) resolve(seen);
    });
    socket.on('end', () => resolve(parse(received)));
    socket.on('error', reject);
  });
  try {
    const sent = (async () => {
      for (const piece of pieces) await new Promise((written) => socket.write(piece, written));
    })();
    const [answers] = await Promise.all([done, Promise.race([sent, done])]);
    return answers;
  } finally {
    socket.destroy();
  }
}

function parse(received: string): RawReply[] {
  const replies: RawReply[] = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return replies;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (rest.length < end + 4 + length) return replies;
    const body = rest.slice(end + 4, end + 4 + length);
    replies.push({ status: Number(head.slice(9, 12)), head, body });
    rest = rest.slice(end + 4 + length);
  }
}
