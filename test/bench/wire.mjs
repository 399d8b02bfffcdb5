// Why: the load and the rivals need the same signed callback bytes, made without one line of the bridge, so
// that a rival measures itself and not our build.
// Never: imports anything of src or dist.
import { createHmac, randomBytes } from 'node:crypto';

export const AGENT = 'BENCH01';
export const BASE_PATH = '/WalletService';

/**
 * The names signed, in order, per operation.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const SIGNED_FIELDS = {
  GetBalance: ['agentID', 'userID'],
  Withdraw: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'],
  Deposit: ['agentID', 'userID', 'amount', 'transactionID', 'roundID'],
};

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

const MIX = ['GetBalance', 'Withdraw', 'GetBalance', 'Deposit'];
const AMOUNTS = ['0.50', '1.00', '2.50', '12.30', '100.00'];

/**
 * `count` callbacks, half balances, a quarter bets, a quarter wins, each money one under a transactionID
 * never used before.
 * @param {string} key
 * @param {number} count
 */
export function prepareCallbacks(key, count) {
  const run = randomBytes(8).toString('hex');
  return Array.from({ length: count }, (_, index) => {
    const operation = MIX[index % MIX.length] ?? 'GetBalance';
    const serial = index.toString(16).padStart(16, '0');
    /** @type {Record<string, string | undefined>} */
    const all = {
      agentID: AGENT,
      userID: `player_${String(index % 5000)}`,
      amount: AMOUNTS[index % AMOUNTS.length],
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
 * @param {number} count
 */
export function prepareWalletCalls(count) {
  const run = randomBytes(8).toString('hex');
  return Array.from({ length: count }, (_, index) => {
    const player = `/v2/players/player_${String(index % 5000)}`;
    const operation = MIX[index % MIX.length] ?? 'GetBalance';
    if (operation === 'GetBalance') return `GET ${player}/balance HTTP/1.1\r\nhost: wallet\r\n\r\n`;
    const reference = `gsp-${run}${index.toString(16).padStart(16, '0')}`;
    const path = operation === 'Withdraw' ? 'debits' : 'credits';
    return post(`${player}/${path}`, JSON.stringify({ reference, amountMinor: 1250 }));
  });
}

/** @param {string} path @param {string} body */
function post(path, body) {
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`;
}
