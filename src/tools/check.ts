// `check`: everything the service would say of operator files at its start, and their examples besides. It uses the loader of the
// service, so that a file it passes is a file that runs. It calls no wallet.

import { existsSync } from 'node:fs';
import { formatProblem } from '../operators/diagnostics.js';
import { isError, loadOperators } from '../operators/load.js';
import { runExamples } from './run-examples.js';

export interface CheckOptions {
  readonly format: 'text' | 'json';
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit code 0: no errors, warnings at most; 1: errors; 2: nothing could be checked. `files` may name directories. */
export function runCheck(
  files: readonly string[],
  { format, env }: CheckOptions,
): { lines: string[]; exitCode: 0 | 1 | 2 } {
  const missing = files.filter((file) => !existsSync(file));
  if (files.length === 0 || missing.length > 0) {
    const lines = files.length === 0 ? ['no file given'] : missing.map((file) => `${file}: no such file`);
    return { lines: format === 'json' ? [JSON.stringify({ failed: lines })] : lines, exitCode: 2 };
  }
  const { operators, problems } = loadOperators(files, { env, inspect: runExamples });
  const errors = problems.filter(isError).length;
  const exitCode = errors > 0 ? 1 : 0;
  if (format === 'json')
    return { lines: [JSON.stringify({ operators: operators.map(({ name }) => name), problems })], exitCode };
  const warnings = problems.length - errors;
  return {
    lines: [...problems.map(formatProblem), `${count(errors, 'error')}, ${count(warnings, 'warning')}`],
    exitCode,
  };
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
