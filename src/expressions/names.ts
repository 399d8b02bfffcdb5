// What a value of the file names, read off its syntax tree: what must be made before it, and what it rests
// on. A text that only looks like a name – a path `/player.php` – names nothing.

import type { ASTNode } from '@marcbachmann/cel-js';
import { isAboutStatus } from './cover.js';
import { splitSource } from '../yaml/source.js';
import { callsOf, fieldsNeeded, fieldPath, fieldsRead, namesOf, readsRoot, secretName } from './tree.js';
import { treesOf } from './trees.js';

/** A name and the text behind it. */
type Var = readonly [name: string, text: string];

/** One text stands in many calls, so what is told of it and a root name is told once. */
function once<Value>(tell: (trees: readonly ASTNode[], root: string) => Value) {
  const known = new WeakMap<readonly ASTNode[], Map<string, Value>>();
  return (source: string, root: string): Value => {
    const trees = treesOf(source);
    const told = known.get(trees) ?? new Map<string, Value>();
    const value = told.get(root) ?? tell(trees, root);
    known.set(trees, told.set(root, value));
    return value;
  };
}

/** The names of `root` that a value reads: `body` where it says `sent.body`. */
export const readsOf = once((trees, root) => trees.flatMap((tree) => fieldsRead(tree, root)));

/** Whether a value reads a root name, or a field of it. */
export const isRead = once((trees, root) => trees.some((tree) => readsRoot(tree, root)));

/** The names `readsOf` finds, without those the value can do without: `receipt` of `original.?receipt.orValue("")`. */
export function needsOf(source: string, root: string): readonly string[] {
  return treesOf(source).flatMap((tree) => fieldsNeeded(tree, root));
}

/** The var whose value this is, as it is: `paid` of `${vars.paid}`. */
export function varAlone(source: string): string | undefined {
  const [only, ...more] = splitSource(source).parts.length === 1 ? treesOf(source) : [];
  const path = only === undefined || more.length > 0 ? [] : (fieldPath(only) ?? []);
  return path.length === 2 && path[0] === 'vars' ? path[1] : undefined;
}

/** All that a value names: roots, functions, fields, and vars as in `vars.game`. */
function namesIn(source: string): readonly string[] {
  return treesOf(source).flatMap(namesOf);
}

/** All that values name, through vars too. */
export function namesThrough(sources: readonly string[], vars: readonly Var[]): ReadonlySet<string> {
  // A var may read those above it, so the last one is looked at first.
  return vars.reduceRight(
    (names, [name, text]) => {
      if (names.has(`vars.${name}`)) for (const inner of namesIn(text)) names.add(inner);
      return names;
    },
    new Set(sources.flatMap(namesIn)),
  );
}

/** False where an expression has no tree, because it is written wrongly: nobody can tell what it names. */
export function isReadable(source: string): boolean {
  const { parts, open } = splitSource(source);
  return open === undefined && parts.filter(({ kind }) => kind === 'expression').length === treesOf(source).length;
}

/** The secrets by whose private keys a value signs. */
export function secretsSigningIn(source: string): readonly string[] {
  const keys = treesOf(source).flatMap((tree) => callsOf(tree, 'rsaSha256').map(([key]) => key));
  return keys.map((key) => key && secretName(key)).filter((name) => name !== undefined);
}

/** The function whose text a value begins with; undefined where it begins otherwise. */
export function callAtStart(source: string): string | undefined {
  const [first, second] = splitSource(source).parts;
  const part = first?.kind === 'text' && first.text.trim() === '' ? second : first;
  let [node] = part?.kind === 'expression' ? treesOf(`\${${part.text}}`) : [];
  while (node?.op === '+' || node?.op === 'rcall') node = node.op === '+' ? node.args[0] : node.args[1];
  return node?.op === 'call' ? node.args[0] : undefined;
}

/**
 * True for a rule that a reply can satisfy by its status alone. A var reads those above it only. False in
 * doubt.
 */
export function needsStatusOnly(source: string, vars: readonly Var[]): boolean {
  const [tree] = treesOf(source);
  return (
    tree !== undefined &&
    isAboutStatus(tree, (name) => {
      const at = vars.findIndex(([other]) => other === name);
      return needsStatusOnly(vars[at]?.[1] ?? '', vars.slice(0, Math.max(0, at)));
    })
  );
}
