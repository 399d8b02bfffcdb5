// What a lint is: one thing that can be wrong with a file in which each key is right by itself.

import type { Terms } from '../../domain/terms.js';
import type { Dialect } from '../../protocol/dialects/dialect.js';
import type { CallSource } from '../../mapping/source.js';
import type { Path, Tree } from '../../yaml/tree.js';
import type { OperatorFile } from '../schema/operator-file.js';
import type { UndoPlans } from '../undo-plans.js';

export interface Compiled {
  readonly file: OperatorFile;
  readonly dialect: Dialect;
  readonly tree: Tree;
  readonly terms: Terms;
  readonly plans: UndoPlans;
  /** Every call the file makes, in any number. */
  readonly calls: readonly CallSource[];
}

interface Finding {
  readonly path: Path;
  /** What is wrong, and what was expected. */
  readonly message: string;
  /** The key is meant, not its value. */
  readonly key?: true;
  /** The culprit's place within the text at that path. */
  readonly offset?: number;
}

export interface Lint {
  /** A warning never keeps a file from being loaded: the engineer may know better. */
  readonly severity: 'error' | 'warning';
  /** Nothing instead of a finding: others may have their turn. */
  readonly find: (compiled: Compiled) => Iterable<Finding | undefined>;
}
