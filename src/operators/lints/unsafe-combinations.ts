// Warns of files in which each key is right and the whole is not safe, or not what its author can have meant. A warning never keeps
// a file from being loaded: the engineer may know better.

import type { MoneyKind } from '../../domain/callback.js';
import type { LegTerms, Terms } from '../../domain/terms.js';
import { needsStatusOnly } from '../../expressions/names.js';
import { alwaysTrue } from '../../expressions/expressions.js';
import { mentions } from '../../mapping/template.js';
import type { CallSource } from '../../mapping/source.js';
import { reportClockIds } from './clock-ids.js';
import type { Report } from '../../yaml/diagnostics.js';
import type { OperatorFile } from '../schema/operator-file.js';
import { textsOf, type Path, type Tree } from '../../yaml/tree.js';
import { reportUnreachable } from './unreachable-rules.js';

export interface Compiled {
  readonly file: OperatorFile;
  readonly tree: Tree;
  readonly terms: Terms;
  /** Every call the file makes, in any number. */
  readonly calls: readonly CallSource[];
}
type Warn = (path: Path, message: string, detail?: { key?: true }) => void;

/** Reports each as a warning. */
export function reportUnsafe({ file, tree, terms, calls }: Compiled, report: Report): void {
  const warn: Warn = (path, message, detail = {}) => report(path, message, { severity: 'warning', ...detail });
  reportUnreachable(calls, tree, report);
  for (const call of calls) {
    reportWithoutRefusal(call, warn);
    reportWithoutReference(call, file, terms, warn);
    reportBareStatus(call, file, warn);
    reportClockIds(call, file, report);
  }
  reportIdleLookup(file, terms, warn);
  reportNothingOwed(file, terms, warn);
}

function isSend(operation: CallSource['operation']): operation is MoneyKind {
  return operation === 'withdraw' || operation === 'deposit' || operation === 'betWin';
}

function reportWithoutRefusal({ operation, path, errors }: CallSource, warn: Warn): void {
  if (operation !== 'undo' && !isSend(operation)) return;
  const clear = errors.filter(({ result, outcome }) =>
    result === 'generalError' ? outcome === 'refused' || outcome === 'notApplied' : outcome !== 'unknown',
  );
  if (clear.length === 0)
    warn(
      path,
      'no rule refuses, so every no of the wallet is taken for unknown; expected errors here, or for all operations',
      { key: true },
    );
  else if (
    operation === 'withdraw' &&
    path.at(-1) !== 'freeSpin' &&
    !clear.some(({ result }) => result === 'insufficientFunds')
  )
    warn(
      path,
      'no rule says insufficientFunds, so a bet without cover is not refused as one; expected it in errors here, or for all operations',
      { key: true },
    );
}

function reportWithoutReference(
  { operation, path, request }: CallSource,
  { vars }: OperatorFile,
  { legs }: Terms,
  warn: Warn,
): void {
  if (!isSend(operation) || legs[operation].repeatable === 'no') return;
  // A var may read those above it, so the last one is looked at first.
  const texts = Object.entries(vars).reduceRight(
    (read, [name, text]) => (mentions(read, 'vars', name) ? `${read}\n${text}` : read),
    [...request.parts.values()].flatMap(textsOf).join('\n'),
  );
  if (!/\b(reference|winReference|transactionID)\b/.test(texts))
    warn(
      path,
      'it may be repeated, and its request does not carry ${reference}, by which the wallet could know a repeat; expected it there, or repeatable: no',
      { key: true },
    );
}

/** What a proxy or a replica that lags behind answers for a moment is taken for a proof that nothing arrived. */
function reportBareStatus({ absent, errors }: CallSource, { vars }: OperatorFile, warn: Warn): void {
  const proofs = errors.filter(({ result, outcome }) => result === 'notFound' && outcome !== 'unknown');
  for (const { text, path } of [absent, ...proofs.map(({ when }) => when)].filter((rule) => rule !== undefined))
    if (!alwaysTrue(text) && needsStatusOnly(text, Object.entries(vars)))
      warn(
        path,
        'rests on the status alone, which a proxy in between may answer for a while, too; expected a field of the body that says so beside it',
      );
}

/** A repeat that is always harmless is tried before a question, and an undo that may come first needs none. */
function reportIdleLookup({ operations }: OperatorFile, { legs }: Terms, warn: Warn): void {
  const isAsked = ({ repeatable, undo }: LegTerms) =>
    repeatable !== 'always' || (undo !== undefined && !undo.cancelFirst);
  const kinds =
    operations.betWin === 'legs' ? (['withdraw', 'deposit'] as const) : (['withdraw', 'deposit', 'betWin'] as const);
  if (operations.lookup !== undefined && !kinds.some((kind) => isAsked(legs[kind])))
    warn(
      ['operations', 'lookup'],
      'never asked, because every call may be repeated always, and undone before anybody knows; expected it left out, or a weaker repeatable or cancelFirst',
      { key: true },
    );
}

function reportNothingOwed({ policy }: OperatorFile, { whenUnresolved }: Terms, warn: Warn): void {
  const accepting = Object.entries(whenUnresolved).filter(([, policyOf]) => policyOf === 'accept');
  if (policy.accept.most === 0 && accepting.length > 0)
    warn(
      ['policy', 'accept', 'most'],
      `nothing may be owed, so whenUnresolved: accept of ${accepting.map(([kind]) => kind).join(', ')} always becomes askAgain; expected at least 1, or askAgain there`,
    );
}
