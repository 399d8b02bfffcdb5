// Why: what will happen in a run, drawn from its seed before anything happens: the transactions, how the
// platform and the network treat each, what the wallet does wrong to it, and which process or link fails
// when.
// Never: looks at what has happened; two runs of one seed plan the same.
/** @import { Dice } from './dice.mjs' */
/** @import { RedisForm } from './stage.mjs' */
/** @import { Dialect } from './wallet-kinds.mjs' */
/** @import { MoneyCallback } from '../../src/stand-ins/platform-book.js' */
import { dice } from './dice.mjs';
import { agentOf, TIMES, walletOf } from './wallet-kinds.mjs';

/** @type {[string, ...string[]]} */
const WALLET_FAULTS = [
  'slow',
  ...['hang', 'apply-then-hang', 'reset-before', 'reset-after', 'cut-body', 'garbage', 'oversized', 'no-balance'],
  ...[
    'wrong-reference',
    'status-502-before',
    'status-502-after',
    'html-200',
    'empty-200',
    'redirect-302',
    'redirect-307',
  ],
  ...['maintenance', 'late'],
];
/** @type {[Played['callback']['operation'], ...Played['callback']['operation'][]]} */
const OPERATIONS = [...times(9, () => 'Withdraw'), ...times(6, () => 'Deposit'), ...times(5, () => 'BetWin')];
const WALLET_FAULT_PERCENT = 38;
const ROLLBACK_AT_END_PERCENT = 6;
const RICH = times(12, (i) => `rich-${i}`);
const POOR = times(4, (i) => `poor-${i}`);

/** Who has an account, and with how much. `nobody` has none, and plays all the same. */
export const OPENINGS = Object.fromEntries([
  ...RICH.map((player) => [player, '100000.00']),
  ...POOR.map((player) => [player, '25.00']),
]);

/**
 * Cents as a decimal text with two decimals.
 * @param {number} cents
 */
const decimal = (cents) => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/**
 * What the stand-in wallet is told to do wrong, once or while it `lasts`.
 * @typedef {{ match: { reference: string, method: string }, fault: string, ms: number, lasts?: number }} WalletFault
 */
/**
 * @typedef {{ kind: string, callback: Exclude<MoneyCallback, { operation: 'RollbackTransaction' }>,
 * walletFaults: WalletFault[] }} Played
 */

/**
 * One transaction. `patience`: ms the platform waits for its first delivery. `lost`: that one never arrives.
 * `twin`: a second delivery at the same instant to another replica, the platform's own or a copy the network
 * made, whose answer nobody hears. The late copies are the network's too; milliseconds count from the first
 * delivery, or from the platform's last word.
 * @param {string} seed
 * @param {number} n
 * @param {string} kind
 * @param {{ lateMs?: number | undefined, without: readonly string[], dialects: readonly [Dialect, ...Dialect[]] }} how
 */
export function planTransaction(seed, n, kind, { lateMs, without, dialects }) {
  const roll = dice(`${seed}/transaction/${n}`);
  const operation = roll.pick(OPERATIONS);
  const amount = () => decimal(roll.percent(5) ? 0 : roll.between(1, 2500));
  const ids = { transactionID: roll.id(), roundID: roll.id() };
  const userID = roll.percent(2) ? 'nobody' : roll.pick(roll.percent(20) ? POOR : RICH);
  // By dice of its own: what else is planned is the same in any dialect.
  const dialect = dice(`${seed}/dialect/${n}`).pick(dialects);
  const common = { agentID: agentOf(kind, dialect), userID, ...ids };
  /** @type {Played['callback']} */
  const callback =
    operation === 'BetWin'
      ? { operation, ...common, betAmount: amount(), winAmount: amount() }
      : { operation, ...common, amount: amount() };
  // A win of nobody's is asked for again and again, because no balance is known to answer with.
  const canBeAsked = walletOf(kind).lookup === true && callback.userID !== 'nobody';
  const isBet = operation !== 'Deposit';
  const patience = roll.percent(20) ? roll.between(5, 600) : TIMES.patience;
  return {
    n,
    kind,
    dialect,
    callback,
    base: roll.between(0, 2),
    patience,
    lost: roll.percent(4),
    // A bet whose answer the platform did not wait for is what it mostly rolls back.
    afterSilence: isBet && roll.percent(patience < TIMES.patience ? 85 : 50) ? 'rollback' : 'repeat',
    changesItsMind: roll.percent(isBet ? 14 : 4),
    twin: roll.percent(16) ? roll.pick(['own', 'copy']) : 'none',
    copyAfterStart: roll.percent(12) ? roll.between(0, 2500) : undefined,
    copyAfterEnd: roll.percent(10) ? roll.between(0, 4000) : undefined,
    rollbackTwin: roll.percent(25),
    rollbackCopyAfterEnd: roll.percent(15) ? roll.between(0, 4000) : undefined,
    pauses: Array.from({ length: 8 }, () => roll.between(30, 400)),
    // A rollback at the very end, when nothing else goes wrong, of what stands; the wallet then says that it
    // has that already.
    rollsBackAtEnd: !without.includes('duplicate-before') && roll.percent(ROLLBACK_AT_END_PERCENT),
    walletFaults:
      canBeAsked && !without.includes('absent') && roll.percent(ABSENT_PERCENT)
        ? planAbsence(roll, callback)
        : planWalletFaults(roll, callback, lateMs),
  };
}

