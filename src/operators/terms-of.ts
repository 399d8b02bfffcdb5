// What the file promises about its wallet, with the defaults filled in, and whether the times fit together:
// an answer that comes after the platform's patience, or a lease that ends before a call does, would break
// the promise.

import { moneyKinds, type MoneyKind } from '../domain/callback.js';
import type { CallTerms, LegTerms, Terms, WhenUnresolved } from '../domain/terms.js';
import type { Report } from '../yaml/diagnostics.js';
import { freeSpinsOf, zeroAmountsOf } from './flows.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { UndoPlans } from './undo-plans.js';
import type { Path } from '../yaml/tree.js';

const shortestRetention = 24 * 3_600_000;
/** What one write to the journal may take of a callback's budget, at most. */
const journalWrite = 250;

export function termsOf(file: OperatorFile, plans: UndoPlans, report: Report): Terms {
  const { platform, wallet, operations, policy } = file;
  const habits = (own: {
    repeatable?: CallTerms['repeatable'] | undefined;
    settle?: number | undefined;
  }): CallTerms => ({
    repeatable: own.repeatable ?? wallet.repeatable,
    settle: own.settle ?? wallet.settle,
  });
  const calls = { withdraw: habits(operations.withdraw), deposit: habits(operations.deposit) };
  const betWin = operations.betWin === 'legs' ? undefined : operations.betWin;
  const lookup = operations.lookup !== undefined;
  const leg = (kind: MoneyKind, terms: CallTerms): LegTerms => {
    const plan = plans[kind];
    if (plan === undefined) return { ...terms, lookup };
    // An inverse is a call like any other, so it can do what that call can.
    if (plan.kind === 'inverse')
      return {
        ...terms,
        lookup,
        undo: { ...calls[plan.calls], cancelFirst: false, lookup: lookup ? 'proves' : 'no' },
      };
    const own = habits(plan.mapping);
    // Nobody says whether a lookup knows a wallet's cancellations, so only one that is found proves anything.
    const finds = lookup && own.repeatable === 'no';
    const cancelFirst = plan.mapping.cancelFirst === 'safe';
    const knows = plan.mapping.undoKnows === 'yes' && { knows: true as const };
    return { ...terms, lookup, undo: { ...own, cancelFirst, ...knows, lookup: finds ? 'finds' : 'no' } };
  };
  const unresolved = (own: WhenUnresolved | undefined, usual: WhenUnresolved) => own ?? wallet.whenUnresolved ?? usual;
  const { rollback } = operations;
  const whenUnresolved = {
    withdraw: unresolved(operations.withdraw.whenUnresolved, 'fail'),
    deposit: unresolved(operations.deposit.whenUnresolved, 'accept'),
    betWin: unresolved((betWin ?? operations.withdraw).whenUnresolved, 'fail'),
    win: unresolved(operations.deposit.whenUnresolved, 'accept'),
    rollback: unresolved(typeof rollback === 'object' ? rollback.whenUnresolved : undefined, 'accept'),
  };
  const margin = Math.min(1000, Math.round(platform.timeout / 10));
  const terms: Terms = {
    legs: {
      withdraw: leg('withdraw', calls.withdraw),
      deposit: leg('deposit', calls.deposit),
      betWin: leg('betWin', habits(betWin ?? {})),
    },
    betWinAsLegs: betWin === undefined,
    whenUnresolved,
    whenJournalDown: policy.whenJournalDown,
    duplicates: platform.duplicates,
    zeroAmounts: zeroAmountsOf(file),
    freeSpins: freeSpinsOf(file),
    accept: policy.accept,
    giveUpAfter: policy.giveUpAfter,
    retention: policy.retention,
    rememberUnknown: policy.rememberUnknown ?? policy.retention,
    findByPlayer: policy.findByPlayer,
    deadline: platform.timeout - margin,
    lease: Math.round(platform.timeout * 1.5),
    storing: Math.min(journalWrite, Math.round(platform.timeout / 20)),
  };
  reportTimes(file, terms, plans, report);
  reportForgetting(file, report);
  reportRisks(terms, report);
  return terms;
}

