// Why: the load and the rivals need the same signed callback bytes, made without one line of the bridge, so
// that a rival measures itself and not our build.
// Never: imports anything of src or dist.
import { createHmac, randomBytes } from 'node:crypto';

/** @param {number} n from 1 */
export const agentOf = (n) => `BENCH${String(n).padStart(2, '0')}`;
export const AGENT = agentOf(1);
export const BASE_PATH = '/WalletService';

/**
 * The names signed, in order, per operation.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const SIGNED_FIELDS = {
  GetBalance: ['agentID', 'userID'],
  Withdraw: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'],
  Deposit: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'],
  BetWin: ['agentID', 'userID', 'betAmount', 'winAmount', 'transactionID', 'roundID'],
  RollbackTransaction: ['agentID', 'userID', 'transactionID'],
};

/**
 * What a load may be made of, and the result each of its answers must have. `of`: it is about the transactions of
 * an earlier load of that kind.
 * @type {Readonly<Record<string, { operations: readonly string[], result: number, of?: string }>>}
 */
export const KINDS = {
  mix: { operations: ['GetBalance', 'Withdraw', 'GetBalance', 'Deposit'], result: 0 },
  balance: { operations: ['GetBalance'], result: 0 },
  bet: { operations: ['Withdraw'], result: 0 },
  win: { operations: ['Deposit'], result: 0 },
  betWin: { operations: ['BetWin'], result: 0 },
  duplicate: { operations: ['Withdraw'], result: 0, of: 'bet' }, // bench.yaml says `duplicates: success`
  rollback: { operations: ['RollbackTransaction'], result: 0, of: 'bet' },
  tombstone: { operations: ['RollbackTransaction'], result: 8 }, // of a bet that never came
};

/** Throws where there is none of that name. @param {string} name */
export function kindOf(name) {
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`no kind is called ${name}; there are ${Object.keys(KINDS).join(', ')}`);
  return kind;
}

/**
 * The upper-case hex sign of these values under `key`.
 * @param {string} key
 * @param {readonly unknown[]} values
 */
export function sign(key, values) {
  return createHmac('sha256', key).update(values.join('')).digest('hex').toUpperCase();
}

/**
 * Minor units (a JSON integer) as decimal text with two places.
 * @param {number} minor
 */
export function decimal(minor) {
  const digits = String(minor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * A success answer's JSON text. The balance is spliced in, because JSON.stringify would drop its trailing
 * zeros.
 * @param {number} minor
 */
export function successBody(minor) {
  return `{"result":0,"message":"success","currency":"EUR","balance":${decimal(minor)}}`;
}

const AMOUNTS = ['0.50', '1.00', '2.50', '12.30', '100.00'];
const PLAYERS = 5000;

/** A name no load had before. Under it, a load has the same transactionIDs each time it is made. */
export const newRun = () => randomBytes(8).toString('hex');

/** @param {number} index */
const serialOf = (index) => index.toString(16).padStart(16, '0');

/**
 * Which callbacks of a load are made: `count` of them, from the one numbered `from` on, by turns for so many agents.
 * @typedef {{ count: number, kind?: string, run?: string, from?: number, agents?: number }} Part
 */

/**
 * The part of a load of that kind, signed; by default half balances, a quarter bets, a quarter wins.
 * @param {string} key
 * @param {Part} part
 */
export function prepareCallbacks(key, { count, kind = 'mix', run = newRun(), from = 0, agents = 1 }) {
  const { operations } = kindOf(kind);
  return Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const operation = operations[index % operations.length] ?? '';
    const serial = serialOf(index);
    const amount = AMOUNTS[index % AMOUNTS.length];
    /** @type {Record<string, string | undefined>} */
    const all = {
      agentID: agentOf((Math.floor(index / operations.length) % agents) + 1),
      userID: `player_${String(index % PLAYERS)}`,
      ...{ amount, betAmount: amount, winAmount: amount },
      transactionID: run + serial,
      roundID: serial + run,
    };
    const names = SIGNED_FIELDS[operation] ?? [];
    const fields = Object.fromEntries(names.map((name) => [name, all[name]]));
    const signature = sign(key, Object.values(fields));
    return post(`${BASE_PATH}/${operation}`, JSON.stringify({ ...fields, sign: signature }));
  });
}

/**
 * The same mix as the wallet would get it, for the load without anything between.
 * @param {Part} part
 */
export function prepareWalletCalls({ count, run = newRun(), from = 0 }) {
  const { operations } = kindOf('mix');
  return Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const player = `/v2/players/player_${String(index % PLAYERS)}`;
    const operation = operations[index % operations.length];
    if (operation === 'GetBalance') return `GET ${player}/balance HTTP/1.1\r\nhost: wallet\r\n\r\n`;
    const path = operation === 'Withdraw' ? 'debits' : 'credits';
    return post(`${player}/${path}`, JSON.stringify({ reference: `gsp-${run}${serialOf(index)}`, amountMinor: 1250 }));
  });
}

/** @param {string} path @param {string} body */
function post(path, body) {
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`;
}
