// What this process has counted since it started, by operator, for a page: read from the metrics themselves, so
// that it says what they say.

import type { createMetrics } from './metrics.js';

interface OperatorFigures {
  readonly breakers: { readonly callClass: string; readonly state: 'closed' | 'halfOpen' | 'open' }[];
  readonly callbacks: { readonly operation: string; readonly result: string; readonly count: number }[];
  readonly durations: {
    readonly operation: string;
    readonly count: number;
    readonly mean: number;
    readonly p95: number;
  }[];
  readonly wallet: { readonly call: string; readonly outcome: string; readonly count: number }[];
}
export type Figures = ReadonlyMap<string, OperatorFigures>;

const breakerStates = ['closed', 'halfOpen', 'open'] as const;

export async function figuresOf({
  breaker,
  callbacks,
  callbackSeconds,
  walletOutcomes,
}: Pick<
  ReturnType<typeof createMetrics>,
  'breaker' | 'callbacks' | 'callbackSeconds' | 'walletOutcomes'
>): Promise<Figures> {
  const figures = new Map<string, OperatorFigures>();
  const of = (operator: string | number = 'none'): OperatorFigures => {
    const name = String(operator);
    const known = figures.get(name) ?? { breakers: [], callbacks: [], durations: [], wallet: [] };
    figures.set(name, known);
    return known;
  };
  const text = (label: string | number | undefined): string => String(label ?? '');

  for (const { labels, value } of (await breaker.get()).values)
    of(labels.operator).breakers.push({ callClass: text(labels.class), state: breakerStates[value] ?? 'open' });
  for (const { labels, value: count } of (await callbacks.get()).values.filter(happened))
    of(labels.operator).callbacks.push({ operation: text(labels.operation), result: text(labels.result), count });
  for (const { labels, value: count } of (await walletOutcomes.get()).values.filter(happened))
    of(labels.operator).wallet.push({ call: text(labels.call), outcome: text(labels.outcome), count });

  const { values } = await callbackSeconds.get();
  const isOf = (part: string) => values.filter(({ metricName }) => metricName?.endsWith(part));
  const buckets = isOf('_bucket');
  for (const { labels, value: count } of isOf('_count')) {
    const isSame = (other: { readonly labels: typeof labels }): boolean =>
      other.labels.operator === labels.operator && other.labels.operation === labels.operation;
    const sum = isOf('_sum').find(isSame)?.value ?? 0;
    const within = buckets.filter(isSame).find(({ value }) => value >= count * 0.95);
    const bound = within === undefined ? undefined : Object.entries(within.labels).find(([name]) => name === 'le')?.[1];
    // The last bucket has no bound.
    const p95 = typeof bound === 'number' ? bound * 1000 : Infinity;
    of(labels.operator).durations.push({ operation: text(labels.operation), count, mean: (sum / count) * 1000, p95 });
  }
  return figures;
}

/** Every series there can be begins at 0: for a rate that is needed, for a person it hides what counts. */
const happened = ({ value }: { readonly value: number }): boolean => value > 0;
