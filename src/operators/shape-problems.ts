// Turns what the schema found into problems with a place in the file. It is the only code that knows the
// validator's issue codes.

import type { z } from 'zod';
import { didYouMean } from '../yaml/did-you-mean.js';
import type { Report } from '../yaml/diagnostics.js';
import { find, type Path, type Tree } from '../yaml/tree.js';

type Issue = z.core.$ZodIssue;

/** Reports every issue; `above` is where the issues' own paths begin. */
export function reportShape(issues: readonly Issue[], tree: Tree, report: Report, above: Path = []): void {
  for (const issue of issues) {
    const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    if (issue.code === 'unrecognized_keys') {
      const known = issue.message;
      for (const key of issue.keys)
        report(
          [...path, key],
          `unknown key ${JSON.stringify(key)}${didYouMean(key, known.split(', '))}; expected one of ${known}`,
          {
            key: true,
          },
        );
      continue;
    }
    const meant = issue.code === 'invalid_union' ? closest(issue.errors) : undefined;
    if (meant !== undefined) {
      reportShape(meant, tree, report, path);
    } else if (issue.message.includes('; expected ')) {
      report(path, issue.message);
    } else {
      const node = find(tree, path);
      const choices = issue.code === 'invalid_value' ? didYouMean(textIn(node), issue.values.map(String)) : '';
      report(path, `${node === undefined ? 'missing' : found(node)}; expected ${issue.message}${choices}`);
    }
  }
}

function textIn(node: Tree | undefined): string {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

/**
 * The shape that a value was most likely meant to have, of those it may have; none where it has the outline
 * of none.
 */
function closest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const outlined = alternatives.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const strangers = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return [...outlined].sort((a, b) => strangers(a) - strangers(b))[0];
}

function found(node: Tree): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'this is a map' : 'this is a list';
  if (node.value === null) return 'there is nothing here';
  if (typeof node.value === 'string')
    return /[\r\n]$/.test(node.value) ? 'a text with a line break at its end, as | leaves one' : 'not this text';
  return typeof node.value === 'boolean' ? 'this is true or false' : 'this is a number';
}
