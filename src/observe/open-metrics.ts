// A scrape as OpenMetrics has it: the same samples, and beside a duration's bucket the transaction that fell into
// it last, so that who sees a slow callback finds it in the log. prom-client can have exemplars only in a
// registry that speaks nothing but OpenMetrics and renames its counters, so they are kept here.

/** OpenMetrics lets an exemplar's labels have 128 characters, their names among them. */
const longestID = 128 - 'transactionID'.length;

interface Exemplar {
  transactionID: string;
  seconds: number;
  /** Unix time in seconds. */
  at: number;
}

/** The latest transaction in each bucket of one histogram. */
export interface Exemplars {
  /** `labels`: the values of the histogram's labels, in their order. */
  note(labels: readonly [string, string], seconds: number, transactionID: string): void;
  /** By the sample they belong to, as prom-client writes it. */
  all(): ReadonlyMap<string, Exemplar>;
}

export function keepExemplars(
  histogram: string,
  [first, second]: readonly [string, string],
  buckets: readonly number[],
): Exemplars {
  const bounds = [...buckets.map(String), '+Inf'];
  const series = new Map<
    string,
    { readonly labels: readonly [string, string]; readonly last: (Exemplar | undefined)[] }
  >();
  return {
    note(labels, seconds, transactionID) {
      if (transactionID.length > longestID) return;
      const name = `${labels[0]} ${labels[1]}`;
      let one = series.get(name);
      if (one === undefined) {
        one = { labels, last: bounds.map(() => undefined) };
        series.set(name, one);
      }
      const found = buckets.findIndex((bound) => seconds <= bound);
      const at = found < 0 ? buckets.length : found;
      one.last[at] = { transactionID, seconds, at: Date.now() / 1000 };
    },
    all: () =>
      new Map(
        [...series.values()].flatMap(({ labels, last }) =>
          last.flatMap((exemplar, at): [string, Exemplar][] =>
            exemplar === undefined
              ? []
              : [
                  [
                    `${histogram}_bucket{le="${bounds[at] ?? ''}",${first}="${labels[0]}",${second}="${labels[1]}"}`,
                    exemplar,
                  ],
                ],
          ),
        ),
      ),
  };
}

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** `text`: the samples in Prometheus's own format. */
export function asOpenMetrics(text: string, exemplars: readonly Exemplars[]): string {
  const beside = new Map(exemplars.flatMap((one) => [...one.all()]));
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // A counter is called as its samples are, without their ending.
      if (line.startsWith('# ')) return line.replace(/^(# (?:HELP|TYPE) \w+?)_total /, '$1 ');
      const exemplar = beside.get(line.slice(0, line.lastIndexOf(' ')));
      return exemplar === undefined ? line : `${line} # ${written(exemplar)}`;
    });
  return `${lines.join('\n')}\n# EOF\n`;
}

function written({ transactionID, seconds, at }: Exemplar): string {
  const escaped = transactionID.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `{transactionID="${escaped}"} ${seconds} ${at}`;
}
