// A scrape as OpenMetrics has it: the same samples, and beside a duration's bucket the transaction that fell into
// it last, so that who sees a slow callback finds it in the log. prom-client can have exemplars only in a
// registry that speaks nothing but OpenMetrics and renames its counters, so they are kept here.

/** OpenMetrics lets an exemplar's labels have 128 characters, their names among them. */
const longestID = 128 - 'transactionID'.length;

interface Exemplar {
  transactionID: string;
  seconds: number;
  /** Epoch ms; 0: nothing fell into this bucket yet. */
  at: number;
}

/** The latest transaction in each bucket of one histogram. */
export interface Exemplars {
  /** `first` and `second`: the values of the histogram's two labels. */
  note(first: string, second: string, seconds: number, transactionID: string): void;
  /** By the sample they belong to, as prom-client writes it. */
  all(): [string, Exemplar][];
}

/** Every callback comes by here, so a bucket's exemplar is written over and nothing is made. */
export function keepExemplars(
  histogram: string,
  [firstLabel, secondLabel]: readonly [string, string],
  buckets: readonly number[],
): Exemplars {
  const series = new Map<string, Map<string, Exemplar[]>>();
  function lastOf(first: string, second: string): Exemplar[] {
    let seconds = series.get(first);
    if (seconds === undefined) series.set(first, (seconds = new Map<string, Exemplar[]>()));
    let last = seconds.get(second);
    if (last === undefined) {
      last = [...buckets, Infinity].map(() => ({ transactionID: '', seconds: 0, at: 0 }));
      seconds.set(second, last);
    }
    return last;
  }
  return {
    note(first, second, seconds, transactionID) {
      if (transactionID.length > longestID) return;
      let bucket = 0;
      while (seconds > (buckets[bucket] ?? Infinity)) bucket += 1;
      const exemplar = lastOf(first, second)[bucket];
      if (exemplar === undefined) return;
      exemplar.transactionID = transactionID;
      exemplar.seconds = seconds;
      exemplar.at = Date.now();
    },
    all: () =>
      [...series].flatMap(([first, rest]) =>
        [...rest].flatMap(([second, last]) =>
          last.flatMap((exemplar, bucket): [string, Exemplar][] => {
            const labels = `le="${String(buckets[bucket] ?? '+Inf')}",${firstLabel}="${first}",${secondLabel}="${second}"`;
            return exemplar.at === 0 ? [] : [[`${histogram}_bucket{${labels}}`, exemplar]];
          }),
        ),
      ),
  };
}

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** `text`: the samples in Prometheus's own format. */
export function asOpenMetrics(text: string, exemplars: readonly Exemplars[]): string {
  const beside = new Map(exemplars.flatMap((one) => one.all()));
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
  return `{transactionID="${escaped}"} ${seconds} ${at / 1000}`;
}
