// Why: mistakes planted in the bridge's own code, each in a copy of the build, together with the faults that
// are aimed at it: a rule whose loss the run would not see is a rule it does not prove. Never: takes a
// mistake for planted whose place in the code was not found.
/** @import { Instead } from './plan.mjs' */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WORST_FREEZE } from './plan.mjs';

const PUT_SCRIPT = 'journal/put-script.js';
const ON_REPLY = 'domain/policy/on-reply.js';
const PLAN = 'domain/policy/plan.js';

/**
 * A compiled file, the one place in it, and what stands there instead.
 * @typedef {readonly [file: string, place: string | RegExp, instead: string]} Change
 */

/**
 * @param {readonly [string, ...string[]]} kinds
 * @param {readonly Change[]} code
 * @param {{ processFaults?: Instead, needs?: readonly string[], transactions?: number, options?: readonly string[] }} [how]
 */
const plant = (kinds, code, { processFaults, needs = [], ...rest } = {}) => ({
  ...{ kinds, code, needs, ...rest },
  make: () => ({ processFaults }),
});

const ASLEEP_BEFORE_SENDS = {
  processFaults: { 'freeze-before-send': { perTransactions: 15, ...WORST_FREEZE } },
  ...{ needs: ['suspended'], transactions: 200 },
};

export const CODE_MUTANTS = {
  'told-though-not-stored': plant(
    ['successes', 'none-inverse'],
    [
      [
        'bridge/handle-callback.js',
        'const { saved, copy, full } = yield* save(at, next, operator, { accepts });',
        'let [saved, copy, full] = [true, at]; try { ({ saved, copy, full } = yield* save(at, next, operator, { accepts })); } catch {}',
      ],
    ],
    { processFaults: { 'answer-lost': { perTransactions: 8 } } },
  ),
  'late-writes-accepted': plant(
    ['none', 'always-inverse'],
    [[PUT_SCRIPT, 'local late = now > given.notAfter', 'local late = false']],
    { processFaults: { 'answer-late': { perTransactions: 10 } } },
  ),
  'no-time-check-before-a-send': plant(
    ['lookup'],
    [
      ['bridge/drive.js', /const within = [^;]*;/, 'const within = operator.wallet.patience(step.kind, leg);'],
      ['bridge/perform.js', /const mayStillSend = [^;]*;/, 'const mayStillSend = () => true;'],
    ],
    ASLEEP_BEFORE_SENDS,
  ),
  // The time a call may take is reckoned by the monotonic clock alone, which stands still while a machine is
  // suspended.
  'no-lease-check-before-a-send': plant(
    ['lookup'],
    [['bridge/perform.js', /const mayStillSend = [^;]*;/, 'const mayStillSend = () => true;']],
    ASLEEP_BEFORE_SENDS,
  ),
  'revision-not-checked': plant(['none'], [[PUT_SCRIPT, 'if tonumber(revision) ~= expected then', 'if false then']]),
  'unfinished-not-listed': plant(
    ['none'],
    [[PUT_SCRIPT, "redis.call('ZADD', R[4], given.due, member)", "redis.call('ZREM', R[4], member)"]],
  ),
  'lost-writes-not-noticed': plant(
    ['none', 'lookup'],
    [
      ['journal/look-script.js', 'if not why and last < tonumber(wrote) then', 'if false then'],
      ['journal/epochs.js', '(last.get(writer) ?? 0) < before', 'false'],
    ],
    { options: ['--redis', 'sentinel', '--wait', '0'] },
  ),
  'silence-taken-for-a-no': plant(
    ['none'],
    [['wallet/classify-failure.js', "kind: failure.sent ? 'unknown' : 'notApplied'", "kind: 'notApplied'"]],
  ),
  'undo-not-recorded': plant(
    ['none-inverse'],
    [[PLAN, 'undos: leg.undos + 1, lastUndo', 'undos: leg.undos, lastUndo']],
  ),
  'absence-counted-once': plant(
    ['lookup'],
    [[ON_REPLY, /if \(leg\.absentSince === 0\)\s+return withLeg\(t, index, \{ absentSince: now \}\);/, '']],
    { needs: ['absent'] },
  ),
  'second-look-not-spaced': plant(
    ['lookup'],
    [[PLAN, "return now < free ? { kind: 'wait', until: free } : step;", 'return step;']],
    { needs: ['absent'] },
  ),
  'first-duplicate-of-an-undo-believed': plant(
    ['successes'],
    [
      [
        ON_REPLY,
        /return first\s+\? hold\(t, 'the wallet says the reference of the undo[^;]*;/,
        'return undone(t, step);',
      ],
    ],
    { needs: ['duplicate-before'] },
  ),
};

/**
 * Copies the build at `dist` with the changes into `directory`; where the copy is. Throws when a place is not
 * there exactly once.
 * @param {readonly Change[]} changes
 * @param {string} dist
 * @param {string} directory
 */
export function buildWith(changes, dist, directory) {
  const copy = join(directory, 'dist');
  mkdirSync(directory, { recursive: true });
  cpSync(dist, copy, { recursive: true });
  // What it imports, and that its files are modules.
  cpSync(join(dirname(dist), 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(dirname(dist), 'node_modules'), join(directory, 'node_modules'));
  for (const [name, place, instead] of changes) {
    const file = join(copy, name);
    const parts = readFileSync(file, 'utf8').split(place);
    if (parts.length !== 2)
      throw new Error(`${name} has ${parts.length - 1} places such as ${String(place)}; expected one`);
    writeFileSync(file, parts.join(instead));
  }
  return copy;
}
