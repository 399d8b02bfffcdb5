// What a rehearsal has to say of the file itself: the rules nothing reached, and the replies it does not tell.

import type { CompiledOperator } from '../operators/compile.js';
import { pathText } from '../yaml/diagnostics.js';
import { find, type Path, type Tree } from '../yaml/tree.js';
import type { CallSource } from '../mapping/source.js';
import type { Missing } from './sandbox.js';
import { callsOfWallet } from './tap.js';
import { verdictOf } from './reply-maker.js';

export interface UnreachedRule {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly path: string;
  readonly text: string;
}

/** A reply the file does not tell: to which call, and what it is to be read as, in the words of an example. */
export interface Untold {
  readonly operation: string;
  readonly of?: string;
  readonly outcome: string;
  readonly result?: string;
  /** An example shows it, and no other reply could be made of that. */
  readonly isShown?: true;
}

/** Every rule of the file's calls that never held. `held`: paths as text. */
export function unreachedRules(
  operator: CompiledOperator,
  { file, tree }: { readonly file: string; readonly tree: Tree | undefined },
  held: ReadonlySet<string>,
): UnreachedRule[] {
  const rules = new Map<string, { path: Path; text: string }>();
  for (const { source } of callsOfWallet(operator.wallet))
    for (const { path, text } of rulesOf(source)) rules.set(pathText(path), { path, text });
  return [...rules]
    .filter(([path]) => !held.has(path))
    .map(([name, { path, text }]) => {
      const at = find(tree, path)?.at ?? { line: 1, col: 1 };
      return { file: at.file ?? file, line: at.line, col: at.col, path: name, text: text.replaceAll(/\s+/g, ' ') };
    });
}

function rulesOf({ applied, refused, absent, badSession, errors }: CallSource) {
  const rules = [applied, refused, absent, badSession?.when, ...errors.map(({ when }) => when)];
  return rules.filter((rule) => rule !== undefined);
}

/** What the sandbox wanted to say and the file has rules for, each once. */
export function untoldReplies(missing: readonly Missing[]): Untold[] {
  const untold = new Map<string, Untold>();
  for (const { note, wanted } of missing) {
    const { operation, about, errors } = note.call.source;
    const isRead =
      wanted.kind === 'applied' || operation === 'lookup' || errors.some((rule) => verdictOf(rule) === wanted.kind);
    if (!isRead) continue;
    const one: Untold = {
      operation: operation === 'undo' ? 'rollback' : operation,
      ...(about && { of: about }),
      outcome: wanted.kind,
      ...(wanted.result && { result: wanted.result }),
    };
    untold.set(JSON.stringify(one), one);
  }
  return [...untold.values()];
}
