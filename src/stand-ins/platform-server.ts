// The stand-in platform's HTTP side: its own API for operators, /play for a browser that opens a launched
// game, and /control for whoever drives a test. It stands for the platform, so it imports nothing of the
// bridge and must never know a wallet.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { isJsonObject, type JsonObject } from './json-object.js';
import { StandInPlatformApi, type Launch, type PlatformAgent } from './platform-api.js';

export interface PlatformOptions extends PlatformAgent {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string | undefined;
  /** Where its callbacks go, such as `http://127.0.0.1:8080/WalletService`. */
  readonly callbacks?: string | undefined;
}

/** What it got, for whoever watches it. */
interface PlatformCall {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

export interface StandInPlatform {
  readonly url: string;
  readonly calls: readonly PlatformCall[];
  /** Answers of the callbacks it made. */
  readonly heard: readonly string[];
  /** The next so many calls end so. `refuse` says `code`; `leak` repeats what it was sent in its message. */
  fail(fault: PlatformFault, how?: { readonly times?: number; readonly code?: number }): void;
  /** From now on a launch is played before it is answered. */
  playFirst(): void;
  grants(): string[];
  /** Stops listening, and listens again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

interface Failing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sent: string;
  readonly codeName: string;
  readonly code: number;
}

/** Everything it can do wrong or refuse, without having done what was asked. */
const FAULTS = {
  hang: () => undefined,
  reset: ({ request }) => request.socket.resetAndDestroy(),
  'status-500': ({ response, codeName }) => say(response, 500, { [codeName]: 1, message: 'Internal error' }),
  garbage: ({ response }) => response.writeHead(200).end('{"result": 0, "ga'),
  'empty-200': ({ response }) => response.writeHead(200).end(),
  'html-200': ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>'),
  redirect: ({ response }) => response.writeHead(302, { location: '/elsewhere' }).end(),
  refuse: ({ response, codeName, code }) => say(response, 200, { [codeName]: code, message: `refused with ${code}` }),
  leak: ({ request, response, sent, codeName }) =>
    say(response, 200, { [codeName]: 1, message: `cannot take ${sent} ${request.headers.authorization ?? ''}` }),
  'script-url': ({ response, codeName }) =>
    say(response, 200, { [codeName]: 0, gameURL: 'javascript:alert(1)', url: 'javascript:alert(1)' }),
} satisfies Record<string, (failing: Failing) => unknown>;
/** The last one does what was asked, and says nothing of it. */
const PLATFORM_FAULTS: readonly PlatformFault[] = [
  ...Object.keys(FAULTS).filter((name): name is keyof typeof FAULTS => Object.hasOwn(FAULTS, name)),
  'done-then-hang',
];
type PlatformFault = keyof typeof FAULTS | 'done-then-hang';

/** Starts a stand-in platform; rejects when the port is taken. */
export async function startStandInPlatform(options: PlatformOptions): Promise<StandInPlatform> {
  const calls: PlatformCall[] = [];
  const heard: string[] = [];
  const faults: { readonly fault: PlatformFault; readonly code: number; times: number }[] = [];
  const launches = new Map<string, Launch>();
  const host = options.host ?? '127.0.0.1';
  let plays = false;
  let port = options.port;
  const codeName = options.dialect === 'seamless' ? 'result' : 'code';
  const api = new StandInPlatformApi(options, (launch) => {
    const token = randomUUID();
    launches.set(token, launch);
    return `http://${host}:${port}/play/${token}`;
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const method = request.method ?? '';
    const sent = await readText(request).catch(() => '');
    if (path === '/control/calls') {
      say(response, 200, { calls });
    } else if (path === '/control/faults') {
      say(response, ...queue(sent));
    } else if (path.startsWith('/play/')) {
      const launch = launches.get(path.slice('/play/'.length));
      if (launch === undefined) say(response, 404, {});
      else say(response, 200, { played: await play(launch) });
    } else await answer({ request, response, sent, method, path });
  };

  async function answer(asked: Pick<Failing, 'request' | 'response' | 'sent'> & { method: string; path: string }) {
    const { request, response, sent, method, path } = asked;
    const { authorization = null } = request.headers;
    calls.push({ method, path, authorization, body: sent });
    const [next] = faults;
    if (next !== undefined && --next.times === 0) faults.shift();
    if (next !== undefined && next.fault !== 'done-then-hang') {
      FAULTS[next.fault]({ request, response, sent, codeName, code: next.code });
      return;
    }
    const reply = api.answer(method, path, authorization ?? undefined, readObject(sent));
    if (reply === undefined) say(response, 404, { error: 'no such call' });
    else if (next === undefined) {
      if (plays && reply.launch !== undefined) await play(reply.launch);
      say(response, 200, reply.body);
    }
  }

  function queue(sent: string): [number, JsonObject] {
    const { fault, times, code } = readObject(sent);
    const known = PLATFORM_FAULTS.find((name) => name === fault);
    const count = (value: unknown): number => (isLosslessNumber(value) ? Number(value.value) : 1);
    if (known === undefined) return [400, { error: `fault must be one of ${PLATFORM_FAULTS.join(', ')}` }];
    faults.push({ fault: known, times: count(times), code: count(code) });
    return [201, {}];
  }

  /** The player opens the game and bets once. */
  async function play({ userID, gameID }: Launch): Promise<string[]> {
    const { agentID, dialect } = options;
    const [transactionID, roundID] = [randomUUID().replaceAll('-', ''), randomUUID().replaceAll('-', '')];
    const more = dialect === 'v2' ? [gameID] : [];
    const game = dialect === 'v2' ? `,"gameID":${gameID}` : '';
    const amount = dialect === 'v2' ? '1.00' : '"1.00"';
    const who = `"agentID":"${agentID}","userID":${JSON.stringify(userID)}${game}`;
    const ids = `"transactionID":"${transactionID}","roundID":"${roundID}","amount":${amount}`;
    const answers = [
      await deliver('GetBalance', [agentID, userID, ...more], who),
      await deliver('Withdraw', [agentID, userID, '1.00', transactionID, roundID, ...more], `${who},${ids}`),
    ];
    heard.push(...answers);
    return answers;
  }

  async function deliver(operation: string, signed: readonly string[], members: string): Promise<string> {
    if (options.callbacks === undefined) return 'no callbacks';
    const sign = createHmac('sha256', options.key).update(signed.join('')).digest('hex').toUpperCase();
    const answer = await fetch(`${options.callbacks}/${operation}`, {
      method: 'POST',
      body: `{${members},"sign":"${sign}"}`,
    });
    return `${operation} ${answer.status} ${await answer.text()}`;
  }

  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = 120_000;
  const up = (): Promise<void> =>
    new Promise((listening, failed) => {
      server.once('error', failed);
      server.listen(port, host, () => {
        const address: AddressInfo | string | null = server.address();
        if (typeof address === 'object' && address !== null) port = address.port;
        listening();
      });
    });
  const down = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  await up();
  return {
    url: `http://${host}:${port}`,
    calls,
    heard,
    fail: (fault, { times = 1, code = 1 } = {}) => void faults.push({ fault, times, code }),
    playFirst: () => void (plays = true),
    grants: () => api.grants(),
    ...{ down, up, close: down },
  };
}

function say(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(stringify(body) ?? '');
}

function readObject(sent: string): JsonObject {
  try {
    const body = parse(sent);
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}
