// Why: a figure counts only beside its rivals: ratios are taken inside each round, then their median over the
// rounds, so that a machine that slows down in between cannot make a winner.
// Never: hides a measurement that was not limited by the server under test.
/** @typedef {'perSecond' | 'cpuMicros' | 'busy' | 'p50' | 'p99'} Figure */
/** One rival in one round. @typedef {{ round: number, name: string } & Record<Figure, number>} Result */

/**
 * @type {readonly [top: string, bottom: string, of: 'perSecond' | 'cpuMicros', goal: string | undefined][]}
 */
const RATIOS = [
  ['bridge', 'naive', 'perSecond', '≥ 2.0'],
  ['bridge', 'pass-through', 'perSecond', '≥ 1.5'],
  ['bridge', 'floor', 'cpuMicros', '≤ 2.5'],
  ['naive', 'bridge', 'cpuMicros', undefined],
  ['naive', 'floor', 'cpuMicros', undefined],
];
const FIGURES = { perSecond: 'callbacks/s', cpuMicros: 'CPU per callback' };
const SATURATED = 0.9;

/** @param {readonly number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = NaN, above = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

/**
 * Per rival, the median over the rounds of every figure; latency as what it adds to `direct` in the same
 * round.
 * @param {readonly Result[]} results
 */
function summarise(results) {
  const names = [...new Set(results.map((result) => result.name))];
  return names.map((name) => {
    const own = results.filter((result) => result.name === name);
    /** @param {Figure} figure */
    const over = (figure) => median(own.map((result) => result[figure]));
    /** @param {Figure} figure */
    const added = (figure) => {
      const more = own.flatMap((result) => {
        const direct = results.find((r) => r.round === result.round && r.name === 'direct');
        return direct === undefined ? [] : [result[figure] - direct[figure]];
      });
      return more.length < own.length ? undefined : median(more);
    };
    return {
      name,
      perSecond: over('perSecond'),
      cpuMicros: over('cpuMicros'),
      busy: over('busy'),
      p50: over('p50'),
      p99: over('p99'),
      addedP50: added('p50'),
      addedP99: added('p99'),
    };
  });
}

/** @param {readonly Result[]} results @param {string} top @param {string} bottom @param {Figure} of */
function ratio(results, top, bottom, of) {
  const rounds = [...new Set(results.map((result) => result.round))];
  /** @param {number} round @param {string} name */
  const figure = (round, name) => results.find((result) => result.round === round && result.name === name)?.[of] ?? NaN;
  const ratios = rounds.map((round) => figure(round, top) / figure(round, bottom));
  return ratios.some(Number.isNaN) ? undefined : median(ratios);
}

/** @param {number | undefined} value @param {number} digits @param {number} width */
const cell = (value, digits, width) => (value === undefined ? '–' : value.toFixed(digits)).padStart(width);

/**
 * Prints the table and the ratios; returns what it printed as data.
 * @param {readonly Result[]} results
 */
export function printReport(results) {
  const rivals = summarise(results);
  console.log('\nMedians. Saturation: instant wallet. Latency: 500/s, 20 ms wallet, ms (added: over direct).\n');
  console.log('              callbacks/s   CPU µs   busy      p50      p99   added p50   added p99');
  for (const r of rivals) {
    const saturation = `${cell(r.perSecond, 0, 13)}${cell(r.cpuMicros, 0, 9)}${cell(r.busy, 2, 7)}`;
    const latency = `${cell(r.p50, 2, 9)}${cell(r.p99, 2, 9)}${cell(r.addedP50, 2, 12)}${cell(r.addedP99, 2, 12)}`;
    console.log(`${r.name.padEnd(12)}${saturation}${latency}`);
    if (r.name !== 'direct' && r.busy < SATURATED) {
      console.log(`  ${r.name}: not saturated: something else was the limit, so its callbacks/s is a lower bound`);
    }
  }
  console.log('');
  const ratios = RATIOS.map(([top, bottom, of, goal]) => {
    return { title: `${FIGURES[of]}, ${top} ÷ ${bottom}`, goal, value: ratio(results, top, bottom, of) };
  });
  for (const { title, value, goal } of ratios) {
    if (value !== undefined) console.log(`${title.padEnd(38)} ${value.toFixed(2)}${goal ? `   goal ${goal}` : ''}`);
  }
  const bridge = rivals.find((rival) => rival.name === 'bridge');
  if (bridge?.addedP50 !== undefined && bridge.addedP99 !== undefined) {
    console.log(`${'added p50, ms'.padEnd(38)} ${bridge.addedP50.toFixed(2)}   goal ≤ 1.2`);
    console.log(`${'added p99, ms'.padEnd(38)} ${bridge.addedP99.toFixed(2)}   goal ≤ 8`);
  }
  return { rivals, ratios };
}
