// The command line as a whole: which command was meant, and what becomes of one nobody can mean. It must
// never guess: a command that is not understood does nothing, and above all starts no server.

import { Command, CommanderError } from 'commander';
import { ownVersion } from '../version.js';
import { write } from './print.js';

/** Adds one command, with its options and what it does. */
export type Declare = (program: Command) => void;

/** What a shell and its scripts know as "you asked it wrong"; 1 is each command's own. */
const misused = 2;

/** Runs the command the process was started with; without any words, `serve`. Sets the exit code. */
export async function runCommandLine(commands: readonly Declare[]): Promise<void> {
  const program = new Command('wallet-bridge')
    .description('Bridges GitSlotPark’s wallet callbacks to a wallet you already have.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => write(process.stdout, text),
      writeErr: (text) => write(process.stderr, text),
    })
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      write(process.stdout, `${ownVersion()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    });
  for (const declare of commands) declare(program);
  const words = process.argv.slice(2);
  try {
    await program.parseAsync(words.length === 0 ? ['serve'] : words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : misused;
  }
}
