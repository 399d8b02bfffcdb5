// What a run against a running service found, as lines for people or as one for programs. Amounts have two
// decimals; no key and no sign is in it.

import { formatCents } from '../../stand-ins/cents.js';
import type { Finding } from '../../stand-ins/rounds/findings.js';
import { NOTES, RULES } from '../../stand-ins/rounds/rules.js';
import type { Books, Percentiles, Progress, Report, RunOptions } from '../../stand-ins/rounds/run.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';

/** Exit code 0: no rule was broken; 1: one was, or the run did not come to its end. */
export function printRun(report: Report, { seed, rate }: RunOptions, format: Format): Printed {
  const isClean = report.findings.rules.size === 0 && report.stopped === undefined;
  return {
    lines: format === 'json' ? [asJson(report, seed)] : inWords(report, seed, rate),
    exitCode: isClean ? 0 : 1,
  };
}

export function progressLine({ seconds, delivered, rounds, broken, latency }: Progress): string {
  const found = broken === 0 ? 'no rule broken' : `rules broken ${times(broken)}`;
  const rate = (delivered / Math.max(seconds, 0.001)).toFixed(1);
  return `${seconds.toFixed(0).padStart(5)} s  ${delivered} callbacks (${rate}/s), ${rounds} rounds, p50 ${ms(latency.p50)}, p99 ${ms(latency.p99)}, ${found}`;
}

function inWords(report: Report, seed: number, rate: number): string[] {
  const { delivered, seconds, rounds, operations, latency, players, total, findings, stopped } = report;
  const reached = (delivered / Math.max(seconds, 0.001)).toFixed(1);
  return [
    `${delivered} callbacks in ${seconds.toFixed(1)} s: ${reached} a second, ${rate} asked for. ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, seed ${seed}.`,
    ...(stopped === undefined ? [] : [`Stopped early: ${stopped}.`]),
    '',
    ...table([
      ['', 'callbacks', 'p50', 'p90', 'p99', 'longest'],
      ...[...operations].map(([name, percentiles]) => [name, ...timesOf(percentiles)]),
      ['all', ...timesOf(latency)],
    ]),
    '',
    ...table([
      ['', 'at the start', 'staked', 'won', 'bets back', 'wins back', 'due', 'at the end'],
      ...[...players].map(([userID, books]) => [userID, ...moneyOf(books)]),
      ...(players.size > 1 ? [['all', ...moneyOf({ ...sums(players), ...total })]] : []),
    ]),
    '',
    ...found(findings.rules, RULES, 'No rule was broken.', 'Rules broken:'),
    ...(findings.notes.size === 0 ? [] : ['', ...found(findings.notes, NOTES, '', 'Allowed, and worth knowing:')]),
  ];
}

function found<Name extends string>(
  all: ReadonlyMap<Name, { readonly count: number; readonly examples: readonly Finding[] }>,
  sentences: Readonly<Record<Name, string>>,
  none: string,
  title: string,
): string[] {
  if (all.size === 0) return [none];
  const lines = [...all].flatMap(([name, { count, examples }]) => [
    '',
    `${name}, ${times(count)}: ${sentences[name]}`,
    ...examples.flatMap(({ scene, why, sent, came }) => [
      `  in ${scene}: ${why}`,
      ...(sent === '' ? [] : [`    sent ${sent}`]),
      ...(came === '' ? [] : [`    came ${came}`]),
    ]),
  ]);
  return [title, ...lines];
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const ms = (time: number): string => `${time.toFixed(1)} ms`;
const timesOf = ({ count, p50, p90, p99, most }: Percentiles): string[] => [
  String(count),
  ms(p50),
  ms(p90),
  ms(p99),
  ms(most),
];
const money = (cents: bigint | undefined): string => (cents === undefined ? 'not told' : formatCents(cents));
const moneyOf = ({ opening, staked, won, betsBack, winsBack, due, closing }: Books): string[] =>
  [opening, staked, won, betsBack, winsBack, due, closing].map(money);

/** Of all players; undefined where somebody's balance was never told. */
function sums(players: Report['players']): Pick<Books, 'opening' | 'due' | 'closing'> {
  const sum = (name: 'opening' | 'due' | 'closing'): bigint | undefined =>
    [...players.values()].reduce<bigint | undefined>((all, books) => {
      const cents = books[name];
      return all === undefined || cents === undefined ? undefined : all + cents;
    }, 0n);
  return { opening: sum('opening'), due: sum('due'), closing: sum('closing') };
}

/** The first column to the left, all others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function asJson(report: Report, seed: number): string {
  const { delivered, seconds, rounds, scenes, operations, latency, players, total, findings, stopped } = report;
  return JSON.stringify(
    {
      seed,
      callbacks: delivered,
      seconds,
      rounds,
      ...(stopped !== undefined && { stopped }),
      scenes: Object.fromEntries(scenes),
      milliseconds: { ...Object.fromEntries(operations), all: latency },
      players: Object.fromEntries(players),
      total: { ...sums(players), ...total },
      broken: Object.fromEntries(findings.rules),
      notes: Object.fromEntries(findings.notes),
    },
    (_name, value: unknown) => (typeof value === 'bigint' ? formatCents(value) : value),
  );
}
