// Which place of a reply a part of an expression names, and how that part would be written outside of the
// macro it stands in.

import type { ASTNode } from '@marcbachmann/cel-js';
import { theOnly, type Spot } from './draft.js';
import { treeOf } from './trees.js';
import { literalText, partsOf, sourceOf } from './tree.js';

/** The variables of `exists(…)` and its like, and where in the reply each stands. */
export type Locals = ReadonlyMap<string, Spot>;
/** The text behind a var of the file. */
export type VariableOf = (name: string) => string | undefined;

/** The tree of `vars.name`; undefined for any other node. */
export function varTree(node: ASTNode, variable: VariableOf): ASTNode | undefined {
  if ((node.op !== '.' && node.op !== '.?') || node.args[0].op !== 'id' || node.args[0].args !== 'vars')
    return undefined;
  return treeOf(variable(node.args[1]) ?? '');
}

export function readsReply(node: ASTNode, locals: Locals, variable: VariableOf): boolean {
  if (node.op === 'id') return node.args === 'response' || locals.has(node.args);
  const tree = varTree(node, variable);
  return [...partsOf(node), ...(tree === undefined ? [] : [tree])].some((part) => readsReply(part, locals, variable));
}

/** Undefined where a node names no place, or works something out. `keyOf`: what a key comes to that is no literal. */
export function spotOf(
  node: ASTNode,
  locals: Locals,
  variable: VariableOf,
  keyOf: (key: ASTNode) => unknown,
): Spot | undefined {
  const inside = (of: ASTNode): Spot | undefined => spotOf(of, locals, variable, keyOf);
  if (node.op === 'id') return node.args === 'response' ? [] : locals.get(node.args);
  const tree = varTree(node, variable);
  if (tree !== undefined) return inside(tree);
  if (node.op === 'call' && node.args[0] === 'only') {
    const of = node.args[1][0] && inside(node.args[1][0]);
    return of && [...of, theOnly];
  }
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const [owner, key] = node.args;
  const around = inside(owner);
  const step = typeof key === 'string' ? key : (literalText(key) ?? stepOf(keyOf(key)));
  return around === undefined || step === undefined ? undefined : [...around, step];
}

const stepOf = (key: unknown): string | number | undefined =>
  typeof key === 'bigint' ? Number(key) : typeof key === 'string' ? key : undefined;

/** The node as it would be written where its macro's variables are not known. */
export function textOfNode(node: ASTNode, locals: Locals): string {
  const uses = usesOf(node, locals).sort((a, b) => a.start - b.start);
  let text = '';
  let from = node.start;
  for (const use of uses) {
    text += node.input.slice(from, use.start) + pathText(locals.get(use.name) ?? []);
    from = use.end;
  }
  return uses.length === 0 ? sourceOf(node) : text + node.input.slice(from, node.end);
}

function usesOf(node: ASTNode, locals: Locals): { name: string; start: number; end: number }[] {
  if (node.op === 'id') return locals.has(node.args) ? [{ name: node.args, start: node.start, end: node.end }] : [];
  return partsOf(node).flatMap((part) => usesOf(part, locals));
}

function pathText([part = '', ...steps]: Spot): string {
  return steps.reduce<string>(
    (text, step) => (step === theOnly ? `only(${text})` : `${text}[${JSON.stringify(step)}]`),
    `response.${String(part)}`,
  );
}
