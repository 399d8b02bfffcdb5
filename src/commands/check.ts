// `check`: everything the service would say of operator files at its start, and their examples besides. It
// uses the loader of the service, so that a file it passes is a file that runs. It calls no wallet.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { loadOperators } from '../operators/load.js';
import { printReport, type CheckReport } from './check/print-report.js';
import { runExamples } from './check/run-examples.js';
import { formatOption, type Format } from './options.js';
import { print, type Printed } from './print.js';

export function declareCheck(program: Command): void {
  program
    .command('check')
    .description('check operator files; exit code 0: fine, 1: something is wrong, 2: could not check')
    .argument('<file...>', 'operator files')
    .addOption(formatOption())
    .option('--strict', 'warnings are wrong, too', false)
    .option('--secrets', 'secrets and addresses must be set here, as where the bridge runs', false)
    .addHelpText(
      'after',
      `
With --format json: one line { operators, problems, failed, unset }. operators: names of those without an error; problems: a
list of { severity: error | warning, file, line, col, path, message }; failed: why nothing was checked, otherwise empty; unset:
names of secrets that are not set here, as operator.name.`,
    )
    .action((files: string[], options: { format: Format; strict: boolean; secrets: boolean }) =>
      print(runCheck(files, { ...options, env: process.env })),
    );
}

type Environment = Readonly<Record<string, string | undefined>>;

interface CheckOptions {
  readonly format: Format;
  /** Warnings fail, too. */
  readonly strict?: boolean;
  /** What is not set is an error. */
  readonly secrets?: boolean;
  readonly env: Environment;
}

/**
 * Exit code 0: no errors, warnings at most; 1: errors, or warnings where strict; 2: nothing could be checked.
 */
export function runCheck(
  files: readonly string[],
  { format, strict = false, secrets = false, env }: CheckOptions,
): Printed {
  return printReport(checkFiles(files, env, secrets), { format, strict });
}

/** `files` may name directories. */
function checkFiles(files: readonly string[], env: Environment, mustBeSet: boolean): CheckReport {
  const missing = files.filter((file) => !existsSync(file));
  if (files.length === 0 || missing.length > 0) {
    const failed = files.length === 0 ? ['no file given'] : missing.map((file) => `${file}: no such file`);
    return { operators: [], problems: [], failed, unset: [] };
  }
  const { operators, problems } = loadOperators(files, { env, standIns: !mustBeSet, inspect: runExamples });
  const unset = operators.flatMap(({ name, unset: names }) => names.map((secret) => `${name}.${secret}`));
  return { operators: operators.map(({ name }) => name), problems, failed: [], unset };
}
