// Why: a harness that never fails proves nothing. Each of these breaks a witness, the wiring or, in a copy,
// the bridge itself in one way that must be found; `check-mutants.mjs` shows that it is. Never: changes the
// project's own build, or the judgement.
/** @import { Change } from './code-mutants.mjs' */
/** @import { JournalView } from './journal-view.mjs' */
/** @import { Plan } from './plan.mjs' */
/** @import { Hooks } from './run-batch.mjs' */
/** @import { Delivery, Seen } from './verdict.mjs' */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { CODE_MUTANTS } from './code-mutants.mjs';
import { TIMES } from './wallet-kinds.mjs';

/** @param {readonly Plan[]} plans */
const half = (plans) => Math.floor(plans.length / 2);
/** @param {Plan} plan */
const isWithdraw = ({ callback, walletFaults }) => callback.operation === 'Withdraw' && walletFaults.length === 0;

/**
 * `kinds`: the wallets on which it must show, all where it does not say. `make` gives the hooks of one batch.
 * `code`: what is changed in a copy of the build. `needs`: faults a run may be spared, but not this one.
 * `options`: what more the run is told.
 * @typedef {object} Mutant
 * @property {readonly [string, ...string[]]} [kinds]
 * @property {() => Hooks} make
 * @property {readonly Change[]} [code]
 * @property {readonly string[]} [needs]
 * @property {number} [transactions]
 * @property {readonly string[]} [options]
 */

/** @type {Readonly<Record<string, Mutant>>} */
export const MUTANTS = {
  ...CODE_MUTANTS,
  'lying-operator-file': {
    kinds: ['none'],
    make: () => ({ declared: { none: { repeatable: 'always', undo: 'successes' } } }),
  },
  'wallet-call-replayed': { kinds: ['none'], make: () => ({ onRequest: replayer() }) },
  // Later than both looks, which are a settle apart.
  'wallet-later-than-settle': { kinds: ['lookup'], make: () => ({ lateMs: 2 * TIMES.settle + 2500 }) },
  // What the bridge cannot see: all records gone, the journal's id in its place.
  'journal-forgets': {
    kinds: ['none', 'lookup'],
    make: () => ({
      before: ({ n }, { journal, plans }) => (n === half(plans) ? journal.forgetAllButItsId() : undefined),
    }),
  },
  'record-not-listed': {
    kinds: ['none'],
    make: () => ({
      async after({ journal, unfinished }) {
        for (const key of unfinished) await journal.unlist(key);
      },
    }),
  },
  'fault-that-does-not-stop': {
    kinds: ['successes'],
    make: () => ({
      async faultsOver({ queue, plans, journal, platform }) {
        // Its undo can never be confirmed, so it can never come to rest.
        const { kind, callback, n } = await firstApplied(plans.filter(isWithdraw), journal);
        const match = { reference: `${callback.transactionID}-r`, method: 'POST' };
        await queue(kind, { match, fault: 'status-502-before', ms: 0, times: 1000 });
        const { agentID, userID, transactionID } = callback;
        await platform.copy({ n, kind }, { operation: 'RollbackTransaction', agentID, userID, transactionID }, 0);
      },
    }),
  },
  'ledger-line-lost': {
    make: () => ({
      witness: (seen) => ({ ...seen, ledger: without(seen.ledger, ({ kind }) => kind === 'debit') }),
    }),
  },
  'ledger-line-twice': {
    make: () => ({
      witness: (seen) => ({ ...seen, ledger: seen.ledger.flatMap(twice(({ kind }) => kind === 'credit')) }),
    }),
  },
  'answer-misheard': {
    make: () => ({
      witness: (seen) => ({ ...seen, book: seen.book.map(once(({ standing }) => standing === 'failed', asDone)) }),
    }),
  },
  'yes-too-early': {
    make: () => ({
      witness: (seen) => ({
        ...seen,
        // All of them: the first may be to a bet of nothing.
        deliveries: seen.deliveries.map((one) => (isPlainYes(one) ? { ...one, heard: one.at - 9000 } : one)),
      }),
    }),
  },
  'fault-log-empty': {
    kinds: ['none'],
    make: () => ({ witness: (seen) => ({ ...seen, faults: [], calls: [] }) }),
  },
};

/** @param {string} name */
export function mutantCalled(name) {
  const found = MUTANTS[name];
  if (found === undefined) throw new Error(`no planted mistake is called ${name}`);
  return found;
}

/** @param {readonly Plan[]} plans @param {JournalView} journal */
async function firstApplied(plans, journal) {
  for (const plan of plans) {
    const record = await journal.record(plan.callback);
    // A bet of nothing has no leg to be undone.
    if (record?.state === 'applied' && record.legs.length > 0) return plan;
  }
  throw new Error('no bet without a fault of its own is applied');
}

/**
 * @param {Seen['book'][number]} entry
 * @returns {Seen['book'][number]}
 */
const asDone = (entry) => ({ ...entry, standing: 'stands' });
/** @param {Delivery} delivery */
const isPlainYes = ({ operation, code, stored }) =>
  operation === 'Withdraw' && code === 0 && typeof stored === 'object' && stored.state === 'applied';

/**
 * Changes the first item that fits.
 * @template T
 * @param {(item: T) => boolean} fits
 * @param {(item: T) => T} change
 * @returns {(item: T) => T}
 */
function once(fits, change) {
  let done = false;
  return (item) => (done || !fits(item) ? item : ((done = true), change(item)));
}

/**
 * @template T
 * @param {(item: T) => boolean} fits
 * @returns {(item: T) => T[]}
 */
function twice(fits) {
  let done = false;
  return (item) => (done || !fits(item) ? [item] : ((done = true), [item, item]));
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => boolean} fits
 */
function without(items, fits) {
  const index = items.findIndex(fits);
  return items.filter((_, i) => i !== index);
}

/**
 * Sends every tenth debit a second time, as a network that repeats a packet's worth too much.
 * @returns {NonNullable<Hooks['onRequest']>}
 */
function replayer() {
  let debits = 0;
  return (_kind, bytes, port) => {
    if (!bytes.includes('/debits') || ++debits % 10 !== 0) return;
    void pause(50).then(() => {
      const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
      socket.on('error', () => undefined).resume();
    });
  };
}
