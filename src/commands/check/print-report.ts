// What `check` found, as lines for people or as one for programs.

import { isError } from '../../operators/load.js';
import { formatProblem, type Problem } from '../../yaml/diagnostics.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';

/** As `--format json` prints it, in one line. Keys may be added; none is renamed, removed or left out. */
export interface CheckReport {
  /** Names of the operators without an error. */
  readonly operators: readonly string[];
  readonly problems: readonly Problem[];
  /** Why nothing was checked; otherwise empty. */
  readonly failed: readonly string[];
  /** Secrets that are not set here, as `operator.name`. */
  readonly unset: readonly string[];
}

export function printReport(
  report: CheckReport,
  { format, strict }: { readonly format: Format; readonly strict: boolean },
): Printed {
  const { problems, failed, unset } = report;
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const inWords =
    failed.length > 0 ? failed : [...problems.map(formatProblem), counted(errors, warnings), ...notSet(unset)];
  return {
    lines: format === 'json' ? [JSON.stringify(report)] : inWords,
    exitCode: failed.length > 0 ? 2 : errors > 0 || (strict && warnings > 0) ? 1 : 0,
  };
}

const counted = (errors: number, warnings: number): string =>
  `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
const notSet = (unset: readonly string[]): string[] =>
  unset.length === 0
    ? []
    : [`${count(unset.length, 'secret')} not set here: ${unset.join(', ')}; --secrets demands what serve demands`];
const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
