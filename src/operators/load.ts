// From operator files to operators, the one way for the service and for every command. All files are read and
// checked in one run; whether to go on with what is sound is the caller's decision, and a service must not.

import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileText, NotText } from '../codecs/file-text.js';
import { compileOperator, type CompiledOperator } from './compile.js';
import { problemsOf, type Problem, type Report } from '../yaml/diagnostics.js';
import { extendPreset, type Extended } from './extends.js';
import { readPreset } from './presets.js';
import { operatorSchema } from './schema/operator-file.js';
import { tryCalls } from './trial.js';
import { atOnce, inTurns, type Turns } from './turns.js';
import type { Surroundings } from './secrets.js';
import { reportShape } from './shape-problems.js';
import { reportSharedKeys } from './lints/shared-keys.js';
import { find, parseYaml, plain, without, type Path, type Tree } from '../yaml/tree.js';

export interface Loaded {
  /** Those without an error, in the order of the files. */
  readonly operators: readonly CompiledOperator[];
  /** In the order of the files, then of their lines; those in a preset's lines after the operator's own. */
  readonly problems: readonly Problem[];
  /** What was read, to tell later what changed. */
  readonly files: readonly ReadFile[];
}

export interface LoadOptions extends Partial<Surroundings> {
  /** A further look at each operator without an error. */
  readonly inspect?: Inspect;
}

/** `withSecrets`: the same operator with an example's own secrets and no others, undefined where these have a mistake. */
export type Inspect = (
  operator: CompiledOperator,
  report: Report,
  withSecrets: (given: Readonly<Record<string, string>>) => CompiledOperator | undefined,
) => void;

/**
 * Reads operator files, and all `*.yaml` and `*.yml` of directories. Bad files are problems, never
 * exceptions.
 */
export function loadOperators(paths: readonly string[], options: LoadOptions = {}): Loaded {
  const around = aroundOf(options);
  return loadedFrom(
    paths.flatMap(filesOf).map((file) => atOnce(loadFile(file, around))),
    options.inspect,
  );
}

/**
 * The same once more, beside a running service: what was read `before` and says the same is not compiled
 * again and is the very same operator, and all the while others have their turn. Rejects only where a
 * directory cannot be listed.
 */
export async function loadAgain(paths: readonly string[], before: Loaded, options: LoadOptions = {}): Promise<Loaded> {
  const around = aroundOf(options);
  const known = new Map(before.files.map((one) => [one.file, one]));
  const read: ReadFile[] = [];
  for (const file of paths.flatMap(filesOf)) {
    const earlier = known.get(file);
    read.push(earlier !== undefined && saysTheSame(earlier, around) ? earlier : await inTurns(loadFile(file, around)));
  }
  return loadedFrom(read, options.inspect);
}

const aroundOf = ({ inspect: _inspect, ...surroundings }: LoadOptions): Surroundings => ({
  env: process.env,
  readFile: fileText,
  ...surroundings,
});

const saysTheSame = ({ texts }: ReadFile, around: Surroundings): boolean =>
  [...texts].every(([path, text]) => {
    const now = contentOf(path, around);
    return text === undefined ? typeof now !== 'string' : now === text;
  });

/** Every file that was read: operator files, and those of their secrets. */
export const pathsRead = ({ files }: Loaded): string[] => files.flatMap(({ texts }) => [...texts.keys()]);

/** What an example is run with: it comes out alike on every machine. */
const nothingSet: Surroundings = {
  env: {},
  readFile() {
    throw new Error('an example reads no file');
  },
  standIns: true,
};

/**
 * What is said of files because of one another, or by `inspect`, belongs to this run only: the files may be
 * part of a later one.
 */
function loadedFrom(files: readonly ReadFile[], inspect: LoadOptions['inspect']): Loaded {
  const read = files.map((one) => {
    const { report, problems } = problemsOf(one.file, one.tree, []);
    return { ...one, report, found: () => [...one.found, ...problems] };
  });
  reportTwins(read);
  reportSharedKeys(read);
  for (const { operator, tree, report, found } of read)
    if (operator !== undefined && tree !== undefined && !found().some(isError))
      inspect?.(operator, lenient(tree, report), (given) =>
        atOnce(compileOperator(operator.file, tree, { ...nothingSet, given }, () => undefined)),
      );
  return {
    operators: read.flatMap(({ operator, found }) =>
      operator === undefined || found().some(isError) ? [] : [operator],
    ),
    problems: read.flatMap(({ file, found }) =>
      found().sort((a, b) => Number(a.file !== file) - Number(b.file !== file) || a.line - b.line || a.col - b.col),
    ),
    files,
  };
}

