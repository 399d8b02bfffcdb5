// Our id for a movement, as the wallet sees it. Two movements under one reference would be one to the wallet,
// so a mapping that lets ids fall together is found at load.

import { compilerFor } from '../mapping/template.js';
import type { MappingContext } from '../mapping/source.js';
import type { Path } from '../yaml/tree.js';
import type { Report } from '../yaml/diagnostics.js';

const samples = [
  '0123456789abcdef0123456789abcdef',
  '0123456789abcdef0123456789abcdef-w',
  '0123456789abcdef0123456789abcdef-r',
  '0123456789abcdef0123456789abcdef-w-r',
  '1123456789abcdef0123456789abcdef',
];

/** The maker of references; it throws a plain sentence where it can make none of an id. */
export function referenceOf(
  text: string,
  context: Pick<MappingContext, 'declared' | 'vars' | 'report' | 'harmless'>,
): (id: string) => string {
  const path = ['wallet', 'reference'];
  const template = compilerFor({ kind: 'reference' }, context).template({ text, path }, 'text');
  const reference = (id: string): string => {
    const made = template?.evaluate({ id });
    if (typeof made !== 'string' || made === '') throw new Error('wallet.reference makes no text of this id');
    return made;
  };
  if (template !== undefined) reportSamples(path, reference, context.report);
  return reference;
}

function reportSamples(path: Path, reference: (id: string) => string, report: Report): void {
  try {
    if (new Set(samples.map(reference)).size < samples.length)
      report(path, 'different ids get the same reference; expected ${id} in it, with its suffixes -w and -r');
  } catch (failure) {
    if (!(failure instanceof Error)) throw failure;
    report(path, `no reference can be made of a transactionID, or of one with -w or -r behind it: ${failure.message}`);
  }
}
