// What a value of the file names, read off its syntax tree: what must be made before it, and what it rests
// on.

import { ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { isAboutStatus } from './cover.js';
import { language } from './functions/functions.js';
import { splitSource } from './source.js';
import { fieldsRead, namesOf, parse } from './tree.js';

/** The names of `root` that a value reads: `body` where it says `sent.body`. */
export function readsOf(source: string, root: string): readonly string[] {
  return treesOf(source).flatMap((tree) => fieldsRead(tree, root));
}

/** All that a value names: roots, functions, fields, and vars as in `vars.game`. */
export function namesIn(source: string): readonly string[] {
  return treesOf(source).flatMap(namesOf);
}

/**
 * True for a rule that a reply can satisfy by its status alone. A var reads those above it only. False in
 * doubt.
 */
export function needsStatusOnly(source: string, vars: readonly (readonly [string, string])[]): boolean {
  const [tree] = treesOf(source);
  return (
    tree !== undefined &&
    isAboutStatus(tree, (name) => {
      const at = vars.findIndex(([other]) => other === name);
      return needsStatusOnly(vars[at]?.[1] ?? '', vars.slice(0, Math.max(0, at)));
    })
  );
}

function treesOf(source: string): ASTNode[] {
  return splitSource(source).parts.flatMap(({ kind, text }) => {
    const program = kind === 'expression' ? parse(language.environment, text) : undefined;
    return program === undefined || program instanceof ParseError ? [] : [program.ast];
  });
}
