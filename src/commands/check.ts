// `check`: everything the service would say of operator files at its start, and their examples besides. It uses the loader of the
// service, so that a file it passes is a file that runs. It calls no wallet.

import { existsSync } from 'node:fs';
import { formatProblem, type Problem } from '../yaml/diagnostics.js';
import { isError, loadOperators } from '../operators/load.js';
import { runExamples } from './check/run-examples.js';

export interface CheckOptions {
  readonly format: 'text' | 'json';
  /** Warnings fail, too. */
  readonly strict?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `--format json` prints, in one line. Keys may be added; none is renamed, removed or left out. */
interface CheckReport {
  /** Names of the operators without an error. */
  readonly operators: readonly string[];
  readonly problems: readonly Problem[];
  /** Why nothing was checked; otherwise empty. */
  readonly failed: readonly string[];
}

/** Exit code 0: no errors, warnings at most; 1: errors, or warnings where strict; 2: nothing could be checked. `files` may name directories. */
export function runCheck(
  files: readonly string[],
  { format, strict = false, env }: CheckOptions,
): { lines: string[]; exitCode: 0 | 1 | 2 } {
  const printed = (report: CheckReport, text: () => string[]) =>
    format === 'json' ? [JSON.stringify(report)] : text();
  const missing = files.filter((file) => !existsSync(file));
  if (files.length === 0 || missing.length > 0) {
    const failed = files.length === 0 ? ['no file given'] : missing.map((file) => `${file}: no such file`);
    return { lines: printed({ operators: [], problems: [], failed }, () => failed), exitCode: 2 };
  }
  const { operators, problems } = loadOperators(files, { env, inspect: runExamples });
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const lines = printed({ operators: operators.map(({ name }) => name), problems, failed: [] }, () => [
    ...problems.map(formatProblem),
    `${count(errors, 'error')}, ${count(warnings, 'warning')}`,
  ]);
  return { lines, exitCode: errors > 0 || (strict && warnings > 0) ? 1 : 0 };
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
