// Every series of a closed set exists from 0, because an alert on an increase misses the first one of a series
// that was not there. Histograms are left out: each would be 16 series more, and nobody waits for their first.

import { operatorAlarms, processAlarms } from '../domain/alarms.js';
import { operations } from '../domain/callback.js';
import { causes } from '../domain/causes.js';
import type { OperatorFacts } from '../domain/operator-facts.js';
import { failures, verdictKinds, type ResultName } from '../domain/outcome.js';
import { turnedAwayBecause, whyNotAccepted } from './alarm-sentences.js';
import type { Metrics } from './metrics.js';
import { exceptionPlaces, platformOutcomes, reloadOutcomes } from './monitor.js';

/** Nobody's: the platform's agent is unknown, or a body cannot be read. */
const resultsOfNone = ['invalidAgent', 'wrongInput'] as const satisfies readonly ResultName[];
const results = ['success', 'duplicate', 'askAgain', ...failures.filter((result) => result !== 'invalidAgent')];
/** Every operation but the question, which has no record to be found. */
const recorded = operations.filter((operation) => operation !== 'getBalance');
const balanceOutcomes = ['balance', 'refused', 'notApplied', 'unknown'];
const unclear = ['notApplied', 'unknown'];

/** What belongs to no operator. */
export function countProcessFromZero(metrics: Metrics): void {
  for (const outcome of reloadOutcomes) metrics.reloads.inc({ outcome }, 0);
  for (const because of Object.keys(turnedAwayBecause)) metrics.turnedAway.inc({ because }, 0);
  for (const kind of Object.keys(processAlarms)) metrics.alarms.inc({ operator: 'none', kind }, 0);
  for (const where of exceptionPlaces) metrics.exceptions.inc({ where }, 0);
  for (const operation of operations)
    for (const result of resultsOfNone) metrics.callbacks.inc({ operator: 'none', operation, result }, 0);
}

/** What belongs to an operator that is in use. What was counted before stays as it is. */
export function countFromZero(metrics: Metrics, facts: OperatorFacts): void {
  const { name: operator, agents, keys, calls, platformCalls } = facts;
  for (const operation of operations) {
    for (const result of results) metrics.callbacks.inc({ operator, operation, result }, 0);
    metrics.lateAnswers.inc({ operator, operation }, 0);
  }
  for (const operation of recorded) metrics.duplicates.inc({ operator, operation }, 0);
  for (const agent of agents) metrics.unknownRollbacks.inc({ operator, agent }, 0);
  for (const kind of Object.keys(operatorAlarms)) metrics.alarms.inc({ operator, kind }, 0);
  for (const key of keys) metrics.verifiedSigns.inc({ operator, key }, 0);
  for (const call of calls)
    for (const outcome of call === 'balance' ? balanceOutcomes : verdictKinds)
      metrics.walletOutcomes.inc({ operator, call, outcome }, 0);
  for (const cause of Object.keys(causes))
    for (const outcome of unclear) metrics.unclearCalls.inc({ operator, outcome, cause }, 0);
  metrics.balancesMissing.inc({ operator }, 0);
  for (const because of Object.keys(whyNotAccepted)) metrics.notAccepted.inc({ operator, because }, 0);
  for (const call of platformCalls)
    for (const outcome of platformOutcomes) metrics.platformCalls.inc({ operator, call, outcome }, 0);
}
