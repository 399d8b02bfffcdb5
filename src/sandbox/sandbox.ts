// The sandbox wallet on its socket: it takes real requests of the bridge, recognises each by what the file's
// mapping rendered, and answers in its books' name by what the file's rules read. A request it cannot tell
// from another one is told: no wallet could.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { WalletReply } from '../wallet/message.js';
import type { ReplyMaker, Wanted } from './reply-maker.js';
import type { SandboxBooks } from './books.js';
import type { Note } from './tap.js';

export interface Exchanged {
  readonly title: string;
  readonly movesMoney: boolean;
  readonly note: Note;
  /** Undefined: it never answered. */
  readonly reply: WalletReply | undefined;
}

/** What the file does not tell the sandbox. */
export interface Missing {
  readonly note: Note;
  readonly wanted: Wanted;
}

type Fault = 'apply-then-hang' | 'html-200';

export interface SandboxOptions {
  readonly port: number;
  readonly books: SandboxBooks;
  readonly replies: ReplyMaker;
  /** What stands before every path of the wallet, and the path of its access tokens. */
  readonly prefix: string;
  readonly tokens: string | undefined;
  /** The no behind a name of `Due.otherNos`. */
  readonly refusal: (name: string) => Wanted | undefined;
  /** It has a word for what its own people undid. */
  readonly undoesByHand: boolean;
  readonly exchanged: (event: Exchanged) => void;
}

const webPage: WalletReply = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<!doctype html><title>Welcome</title><h1>It works!</h1>'),
};
const stumbled: WalletReply = { status: 500, headers: { 'content-type': 'text/plain' }, body: Buffer.from('error') };
const token = { access_token: 'sandbox-token', token_type: 'Bearer', expires_in: 3600 };

export class Sandbox {
  readonly missing: Missing[] = [];
  /** Requests of different movements that were the same to the byte, each pair once. */
  readonly alike = new Set<string>();
  /** Requests that no mapping rendered. */
  strangers = 0;
  readonly #notes = new Map<string, Note>();
  readonly #faults = new Map<string, Fault>();
  #server: ReturnType<typeof createServer> | undefined;
  #calls: Exchanged[] = [];
  #answers = 0;

  readonly undoByHand: ((transactionID: string) => void) | undefined;
  #refusal: Wanted | undefined;
  #turnsAway = false;

  constructor(private readonly options: SandboxOptions) {
    const { books, undoesByHand } = options;
    if (undoesByHand) this.undoByHand = (transactionID) => books.undoByHand(transactionID);
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Told of a request before it leaves. */
  expect(note: Note): void {
    const key = keyOf(note.request.method, this.options.prefix + note.request.path, note.request.body);
    const before = this.#notes.get(key);
    if (before !== undefined && movesMoney(before) && movesMoney(note) && identityOf(before) !== identityOf(note))
      this.alike.add([titleOf(before), titleOf(note)].sort().join(' and of a '));
    this.#notes.set(key, note);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    // Node's short default would cut idle connections under the bridge: a fault nobody asked for.
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.options.port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** What it saw since this was asked last. */
  newCalls(): readonly Exchanged[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  befall(player: string, fault: Fault): void {
    this.#faults.set(player, fault);
  }

  refuseNext(name: string): void {
    this.#refusal = this.options.refusal(name);
  }

  /** The session of the next win is over, whoever's it is. */
  turnAwayNext(): void {
    this.#turnsAway = true;
  }

  recover(): void {
    this.#faults.clear();
  }

  /** The fault of this call, if it is to have one: bets have, and nothing else of their player. */
  #faultOf(note: Note): Fault | undefined {
    if (!isBet(note) || 'player' in note.subject) return undefined;
    return this.#faults.get(note.subject.transaction.userID);
  }

  get isFaulty(): boolean {
    return this.#faults.size > 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const sent = await buffer(request).catch(() => undefined);
    // A caller that went away in the middle of its request asked for nothing.
    if (sent === undefined) return;
    if (url === this.options.tokens) {
      give(response, { ...stumbled, ...jsonOf(token) });
      return;
    }
    const note = this.#notes.get(keyOf(method, url, sent));
    if (note === undefined) {
      this.strangers++;
      give(response, { ...stumbled, status: 404 });
      return;
    }
    const fault = this.#faultOf(note);
    const reply = fault === 'html-200' ? webPage : this.#decide(note);
    const given = fault === 'apply-then-hang' ? undefined : reply;
    const exchanged = { title: titleOf(note), movesMoney: movesMoney(note), note, reply: given };
    this.#calls.push(exchanged);
    this.options.exchanged(exchanged);
    if (given !== undefined) give(response, given);
  }

  /** What the scenes have it say to this call, once, whatever its books say. */
  #noTo(note: Note): Wanted | undefined {
    if (isBet(note)) {
      const refusal = this.#refusal;
      this.#refusal = undefined;
      return refusal;
    }
    if (!this.#turnsAway || note.name !== 'send') return undefined;
    this.#turnsAway = false;
    return turnedAway;
  }

  /** The first way to answer that the file has words for. */
  #decide(note: Note): WalletReply {
    const { books, replies } = this.options;
    const no = this.#noTo(note);
    const options = no === undefined ? books.optionsFor(note) : [{ wanted: no }];
    const fresh = { receipt: String(++this.#answers + 100_000), session: `session-${this.#answers}` };
    for (const option of options) {
      const balance = books.balanceAfter(note, option);
      const reply = replies.make(note, { ...option.wanted, balance }, fresh);
      if (reply === undefined) continue;
      option.take?.();
      return reply;
    }
    const [first] = options;
    if (first !== undefined) this.missing.push({ note, wanted: first.wanted });
    return stumbled;
  }
}

/** What a file calls a bad session. */
export const turnedAway: Wanted = { kind: 'notApplied', isTurnedAway: true };
const movesMoney = ({ name }: Note): boolean => name === 'send' || name === 'undo' || name === 'freeSpin';
const isBet = ({ name, kind }: Note): boolean => name === 'send' && kind !== 'deposit';

function give(response: ServerResponse, { status, headers, body }: WalletReply): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

const jsonOf = (value: object): Partial<WalletReply> => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

const keyOf = (method: string, path: string, body: Uint8Array | undefined): string =>
  `${method} ${path} ${Buffer.from(body ?? []).toString('latin1')}`;

/** What a wallet must be able to tell from one another: an undo is not its movement. */
function identityOf({ name, kind, subject }: Note): string {
  if ('player' in subject) return JSON.stringify([name, subject.player.userID]);
  const { transaction, leg } = subject;
  return JSON.stringify([name, kind, transaction.userID, transaction.transactionID, leg.reference]);
}

/** "withdraw", "undo of a deposit", "balance", … */
function titleOf({ name, kind }: Note): string {
  switch (name) {
    case 'send':
      return kind ?? name;
    case 'undo':
    case 'lookup':
      return `${name} of a ${kind ?? ''}`;
    case 'lookupUndo':
      return `lookup of the undo of a ${kind ?? ''}`;
    case 'balance':
    case 'closeRound':
    case 'freeSpin':
      return name;
  }
}