/** @typedef {ReturnType<typeof planTransaction>} Plan */

/**
 * Every call the bridge may make for it has its own dice: each time it is made, it goes wrong in so many of a
 * hundred cases.
 * @param {Dice} roll
 * @param {MoneyCallback} callback
 * @param {number | undefined} lateMs
 * @returns {WalletFault[]}
 */
function planWalletFaults(roll, { operation, transactionID }, lateMs) {
  const legs = operation === 'BetWin' ? [transactionID, `${transactionID}-w`] : [transactionID];
  const calls = legs.flatMap((reference) => [
    { reference, method: 'POST' },
    { reference: `${reference}-r`, method: 'POST' },
    { reference, method: 'GET' },
    { reference: `${reference}-r`, method: 'GET' },
  ]);
  return calls.flatMap((match) => {
    /** @type {WalletFault[]} */
    const faults = [];
    while (roll.percent(WALLET_FAULT_PERCENT)) {
      const fault = lateMs === undefined ? roll.pick(WALLET_FAULTS) : 'late';
      faults.push({ match, fault, ms: lateMs ?? faultMs(fault, roll) });
    }
    return faults;
  });
}

/** @param {string} fault @param {Dice} roll */
function faultMs(fault, roll) {
  if (fault === 'slow') return roll.between(50, 2 * TIMES.wallet);
  // Later than `settle`, together with a slow link, would be a wallet that breaks its operator's word.
  return fault === 'late' ? roll.between(100, TIMES.settle - 1000) : 0;
}

/**
 * Faults that others than the planned build may be spared (`--without`), each the witness of a rule of its
 * own.
 */
export const SPARABLE = ['absent', 'duplicate-before', 'suspended'];

/** Its monotonic clock stands still while it does, as on a machine that is suspended; the others' goes on. */
export const SUSPENDED_REPLICA = 2;
export const WORST_FREEZE = { bets: true, replica: SUSPENDED_REPLICA };

const ABSENT_PERCENT = 20;
const ABSENT_LONGEST_MS = TIMES.settle - 1500;
/**
 * Where a wallet can be asked: its answer is lost, nothing can be heard until `settle` is over, and what then
 * answers first does not know of it for a while. Shorter than `settle`: a wallet that forgets for longer
 * breaks its operator's word.
 * @param {Dice} roll
 * @param {MoneyCallback} callback
 * @returns {WalletFault[]}
 */
function planAbsence(roll, { operation, transactionID }) {
  const reference = operation === 'BetWin' && roll.percent(50) ? `${transactionID}-w` : transactionID;
  const match = { reference, method: 'GET' };
  return [
    { match: { reference, method: 'POST' }, fault: roll.pick(['apply-then-hang', 'reset-after']), ms: 0 },
    { match, fault: 'status-502-before', ms: 0, lasts: TIMES.settle + roll.between(50, 400) },
    { match, fault: 'absent', ms: 0, lasts: roll.between(20, ABSENT_LONGEST_MS) },
  ];
}

/**
 * @template {string} T
 * @param {number} count
 * @param {(i: number) => T} item
 * @returns {[T, ...T[]]}
 */
function times(count, item) {
  return [item(0), ...Array.from({ length: count - 1 }, (_, i) => item(i + 1))];
}

/**
 * @typedef {'kill' | 'freeze' | 'redis-kill' | 'redis-emptied' | 'wallet-link' | 'redis-link' | 'freeze-before-send' |
 *   'freeze-before-reply' | 'answer-lost' | 'answer-late' | FailoverName} ProcessFaultName
 */
/** @typedef {'master-killed' | 'master-stopped' | 'replica-promoted' | 'slots-moved'} FailoverName */
/**
 * `ms`: how long it lasts. `bets`: of what sort of send; `how` and `by`: what becomes of a link. `pick`: which
 * master of Redis; `behind`: whether its replicas lack the writes of its last `by` ms.
 * @typedef {{
 *   replica?: number, ms?: number, kind?: string, bets?: boolean, how?: LinkFault, by?: number, pick?: number,
 *   behind?: boolean }} Details
 */
/** @typedef {'slow' | 'deaf' | 'refuse' | 'cut' | 'reset'} LinkFault */
/** @type {[LinkFault, ...LinkFault[]]} */
const LINK_FAULTS = ['slow', 'deaf', 'refuse', 'cut', 'reset'];
/** @typedef {Details & { at: number, after: number, what: ProcessFaultName }} ProcessFault */
/** @typedef {Partial<Record<ProcessFaultName, Details & { perTransactions?: number }>>} Instead */

