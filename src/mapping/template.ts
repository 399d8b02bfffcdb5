// Compiles the texts of a mapping for the place they stand in, together with the file's own intermediate
// values: a var means what it would mean if its text stood where it is read.

import type { Report } from '../yaml/diagnostics.js';
import { textsOf, type Path, type Tree } from '../yaml/tree.js';
import { isRead, readsOf, varAlone } from '../expressions/names.js';
import { rawProblems, type ByHand } from '../expressions/by-hand.js';
import { compile, compilePieces, type Problem, type Template, type Wanted } from '../expressions/expressions.js';
import type { CallScope } from './scope.js';
import type { MappingContext, Written } from './source.js';
import { absent } from '../expressions/result.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Place } from '../expressions/scope.js';
import type { Scope } from '../expressions/language.js';

/** Root names it is noted of whether a call reads them: what they hold is looked up, or not always the same. */
const noted = ['player', 'round', 'repeat'] as const;
/** The same of a field. */
const session = 'original.session';
type Noted = (typeof noted)[number] | typeof session;

/** The compiler of one place. A text with a mistake is reported and gives nothing. */
export interface Compile {
  readonly report: Report;
  template(written: Written, wanted: Wanted): Template | undefined;
  /** The text cut into what stays as it is and what is put in. */
  pieces(written: Written): readonly (string | Template)[] | undefined;
  /** Reports a value that could end its place in a text which no codec escapes; the text compiles. */
  byHand(written: Written, format: ByHand['format']): void;
  /** The names of `sent` that a part of the request reads, through vars too. */
  sentIn(tree: Tree | undefined): ReadonlySet<string>;
  /** Whether a text compiled so far reads this name. */
  reads(name: Noted): boolean;
  /** Gives the scope the vars that the texts compiled so far read. */
  withVars(scope: CallScope): CallScope;
}

export function compilerFor(
  place: Place,
  { declared, vars, report, harmless }: Pick<MappingContext, 'declared' | 'vars' | 'report' | 'harmless'>,
): Compile {
  const names = [...vars.keys()];
  const read = new Map<string, Template>();
  const roots = new Set<Noted>();
  /** Vars that stay the same while a request is made: what is sent grows meanwhile. */
  const settled = new Set<string>();

  function looked<Result extends { problems: Problem[] }>({ text, path }: Written, result: Result): Result {
    for (const { message, offset, severity } of result.problems) report(path, message, { offset, severity });
    const named = new Set(readsOf(text, 'vars'));
    for (const name of names) if (named.has(name)) readVar(name);
    for (const root of noted) if (isRead(text, root)) roots.add(root);
    if (readsOf(text, 'original').includes('session')) roots.add(session);
    return result;
  }

  function readVar(name: string): void {
    const written = vars.get(name);
    if (written === undefined || read.has(name)) return;
    const named = new Set(readsOf(written.text, 'vars'));
    const later = names.slice(names.indexOf(name)).find((other) => named.has(other));
    if (later !== undefined) report(written.path, `reads vars.${later}; expected only vars that stand above it`);
    if (later !== undefined) return;
    const template = placed(looked(written, compile(written.text, place, declared, 'kept')).template, written.path);
    if (template === undefined) return;
    read.set(name, template);
    if (reads(written.text, 'sent', new Set()).size === 0) settled.add(name);
  }

  /** Notes where a value stands that could not be worked out, unless a var it reads has noted its own place. */
  const placed = (template: Template | undefined, path: Path): Template | undefined =>
    template && { ...template, evaluate: placing(path, (scope) => template.evaluate(scope)) };

  const reads = (text: string, root: string, into: Set<string>): Set<string> => {
    for (const name of readsOf(text, root)) into.add(name);
    for (const name of readsOf(text, 'vars')) if (read.has(name)) reads(vars.get(name)?.text ?? '', root, into);
    return into;
  };

  return {
    report,
    byHand({ text, path }, format) {
      const known = new Map([...read.keys()].map((name) => [name, vars.get(name)?.text ?? '']));
      for (const { message, offset, variable } of rawProblems(text, place, declared, { format, harmless, vars: known }))
        report(variable === undefined ? path : (vars.get(variable)?.path ?? path), message, { offset });
    },
    sentIn: (tree) => {
      const names = new Set<string>();
      for (const text of tree === undefined ? [] : textsOf(tree)) reads(text, 'sent', names);
      return names;
    },
    template(written, wanted) {
      const { template } = looked(written, compile(written.text, place, declared, wanted));
      const type = read.get(varAlone(written.text) ?? '')?.type ?? 'any value';
      if (wanted === 'money' && !['any value', 'Money', 'optional Money'].includes(type))
        report(
          written.path,
          `an amount is wanted here, and the var is ${type}: write money.fromMajor(…) or the like in it`,
        );
      return placed(template, written.path);
    },
    pieces: (written) => looked(written, compilePieces(written.text, place, declared)).pieces,
    reads: (name) => roots.has(name),
    withVars(scope) {
      if (read.size === 0) return scope;
      const values: Scope = { __proto__: null };
      // A reply reads few of them, so each is worked out when it is asked for; and then once, or the id of a
      // call would be another one wherever it is read.
      for (const [name, template] of read) {
        let once: unknown;
        const get = (): unknown => {
          const value = once ?? present(name, template.evaluate(scope));
          if (settled.has(name)) once = value;
          return value;
        };
        Object.defineProperty(values, name, { enumerable: true, get });
      }
      scope.vars = values;
      return scope;
    },
  };
}

/** The same work, which notes the path on a failure that has none yet. */
export function placing<Given, Made>(path: Path, work: (given: Given) => Made): (given: Given) => Made {
  return (given) => {
    try {
      return work(given);
    } catch (failure) {
      if (failure instanceof EvaluationFailure) failure.path ??= path;
      throw failure;
    }
  };
}

function present(name: string, value: unknown): unknown {
  if (value === absent) throw new EvaluationFailure(`vars.${name} is absent`);
  return value;
}

/** The text of a scalar that holds text. */
export function writtenText(tree: Tree | undefined): Written | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? { text: tree.value, path: tree.path } : undefined;
}
