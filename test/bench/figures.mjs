// Why: every figure is said in one form, with its goal beside it, to people and as data.
// Never: says on which machine it was measured.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { here } from './ground.mjs';
import { rounds, seconds, values } from './options.mjs';
import { pinned, V8_FLAGS } from './processes.mjs';

/** @typedef {{ least: number } | { most: number } | { below: number }} Goal */
/** @typedef {{ title: string, value: number, goal?: string, isMet?: boolean }} ShownFigure */

/**
 * @param {string} title
 * @param {number} value
 * @param {Goal} [goal]
 * @returns {ShownFigure}
 */
export function figure(title, value, goal) {
  if (goal === undefined) return { title, value };
  if ('least' in goal) return { title, value, goal: `≥ ${String(goal.least)}`, isMet: value >= goal.least };
  if ('below' in goal) return { title, value, goal: `< ${String(goal.below)}`, isMet: value < goal.below };
  return { title, value, goal: `≤ ${String(goal.most)}`, isMet: value <= goal.most };
}

/** @param {number | undefined} value @param {number} digits @param {number} width */
export const cell = (value, digits, width) => (value === undefined ? '–' : value.toFixed(digits)).padStart(width);

const TITLE = 62;

/** @param {readonly ShownFigure[]} figures */
export function printFigures(figures) {
  for (const { title, value, goal, isMet } of figures) {
    const verdict = goal === undefined ? '' : `   goal ${goal}${isMet === true ? '' : ', missed'}`;
    console.log(`${title.padEnd(TITLE)}${cell(value, 2, 8)}${verdict}`);
  }
}

/** On what the figures stand. */
export function printHead() {
  const cores = pinned
    ? 'one core for the server, one for load, wallet and Redis'
    : 'NOT PINNED (no taskset, or one core): all share the processor';
  console.log(`Node ${process.version}, servers with ${V8_FLAGS.join(' ')}; ${cores}`);
}

/** @param {string} _name @param {unknown} value */
const rounded = (_name, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value);

/**
 * Writes a result as data where `--json` says; else, if it is a whole one, under `results`.
 * @param {string} suffix of the file's name
 * @param {object} result
 * @param {boolean} isWhole
 */
export function writeResult(suffix, result, isWhole = true) {
  const major = process.versions.node.split('.')[0] ?? '';
  const file = values.json ?? (isWhole ? here(`results/node-${major}${suffix}.json`) : 'none');
  if (file === 'none') return;
  const flags = V8_FLAGS.join(' ');
  const head = { date: new Date().toISOString().slice(0, 10), node: process.version, flags, pinned, rounds, seconds };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...head, ...result }, rounded, 2)}\n`);
  console.log(`\nwritten to ${file}`);
}
