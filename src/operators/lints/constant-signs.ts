// Warns of a sign that stands in the file: one that was copied from a vendor's sample is true of that request
// alone, and an example that holds the file to it proves nothing.

import { writtenText } from '../../mapping/template.js';
import { hasExpression } from '../../yaml/source.js';
import type { Tree } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

const signName = /sign|hash|hmac|^mac$|digest|checksum/i;
/** As many characters as a digest of 16, 20, 32 or 64 bytes has, in hex or in Base64. */
const digest =
  /^(?:\w{1,8}=)?(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{128}|[\w+/-]{22}(?:==)?|[\w+/-]{27}=?|[\w+/-]{43}=?|[\w+/-]{86}(?:==)?)$/i;

export const constantSigns: Lint = {
  severity: 'warning',
  *find({ calls }) {
    for (const { request } of calls)
      for (const part of ['headers', 'query', 'body'] as const) {
        const tree = request.parts.get(part);
        for (const { path } of tree === undefined ? [] : constantsIn('', tree))
          yield {
            path,
            message: 'a sign that never changes, as of one sample; expected ${…} that makes it of what is sent',
          };
      }
  },
};

function* constantsIn(name: string, tree: Tree): Iterable<Tree> {
  if (tree.kind === 'map') for (const [key, value] of tree.entries) yield* constantsIn(key, value);
  if (tree.kind === 'list') for (const item of tree.items) yield* constantsIn(name, item);
  const text = writtenText(tree)?.text;
  if (text !== undefined && !hasExpression(text) && signName.test(name) && digest.test(text)) yield tree;
}
