// The tree of a parsed expression: how to walk it, and what can be told from its shape alone. It must never
// evaluate anything.

import { ParseError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { macros } from './language.js';

export type Program = ReturnType<Environment['parse']>;

export function parse(environment: Environment, text: string): Program | ParseError {
  try {
    return environment.parse(text);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

/** The type of a part, in the library's words; undefined where it cannot be told of the part alone. */
export function typeIn(environment: Environment, node: ASTNode): string | undefined {
  const program = parse(environment, sourceOf(node));
  if (program instanceof ParseError) return undefined;
  makeLiteralsExact(program.ast);
  return program.check().type;
}

/** All calls of a function, wherever in the expression. */
export function callsOf(node: ASTNode, name: string): readonly ASTNode[][] {
  const inner = partsOf(node).flatMap((part) => callsOf(part, name));
  return node.op === 'call' && node.args[0] === name ? [node.args[1], ...inner] : inner;
}

/**
 * The parts of an expression that are expressions themselves. A macro's are those the author wrote, its
 * variable included.
 */
export function partsOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    case 'list':
    case '?:':
    case '||':
    case '&&':
    case '[]':
    case '[?]':
    case 'in':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return node.args;
  }
}

/** The text of a node as it stands in the file. */
export function sourceOf(node: { readonly input?: string; readonly start: number; readonly end: number }): string {
  return (node.input ?? '').slice(node.start, node.end);
}

export function literalText(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** The name in `secrets.name`. */
export function secretName(node: ASTNode): string | undefined {
  const [root, name, ...more] = pathOf(node) ?? [];
  return root === 'secrets' && more.length === 0 ? name : undefined;
}

/** The variable of `list.exists(x, …)` and its like. */
export function macroVariable(node: ASTNode): string | undefined {
  if (node.op !== 'rcall' || !macros.has(node.args[0])) return undefined;
  const [variable] = node.args[2];
  return variable?.op === 'id' ? variable.args : undefined;
}

/**
 * Turns the binary floats among the literals into exact numbers, in place: the tree is ours alone and not yet
 * type-checked.
 */
export function makeLiteralsExact(node: ASTNode): void {
  if (node.op === 'value' && typeof node.args === 'number')
    Object.assign(node, { args: DecimalNumber.parse(sourceOf(node)) ?? node.args });
  partsOf(node).forEach(makeLiteralsExact);
}

/** Roots and fields of a plain path, as in `a.b["c"]`; undefined for anything else, `.?` included. */
function pathOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const left = pathOf(node.args[0]);
  const name = node.op === '.' ? node.args[1] : literalText(node.args[1]);
  return left === undefined || name === undefined ? undefined : [...left, name];
}

/** The same with names that may be absent: `a.b` of `a.?b`. */
export function fieldPath(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const [owner, key] = node.args;
  const left = fieldPath(owner);
  const name = typeof key === 'string' ? key : literalText(key);
  return left === undefined || name === undefined ? undefined : [...left, name];
}

/** The names of `root` that an expression reads: body and raw, where it says `sent.body` and `sent.raw`. */
export function fieldsRead(node: ASTNode, root: string): readonly string[] {
  // Inside `list.map(player, …)` the name is the macro's own.
  if (node.op === 'rcall' && macroVariable(node) === root) return fieldsRead(node.args[1], root);
  const [owner, name] = fieldPath(node) ?? [];
  return owner === root && name !== undefined ? [name] : partsOf(node).flatMap((part) => fieldsRead(part, root));
}

/** Whether an expression reads this root name, or a field of it. */
export function readsRoot(node: ASTNode, root: string): boolean {
  if (node.op === 'rcall' && macroVariable(node) === root) return readsRoot(node.args[1], root);
  return node.op === 'id' ? node.args === root : partsOf(node).some((part) => readsRoot(part, root));
}

/** What `fieldsRead` finds, but for what has another value: `root.?name.orValue(…)` and its like. */
export function fieldsNeeded(node: ASTNode, root: string): readonly string[] {
  if (node.op === 'rcall' && macroVariable(node) === root) return fieldsNeeded(node.args[1], root);
  if (node.op === 'rcall' && ['orValue', 'or', 'hasValue'].includes(node.args[0])) {
    const [, receiver, others] = node.args;
    const isAsked = receiver.op === '.?' && fieldPath(receiver)?.[0] === root;
    return [...(isAsked ? [] : [receiver]), ...others].flatMap((part) => fieldsNeeded(part, root));
  }
  const [owner, name] = fieldPath(node) ?? [];
  return owner === root && name !== undefined ? [name] : partsOf(node).flatMap((part) => fieldsNeeded(part, root));
}

/** All that an expression names: roots, functions, fields, and vars as in `vars.game`. */
export function namesOf(node: ASTNode): readonly string[] {
  const path = fieldPath(node) ?? [];
  const called = node.op === 'call' || node.op === 'rcall' ? [node.args[0]] : [];
  return [...path, path.slice(0, 2).join('.'), ...called, ...partsOf(node).flatMap(namesOf)];
}

/** Whether a "not" is said of something the reply holds: `!`, `!=`, or either spelled with `false`. */
export function negates(node: ASTNode, tainted: ReadonlySet<string> = new Set(['response'])): boolean {
  const variable = macroVariable(node);
  if (variable !== undefined && node.op === 'rcall') {
    const [, receiver, [, ...steps]] = node.args;
    // The variable of exists(…) and its like holds what the list held.
    const within = new Set(tainted);
    if (mentions(receiver, tainted)) within.add(variable);
    else within.delete(variable);
    return negates(receiver, tainted) || steps.some((step) => negates(step, within));
  }
  const says =
    node.op === '!_' ||
    node.op === '!=' ||
    (node.op === '?:' && isFalse(node.args[1])) ||
    (node.op === '==' && node.args.some(isFalse) && node.args.some(isJudgement));
  return (says && mentions(node, tainted)) || partsOf(node).some((part) => negates(part, tainted));
}

function mentions(node: ASTNode, names: ReadonlySet<string>): boolean {
  return node.op === 'id' ? names.has(node.args) : partsOf(node).some((part) => mentions(part, names));
}

function isFalse(node: ASTNode): boolean {
  return node.op === 'value' && node.args === false;
}

function isJudgement(node: ASTNode): boolean {
  return ['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '!_', 'call', 'rcall'].includes(node.op);
}

/** True where no value could make it anything else. */
export function isAlwaysTrue(node: ASTNode): boolean {
  if (node.op === '||') return node.args.some(isAlwaysTrue);
  if (node.op === '&&') return node.args.every(isAlwaysTrue);
  if (node.op === '==')
    return node.args.every(({ op }) => op === 'value') && sourceOf(node.args[0]) === sourceOf(node.args[1]);
  return node.op === 'value' && node.args === true;
}

/** False for a rule that can hold whatever the reply says. What a var rests on is not looked into. */
export function restsOnReply(node: ASTNode): boolean {
  if (node.op === '||') return node.args.every(restsOnReply);
  if (node.op === '&&') return node.args.some(restsOnReply);
  if (node.op !== '?:') return mentions(node, new Set(['response', 'vars']));
  const [condition, ...ways] = node.args;
  return restsOnReply(condition) || ways.every((way) => isFalse(way) || restsOnReply(way));
}

/**
 * Paths without whose value the expression cannot be worked out – as a rule: cannot hold. A rule with `false
 * && absent` is false rather than impossible, but neither holds.
 */
export function neededPaths(node: ASTNode, asRule: boolean): readonly (readonly string[])[] {
  const path = pathOf(node);
  if (path !== undefined) return [path];
  if (node.op === '||') return sharedPaths(neededPaths(node.args[0], asRule), neededPaths(node.args[1], asRule));
  if ((node.op === '&&' && !asRule) || (node.op === 'call' && node.args[0] === 'has')) return [];
  if (node.op === '?:') return neededPaths(node.args[0], false);
  // What follows in these is worked out only now and then.
  if (node.op === 'rcall' && (macros.has(node.args[0]) || node.args[0] === 'or' || node.args[0] === 'orValue'))
    return neededPaths(node.args[1], false);
  return partsOf(node).flatMap((part) => neededPaths(part, asRule && node.op === '&&'));
}

/** How far both ways to a yes go together. */
function sharedPaths(
  left: readonly (readonly string[])[],
  right: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  return left.flatMap((path) =>
    right.map((other) => {
      const fork = path.findIndex((name, at) => name !== other[at]);
      return fork === -1 ? path : path.slice(0, fork);
    }),
  );
}
