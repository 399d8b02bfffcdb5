// A small callback service written by hand, honest by default, with one switch a fault: what `simulate` must
// find. It keeps everything in memory and shares no code with the bridge, nor with the platform that judges it.

import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What can be wrong with it, in the words of the page. */
export const serviceFaults = {
  // How it writes.
  'balance-as-text': 'the balance is a text',
  'balance-short': 'the balance is written without trailing zeros',
  'balance-missing-on-duplicates': 'a duplicate is answered without a balance',
  'message-missing': 'there is no message',
  'code-as-text': 'the code is a text',
  'code-unknown': 'a refusal has a code of its own, 99',
  'http-201': 'a bet is answered HTTP 201',
  'http-400': 'a refusal is answered HTTP 400',
  'http-500': 'every third win is answered HTTP 500 after it was paid',
  html: 'every fourth bet is answered with HTML',
  'content-type': 'the Content-Type is text/plain',
  'json-cut': 'a rollback’s answer ends in the middle',
  'currency-missing': 'GetBalance tells no currency',
  'currency-changes': 'GetBalance tells another currency now and then',
  slow: 'every fifth bet is answered after the platform gave up',
  reset: 'every fifth win is paid, then the connection is reset',
  'get-answered': 'a GET is answered 200',
  // Whom it believes.
  'sign-unchecked': 'no sign is checked',
  'sign-cut': 'only the first 63 digits of a sign are compared',
  'sign-of-balance': 'the sign of a GetBalance is accepted for a bet',
  'sign-without-amount': 'a win’s sign is checked against the first amount it came with',
  'sign-any-case': 'a sign in lower-case digits is accepted',
  'sign-moves': 'a sign is accepted for any transactionID it can be read as',
  'agent-unchecked': 'the agentID is not looked at',
  'agent-answered-3': 'an unknown agentID is answered 3',
  'fields-answered-1': 'a missing field is answered 1',
  'fields-empty': 'a missing field is taken for an empty one',
  'amount-number': 'an amount is whatever Number() makes of it',
  'player-made-up': 'a player nobody knows is opened with nothing',
  // What it does with the money.
  'bet-twice': 'a bet that comes again is taken again',
  'bet-twice-quietly': 'a bet that comes again is taken again, and answered as the first time',
  'win-twice': 'a win that comes again is paid again',
  'bet-and-win-twice': 'a BetWin that comes again is done again',
  'copies-race': 'copies at the same instant are all taken',
  'lost-update': 'of two bets at the same instant one is lost',
  'duplicate-balance': 'a duplicate is answered with the first balance of all',
  'duplicate-refused': 'a bet that comes again is answered 1',
  'duplicate-code-11': 'a duplicate is answered 11',
  'win-lost': 'every third win is answered 0 and not paid',
  'win-needs-bet': 'a win whose bet is not known is refused',
  'zero-win-refused': 'a win of 0.00 is refused',
  'second-win-refused': 'a round has one win at most',
  'bet-and-win-half': 'a BetWin only takes its bet',
  'free-spin-paid': 'a free spin takes the bet',
  'free-spin-given-back': 'a free spin that is rolled back gives its bet',
  overdraft: 'a bet over what the player has is taken',
  'funds-answered-1': 'a bet over what the player has is answered 1',
  'funds-forgotten': 'a bet over what the player has is answered 6, then 1',
  'cents-cut': 'cents are cut off a binary float',
  'balance-moves': 'GetBalance costs a cent',
  'other-amount': 'a known transactionID with another amount is answered as a duplicate',
  'other-round-taken': 'a known transactionID in another round is a new bet',
  // How it undoes.
  'undo-nothing': 'a rollback is answered 0 and gives nothing back',
  'undo-twice': 'a rollback that comes again gives back again',
  'undo-to-then': 'a rollback gives the player the balance of that moment',
  'undo-of-win-ignored': 'a rollback of a win takes nothing',
  'undo-by-anyone': 'a rollback in another player’s name undoes',
  'undo-unknown-0': 'a rollback of what never came is answered 0',
  'no-tombstone': 'a bet that comes after its rollback is taken',
  'undo-forgets': 'a late copy of a bet that was rolled back is taken again',
  'undone-told-done': 'a late copy of a bet that was rolled back is answered 0',
  'undo-too-early': 'a rollback of a bet that is under way finds nothing, and the bet is taken',
  'undo-fails': 'a rollback is answered HTTP 500, for ever',
  'round-closed': 'no win is paid in a round in which a bet was rolled back',
  // Of the dialect v2 alone.
  'code-named-result': 'v2: the code is called result',
  'reference-missing': 'v2: there is no platformTransactionID',
  'reference-changes': 'v2: every answer has another platformTransactionID',
} as const;
export type ServiceFault = keyof typeof serviceFaults;

