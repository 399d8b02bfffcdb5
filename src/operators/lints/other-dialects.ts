// Names that only callbacks of another dialect bring. They are optional, so nothing else would say that they
// are never there. A preset is for wallets behind any dialect, and may read them.

import { readsOf } from '../../expressions/names.js';
import { dialects } from '../../protocol/dialects.js';
import type { Brought } from '../../protocol/dialects/dialect.js';
import type { Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

export const namesOfOtherDialects: Lint = {
  severity: 'error',
  *find({ file, dialect, tree }) {
    for (const { path, value } of ownTexts(tree))
      for (const name of new Set(['request', 'original'].flatMap((root) => readsOf(value, root)))) {
        const bringing = Object.entries(dialects).filter(([, { brings }]) => has(brings, name));
        if (bringing.length > 0 && !has(dialect.brings, name))
          yield {
            path,
            offset: value.indexOf(name),
            message:
              `no callback of the dialect ${file.platform.dialect} has a ${name}; ` +
              `expected a name it has, or platform.dialect: ${bringing.map(([other]) => other).join(' or ')}`,
          };
      }
  },
};

const has = (brought: ReadonlySet<Brought>, name: string): boolean => [...brought].some((one) => one === name);

function ownTexts(tree: Tree): { path: Tree['path']; value: string }[] {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' && tree.at.file === undefined
        ? [{ path: tree.path, value: tree.value }]
        : [];
    case 'list':
      return tree.items.flatMap(ownTexts);
    case 'map':
      return [...tree.entries.values()].flatMap(ownTexts);
  }
}
