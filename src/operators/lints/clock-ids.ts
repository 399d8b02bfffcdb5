// Warns of ids that are taken from a clock. Two calls in one millisecond share such an id, and a wallet that
// answers an id it has as before swallows one of them.

import { namesThrough } from '../../expressions/names.js';
import { writtenText } from '../../mapping/template.js';
import type { OperatorFile } from '../schema/operator-file.js';
import type { Path, Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

/** What fields are called that must be another for each call. */
const idName = /(?:nonce|uuid|guid|(?:request|call|message|msg|req)[_-]?id)$/i;
/** What makes an id more than the time. */
const ownWords = ['uuid', 'reference', 'winReference', 'transactionID'];

export const clockIds: Lint = {
  severity: 'warning',
  *find({ calls, file: { vars } }) {
    for (const { request } of calls)
      for (const [name, part] of request.parts)
        for (const path of clocksIn(name, part, vars))
          yield {
            path,
            message: 'an id that is taken from the clock, which two calls in one moment share; expected ${uuid()}',
          };
  },
};

function clocksIn(name: string, tree: Tree, vars: OperatorFile['vars']): Path[] {
  if (tree.kind === 'map') return [...tree.entries].flatMap(([key, value]) => clocksIn(key, value, vars));
  if (tree.kind === 'list') return tree.items.flatMap((item) => clocksIn(name, item, vars));
  const written = writtenText(tree);
  if (written === undefined) return [];
  const words = namesThrough([written.text], Object.entries(vars));
  if (!words.has('now') || ownWords.some((word) => words.has(word))) return [];
  return idName.test(name) || words.has('uuid5') ? [written.path] : [];
}
