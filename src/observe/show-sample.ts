// What was counted of all unfinished records, as gauges: each count replaces the one before.

import type { Sample } from '../domain/ports.js';
import type { Metrics } from './metrics.js';

export function showSample(metrics: Metrics, { unfinished, onTrust }: Sample): void {
  const { acceptedRecords, acceptedAmount, oldestAccepted } = metrics;
  for (const gauge of [metrics.unfinished, acceptedRecords, acceptedAmount]) gauge.reset();
  for (const { operator, state, goal, count } of unfinished) metrics.unfinished.set({ operator, state, goal }, count);
  for (const { operator, duty, currency, count, amount } of onTrust) {
    const labels = { operator, duty, currency };
    acceptedRecords.set(labels, count);
    // A gauge holds a float: near enough to look at, and nothing is ever reckoned with it.
    acceptedAmount.set(labels, Number(amount.toString()));
  }
  metrics.oldestUnfinished.counted(
    unfinished.flatMap(({ operator, state, goal, oldest }) =>
      oldest === undefined ? [] : [{ labels: { operator, state, goal }, ms: oldest }],
    ),
  );
  oldestAccepted.counted(
    onTrust.map(({ operator, duty, currency, oldest }) => ({ labels: { operator, duty, currency }, ms: oldest })),
  );
  metrics.unfinishedCounted.setToCurrentTime();
}