function reportTimes({ wallet, operations }: OperatorFile, terms: Terms, plans: UndoPlans, report: Report): void {
  const walletCalls = terms.betWinAsLegs ? 2 : 1;
  const storing = (walletCalls + 1) * terms.storing;
  const needed = walletCalls * wallet.timeout + storing;
  if (needed >= terms.deadline) {
    const most = Math.ceil((terms.deadline - storing) / walletCalls) - 1;
    const shorter = most > 0 ? `a wallet.timeout of ${most}ms at most, or ` : '';
    report(
      ['wallet', 'timeout'],
      `${walletCalls} wallet calls and the journal may take ${needed} ms, and platform.timeout leaves ${terms.deadline} ms; ` +
        `expected ${shorter}a longer platform.timeout`,
    );
  }
  const settled: [Path, number][] = [];
  const note = (at: Path, own: number | undefined, settle: number) =>
    settled.push([own === undefined ? ['wallet', 'settle'] : [...at, 'settle'], settle]);
  for (const kind of moneyKinds) {
    const operation = operations[kind];
    if (operation !== 'legs') note(['operations', kind], operation.settle, terms.legs[kind].settle);
    const plan = plans[kind];
    if (plan?.kind === 'mapping') note(plan.path, plan.mapping.settle, terms.legs[kind].undo?.settle ?? 0);
  }
  for (const [path, settle] of settled)
    if (settle <= terms.lease)
      report(
        path,
        `${settle} ms is within the time a call of another process may still be under way (${terms.lease} ms); expected more than that, or a shorter platform.timeout`,
      );
}

/** A sign has no time in it, so what is forgotten may be sent again by whoever kept a copy. */
function reportForgetting(
  { policy: { retention, rememberUnknown = retention, risks } }: OperatorFile,
  report: Report,
): void {
  const isMeant = risks.includes('shortRetention');
  const otherwise = 'expected at least 24h, or policy.risks: [shortRetention] if that is meant';
  if (retention < shortestRetention && !isMeant)
    report(
      ['policy', 'retention'],
      'a finished transactionID is forgotten within a day, and a copy of its callback then moves money again; ' +
        otherwise,
    );
  if (rememberUnknown > retention)
    report(['policy', 'rememberUnknown'], 'nothing is remembered longer than policy.retention; expected at most that');
  else if (rememberUnknown < Math.min(shortestRetention, retention) && !isMeant)
    report(
      ['policy', 'rememberUnknown'],
      'a rollback of what never came is forgotten within a day, and what it names then moves money; ' + otherwise,
    );
}

function reportRisks(terms: Terms, report: Report): void {
  const warning = { severity: 'warning' } as const;
  for (const operation of ['deposit', 'rollback'] as const)
    if (terms.whenUnresolved[operation] === 'fail')
      report(
        ['operations', operation],
        'whenUnresolved: fail tells the platform a failure it never repeats; expected accept or askAgain',
        warning,
      );
  if (terms.whenJournalDown === 'fail')
    report(
      ['policy', 'whenJournalDown'],
      'fail tells a bet that stands as failed when it comes again while the journal is away; expected askAgain, unless the platform never repeats a bet',
      warning,
    );
  for (const kind of terms.betWinAsLegs ? (['withdraw', 'deposit'] as const) : moneyKinds) {
    const { repeatable, lookup, undo } = terms.legs[kind];
    const canVoid = kind !== 'deposit' && (undo?.cancelFirst === true || undo?.knows === true);
    if (repeatable === 'no' && !lookup && !canVoid)
      report(
        ['operations', kind],
        'without an answer nobody can find out what became of a call, so a person must; expected repeatable, a lookup, cancelFirst or undoKnows if the wallet has one',
        { ...warning, key: true },
      );
  }
}
