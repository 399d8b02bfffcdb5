// Why: every fault of a run with its time, one JSON line each, so that whatever is left undone can be
// explained, and a run that claims faults can be made to show them.
// Never: notes a fault that did not happen.
import { appendFileSync } from 'node:fs';

/** @import { BefallenFault } from './verdict.mjs' */
/**
 * What befell the run; `fault` and `reference` of a wallet's call.
 * @typedef {BefallenFault & { how?: string | undefined, fault?: string, kind?: string, reference?: string | null }} NotedFault
 */

/**
 * Times are epoch ms; what was noted before is kept.
 * @param {string} file
 */
export function openFaultLog(file) {
  /** @type {NotedFault[]} */
  const faults = [];
  return {
    faults,
    /** @param {NotedFault} fault */
    note(fault) {
      faults.push(fault);
      appendFileSync(file, `${JSON.stringify(fault)}\n`);
    },
  };
}

const LOOKS_EVERY_MS = 50;
const STALL_MS = 150;

/**
 * Notes when this machine stood still: then calls time out that nobody broke. Until `clearInterval`.
 * @param {ReturnType<typeof openFaultLog>} faultLog
 */
export function watchForStalls(faultLog) {
  let last = Date.now();
  return setInterval(() => {
    const now = Date.now();
    if (now - last > LOOKS_EVERY_MS + STALL_MS) faultLog.note({ at: last, until: now, what: 'machine-stalled' });
    last = now;
  }, LOOKS_EVERY_MS);
}

/**
 * How many there were of each sort.
 * @param {readonly NotedFault[]} faults
 */
export function countFaults(faults) {
  /** @type {Record<string, number>} */
  const counts = { 'all wallet calls with a fault': faults.filter(({ what }) => what === 'wallet').length };
  for (const { what, how, fault } of faults) {
    const sort = [what, how ?? fault].filter((word) => word !== undefined).join(' ');
    counts[sort] = (counts[sort] ?? 0) + 1;
  }
  return counts;
}
