// Why: what a bridge says of itself on its admin port is asked there, as whoever runs it does.
/** @import { Rival } from './rivals.mjs' */
import { setTimeout as pause } from 'node:timers/promises';

/** @param {Rival} rival @param {string} path */
export const ask = ({ adminPort }, path) => fetch(`http://127.0.0.1:${String(adminPort)}${path}`);

/**
 * The sum of a metric's series that have all these labels.
 * @param {Rival} rival
 * @param {string} name
 * @param {Readonly<Record<string, string>>} labels
 */
export async function metric(rival, name, labels = {}) {
  const text = await (await ask(rival, '/metrics')).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/**
 * Looks again and again until it is so; throws after so many ms.
 * @param {string} what
 * @param {number} most
 * @param {number} every
 * @param {() => Promise<boolean>} isSo
 */
export async function until(what, most, every, isSo) {
  const end = performance.now() + most;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${String(most / 1000)} s`);
    await pause(every);
  }
}