/**
 * How many of each befall so many transactions.
 * @type {readonly { what: ProcessFaultName, perTransactions: number, behind?: boolean }[]}
 */
const PROCESS_FAULTS = [
  { what: 'kill', perTransactions: 45 },
  { what: 'freeze', perTransactions: 250 },
  { what: 'redis-kill', perTransactions: 250 },
  { what: 'redis-emptied', perTransactions: 1000 },
  { what: 'wallet-link', perTransactions: 40 },
  { what: 'redis-link', perTransactions: 50 },
  { what: 'freeze-before-send', perTransactions: 200 },
  { what: 'freeze-before-reply', perTransactions: 500 },
  { what: 'answer-lost', perTransactions: 100 },
  { what: 'answer-late', perTransactions: 200 },
];
/**
 * Where several servers are Redis, nobody starts a dead master again before another has its place.
 * @type {typeof PROCESS_FAULTS}
 */
const ON_A_SET = [
  ...PROCESS_FAULTS.filter(({ what }) => what !== 'redis-kill' && what !== 'redis-emptied'),
  { what: 'master-killed', perTransactions: 500, behind: false },
  { what: 'master-killed', perTransactions: 500, behind: true },
  { what: 'master-stopped', perTransactions: 500, behind: false },
  { what: 'master-stopped', perTransactions: 500, behind: true },
  { what: 'replica-promoted', perTransactions: 500 },
];
/** @type {Readonly<Record<RedisForm, typeof PROCESS_FAULTS>>} */
const FAULTS_ON = {
  single: PROCESS_FAULTS,
  sentinel: ON_A_SET,
  cluster: [...ON_A_SET, { what: 'slots-moved', perTransactions: 500 }],
};

/**
 * Faults of processes and links, each at the start of a transaction: spread evenly, so that no part of a run
 * is spared. `instead`: of a sort, how many transactions there are to one, and details that are not left to
 * the dice.
 * @param {string} seed
 * @param {number} transactions
 * @param {readonly [string, ...string[]]} kinds
 * @param {RedisForm} redis
 * @param {Instead} [instead]
 * @returns {ProcessFault[]}
 */
export function planProcessFaults(seed, transactions, kinds, redis, instead = {}) {
  const roll = dice(`${seed}/processes`);
  return FAULTS_ON[redis]
    .flatMap(({ what, perTransactions: usual, ...sort }) => {
      const { perTransactions = usual, ...certain } = { ...sort, ...instead[what] };
      const count = Math.ceil(transactions / perTransactions);
      const share = transactions / count;
      return Array.from({ length: count }, (_, i) => ({
        at: Math.floor(i * share) + roll.between(0, Math.max(0, Math.floor(share) - 1)),
        after: roll.between(0, 250),
        what,
        ...details(what, roll, kinds),
        ...certain,
      }));
    })
    .sort((a, b) => a.at - b.at);
}

/**
 * @param {ProcessFaultName} what
 * @param {Dice} roll
 * @param {readonly [string, ...string[]]} kinds
 * @returns {Details}
 */
function details(what, roll, kinds) {
  switch (what) {
    case 'kill':
      return { replica: roll.between(0, 2), ms: roll.percent(50) ? 0 : roll.between(100, 1500) };
    case 'freeze':
      return {
        replica: roll.between(0, 2),
        ms: TIMES.lease + (roll.percent(25) ? TIMES.settle : 0) + roll.between(200, 1500),
      };
    case 'freeze-before-send': {
      // Only a replica whose clock stood still could believe in its lease when it wakes, and only on such a
      // wallet would it cost money.
      const isWorst = roll.percent(70) && kinds.some((kind) => walletOf(kind).lookup);
      return isWorst ? WORST_FREEZE : { bets: false };
    }
    case 'freeze-before-reply':
    case 'answer-lost':
    case 'answer-late':
      return {};
    case 'master-killed':
    case 'master-stopped':
      return { ms: roll.between(0, 1500), pick: roll.between(0, 5), by: roll.between(400, 1500) };
    case 'replica-promoted':
      return { ms: 0, pick: roll.between(0, 5) };
    case 'slots-moved':
      return { by: roll.between(1500, 4000) };
    case 'redis-kill':
      return { ms: roll.between(50, 1500) };
    case 'redis-emptied':
      return { ms: roll.between(1000, 2500) };
    case 'wallet-link':
      return { kind: roll.pick(kinds), ...linkFault(roll, 400, 800) };
    case 'redis-link':
      return { ...(roll.percent(50) && { replica: roll.between(0, 2) }), ...linkFault(roll, 1200, 1000) };
  }
}

/**
 * @param {Dice} roll
 * @param {number} slowest
 * @param {number} longest
 * @returns {Details}
 */
function linkFault(roll, slowest, longest) {
  const how = roll.pick(LINK_FAULTS);
  const slow = how === 'slow' ? { by: roll.between(30, slowest) } : {};
  return { how, ...slow, ms: how === 'cut' || how === 'reset' ? 0 : roll.between(150, longest) };
}
