// What a comparison found, as lines for people or as one for programs. Amounts have two decimals at least.

import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { Comparison } from '../../books/compare-books.js';
import { findingKinds, findingMeanings, type Finding, type FindingKind } from '../../books/findings.js';
import { shown } from '../../books/sums.js';

/** Exit code 0: all agrees or is explained; 1: something does not. */
export function printComparison(comparison: Comparison, format: Format): Printed {
  return {
    lines: format === 'json' ? [asJson(comparison)] : inWords(comparison),
    exitCode: comparison.findings.every(({ kind }) => kind === 'explained') ? 0 : 1,
  };
}

function inWords({ findings, totals, sums, unknown }: Comparison): string[] {
  return [
    ...findings.map(({ kind, agentID, transactionID, what }) =>
      [kind.padEnd(11), agentID, transactionID, what].filter((part) => part !== undefined).join(' '),
    ),
    ...totals.map((of) => `${of.agentID}: ${countedIn(of)}; of the others ${bothSides(of)}`),
    ...sums.map((of) => `${[of.day, of.currency ?? '-', of.kind].join(' ')}: ${countedIn(of)}; ${bothSides(of)}`),
    ...unknown.map(
      ({ book, currency, rows, sum }) => `not in the journal: ${shown(sum, currency)} in ${rows} rows of the ${book}`,
    ),
    ...kindsIn(findings).map((kind) => `${kind}: ${findingMeanings[kind].remedy}`),
    counted(findings)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', '),
  ];
}

type Both = Comparison['totals' | 'sums'][number];

const countedIn = ({ transactions, unfinished }: Both): string =>
  `${transactions} transactions, ${unfinished} unfinished`;
const bothSides = ({ due, found }: Both): string =>
  `the journal has ${shown(due)}, the wallet ${shown(found)}, difference ${shown(found.minus(due))}`;

function asJson({ findings, totals, sums, unknown }: Comparison): string {
  return JSON.stringify({
    findings: findings.map(({ due, found, ...rest }) => ({
      ...rest,
      ...(due && { due: shown(due) }),
      ...(found && { found: shown(found) }),
    })),
    totals: totals.map(({ due, found, ...rest }) => ({ ...rest, due: shown(due), found: shown(found) })),
    sums: sums.map(({ due, found, ...rest }) => ({
      ...{ ...rest, due: shown(due), found: shown(found), difference: shown(found.minus(due)) },
    })),
    unknown: unknown.map(({ sum, ...rest }) => ({ ...rest, sum: shown(sum) })),
    counts: Object.fromEntries(counted(findings)),
    remedies: Object.fromEntries(kindsIn(findings).map((kind) => [kind, findingMeanings[kind].remedy])),
  });
}

const kindsIn = (findings: readonly Finding[]): FindingKind[] =>
  findingKinds.filter((kind) => findings.some((finding) => finding.kind === kind));

const counted = (findings: readonly Finding[]): [kind: string, count: number][] =>
  findingKinds.map((kind) => [kind, findings.filter((finding) => finding.kind === kind).length]);
