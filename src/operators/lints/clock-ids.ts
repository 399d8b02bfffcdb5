// Warns of ids that are taken from a clock. Two calls in one millisecond share such an id, and a wallet that
// answers an id it has as before swallows one of them.

import { namesIn } from '../../expressions/names.js';
import { writtenText } from '../../mapping/template.js';
import type { CallSource } from '../../mapping/source.js';
import type { Report } from '../../yaml/diagnostics.js';
import type { OperatorFile } from '../schema/operator-file.js';
import type { Tree } from '../../yaml/tree.js';

/** What fields are called that must be another for each call. */
const idName = /(?:nonce|uuid|guid|(?:request|call|message|msg|req)[_-]?id)$/i;
/** What makes an id more than the time. */
const ownWords = ['uuid', 'reference', 'winReference', 'transactionID'];

export function reportClockIds({ request }: CallSource, { vars }: OperatorFile, report: Report): void {
  // A var may read those above it, so the last one is looked at first.
  const wordsOf = (text: string): ReadonlySet<string> =>
    Object.entries(vars).reduceRight(
      (words, [name, inner]) => {
        if (words.has(`vars.${name}`)) for (const word of namesIn(inner)) words.add(word);
        return words;
      },
      new Set(namesIn(text)),
    );
  const visit = (name: string, tree: Tree): void => {
    if (tree.kind === 'map') for (const [key, value] of tree.entries) visit(key, value);
    if (tree.kind === 'list') for (const item of tree.items) visit(name, item);
    const written = writtenText(tree);
    const words = written === undefined ? new Set<string>() : wordsOf(written.text);
    if (written === undefined || !words.has('now') || ownWords.some((word) => words.has(word))) return;
    if (idName.test(name) || words.has('uuid5'))
      report(
        written.path,
        'an id that is taken from the clock, which two calls in one moment share; expected ${uuid()}',
        {
          severity: 'warning',
        },
      );
  };
  for (const [name, part] of request.parts) visit(name, part);
}
