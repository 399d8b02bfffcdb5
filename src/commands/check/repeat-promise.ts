// Holds what a file promises of repeats against its own examples of them. What a repeat is answered decides
// whether a movement is taken for made, so a wrong promise here doubles a bet or loses a win.

import type { Terms } from '../../domain/terms.js';
import type { OperatorFile } from '../../operators/schema/operator-file.js';
import type { Summary } from '../samples/verdict-summary.js';

type Example = Pick<OperatorFile['examples'][number], 'operation' | 'of' | 'repeatOf'>;

/**
 * Why the outcome of a repeat makes the declared `repeatable` unsafe or useless; undefined where it does not,
 * or none is declared.
 */
export function refutedPromise(
  { legs }: Terms,
  { operation, of = 'withdraw', repeatOf }: Example,
  outcome: Summary['outcome'],
): string | undefined {
  if (repeatOf === undefined || operation === 'getBalance' || operation === 'closeRound' || operation === 'lookup')
    return undefined;
  const isUndo = operation === 'rollback';
  const leg = operation === 'freeSpin' ? 'withdraw' : operation;
  const repeatable = (leg === 'rollback' ? legs[of].undo : legs[leg])?.repeatable ?? 'no';
  if (repeatable === 'no') return undefined;
  const saysDone = ['applied', 'duplicate', ...(isUndo ? ['alreadyRolledBack'] : [])].includes(outcome);
  const declared = `repeatable is ${repeatable}, and a repeat of what the wallet had ${repeatOf} comes out as ${outcome}`;
  if (outcome === 'unknown')
    return `${declared}, so a repeat settles nothing; expected repeatable: no, or rules that can tell`;
  if (repeatOf === 'applied')
    return saysDone
      ? undefined
      : `${declared}, so it would be taken for not made; expected repeatable: no, or a rule that says duplicate`;
  // After a refusal the wallet may well execute a repeat – then it remembers successes only.
  if (outcome === 'applied')
    return repeatable === 'always'
      ? `${declared}, so refusals are not remembered; expected repeatable: successes`
      : undefined;
  return saysDone
    ? `${declared}, so it would be taken for made; expected repeatable: no, or a rule that tells the two apart`
    : undefined;
}
