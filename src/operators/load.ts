// From operator files to operators, the one way for the service and for every command. All files are read and checked in one run;
// whether to go on with what is sound is the caller's decision, and a service must not.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compileOperator, type CompiledOperator } from './compile.js';
import { problemsOf, type Problem, type Report } from './diagnostics.js';
import { operatorSchema } from './schema.js';
import type { Surroundings } from './secrets.js';
import { reportShape } from './shape-problems.js';
import { parseYaml, plain, without, type Path, type Tree } from './yaml-tree.js';

export interface Loaded {
  /** Those without an error, in the order of the files. */
  readonly operators: readonly CompiledOperator[];
  /** In the order of the files, then of their lines. */
  readonly problems: readonly Problem[];
}

export interface LoadOptions extends Partial<Surroundings> {
  /** A further look at each operator without an error. */
  readonly inspect?: (operator: CompiledOperator, report: Report) => void;
}

const fromDisk: Surroundings['readFile'] = (path) => readFileSync(path, 'utf8');

/** Reads operator files, and all `*.yaml` and `*.yml` of directories. Bad files are problems, never exceptions. */
export function loadOperators(paths: readonly string[], options: LoadOptions = {}): Loaded {
  const { inspect, ...surroundings } = options;
  const around: Surroundings = { env: process.env, readFile: fromDisk, ...surroundings };
  const read = paths.flatMap(filesOf).map((file) => loadFile(file, around));
  reportTwins(read);
  for (const { operator, report, found } of read)
    if (operator !== undefined && !found.some(isError)) inspect?.(operator, report);
  return {
    operators: read.flatMap(({ operator, found }) => (operator === undefined || found.some(isError) ? [] : [operator])),
    problems: read.flatMap(({ found }) => [...found].sort((a, b) => a.line - b.line || a.col - b.col)),
  };
}

export const isError = ({ severity }: Problem): boolean => severity === 'error';

interface ReadFile {
  readonly file: string;
  readonly operator: CompiledOperator | undefined;
  readonly report: Report;
  readonly found: readonly Problem[];
}

function loadFile(file: string, around: Surroundings): ReadFile {
  const text = contentOf(file, around);
  if (text === undefined) {
    const { report, problems } = problemsOf(file, undefined, []);
    report([], 'this cannot be read; expected an operator file, or a directory with files *.yaml');
    return { file, operator: undefined, report, found: problems };
  }
  const { tree, mistakes } = parseYaml(text);
  const { report, problems } = problemsOf(file, tree, mistakes);
  const operator = tree && compileTree(tree, around, report);
  return { file, operator, report, found: problems };
}

function compileTree(tree: Tree, around: Surroundings, report: Report): CompiledOperator | undefined {
  const shape = operatorSchema.safeParse(plain(tree));
  if (shape.success) return compileOperator(shape.data, tree, around, report);
  const wrong: Path[] = [];
  reportShape(shape.error.issues, tree, (path, message, detail) => {
    wrong.push(path);
    report(path, message, detail);
  });
  // What is left may still be compiled for the mistakes in its expressions; whatever else is said of it would come from the gaps.
  const rest = operatorSchema.safeParse(plain(without(tree, wrong)));
  const declares = wrong.some(([top]) => top === 'secrets' || top === 'vars');
  if (rest.success && !declares)
    compileOperator(rest.data, tree, around, (path, message, detail) => {
      if (detail?.offset !== undefined) report(path, message, detail);
    });
  return undefined;
}

function contentOf(file: string, { readFile }: Surroundings): string | undefined {
  try {
    return readFile(file);
  } catch {
    return undefined;
  }
}

/** An agent answered by two operators, or two operators under one name in logs and metrics. */
function reportTwins(read: readonly ReadFile[]): void {
  const owners = new Map<string, string>();
  const claim = (what: string, path: (string | number)[], { file, report }: ReadFile) => {
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

/** A directory without operator files stands for itself, and cannot be read as one. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return names.length === 0 ? [path] : names.sort().map((name) => join(path, name));
}
