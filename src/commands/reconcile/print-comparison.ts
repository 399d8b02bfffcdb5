// What a comparison found, as lines for people or as one for programs. Amounts have two decimals at least.

import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import { findingKinds, shown, type Comparison, type Finding } from './compare-books.js';

/** Exit code 0: all agrees or is explained; 1: something does not. */
export function printComparison(comparison: Comparison, format: Format): Printed {
  return {
    lines: format === 'json' ? [asJson(comparison)] : inWords(comparison),
    exitCode: comparison.findings.every(({ kind }) => kind === 'explained') ? 0 : 1,
  };
}

function inWords({ findings, totals }: Comparison): string[] {
  const lines = findings.map(({ kind, agentID, transactionID, what }) =>
    [kind.padEnd(11), agentID, transactionID, what].filter((part) => part !== undefined).join(' '),
  );
  const sums = totals.map(
    ({ agentID, transactions, due, found, unfinished }) =>
      `${agentID}: ${transactions} transactions, ${unfinished} unfinished; of the others the journal has ${shown(due)}, ` +
      `the wallet ${shown(found)}, difference ${shown(found.minus(due))}`,
  );
  return [
    ...lines,
    ...sums,
    counted(findings)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', '),
  ];
}

function asJson({ findings, totals }: Comparison): string {
  return JSON.stringify({
    findings: findings.map(({ due, found, ...rest }) => ({
      ...rest,
      ...(due && { due: shown(due) }),
      ...(found && { found: shown(found) }),
    })),
    totals: totals.map(({ due, found, ...rest }) => ({ ...rest, due: shown(due), found: shown(found) })),
    counts: Object.fromEntries(counted(findings)),
  });
}

const counted = (findings: readonly Finding[]): [kind: string, count: number][] =>
  findingKinds.map((kind) => [kind, findings.filter((finding) => finding.kind === kind).length]);
