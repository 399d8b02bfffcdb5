// Why: the command `npm run faults`: breaks real processes at scale and compares, to the cent, what the
// platform was told with what the wallets' ledger files say. Exit code 0: nothing found; 1: something was, or
// the run could not be finished. Never: claims more than it proves, and never leaves a process behind.
/** @import { BatchAsJson } from './report.mjs' */
/** @import { Modules } from './run-batch.mjs' */
/** @import { FsyncInTurn } from './single-redis.mjs' */
/** @import { RedisForm } from './stage.mjs' */
/** @import { Dialect } from './wallet-kinds.mjs' */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWith } from './code-mutants.mjs';
import { mutantCalled, MUTANTS } from './mutants.mjs';
import { SPARABLE } from './plan.mjs';
import { printFindings, printVerdict } from './report.mjs';
import { runBatch } from './run-batch.mjs';
import { DIALECTS, WALLET_KINDS } from './wallet-kinds.mjs';

const PER_BATCH = 1000;
/** @type {Readonly<Record<'both' | 'everysec', FsyncInTurn> & Record<string, FsyncInTurn>>} */
const FSYNC = { both: ['everysec', 'always'], everysec: ['everysec'], always: ['always'] };
/** @typedef {readonly [Dialect, ...Dialect[]]} Spoken */
/** @type {{ readonly both: Spoken } & Readonly<Record<string, Spoken>>} */
const SPOKEN = { both: DIALECTS, seamless: ['seamless'], v2: ['v2'] };
/** @type {Readonly<Record<string, RedisForm>>} */
const FORMS = { single: 'single', sentinel: 'sentinel', cluster: 'cluster' };
/**
 * In turn from batch to batch.
 * @type {{ readonly both: readonly [number, ...number[]] } & Readonly<Record<string, readonly [number, ...number[]]>>}
 */
const WAITS = { both: [1, 0], 0: [0], 1: [1] };
const USAGE = `faults [options]
  --kind KIND           one wallet kind (default: all at once): ${Object.keys(WALLET_KINDS).join(', ')};
                        those with "inverse" undo a bet by a win and a win by a bet, the others by a cancellation
  --transactions 1000   how many, in batches of ${PER_BATCH}
  --redis single        one server; sentinel: a master, two replicas and three Sentinels; cluster: three masters
                        with a replica each. Sets fail over under load, and some of that loses writes
  --wait both           REDIS_WAIT_REPLICAS on a set: 0, 1, or both, in turn from one batch to the next, 1 first
  --fsync both          appendfsync of one server: everysec, always, or both, in turn from one start to the next;
                        sets have everysec
  --dialect both        how the platform speaks: seamless, v2, or both, each wallet behind an operator of each
  --without FAULT       leave out (repeatable): absent (a lookup that does not know of a movement for a while),
                        duplicate-before (a wallet that has an undo already which it never saw), suspended (a
                        replica whose monotonic clock stands still while it is frozen)
  --seed TEXT           the same text plans the same run
  --dir DIR             kept; a run that was broken off goes on there after its last whole batch
  --mutant NAME         plant a mistake: ${Object.keys(MUTANTS).join(', ')}
Exit code 0: nothing was found; 1: something was, or the run could not be finished.
The environment variable FAULTS_DIST names another build to put under test.`;

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    transactions: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    dir: { type: 'string' },
    mutant: { type: 'string' },
    redis: { type: 'string', default: 'single' },
    wait: { type: 'string', default: 'both' },
    fsync: { type: 'string', default: 'both' },
    dialect: { type: 'string', default: 'both' },
    without: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
/** @param {object} table @param {string | undefined} name */
const known = (table, name) => name === undefined || Object.hasOwn(table, name);
if (
  values.help ||
  !/^\d+$/.test(values.transactions) ||
  !known(WALLET_KINDS, values.kind) ||
  !known(FORMS, values.redis) ||
  !known(WAITS, values.wait) ||
  !known(FSYNC, values.fsync) ||
  !known(SPOKEN, values.dialect) ||
  !values.without.every((fault) => SPARABLE.includes(fault)) ||
  !known(MUTANTS, values.mutant)
) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

// Another build than the project's own may be put under test.
const dist = resolve(process.env['FAULTS_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url)));
const NEEDED = [
  'stand-ins/platform-player',
  'stand-ins/platform-callback',
  'stand-ins/ledger',
  'stand-ins/cents',
  'journal/keys',
  'journal/record-codec',
  'journal/epochs',
];
/** @type {Modules} */
const modules = Object.assign({}, ...(await Promise.all(NEEDED.map((name) => import(join(dist, `${name}.js`))))));

const mutant = values.mutant === undefined ? undefined : mutantCalled(values.mutant);
const [kind = '', ...otherKinds] = mutant?.kinds ?? Object.keys(WALLET_KINDS);
/** @type {[string, ...string[]]} */
const kinds = values.kind === undefined ? [kind, ...otherKinds] : [values.kind];
const transactions = Number(values.transactions);
const redis = FORMS[values.redis] ?? 'single';
const fsync = redis === 'single' ? (FSYNC[values.fsync] ?? FSYNC.both) : FSYNC.everysec;
const waits = redis === 'single' ? [0] : (WAITS[values.wait] ?? WAITS.both);
const dialects = SPOKEN[values.dialect] ?? SPOKEN.both;
const root = resolve(values.dir ?? mkdtempSync(join(tmpdir(), 'wallet-bridge-faults-')));
const seed = seedOf(root);
rmSync(join(root, 'build'), { recursive: true, force: true });
const underTest = mutant?.code === undefined ? dist : buildWith(mutant.code, dist, join(root, 'build'));
const began = Date.now();
const planted = mutant === undefined ? '' : `, planted: ${values.mutant}`;
console.log(`seed ${seed}, ${transactions} transactions, wallets: ${kinds.join(', ')}${planted}`);

/**
 * A run that goes on is the same run.
 * @param {string} directory
 */
function seedOf(directory) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'seed.txt');
  if (!existsSync(file)) writeFileSync(file, values.seed ?? randomBytes(4).toString('hex'));
  return readFileSync(file, 'utf8');
}

let failed = false;
/** @type {BatchAsJson[]} */
const verdicts = [];
try {
  for (let batch = 0, left = transactions; left > 0; batch += 1, left -= PER_BATCH) {
    const directory = join(root, `batch-${batch}`);
    const file = join(directory, 'verdict.json');
    if (!existsSync(file)) {
      // What a broken run left half done is no part of this one.
      rmSync(directory, { recursive: true, force: true });
      await runBatch({
        directory,
        dist: underTest,
        modules,
        seed: `${seed}/${batch}`,
        kinds,
        dialects,
        transactions: Math.min(left, PER_BATCH),
        redis,
        fsync,
        waitsFor: waits[batch % waits.length] ?? 0,
        without: values.without,
        mutant: mutant?.make(),
        say: (line) => console.log(`batch ${batch}: ${line}`),
      });
    }
    /** @type {BatchAsJson} */
    const verdict = JSON.parse(readFileSync(file, 'utf8'));
    verdicts.push(verdict);
    if (printFindings(verdict, directory)) failed = true;
  }
  printVerdict(verdicts, { seed, redis, fsync, seconds: Math.round((Date.now() - began) / 1000) });
} catch (error) {
  console.error('The run could not be finished:', error);
  failed = true;
}
if (failed) console.log(`Everything seen is in ${root}`);
else if (values.dir === undefined) rmSync(root, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
