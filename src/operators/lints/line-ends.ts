// A line break at the end of a text that has no other: `|` and `>` leave one, and the wallet would get it.

import type { Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

/** What is shown to nobody but its author, or says itself what it is to the byte. */
const elsewhere: ReadonlySet<string> = new Set(['examples', 'secrets']);

export const lineEnds: Lint = {
  severity: 'warning',
  *find({ tree }) {
    for (const { path } of endingIn(tree))
      yield { path, message: 'a line break at its end, which is part of it, as | leaves one; expected |- or one line' };
  },
};

function* endingIn(tree: Tree): Iterable<Tree> {
  if (tree.kind === 'map')
    for (const [name, value] of tree.entries) {
      // A whole body that is written by hand may end as it likes; a path cannot, which is told of it.
      const mayEndSo = (name === 'body' || name === 'path') && value.kind === 'scalar';
      if (!mayEndSo && !(tree.path.length === 0 && elsewhere.has(name))) yield* endingIn(value);
    }
  if (tree.kind === 'list') for (const item of tree.items) yield* endingIn(item);
  if (tree.kind === 'scalar' && typeof tree.value === 'string' && /^[^\r\n]+\r?\n+$/.test(tree.value)) yield tree;
}
