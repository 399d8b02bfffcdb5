// Puts one piece of an operator file over another: an operation's request over the shared one, a whole file
// over its preset. What comes out still knows where each key was written.

import type { Path, Tree } from './tree.js';

/** Maps merge key by key, `below`'s keys first; anything else replaces, and null removes what is below. */
export function merge(below: Tree, above: Tree, special?: (below: Tree, above: Tree) => Tree | undefined): Tree {
  const decided = special?.(below, above);
  if (decided !== undefined) return decided;
  if (below.kind !== 'map' || above.kind !== 'map') return above;
  const entries = new Map(below.entries);
  for (const [name, value] of above.entries) {
    const inherited = entries.get(name);
    if (inherited !== undefined && value.kind === 'scalar' && value.value === null) entries.delete(name);
    else entries.set(name, inherited === undefined ? value : merge(inherited, value, special));
  }
  return { ...above, entries };
}

/** The same tree at another path: its places in the file stay. */
export function movedTo(path: Path, tree: Tree): Tree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, path };
    case 'list':
      return { ...tree, path, items: tree.items.map((item, index) => movedTo([...path, index], item)) };
    case 'map': {
      const entries = [...tree.entries].map(([name, value]) => [name, movedTo([...path, name], value)] as const);
      return { ...tree, path, entries: new Map(entries) };
    }
  }
}
