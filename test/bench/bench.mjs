// Why: one command for every figure of speed and memory, whichever is asked for.
// Never: leaves a process or a file behind, whatever goes wrong.
import { compare } from './comparison.mjs';
import { printHead } from './figures.mjs';
import { values } from './options.mjs';
import { stopAll } from './processes.mjs';
import { measureReplicas } from './replicas.mjs';
import { messageOf } from './rivals.mjs';
import { measureScale } from './scale.mjs';
import { soak } from './soak.mjs';

/** @type {readonly [isAsked: boolean, measure: () => Promise<void>][]} */
const MEASURES = [
  [values.scale, measureScale],
  [values.soak, soak],
  [values.replicas, measureReplicas],
];

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
try {
  printHead();
  const asked = MEASURES.flatMap(([isAsked, measure]) => (isAsked ? [measure] : []));
  for (const measure of asked.length > 0 ? asked : [compare]) {
    await measure();
    await stopAll();
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();
