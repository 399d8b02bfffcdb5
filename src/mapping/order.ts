// In which order the parts of a request are made. A part may read as `sent` what is made before it, so a sign
// over the body can stand in the query, or one over the query in the body, but not both.

import type { Tree } from '../yaml/tree.js';
import type { Compile } from './template.js';

/**
 * Reports what reads a part that is made after it. True where the query is made before the body, because the
 * body reads it.
 */
export function reportOrder(part: (name: string) => Tree | undefined, compile: Compile): boolean {
  const queryFirst = compile.sentIn(part('body')).has('query');
  const order = queryFirst ? ['path', 'query', 'body', 'headers'] : ['path', 'body', 'query', 'headers'];
  for (const [at, name] of order.entries()) {
    const tree = part(name);
    // Parameters and headers come one by one, and one may read those above it.
    const later = order.slice(name === 'query' || name === 'headers' ? at + 1 : at);
    const early = [...compile.sentIn(tree)].find((field) => later.includes(field === 'raw' ? 'body' : field));
    if (tree === undefined || early === undefined) continue;
    const circle = queryFirst && name === 'query' && early !== 'headers';
    compile.report(
      tree.path,
      circle
        ? `reads sent.${early}, and the body reads sent.query; expected only one of them to read the other`
        : `reads sent.${early}, which is made later; expected only what comes before it in ${order.join(', ')}`,
    );
  }
  return queryFirst;
}
