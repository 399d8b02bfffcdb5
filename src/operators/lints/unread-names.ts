// What a file declares and nothing reads: most often a name that was written otherwise elsewhere.

import { mentions } from '../../mapping/template.js';
import { textsOf, type Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

const allTexts = (tree: Tree): string => textsOf(tree).join('\n');

export const unreadSecrets: Lint = {
  severity: 'warning',
  *find({ file, tree }) {
    const { auth, tls = {} } = file.wallet;
    const named = new Set<unknown>([
      ...file.platform.agents.flatMap(({ keys }) => keys),
      ...Object.values(auth),
      ...Object.values(tls),
    ]);
    const texts = allTexts(tree);
    for (const name of Object.keys(file.secrets))
      if (!named.has(name) && !mentions(texts, 'secrets', name))
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
    const texts = allTexts(tree);
    for (const name of Object.keys(file.vars))
      if (!mentions(texts, 'vars', name))
        yield { path: ['vars', name], message: 'nothing reads this var; expected ${vars.…} somewhere', key: true };
  },
};