/**
 * A file's own rules may make another thing of an example of its preset than the preset does, and on
 * purpose.
 */
function lenient(tree: Tree | undefined, report: Report): Report {
  const isOfPreset = (path: Path): boolean => find(tree, path)?.at.file !== undefined;
  return (path, message, detail) =>
    report(path, message, isOfPreset(path) ? { ...detail, severity: 'warning' } : detail);
}

export const isError = ({ severity }: Problem): boolean => severity === 'error';

interface ReadFile {
  readonly file: string;
  readonly operator: CompiledOperator | undefined;
  readonly tree: Tree | undefined;
  readonly found: readonly Problem[];
  /** Of what it says, together with its preset; absent where it could not be read. */
  readonly hash?: string;
  /** The name of its preset. */
  readonly preset?: string;
  /** All files read for it, those of its secrets too, as they were; undefined: could not be read. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

function* loadFile(file: string, surroundings: Surroundings): Turns<ReadFile> {
  const texts = new Map<string, string | undefined>();
  const around: Surroundings = {
    ...surroundings,
    readFile(path) {
      texts.set(path, undefined);
      const text = surroundings.readFile(path);
      texts.set(path, text);
      return text;
    },
  };
  const text = contentOf(file, around);
  if (typeof text !== 'string') {
    const { report, problems } = problemsOf(file, undefined, []);
    report(
      [],
      `${text?.message ?? 'this cannot be read'}; expected an operator file, or a directory with files *.yaml`,
    );
    return { file, operator: undefined, tree: undefined, found: problems, texts };
  }
  const { tree: own, mistakes } = yield* parseYaml(text);
  yield;
  const { tree, mistakes: more, preset }: Extended = own === undefined ? { mistakes: [] } : extendPreset(own);
  const { report, problems } = problemsOf(file, tree, [...mistakes, ...more]);
  const operator = tree && (yield* compileTree(tree, around, report));
  if (operator !== undefined && !problems.some(isError)) tryCalls(operator, report);
  return { file, operator, tree, found: problems, hash: hashOf(text, preset), ...(preset && { preset }), texts };
}

/** Short enough to be read out, and what `cat FILE PRESET | sha256sum` begins with. */
function hashOf(text: string, preset: string | undefined): string {
  const whole = preset === undefined ? text : text + readPreset(preset).text;
  return createHash('sha256').update(whole).digest('hex').slice(0, 12);
}

function* compileTree(tree: Tree, around: Surroundings, report: Report): Turns<CompiledOperator | undefined> {
  const values = plain(tree);
  yield;
  const shape = operatorSchema.safeParse(values);
  yield;
  if (shape.success) return yield* compileOperator(shape.data, tree, around, report);
  const wrong: Path[] = [];
  reportShape(shape.error.issues, tree, (path, message, detail) => {
    wrong.push(path);
    report(path, message, detail);
  });
  // What is left may still be compiled for the mistakes in its expressions; whatever else is said of it would
  // come from the gaps.
  const rest = operatorSchema.safeParse(plain(without(tree, wrong)));
  const declares = wrong.some(([top]) => top === 'secrets' || top === 'vars');
  if (rest.success && !declares)
    yield* compileOperator(rest.data, tree, around, (path, message, detail) => {
      if (detail?.offset !== undefined) report(path, message, detail);
    });
  return undefined;
}

function contentOf(file: string, { readFile }: Surroundings): string | NotText | undefined {
  try {
    return readFile(file);
  } catch (error) {
    return error instanceof NotText ? error : undefined;
  }
}

type Reported = Pick<ReadFile, 'file' | 'operator'> & { readonly report: Report };

/** An agent answered by two operators, or two operators under one name in logs and metrics. */
function reportTwins(read: readonly Reported[]): void {
  const owners = new Map<string, string>();
  const claim = (what: string, path: (string | number)[], { file, report }: Reported) => {
    const owner = owners.get(what);
    if (owner === undefined) owners.set(what, file);
    else report(path, `stands in ${owner === file ? 'this file' : owner} already; expected each only once`);
  };
  for (const one of read) {
    if (one.operator === undefined) continue;
    claim(`operator ${one.operator.name}`, ['operator'], one);
    for (const [index, { agentID }] of one.operator.agents.entries())
      claim(`agent ${agentID}`, ['platform', 'agents', index, 'agentID'], one);
  }
}

/**
 * A directory without operator files stands for itself, and cannot be read as one. What is hidden is an editor's
 * or an orchestrator's own: a lock, a copy, a folder of versions.
 */
function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name));
  return names.length === 0 ? [path] : names.sort().map((name) => join(path, name));
}
