#!/usr/bin/env node
// The command line. Each command is one step into its module; what it prints and its exit code come from there.

import { Command, Option } from 'commander';
import { StartRefused, startApp } from './app.js';
import { createLog } from './observe/log.js';
import { describeSettings, readSettings } from './settings.js';
import { runCheck } from './tools/check.js';
import { runDemo } from './tools/demo.js';
import { runExplain } from './tools/explain.js';

function print(lines: readonly string[], exitCode: number): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exitCode = exitCode;
}

function refuse(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

async function serve(): Promise<void> {
  const read = readSettings(process.env);
  if ('problems' in read) refuse(read.problems);
  const log = createLog(read.settings.LOG_LEVEL);
  try {
    const app = await startApp(read.settings, process.env, log);
    const end = (): void =>
      void app.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    process.once('SIGTERM', end).once('SIGINT', end);
  } catch (error) {
    if (error instanceof StartRefused) refuse(error.lines);
    throw error;
  }
}

const program = new Command('wallet-bridge').description(
  'Bridges GitSlotPark’s wallet callbacks to a wallet you already have.',
);

program
  .command('serve', { isDefault: true })
  .description('answer the platform’s callbacks')
  .addHelpText('after', `\nSettings (environment):\n${describeSettings()}`)
  .action(serve);

program
  .command('check')
  .description('check operator files; exit code 0: fine, 1: something is wrong, 2: could not check')
  .argument('<file...>', 'operator files')
  .addOption(
    new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const),
  )
  .action((files: string[], { format }: { format: 'text' | 'json' }) => {
    const { lines, exitCode } = runCheck(files, { format, env: process.env });
    print(lines, exitCode);
  });

const kinds = ['withdraw', 'deposit', 'betWin'] as const;

program
  .command('explain')
  .description(
    'show the exact request your wallet would get, secrets masked, and what a reply would become, rule by rule',
  )
  .argument('<file>', 'operator file')
  .argument('<operation>', 'getBalance, withdraw, deposit, betWin, rollback or lookup')
  .addOption(new Option('--of <kind>', 'of a rollback or lookup: what it is about').choices(kinds))
  .option('--field <name=value...>', 'fields of the callback instead of made-up ones', [])
  .option('--reply <file>', 'a JSON file { status, headers, body }: what would become of this reply')
  .action(
    (file: string, operation: string, options: { of?: (typeof kinds)[number]; field: string[]; reply?: string }) => {
      const fields = Object.fromEntries(
        options.field.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)]),
      );
      const { lines, exitCode } = runExplain(file, operation, {
        env: process.env,
        fields,
        ...(options.of === undefined ? {} : { of: options.of }),
        ...(options.reply === undefined ? {} : { replyFile: options.reply }),
      });
      print(lines, exitCode);
    },
  );

program
  .command('demo')
  .description('play a platform against a stand-in wallet, through the bridge')
  .option('--serve', 'stay up afterwards, and print curl lines to try', false)
  .action(async ({ serve: stay }: { serve: boolean }) => {
    process.exitCode = await runDemo({ serve: stay });
  });

await program.parseAsync();
