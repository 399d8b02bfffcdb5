// Why: Redis is filled with what the bridge itself would have written, by its own journal, in seconds instead of by
// hours of callbacks.
// Never: writes to a Redis that was running before.
import { randomBytes } from 'node:crypto';

/** @import { Home, Transaction } from '../../src/domain/transaction.js' */

export const MONTH = 30 * 86_400_000;
const AT_ONCE = 200;

/**
 * @typedef {typeof import('../../src/domain/money.js') & typeof import('../../src/domain/transaction.js') &
 *   typeof import('../../src/journal/redis-connection.js') & typeof import('../../src/journal/redis-journal.js')
 * } Modules
 */
const built = ['domain/money', 'domain/transaction', 'journal/redis-connection', 'journal/redis-journal'].map(
  (name) => import(new URL(`../../dist/${name}.js`, import.meta.url).href),
);
/** @type {Modules} */
const { Money, anyOrigin, conclude, withLeg, ...journals } = Object.assign({}, ...(await Promise.all(built)));

/** Whose records are written. @typedef {{ agentID: string, home: Home }} Whose */

/** @type {Whose} */
const somebody = { agentID: 'NORTHSTAR01', home: { operator: 'northstar', origin: 'aB3-_x' } };

/**
 * Whoever has this agent, whichever wallet it has.
 * @param {string} operator
 * @param {string} agentID
 * @returns {Whose}
 */
export const of = (operator, agentID) => ({ agentID, home: { operator, origin: anyOrigin } });

/** A bet that was claimed just now. @param {Whose} whose @returns {Transaction} */
export function bet({ agentID, home } = somebody) {
  const transactionID = randomBytes(16).toString('hex');
  const money = Money.parse('12.30') ?? Money.zero;
  const counts = { sends: 1, undos: 0, lastUndo: 0, vainSends: 0, vainUndos: 0, absentSince: 0 };
  const references = { reference: `gsp-${transactionID}`, undoReference: `gsp-${transactionID}-r` };
  return {
    ...{ agentID, userID: 'player_1234', transactionID },
    fingerprint: randomBytes(16).toString('base64url'),
    content: { kind: 'withdraw', roundID: randomBytes(16).toString('hex'), bet: money },
    home,
    state: 'claimed',
    lease: { owner: 'AbCdEfGh-1', until: Date.now() + 15_000 },
    legs: [
      { kind: 'withdraw', bet: money, ...references, effect: 'unknown', lastSend: Date.now() + 15_000, ...counts },
    ],
    ...{ since: Date.now(), tries: 0 },
  };
}

/** @param {Transaction} t @returns {Transaction} */
export const settled = (t) => ({
  ...conclude(withLeg(t, 0, { effect: 'applied', receipt: 'receipt-1234' })),
  balance: Money.parse('1234.50') ?? Money.zero,
});

/** @param {Transaction} t @returns {Transaction} */
export const tombstone = ({ agentID, userID, transactionID, since }) => ({
  ...{
    agentID,
    userID,
    transactionID,
    since,
    fingerprint: '',
    state: 'cancelled',
    rolledBack: true,
    legs: [],
    tries: 0,
  },
});

/** Its rollback was told as done, and the wallet has not heard of it. @param {Transaction} t @returns {Transaction} */
export function owed(t) {
  const { lease: _lease, ...rest } = t;
  return { ...rest, state: 'open', goal: 'void', promised: true, rolledBack: true, balance: Money.zero };
}

/** A journal of its own on a Redis, begun where there is none. @param {string} url */
export async function openJournal(url) {
  const connection = new journals.RedisConnection({ url });
  await connection.reachable(5_000);
  return new journals.RedisJournal(connection, { signLifetime: MONTH, begins: true });
}

/**
 * Writes so many, many at once.
 * @param {number} count
 * @param {() => Promise<unknown>} write
 */
export async function writeMany(count, write) {
  let begun = 0;
  const writer = async () => {
    while (begun++ < count) await write();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
}