export interface ServiceOptions {
  readonly fault?: ServiceFault | undefined;
  readonly dialect?: 'seamless' | 'v2';
  readonly agentID: string;
  readonly key: string;
  /** Balances in cents. */
  readonly players: Readonly<Record<string, bigint>>;
  /** Its currency has no decimals: an amount that has any is unreadable to it. */
  readonly isWhole?: boolean | undefined;
  /** How long a slow answer takes, in milliseconds. */
  readonly slowMs?: number;
}

export interface Service {
  readonly url: string;
  readonly balances: ReadonlyMap<string, bigint>;
  close(): Promise<void>;
}

interface Kept {
  readonly userID: string;
  readonly content: string;
  /** What it moved, in cents. */
  readonly effect: bigint;
  readonly roundID: string;
  readonly operation: string;
  /** The balance before and after it. */
  readonly before: bigint;
  readonly after: bigint;
  state: 'done' | 'refused' | 'undone' | 'cancelled';
  told: number;
}

interface Told {
  code: number;
  balance?: bigint;
  reference?: string;
  isDuplicate?: boolean;
}

const operations = ['GetBalance', 'Withdraw', 'Deposit', 'BetWin', 'RollbackTransaction'];
const notFound = { code: 8 };

export async function startFaultyService(options: ServiceOptions): Promise<Service> {
  const service = new FaultyService(options);
  const server = createServer((request, response) => void service.receive(request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/wallet`,
    balances: service.balances,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

type Members = Readonly<Record<string, unknown>>;

class FaultyService {
  readonly balances: Map<string, bigint>;
  readonly #opening: ReadonlyMap<string, bigint>;
  readonly #kept = new Map<string, Kept>();
  readonly #signs = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #counts = new Map<string, number>();
  #references = 0;

  constructor(private readonly options: ServiceOptions) {
    this.balances = new Map(Object.entries(options.players));
    this.#opening = new Map(this.balances);
  }

  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const [, mount, operation = ''] = (request.url ?? '').split('/');
    if (mount !== 'wallet' || !operations.includes(operation)) return void response.writeHead(404).end();
    if (request.method !== 'POST' && !this.#has('get-answered')) return void response.writeHead(405).end();
    const read = this.#read(operation, Buffer.concat(chunks).toString('utf8'));
    const told = typeof read === 'number' ? { code: read } : await this.#inTurn(operation, read);
    await this.#answer(operation, told, request, response);
  }

  #has(fault: ServiceFault): boolean {
    return this.options.fault === fault;
  }

  /** Whether this is the n-th time. */
  #every(n: number, fault: ServiceFault): boolean {
    if (!this.#has(fault)) return false;
    const count = (this.#counts.get(fault) ?? 0) + 1;
    this.#counts.set(fault, count);
    return count % n === 0;
  }

  get #isV2(): boolean {
    return this.options.dialect === 'v2';
  }

  /** The members of a body that may be acted on, or the code that refuses it. */
  #read(operation: string, text: string): Members | number {
    const broken = this.#has('fields-answered-1') ? 1 : 2;
    let members: Members;
    try {
      const body: unknown = JSON.parse(text);
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return 2;
      members = { ...body };
    } catch {
      return 2;
    }
    const { agentID } = members;
    if (typeof agentID !== 'string') return broken;
    if (agentID !== this.options.agentID && !this.#has('agent-unchecked')) return this.#has('agent-answered-3') ? 3 : 4;
    const signed = this.#signed(operation);
    for (const name of [...signed, 'sign'])
      if (members[name] === undefined || members[name] === '') {
        if (!this.#has('fields-empty') || name === 'sign') return broken;
        members = { ...members, [name]: name.endsWith('mount') ? 0 : '-' };
      }
    const amounts = signed.filter((name) => name.endsWith('mount'));
    if (amounts.some((name) => !this.#isAmount(members[name]))) return 2;
    return this.#isSigned(operation, members) ? members : 3;
  }

  #isAmount(value: unknown): boolean {
    if (this.#has('amount-number')) return !Number.isNaN(Number(value));
    return (this.options.isWhole === true ? /^\d+(\.0{1,2})?$/ : /^\d+(\.\d{1,2})?$/).test(String(value));
  }

  #signed(operation: string): string[] {
    const game = this.#isV2 ? ['gameID'] : [];
    const ref = this.#isV2 ? ['refTransactionID'] : [];
    const player = ['agentID', 'userID'];
    switch (operation) {
      case 'GetBalance':
        return [...player, ...game];
      case 'Withdraw':
        return [...player, 'amount', 'transactionID', 'roundID', ...game];
      case 'Deposit':
        return [...player, 'amount', ...ref, 'transactionID', 'roundID', ...game];
      case 'BetWin':
        return [...player, 'betAmount', 'winAmount', 'transactionID', 'roundID', ...game];
      default:
        return [...player, this.#isV2 ? 'refTransactionID' : 'transactionID', ...game];
    }
  }

  #isSigned(operation: string, members: Members): boolean {
    if (this.#has('sign-unchecked')) return true;
    const of = (names: readonly string[]): string => {
      const texts = names.map((name) => (name.endsWith('mount') ? this.#amountText(members[name]) : members[name]));
      return createHmac('sha256', this.options.key).update(texts.join(''), 'utf8').digest('hex').toUpperCase();
    };
    const sign = String(members['sign']);
    const given = this.#has('sign-any-case') ? sign.toUpperCase() : sign;
    const right = of(this.#signed(operation));
    if (this.#has('sign-cut') && given.slice(0, 63) === right.slice(0, 63)) return true;
    if (this.#has('sign-of-balance') && given === of(this.#signed('GetBalance'))) return true;
    if (this.#has('sign-without-amount') && operation === 'Deposit' && given.length === 64 && !/^0+$/.test(given))
      return true;
    if (given !== right) return false;
    // A sign has no borders between its fields, so it belongs to what it came with first.
    const id = `${operation} ${this.#idOf(members)}`;
    const owner = this.#signs.get(given) ?? id;
    this.#signs.set(given, owner);
    return owner === id || operation === 'GetBalance' || this.#has('sign-moves');
  }

  #amountText(value: unknown): string {
    if (this.#has('amount-number')) return typeof value === 'string' ? value : Number(value).toFixed(2);
    const [whole = '', cents = ''] = String(value).split('.');
    return `${whole}.${cents.padEnd(2, '0')}`;
  }

  #cents(value: unknown): bigint {
    if (this.#has('amount-number')) return BigInt(Math.round(Number(value) * 100));
    if (this.#has('cents-cut')) return BigInt(Math.floor(Number(value) * 100));
    return BigInt(this.#amountText(value).replace('.', ''));
  }

  #idOf(members: Members): string {
    return String(members['transactionID'] ?? members['refTransactionID']);
  }

  /** One at a time for each player, unless that is what is wrong. */
  async #inTurn(operation: string, members: Members): Promise<Told> {
    const id = operation === 'RollbackTransaction' ? this.#targetOf(members) : this.#idOf(members);
    const isFree =
      (this.#has('copies-race') && operation !== 'RollbackTransaction') ||
      this.#has('lost-update') ||
      this.#has('undo-too-early');
    const turn = isFree ? `${this.#references++}` : String(members['userID']);
    const before = this.#underWay.get(turn);
    const mine = (async () => {
      await before;
      return this.#act(operation, id, members);
    })();
    this.#underWay.set(turn, mine);
    return mine;
  }

  #targetOf(members: Members): string {
    return String(members[this.#isV2 ? 'refTransactionID' : 'transactionID']);
  }

  async #act(operation: string, id: string, members: Members): Promise<Told> {
    const userID = String(members['userID']);
    if (!this.balances.has(userID) && this.#has('player-made-up')) this.balances.set(userID, 0n);
    const balance = this.balances.get(userID);
    if (balance === undefined) return { code: operation === 'RollbackTransaction' ? 8 : 5 };
    if (operation === 'GetBalance') {
      if (this.#has('balance-moves')) this.balances.set(userID, balance - 1n);
      return { code: 0, balance };
    }
    if (operation === 'RollbackTransaction') return this.#undo(id, userID);
    return this.#move(operation, id, userID, members);
  }

  async #move(operation: string, id: string, userID: string, members: Members): Promise<Told> {
    const roundID = String(members['roundID']);
    const isFree = members['freeSpin'] === true || typeof members['freeSpinID'] === 'string';
    const bet = this.#cents(members['amount'] ?? members['betAmount']);
    const win = operation === 'Deposit' ? bet : operation === 'BetWin' ? this.#cents(members['winAmount']) : 0n;
    const isSpin = isFree && operation === 'Withdraw' && !this.#has('free-spin-paid');
    const taken = operation === 'Deposit' || isSpin ? 0n : bet;
    const paid = this.#has('bet-and-win-half') && operation === 'BetWin' ? 0n : win;
    const content = this.#has('other-amount')
      ? [operation, userID, roundID].join(' ')
      : [operation, userID, roundID, bet, win].join(' ');

    const known = this.#kept.get(id);
    const isOther = known !== undefined && known.content !== content && known.state !== 'cancelled';
    if (isOther && !(this.#has('other-round-taken') && known.operation === operation && known.roundID !== roundID))
      return { code: 2 };
    const isAgain = known !== undefined && !isOther;
    if (isAgain && !this.#isDoneAgain(operation, known)) return this.#replay(known, userID, id);

    const found = this.balances.get(userID) ?? 0n;
    if (this.#has('copies-race') || this.#has('lost-update') || this.#has('undo-too-early')) await pause(20);
    const before = this.#has('lost-update') ? found : (this.balances.get(userID) ?? 0n);
    const refusal = this.#refusalOf(operation, taken, win, before, roundID, members);
    const isLost = operation === 'Deposit' && win > 0n && this.#every(3, 'win-lost');
    const effect = refusal !== undefined || isLost ? 0n : paid - taken;
    const after = before + effect;
    this.balances.set(userID, after);
    const state = refusal === undefined ? 'done' : 'refused';
    const gift = isSpin && this.#has('free-spin-given-back') ? -bet : effect;
    const told = refusal ?? 0;
    this.#kept.set(id, { userID, content, effect: gift, roundID, operation, before, after, state, told });
    if (refusal !== undefined) return { code: refusal };
    const quiet = known !== undefined && this.#has('bet-twice-quietly') ? known.after : undefined;
    return { code: 0, balance: quiet ?? (isLost ? after + win : after), reference: id };
  }

  #refusalOf(
    operation: string,
    taken: bigint,
    win: bigint,
    balance: bigint,
    roundID: string,
    members: Members,
  ): number | undefined {
    if (taken > balance && !this.#has('overdraft')) return this.#has('funds-answered-1') ? 1 : 6;
    if (operation !== 'Deposit') return undefined;
    const round = [...this.#kept.values()].filter((kept) => kept.roundID === roundID);
    if (win === 0n && this.#has('zero-win-refused')) return 2;
    if (this.#has('win-needs-bet') && !this.#hasBet(round, members)) return 8;
    if (this.#has('second-win-refused') && round.some((kept) => kept.operation === 'Deposit')) return 1;
    if (this.#has('round-closed') && round.some((kept) => kept.state === 'undone')) return 1;
    return members['agentID'] === undefined ? 2 : undefined;
  }

  /** A bet of this player that stands in the round; in v2 the one the win names. */
  #hasBet(round: readonly Kept[], { userID, refTransactionID }: Members): boolean {
    const named = this.#isV2 ? this.#kept.get(String(refTransactionID)) : undefined;
    return round.some(
      (kept) =>
        kept.operation === 'Withdraw' &&
        kept.state === 'done' &&
        kept.userID === userID &&
        (!this.#isV2 || kept === named),
    );
  }

  /** Whether a known transaction is done anew: never, but for a fault. */
  #isDoneAgain(operation: string, known: Kept): boolean {
    if (known.state === 'cancelled') return this.#has('no-tombstone');
    if (known.state === 'undone') return this.#has('undo-forgets') && operation === 'Withdraw';
    if (known.state === 'refused') return false;
    if (this.#has('bet-twice') || this.#has('bet-twice-quietly')) return operation === 'Withdraw';
    if (this.#has('win-twice')) return operation === 'Deposit';
    return this.#has('bet-and-win-twice') && operation === 'BetWin';
  }

  #replay(known: Kept, userID: string, id: string): Told {
    const balance = this.balances.get(userID) ?? 0n;
    if (known.state === 'cancelled') return { code: 9 };
    if (known.state === 'undone')
      return this.#has('undone-told-done') ? { code: 0, balance, isDuplicate: true, reference: id } : { code: 9 };
    if (known.state === 'refused') return { code: this.#has('funds-forgotten') ? 1 : known.told };
    if (this.#has('duplicate-refused') && known.operation === 'Withdraw') return { code: 1 };
    const first = this.#has('duplicate-balance') ? this.#opening.get(userID) : undefined;
    const code = this.#has('duplicate-code-11') ? 11 : 0;
    return { code, balance: (first ?? balance) + (first === undefined ? 0n : 1n), isDuplicate: true, reference: id };
  }

  #undo(id: string, userID: string): Told {
    const balance = this.balances.get(userID) ?? 0n;
    const known = this.#kept.get(id);
    if (known === undefined) {
      if (this.#has('undo-unknown-0')) return { code: 0, balance };
      const nothing = { effect: 0n, roundID: '', operation: '', content: '', before: 0n, after: 0n, told: 8 };
      if (!this.#has('undo-too-early')) this.#kept.set(id, { ...nothing, userID, state: 'cancelled' });
      return notFound;
    }
    if (known.userID !== userID && !this.#has('undo-by-anyone')) return notFound;
    if (known.state === 'refused' || known.state === 'cancelled') return notFound;
    if (known.state === 'undone' && !this.#has('undo-twice')) return { code: 9 };
    known.state = 'undone';
    const owned = this.balances.get(known.userID) ?? 0n;
    const isIgnored = this.#has('undo-nothing') || (this.#has('undo-of-win-ignored') && known.operation !== 'Withdraw');
    const after = this.#has('undo-to-then') ? known.before : isIgnored ? owned : owned - known.effect;
    this.balances.set(known.userID, after);
    return { code: 0, balance: this.balances.get(userID) ?? 0n, reference: id };
  }

  async #answer(operation: string, told: Told, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isYes = told.code === 0 || told.code === 11;
    const isBet = operation === 'Withdraw' && isYes;
    const isWin = operation === 'Deposit' && isYes;
    if (isWin && this.#every(5, 'reset')) return void request.socket.resetAndDestroy();
    if (isBet && this.#every(5, 'slow')) await pause(this.options.slowMs ?? 1_000);
    if (this.#has('undo-fails') && operation === 'RollbackTransaction') return void response.writeHead(500).end();
    if (isBet && this.#every(4, 'html'))
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>Please wait</html>');
    const status =
      (isBet && this.#has('http-201') && 201) ||
      (!isYes && this.#has('http-400') && 400) ||
      (isWin && this.#every(3, 'http-500') && 500) ||
      200;
    const type = this.#has('content-type') ? 'text/plain' : 'application/json';
    const text = this.#write(operation, told);
    const isCut = this.#has('json-cut') && operation === 'RollbackTransaction';
    response.writeHead(status, { 'content-type': type }).end(isCut ? text.slice(0, -5) : text);
  }

  #write(operation: string, { code, balance, reference, isDuplicate = false }: Told): string {
    const name = this.#isV2 && !this.#has('code-named-result') ? 'code' : 'result';
    const known = this.#has('code-unknown') && code !== 0 && code !== 11 ? 99 : code;
    const members = [`"${name}":${this.#has('code-as-text') ? `"${known}"` : known}`];
    if (!this.#has('message-missing')) members.push('"message":"ok"');
    const isYes = code === 0 || code === 11;
    if (isYes && balance !== undefined && !(isDuplicate && this.#has('balance-missing-on-duplicates')))
      members.push(`"balance":${this.#balanceText(balance)}`);
    if (operation === 'GetBalance' && isYes && !this.#isV2 && !this.#has('currency-missing'))
      members.push(`"currency":"${this.#every(7, 'currency-changes') ? 'USD' : 'EUR'}"`);
    if (this.#isV2 && isYes && reference !== undefined && !this.#has('reference-missing')) {
      this.#references += 1;
      members.push(`"platformTransactionID":"${this.#has('reference-changes') ? this.#references : `w-${reference}`}"`);
    }
    return `{${members.join(',')}}`;
  }

  #balanceText(cents: bigint): string {
    const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
    const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    if (this.#has('balance-as-text')) return `"${text}"`;
    return this.#has('balance-short') ? String(Number(text)) : text;
  }
}
