// Why: says where the processor time of a callback goes, by part, so that what costs most is looked at first.
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number }, hitCount?: number }}
 * ProfileNode
 */

/** @param {ProfileNode['callFrame']} frame */
function partOf({ functionName, url }) {
  if (url.includes('/node_modules/')) return `library ${url.split('/node_modules/').at(-1)?.split('/')[0] ?? ''}`;
  if (url.includes('/dist/')) return `ours ${url.split('/dist/')[1]?.split('/').slice(0, -1).join('/') || 'app'}`;
  if (url.startsWith('node:')) return `node ${url.slice(5).split('/').slice(0, 2).join('/')}`;
  if (functionName === '(garbage collector)') return 'collector';
  if (functionName === '(idle)') return 'idle';
  return functionName === '(program)'
    ? 'native code outside of calls'
    : 'native calls (system calls, JSON, RegExp, hash)';
}

/** The profiler's own beginning and end, which no callback pays for. @param {ProfileNode['callFrame']} frame */
const isProfiler = ({ functionName, url }) => functionName === 'dispatch' && url === '';

/**
 * Self time by part and by function, as shares of the time that was not idle; with `done`, as µs a callback.
 * @param {string} file
 * @param {number} done callbacks answered while it was taken
 * @param {number} most functions named
 */
export function printProfile(file, done, most = 40) {
  /** @type {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} */
  const profile = JSON.parse(readFileSync(file, 'utf8'));
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  /** @type {Map<string, number>} */
  const parts = new Map();
  /** @type {Map<string, number>} */
  const functions = new Map();
  let busy = 0;
  profile.samples.forEach((id, i) => {
    const frame = frames.get(id);
    const micros = profile.timeDeltas[i] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)' || isProfiler(frame)) return;
    busy += micros;
    const part = partOf(frame);
    parts.set(part, (parts.get(part) ?? 0) + micros);
    const at = `${frame.functionName || '(anonymous)'} ${frame.url.split(/node_modules\/|dist\//).at(-1) ?? ''}:${String(frame.lineNumber + 1)}`;
    functions.set(at, (functions.get(at) ?? 0) + micros);
  });
  /** @param {Map<string, number>} map @param {number} count */
  const print = (map, count) => {
    for (const [name, micros] of [...map].sort((a, b) => b[1] - a[1]).slice(0, count)) {
      const share = ((micros / busy) * 100).toFixed(1).padStart(5);
      console.log(`${(micros / done).toFixed(1).padStart(8)} µs ${share} %  ${name}`);
    }
  };
  console.log(`self time a callback, ${String(done)} callbacks, ${(busy / done).toFixed(0)} µs each`);
  print(parts, parts.size);
  console.log('\nby function');
  print(functions, most);
}
