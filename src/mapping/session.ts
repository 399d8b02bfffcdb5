// The session a wallet hands out with a reply, to be used from the next call on. It is a password of the
// player: it goes from the reply to the store and into requests, and nowhere else.

import type { CallScope } from './scope.js';
import type { Written } from './source.js';
import type { Compile } from './template.js';
import { textOf } from '../codecs/plain-text.js';

/** Longer text is no session, and is not kept. */
const longest = 4096;

/**
 * Finds the session in a reply that was opened in `scope`; undefined where it holds none. Whatever is wrong
 * with it costs the session, never the verdict.
 */
export function compileSession(
  written: Written | undefined,
  compile: Compile,
): ((scope: CallScope) => string | undefined) | undefined {
  const template = written && compile.template(written, 'any');
  return (
    template &&
    ((scope) => {
      try {
        const text = textOf(template.evaluate(scope));
        return text === undefined || text === '' || text.length > longest ? undefined : text;
      } catch {
        return undefined;
      }
    })
  );
}
