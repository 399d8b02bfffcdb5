// The syntax trees of a file's texts. One text is asked after by many checks and stands in many calls, so each is
// parsed once.

import { ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { splitSource } from '../yaml/source.js';
import { language } from './functions/functions.js';
import { parse } from './tree.js';

interface Trees {
  /** Of its expressions that can be read. */
  readonly all: readonly ASTNode[];
  /** Of a text that is one expression and nothing else. */
  readonly alone: ASTNode | undefined;
}

/** More texts than a large file has; of more, all are forgotten. */
const most = 5_000;
const known = new Map<string, Trees>();

/** One for each expression that can be read. */
export const treesOf = (source: string): readonly ASTNode[] => treesIn(source).all;

/** The tree of a value that is one expression; undefined for any other. */
export const treeOf = (source: string): ASTNode | undefined => treesIn(source).alone;

function treesIn(source: string): Trees {
  const before = known.get(source);
  if (before !== undefined) return before;
  if (known.size >= most) known.clear();
  const { parts } = splitSource(source);
  const all = parts.flatMap(({ kind, text }) => {
    const program = kind === 'expression' ? parse(language.environment, text) : undefined;
    return program === undefined || program instanceof ParseError ? [] : [program.ast];
  });
  const trees = { all, alone: parts.length === 1 ? all[0] : undefined };
  known.set(source, trees);
  return trees;
}
