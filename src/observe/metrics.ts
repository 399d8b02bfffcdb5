// Every metric of the bridge, in a registry of its own. Labels come from closed sets only (operators by the
// name in their file, and what our own unions hold): nothing a request says may ever become a label.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export const callbackSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const journalSeconds = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

interface Age<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  /** When it was counted. */
  readonly ms: number;
}

/** Ages that go on growing after they were counted, also where nobody counts any more. */
interface Ages<Label extends string> {
  /** Replaces what was counted before. */
  counted(rows: readonly Age<Label>[]): void;
}

/** What the journal tells, it tells every replica. */
const ofAll = 'Read from the journal all replicas share: take the max over replicas, not the sum.';

export type Metrics = ReturnType<typeof createMetrics>;

/** Both are asked at each scrape: how many callbacks are at work, and milliseconds that never go back. */
export function createMetrics(inFlight: () => number, monotonic = () => performance.now()) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'wallet_bridge_callbacks_in_flight',
    help: 'Callbacks the bridge is working on.',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  function ages<Label extends string>(name: string, help: string, labelNames: Label[]): Ages<Label> {
    let counted = { at: 0, rows: [] as readonly Age<Label>[] };
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset();
        for (const { labels, ms } of counted.rows) this.set(labels, (ms + monotonic() - counted.at) / 1000);
      },
    });
    return { counted: (rows) => void (counted = { at: monotonic(), rows }) };
  }
  return {
    registry,
    build: new Gauge({
      name: 'wallet_bridge_build_info',
      help: 'Always 1; its labels say which version runs on which Node.',
      labelNames: ['version', 'node'] as const,
      registers,
    }),
    operatorInfo: new Gauge({
      name: 'wallet_bridge_operator_info',
      help: 'Always 1; its labels say which text of an operator file, its preset included, is in use.',
      labelNames: ['operator', 'file_hash', 'preset'] as const,
      registers,
    }),
    callbacks: new Counter({
      name: 'wallet_bridge_callbacks_total',
      help: 'Callbacks answered, by the result the platform was given; operator "none" where the agent is unknown.',
      labelNames: ['operator', 'operation', 'result'] as const,
      registers,
    }),
    callbackSeconds: new Histogram({
      name: 'wallet_bridge_callback_duration_seconds',
      help: 'From the arrival of a callback to its answer.',
      labelNames: ['operator', 'operation'] as const,
      buckets: callbackSeconds,
      registers,
    }),
    lateAnswers: new Counter({
      name: 'wallet_bridge_late_answers_total',
      help: 'Callbacks answered later than their operator’s deadline.',
      labelNames: ['operator', 'operation'] as const,
      registers,
    }),
    verifiedSigns: new Counter({
      name: 'wallet_bridge_verified_signs_total',
      help: 'Callbacks whose sign was verified, by the name of the key in the operator file.',
      labelNames: ['operator', 'key'] as const,
      registers,
    }),
    turnedAway: new Counter({
      name: 'wallet_bridge_turned_away_total',
      help: 'Requests and connections turned away at the door: notAllowed (the address), noToken, wrongName, connections (too many).',
      labelNames: ['because'] as const,
      registers,
    }),
    duplicates: new Counter({
      name: 'wallet_bridge_duplicates_total',
      help: 'Callbacks that found their transactionID on record.',
      labelNames: ['operator', 'operation'] as const,
      registers,
    }),
    unknownRollbacks: new Counter({
      name: 'wallet_bridge_unknown_rollbacks_total',
      help: 'Rollbacks of a transactionID that never came: each stays on record for policy.rememberUnknown.',
      labelNames: ['operator', 'agent'] as const,
      registers,
    }),
    balancesMissing: new Counter({
      name: 'wallet_bridge_balances_missing_total',
      help: 'Successes answered with balance 0.00 because no balance was known.',
      labelNames: ['operator'] as const,
      registers,
    }),
    walletOutcomes: new Counter({
      name: 'wallet_bridge_wallet_outcomes_total',
      help: 'Wallet calls by what they turned out to be.',
      labelNames: ['operator', 'call', 'outcome'] as const,
      registers,
    }),
    unclearCalls: new Counter({
      name: 'wallet_bridge_unclear_calls_total',
      help: 'Wallet calls that ended notApplied or unknown, by cause.',
      labelNames: ['operator', 'outcome', 'cause'] as const,
      registers,
    }),
    walletSeconds: new Histogram({
      name: 'wallet_bridge_wallet_call_duration_seconds',
      help: 'Duration of wallet calls.',
      labelNames: ['operator', 'call'] as const,
      buckets: callbackSeconds,
      registers,
    }),
    platformCalls: new Counter({
      name: 'wallet_bridge_platform_calls_total',
      help: 'Calls of the platform’s own API: told, refused (the platform’s no), failed, timedOut, or kept (not made).',
      labelNames: ['operator', 'call', 'outcome'] as const,
      registers,
    }),
    platformSeconds: new Histogram({
      name: 'wallet_bridge_platform_call_duration_seconds',
      help: 'Duration of calls of the platform’s own API.',
      labelNames: ['operator', 'call'] as const,
      buckets: callbackSeconds,
      registers,
    }),
    siteRequests: new Counter({
      name: 'wallet_bridge_site_requests_total',
      help: 'What sites had the platform asked, by HTTP status; operator and site "none" where the key is unknown.',
      labelNames: ['operator', 'site', 'call', 'status'] as const,
      registers,
    }),
    journalSeconds: new Histogram({
      name: 'wallet_bridge_journal_command_duration_seconds',
      help: 'Duration of journal commands; ok is "false" where the journal did not answer.',
      labelNames: ['command', 'ok'] as const,
      buckets: journalSeconds,
      registers,
    }),
    journalLost: new Gauge({
      name: 'wallet_bridge_journal_lost',
      help: '1 while Redis does not hold the journal this process began with: no money moves until a person sees to it.',
      registers,
    }),
    journalFull: new Gauge({
      name: 'wallet_bridge_journal_full',
      help: '1 while Redis is so full that nothing new is claimed: the platform is asked to come again.',
      registers,
    }),
    unlisted: new Counter({
      ...{ name: 'wallet_bridge_player_index_misses_total', registers },
      help: 'Claims that the list of their player does not have: only a search of all records finds them by the player.',
    }),
    breaker: new Gauge({
      name: 'wallet_bridge_breaker_state',
      help: 'Circuit breaker of a wallet: 0 closed, 1 half open, 2 open.',
      labelNames: ['operator', 'class'] as const,
      registers,
    }),
    reloads: new Counter({
      name: 'wallet_bridge_reloads_total',
      help: 'Operator files read again: done, refused because something is wrong in them (the old ones stay), or unchanged.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    loaded: new Gauge({
      name: 'wallet_bridge_operators_loaded_timestamp_seconds',
      help: 'When the operator files were last found sound and in use, in Unix time.',
      registers,
    }),
    broken: new Gauge({
      name: 'wallet_bridge_operator_files_broken',
      help: 'Operator files that cannot be used, tolerated at the start: their agents are answered 4.',
      registers,
    }),
    unfinished: new Gauge({
      name: 'wallet_bridge_unfinished_records',
      help: `Records that have not come to rest; state "unreadable": nobody here can act on them. ${ofAll}`,
      labelNames: ['operator', 'state', 'goal'] as const,
      registers,
    }),
    oldestUnfinished: ages(
      'wallet_bridge_oldest_unfinished_age_seconds',
      `Age of the oldest record that has not come to rest; of one that cannot be read nobody knows it. ${ofAll}`,
      ['operator', 'state', 'goal'],
    ),
    unfinishedCounted: new Gauge({
      ...{ name: 'wallet_bridge_unfinished_counted_timestamp_seconds', registers },
      help: 'When the records that have not come to rest were last counted, all of them, in Unix time.',
    }),
    lastLook: new Gauge({
      name: 'wallet_bridge_resolver_last_look_timestamp_seconds',
      help: 'When the resolver could last look at what is due, and work on it, in Unix time.',
      registers,
    }),
    acceptedRecords: new Gauge({
      name: 'wallet_bridge_accepted_records',
      help: `Wins and undos the platform was told are done, and the wallet has not confirmed. ${ofAll}`,
      labelNames: ['operator', 'duty', 'currency'] as const,
      registers,
    }),
    acceptedAmount: new Gauge({
      name: 'wallet_bridge_accepted_amount',
      help: `What is still to move for them, in the major unit; for display only. ${ofAll}`,
      labelNames: ['operator', 'duty', 'currency'] as const,
      registers,
    }),
    oldestAccepted: ages('wallet_bridge_oldest_accepted_age_seconds', `Age of the oldest of them. ${ofAll}`, [
      'operator',
      'duty',
      'currency',
    ]),
    notAccepted: new Counter({
      name: 'wallet_bridge_not_accepted_total',
      help: 'Wins and undos answered 503 instead of "done", by what forbade it: accept.most, accept.maxAge, or no known balance.',
      labelNames: ['operator', 'because'] as const,
      registers,
    }),
    alarms: new Counter({
      name: 'wallet_bridge_alarms_total',
      help: 'Things a person must look at, by kind; the log says what. Operator "none": it is about the process.',
      labelNames: ['operator', 'kind'] as const,
      registers,
    }),
    exceptions: new Counter({
      name: 'wallet_bridge_exceptions_total',
      help: 'Exceptions that reached the last resort: bugs, or infrastructure that failed.',
      labelNames: ['where'] as const,
      registers,
    }),
  };
}
