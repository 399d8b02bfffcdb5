// Why: a figure counts only beside its rivals: ratios are taken inside each round, then their median over the
// rounds, so that a machine that slows down in between cannot make a winner.
// Never: hides a measurement that was not limited by the server under test.
import { cell, figure, printFigures } from './figures.mjs';
import { median } from './median.mjs';

/** @typedef {'perSecond' | 'cpuMicros' | 'busy' | 'p50' | 'p99'} Figure */
/** One rival in one round. @typedef {{ round: number, name: string } & Record<Figure, number>} Result */
/**
 * One kind of callback of one rival in one round.
 * @typedef {{ round: number, name: string, kind: string, cpuMicros: number, busy: number }} KindResult
 */

/**
 * @type {readonly [top: string, bottom: string, of: 'perSecond' | 'cpuMicros',
 *   goal?: import('./figures.mjs').Goal][]}
 */
const RATIOS = [
  ['bridge', 'naive', 'perSecond', { least: 2 }],
  ['bridge', 'pass-through', 'perSecond', { least: 1.7 }],
  ['bridge', 'floor', 'cpuMicros', { most: 2.5 }],
  ['bridge', 'before', 'cpuMicros'],
  ['before', 'floor', 'cpuMicros'],
  ['naive', 'bridge', 'cpuMicros'],
  ['naive', 'floor', 'cpuMicros'],
];
const FIGURES = { perSecond: 'callbacks/s', cpuMicros: 'CPU per callback' };
const ADDED = /** @type {const} */ ([
  ['added p50, ms', 'addedP50', { most: 1 }],
  ['added p99, ms', 'addedP99', { most: 6 }],
]);
const SATURATED = 0.9;

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

/** @typedef {ReturnType<typeof summarise>[number]} Summary */

/**
 * The median over the rounds of what is measured above to what is measured below in the same round; undefined
 * where one of them is not.
 * @template {{ round: number }} T
 * @param {readonly T[]} results
 * @param {keyof T} of
 * @param {(result: T) => boolean} isTop
 * @param {(result: T) => boolean} isBottom
 */
function ratio(results, of, isTop, isBottom) {
  const numbers = [...new Set(results.map(({ round }) => round))].map((round) => {
    const own = results.filter((result) => result.round === round);
    return Number(own.find(isTop)?.[of]) / Number(own.find(isBottom)?.[of]);
  });
  return numbers.length === 0 || numbers.some(Number.isNaN) ? undefined : median(numbers);
}

/** @param {readonly Summary[]} rivals */
function printRivals(rivals) {
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
}

/** @param {readonly Result[]} results @param {readonly Summary[]} rivals */
function figuresOf(results, rivals) {
  const ratios = RATIOS.flatMap(([top, bottom, of, goal]) => {
    const value = ratio(
      results,
      of,
      ({ name }) => name === top,
      ({ name }) => name === bottom,
    );
    return value === undefined ? [] : [figure(`${FIGURES[of]}, ${top} ÷ ${bottom}`, value, goal)];
  });
  const added = ADDED.flatMap(([title, of, goal]) =>
    ['bridge', 'floor'].flatMap((name) => {
      const value = rivals.find((rival) => rival.name === name)?.[of];
      return value === undefined ? [] : [figure(`${title}, ${name}`, value, name === 'bridge' ? goal : undefined)];
    }),
  );
  return [...ratios, ...added];
}

/**
 * What a callback of each kind costs the bridge: in µs, as a multiple of a bet, of the floor's where that can do it,
 * and of another build's where one is compared.
 * @param {readonly KindResult[]} results
 */
function summariseKinds(results) {
  const own = results.filter(({ name }) => name === 'bridge');
  return [...new Set(own.map(({ kind }) => kind))].map((kind) => {
    /** @param {string} name @param {string} of @returns {(result: KindResult) => boolean} */
    const is = (name, of) => (result) => result.name === name && result.kind === of;
    /** @param {'cpuMicros' | 'busy'} of */
    const over = (of) => median(own.filter((result) => result.kind === kind).map((result) => result[of]));
    return {
      ...{ kind, cpuMicros: over('cpuMicros'), busy: over('busy') },
      toBet: ratio(results, 'cpuMicros', is('bridge', kind), is('bridge', 'bet')),
      toFloor: ratio(results, 'cpuMicros', is('bridge', kind), is('floor', kind)),
      toBefore: ratio(results, 'cpuMicros', is('bridge', kind), is('before', kind)),
    };
  });
}

/** @param {ReturnType<typeof summariseKinds>} kinds */
function printKinds(kinds) {
  if (kinds.length === 0) return;
  console.log('\nCPU per callback of each kind alone, bridge, instant wallet.\n');
  console.log('               CPU µs   busy   ÷ bet   ÷ floor   ÷ before');
  for (const { kind, cpuMicros, busy, toBet, toFloor, toBefore } of kinds)
    console.log(
      `${kind.padEnd(12)}${cell(cpuMicros, 0, 9)}${cell(busy, 2, 7)}${cell(toBet, 2, 8)}${cell(toFloor, 2, 10)}${cell(toBefore, 2, 11)}`,
    );
}

/**
 * Prints the tables and the figures; returns what it printed, and what that was made of, as data.
 * @param {readonly Result[]} results
 * @param {readonly KindResult[]} kindResults
 */
export function printReport(results, kindResults) {
  const rivals = summarise(results);
  const figures = figuresOf(results, rivals);
  const kinds = summariseKinds(kindResults);
  printRivals(rivals);
  printFigures(figures);
  printKinds(kinds);
  return { figures, rivals, kinds, results, kindResults };
}
