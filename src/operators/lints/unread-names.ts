// What a file declares and nothing reads: most often a name that was written otherwise elsewhere.

import { isReadable, readsOf } from '../../expressions/names.js';
import { textsOf, type Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

/**
 * Whether a text reads such a name of `root`, or could: what is written wrongly is told of elsewhere, and
 * only once.
 */
function readIn(tree: Tree, root: 'secrets' | 'vars'): (name: string) => boolean {
  const texts = textsOf(tree);
  const names = new Set(texts.flatMap((text) => readsOf(text, root)));
  const unreadable = texts.filter((text) => !isReadable(text));
  return (name) => names.has(name) || unreadable.some((text) => text.includes(name));
}

export const unreadSecrets: Lint = {
  severity: 'warning',
  *find({ file, tree }) {
    const { auth, tls = {} } = file.wallet;
    const { agents, api } = file.platform;
    const named = new Set<unknown>([
      ...agents.flatMap(({ keys, apiToken }) => [...keys, apiToken]),
      ...[api?.token, api?.key],
      ...Object.values(auth),
      ...Object.values(tls),
    ]);
    const isRead = readIn(tree, 'secrets');
    for (const name of Object.keys(file.secrets))
      if (!named.has(name) && !isRead(name))
        yield {
          path: ['secrets', name],
          message:
            'nothing reads this secret; expected its name in keys, in wallet.auth, in wallet.tls or as ${secrets.…}',
          key: true,
        };
  },
};

export const unreadVars: Lint = {
  severity: 'warning',
  *find({ file, tree }) {
    const isRead = readIn(tree, 'vars');
    for (const name of Object.keys(file.vars))
      if (!isRead(name))
        yield { path: ['vars', name], message: 'nothing reads this var; expected ${vars.…} somewhere', key: true };
  },
};
