// How each kind of movement is undone, read from `operations.rollback` in all its forms, so that the mapping
// and the promise built on it can never disagree.

import type { MoneyKind } from '../domain/callback.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { Path } from '../yaml/tree.js';

type Rollback = OperatorFile['operations']['rollback'];
type UndoMapping = Extract<Rollback, { request: unknown }>;
export type UndoPlan =
  /** The opposite operation, with the undo's own reference. */
  | { readonly kind: 'inverse'; readonly calls: 'withdraw' | 'deposit' }
  | { readonly kind: 'mapping'; readonly path: Path; readonly mapping: Omit<UndoMapping, 'whenUnresolved'> };
/** A kind without a plan cannot be undone by the wallet. */
export type UndoPlans = Readonly<Partial<Record<MoneyKind, UndoPlan>>>;

const top: Path = ['operations', 'rollback'];
const inverseOf = { withdraw: 'deposit', deposit: 'withdraw' } as const;

export function undoPlans({ operations: { rollback, betWin } }: OperatorFile, report: Report): UndoPlans {
  const mapped = betWin !== 'legs';
  if (rollback === 'unsupported') return {};
  if (rollback === 'inverse') {
    if (mapped)
      report(
        top,
        'a betWin in one call has no inverse; expected one undo per kind, with a mapping or unsupported for betWin',
      );
    return { withdraw: { kind: 'inverse', calls: 'deposit' }, deposit: { kind: 'inverse', calls: 'withdraw' } };
  }
  if ('request' in rollback) {
    const plan: UndoPlan = { kind: 'mapping', path: top, mapping: rollback };
    return { withdraw: plan, deposit: plan, ...(mapped ? { betWin: plan } : {}) };
  }
  const plans: Partial<Record<MoneyKind, UndoPlan>> = {};
  for (const kind of ['withdraw', 'deposit'] as const) {
    const way = rollback[kind];
    if (way === undefined || way === 'unsupported') continue;
    plans[kind] =
      way === 'inverse'
        ? { kind: way, calls: inverseOf[kind] }
        : { kind: 'mapping', path: [...top, kind], mapping: way };
  }
  if (mapped && rollback.betWin === 'legs')
    report([...top, 'betWin'], 'betWin is one call here, so it has no legs; expected a mapping or unsupported');
  if (!mapped && rollback.betWin !== undefined && rollback.betWin !== 'legs')
    report([...top, 'betWin'], 'betWin is made of a withdraw and a deposit, each undone in its own way; expected legs');
  if (mapped && typeof rollback.betWin === 'object')
    plans.betWin = { kind: 'mapping', path: [...top, 'betWin'], mapping: rollback.betWin };
  return plans;
}
