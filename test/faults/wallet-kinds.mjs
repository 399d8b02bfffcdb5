// Why: each kind of wallet there is, said twice: what the stand-in does, and what its operator's file
// declares of it.
// Never: lets a file promise what its wallet does not do; a run of a file that lies must fail.

/**
 * `memory` and `cancelFirst` make the wallet; the rest is what its operator declares.
 * @typedef {object} WalletKind
 * @property {'always' | 'successes' | 'lookup' | 'none'} memory
 * @property {'always' | 'successes' | 'no'} repeatable
 * @property {'successes' | 'no' | 'inverse'} undo
 * @property {boolean} [lookup]
 * @property {boolean} [cancelFirst]
 */

/** @type {WalletKind} */
const always = { memory: 'always', repeatable: 'always', undo: 'successes' };
/** @type {WalletKind} */
const successes = { memory: 'successes', repeatable: 'successes', undo: 'successes' };
/** @type {WalletKind} */
const lookup = { memory: 'lookup', repeatable: 'no', undo: 'successes', lookup: true };
/** @type {WalletKind} */
const none = { memory: 'none', repeatable: 'no', undo: 'no' };

/**
 * `undo: 'inverse'`: a bet is undone by a win, and a win by a bet, under the undo's reference; else by a
 * cancellation, repeatable as said.
 * @type {Readonly<Record<string, WalletKind>>}
 */
export const WALLET_KINDS = {
  always,
  successes,
  lookup,
  none,
  // Without any other memory, so that nothing but the early undo can end a doubt.
  'cancel-first': { memory: 'none', repeatable: 'no', undo: 'successes', cancelFirst: true },
  'always-inverse': { ...always, undo: 'inverse' },
  'successes-inverse': { ...successes, undo: 'inverse' },
  'lookup-inverse': { ...lookup, undo: 'inverse' },
  'none-inverse': { ...none, undo: 'inverse' },
};

/** @param {string} kind */
export function walletOf(kind) {
  const found = WALLET_KINDS[kind];
  if (found === undefined) throw new Error(`no kind of wallet is called ${kind}`);
  return found;
}

/**
 * Asked or asked again, such a wallet says what became of a call: nothing may be left to a person because
 * nobody knows.
 * @param {string} kind
 */
export const canTell = (kind) => walletOf(kind).repeatable !== 'no' || walletOf(kind).lookup === true;

const PLATFORM_TIMEOUT_MS = 2000;
/**
 * In milliseconds; as short as the loader's check of the deadline budget lets them be. `lease` follows from
 * the platform's patience.
 */
export const TIMES = {
  patience: PLATFORM_TIMEOUT_MS,
  lease: PLATFORM_TIMEOUT_MS * 1.5,
  wallet: 400,
  settle: PLATFORM_TIMEOUT_MS * 1.5 + 100,
};

/** @typedef {'seamless' | 'v2'} Dialect */
/**
 * What platforms may speak to the bridge before such wallets.
 * @type {readonly [Dialect, Dialect]}
 */
export const DIALECTS = ['seamless', 'v2'];

/**
 * Each wallet has one operator in each dialect. They share a key, so none of them begins with another.
 * @param {string} kind
 * @param {Dialect} dialect
 */
export const agentOf = (kind, dialect) => `${dialect.toUpperCase()}-${kind.toUpperCase()}-FAULTS`;

/** @param {string} agentID */
export function kindOf(agentID) {
  const found = Object.keys(WALLET_KINDS).find((kind) =>
    DIALECTS.some((dialect) => agentOf(kind, dialect) === agentID),
  );
  if (found === undefined) throw new Error(`no wallet has an agent ${agentID}`);
  return found;
}

/**
 * The operator's file for one kind of wallet behind `walletUrl`. Without a format of its games a sign of v2
 * can be valid for something else, so signs are remembered there.
 * @param {{ kind: string, dialect: Dialect, walletUrl: string }} of
 * @param {WalletKind} declared
 */
export function operatorFile({ kind, dialect, walletUrl }, { repeatable, undo, lookup = false, cancelFirst = false }) {
  /** @param {string} operation @param {string} path @param {string} receipt */
  const money = (operation, path, receipt) => `
  ${operation}:
    request:
      path: /v2/players/\${request.userID}/${path}
      body: { reference: '\${reference}', amountMinor: '\${request.amount.minor()}', round: '\${request.roundID}' }
    response: ${reply(receipt)}`;
  return `version: 1
operator: ${dialect}-${kind}
platform:
  dialect: ${dialect}
  timeout: ${TIMES.patience}ms
  agents: [{ agentID: ${agentOf(kind, dialect)}, currency: EUR, keys: [gsp] }]
  formats: { userID: '[0-9a-z-]{1,32}', transactionID: '[0-9a-f]{32}', roundID: '[0-9a-f]{32}' }
secrets:
  gsp: { env: FAULTS_GSP_KEY }
  walletToken: { env: FAULTS_WALLET_TOKEN }
wallet:
  baseUrl: ${walletUrl}
  timeout: ${TIMES.wallet}ms
  auth: { type: bearer, token: walletToken }
  breaker: { openAtPercent: 60, minimumCalls: 20, tryAgainAfter: 300ms }
  reference: \${id}
  request: { method: POST }
  applied: \${response.status in [200, 201]}
  repeatable: ${repeatable}
  settle: ${TIMES.settle}ms
operations:
  getBalance:
    request: { method: GET, path: '/v2/players/\${request.userID}/balance' }
    response: { balance: '\${money.fromMinor(response.body.balanceMinor)}' }
${money('withdraw', 'debits', 'debitId')}
${money('deposit', 'credits', 'creditId')}
  betWin: legs
${undo === 'inverse' ? '  rollback: inverse' : cancellation(undo, cancelFirst)}
${lookup ? LOOKUP : ''}
errors:
  - { when: '\${response.body.error.code == "LOW_FUNDS"}', result: insufficientFunds }
  - { when: '\${response.body.error.code == "NO_PLAYER"}', result: userNotFound }
  - { when: '\${response.body.error.code == "DUPLICATE"}', result: duplicate }
  - { when: '\${response.body.error.code == "CANCELLED"}', result: alreadyRolledBack }
  - { when: '\${response.status == 503 && response.body.maintenance == true}', result: generalError, outcome: notApplied }
`;
}

/** @param {string} receipt */
const reply = (receipt) => `
      applied: \${response.status == 201 && response.body.reference == sent.body.reference}
      balance: \${money.fromMinor(response.body.balanceMinor)}
      receipt: \${response.body.${receipt}}`;

/** @param {WalletKind['undo']} repeatable @param {boolean} cancelFirst */
const cancellation = (repeatable, cancelFirst) => `  rollback:
    request:
      path: /v2/cancellations
      body: { reference: '\${reference}', cancels: '\${original.reference}' }
    response: ${reply('cancelId')}
    repeatable: ${repeatable}${cancelFirst ? '\n    cancelFirst: safe' : ''}
    errors:
      - { when: '\${response.body.error.code == "UNKNOWN_REFERENCE"}', result: notFound }
      - { when: '\${response.body.error.code == "ALREADY_CANCELLED"}', result: alreadyRolledBack }`;

const LOOKUP = `  lookup:
    request: { method: GET, path: '/v2/transactions/\${original.reference}' }
    response:
      applied: \${response.body.state == "DONE"}
      refused: \${response.body.state == "REJECTED"}
      absent: \${response.status == 404 && response.body.error.code == "UNKNOWN_REFERENCE"}`;
