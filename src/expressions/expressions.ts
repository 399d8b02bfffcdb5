// The expression language of operator files, and the only door to the library behind it. Everything is
// parsed, checked and typed when the file is loaded; evaluating is synchronous, has no side effects and never
// waits. Nothing secret may get into a message.
// It is longer than other files so that the door is one.

import { EvaluationError, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { checkTree, type Finding } from './checks.js';
import { counted } from './cost.js';
import { impliesOther, isAboutBody } from './cover.js';
import { within, type Scope } from './language.js';
import { finishes, unfitness, type Use } from './result.js';
import { vocabularyOf, type Declared, type Place, type Vocabulary } from './scope.js';
import { splitSource, type SourcePart } from '../yaml/source.js';
import {
  callsOf,
  fieldsRead,
  isAlwaysTrue,
  makeLiteralsExact,
  neededPaths,
  negates,
  parse,
  type Program,
  readsRoot,
  restsOnReply,
  typeIn,
} from './tree.js';
import { treeOf } from './trees.js';
import { evaluationProblem, parseProblem, typeName, typeProblem } from './wording.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';

/**
 * What the place needs: a rule, an amount, text, anything (in a request: that can be sent), or an
 * intermediate value, amounts included.
 */
export type Wanted = 'bool' | 'money' | 'text' | 'any' | 'kept';

export interface Problem {
  message: string;
  /** Of the culprit, into the source text. */
  offset: number;
  severity: 'error' | 'warning';
}

/**
 * A compiled value. `evaluate` gives what was wanted, or `absent`; it throws EvaluationFailure where the
 * values do not allow it.
 */
export interface Template {
  /** In the words of the messages: "text", "integer", "any value", … */
  readonly type: string;
  evaluate(scope: Scope): unknown;
  /** What `evaluate` would throw at once, for whoever asks first: throwing costs more than the whole of a rule. */
  readonly lacks?: (scope: Scope) => EvaluationFailure | undefined;
}

/**
 * True for a value in which `!` or `!=` is said of something in the reply: that proves nothing, because a
 * missing or mistyped value satisfies it too.
 */
export function negatesReply(source: string): boolean {
  const tree = treeOf(source);
  return tree !== undefined && negates(tree);
}

/** True for a rule that holds whatever comes. */
export function alwaysTrue(source: string): boolean {
  const tree = treeOf(source);
  return tree !== undefined && isAlwaysTrue(tree);
}

/** False for a rule that can hold whatever the reply says. True in doubt. */
export function looksAtReply(source: string): boolean {
  const tree = treeOf(source);
  return tree === undefined || restsOnReply(tree);
}

/**
 * True where the second rule can only hold when the first holds too, so that it is never asked behind it.
 * False in doubt.
 */
export function covers(first: string, second: string): boolean {
  const [wide, narrow] = [treeOf(first), treeOf(second)];
  return wide !== undefined && narrow !== undefined && impliesOther(narrow, wide);
}

/** True for a rule that holds for no reply without a body. */
export function needsBody(source: string): boolean {
  const tree = treeOf(source);
  return tree !== undefined && isAboutBody(tree);
}

/**
 * Compiles one value of the file: text with `${…}` in it. The template is missing where a problem is an
 * error.
 */
export function compile(
  source: string,
  place: Place,
  declared: Declared,
  wanted: Wanted,
): { template?: Template; problems: Problem[] } {
  const problems: Problem[] = [];
  const parts = partsOf(source, problems);
  const [only] = parts;
  if (only === undefined || parts.length > 1 || only.kind === 'text') {
    const pieces = parts.map((part) => compilePart(part, place, declared, 'piece', problems));
    if (problems.length === 0 && (wanted === 'bool' || wanted === 'money'))
      problems.push(problem(0, 'this is plain text: write ${…} with what is wanted here'));
    return done({ type: 'text', evaluate: joined(pieces) }, problems);
  }
  const use = wanted === 'any' && place.kind === 'reply' ? 'kept' : wanted;
  const template = compilePart(only, place, declared, use, problems);
  return typeof template === 'object' ? done(template, problems) : { problems };
}

/** The same for a value whose literal and computed pieces are put together by the caller, as in a URL. */
export function compilePieces(
  source: string,
  place: Place,
  declared: Declared,
): { pieces?: readonly (string | Template)[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const pieces = partsOf(source, problems).map((part) => compilePart(part, place, declared, 'piece', problems));
  return pieces.every((piece) => piece !== undefined) ? { pieces, problems } : { problems };
}

const problem = (offset: number, message: string): Problem => ({ message, offset, severity: 'error' });

function done(template: Template, problems: Problem[]): { template?: Template; problems: Problem[] } {
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { template, problems };
}

function partsOf(source: string, problems: Problem[]): SourcePart[] {
  const { parts, open } = splitSource(source);
  if (open !== undefined)
    problems.push(problem(open, 'this ${ is not closed by a }, or a quote inside it is not closed'));
  return parts;
}

function joined(pieces: readonly (string | Template | undefined)[]): (scope: Scope) => string {
  const [only = ''] = pieces;
  if (pieces.length <= 1 && typeof only === 'string') return () => only;
  return (scope) => {
    let text = '';
    for (const piece of pieces) text += typeof piece === 'object' ? String(piece.evaluate(scope)) : (piece ?? '');
    return text;
  };
}

/** A literal part as it is, an expression as a template; undefined where it has an error. */
function compilePart(
  { kind, text, offset }: SourcePart,
  place: Place,
  declared: Declared,
  use: Use,
  problems: Problem[],
): string | Template | undefined {
  if (kind === 'text') return text;
  const { template, findings } = compileExpression(text, vocabularyOf(place, declared), use, offset);
  for (const { message, at, severity } of findings) problems.push({ message, offset: offset + at, severity });
  return template;
}

function compileExpression(
  text: string,
  words: Vocabulary,
  use: Use,
  offset: number,
): { template?: Template; findings: readonly Finding[] } {
  if (text.trim() === '') return wrong(0, 'the expression is empty');
  const program = parse(words.environment, text);
  if (program instanceof ParseError) return wrong(program.range?.start, parseProblem(program));
  makeLiteralsExact(program.ast);
  const findings = checkTree(program.ast, words, use);
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const { type = 'dyn', error } = program.check();
  if (error !== undefined) return wrong(error.range?.start, typeProblem(error, words.environment));
  // What a var holds is known where the var is compiled; here it is looked at when it is worked out.
  const isOfVars = type === 'dyn' && use === 'money' && isMadeOfVars(program.ast);
  const unfit = isOfVars ? undefined : unfitness(type, use);
  if (unfit !== undefined) return wrong(text.search(/\S/), unfit);
  for (const [written] of callsOf(program.ast, 'json')) {
    const unsendable = written && unfitness(typeIn(words.environment, written) ?? 'dyn', 'any');
    if (unsendable !== undefined) return wrong(written?.start, unsendable);
  }

  const finish = finishes[use];
  const guards = guardsOf(program.ast, use);
  const lacks = (scope: Scope): EvaluationFailure | undefined => {
    for (const guard of guards) if (isAbsent(scope, guard.path)) return (guard.failure ??= absence(guard.path));
    return undefined;
  };
  const typed = [...words.typed].filter(([name]) => readsRoot(program.ast, name));
  const evaluate = (scope: Scope): unknown => {
    const lacking = lacks(scope);
    if (lacking !== undefined) throw lacking;
    for (const [name, convert] of typed) {
      const value = scope[name];
      if (isObject(value)) scope[name] = convert(value);
    }
    return finish(run(program, scope, offset));
  };
  return { template: { type: typeName(type), evaluate, lacks }, findings };
}

function isMadeOfVars(tree: ASTNode): boolean {
  return fieldsRead(tree, 'vars').length > 0 && fieldsRead(tree, 'response').length === 0;
}

function wrong(at: number | undefined, message: string): { findings: readonly Finding[] } {
  return { findings: [{ message, at: at ?? 0, severity: 'error' }] };
}

function run(program: Program, scope: Scope, offset: number): unknown {
  let value: unknown;
  try {
    value = within(scope, (values) => counted(program(values)));
  } catch (error) {
    throw asFailure(error, offset);
  }
  if (value instanceof Promise) throw new Error('an expression must not wait');
  return value;
}

/** `offset`: of the expression, into the text it stands in. */
function asFailure(error: unknown, offset: number): unknown {
  // Whoever made the scope forgot a name or gave it another type: a mistake of ours, not of the values.
  if (error instanceof EvaluationError && ['unknown_variable', 'variable_type_mismatch'].includes(error.code))
    return error;
  const failure = error instanceof EvaluationFailure ? error : new EvaluationFailure(problemOf(error));
  // A var that is read here has noted its own place before.
  failure.offset ??= offset + (error instanceof EvaluationError ? (error.node?.start ?? 0) : 0);
  return failure;
}

const problemOf = (error: unknown): string =>
  error instanceof EvaluationError ? evaluationProblem(error) : 'the expression cannot be worked out';

interface Guard {
  readonly path: readonly string[];
  /** Made once, when it is first needed: most never are, and its stack costs more than the looking. */
  failure?: EvaluationFailure;
}

const absence = (path: readonly string[]) => new EvaluationFailure(`\`${path.join('.')}\` is absent`);

/**
 * Most error rules read a field that a good reply does not have. Finding that out by the library's exceptions
 * costs fifty times as much as looking first.
 */
function guardsOf(tree: ASTNode, use: Use): Guard[] {
  return neededPaths(tree, use === 'bool')
    .filter(
      ([root, part, ...fields]) => root === 'response' && (part === 'fault' || (part === 'body' && fields.length > 0)),
    )
    .map((path) => ({ path }));
}

function isAbsent(scope: Scope, path: readonly string[]): boolean {
  let value: unknown = scope;
  for (const name of path) {
    if (value instanceof Map) value = value.get(name);
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (value === undefined) return true;
  }
  return false;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
