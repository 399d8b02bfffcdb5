// `serve`: the bridge itself, until a signal ends it. Where it must not start, it says why in sentences.

import type { Command } from 'commander';
import { startApp } from '../app.js';
import { StartRefused } from '../own-process.js';
import { onEndSignal } from './end-signals.js';
import { createLog } from '../observe/log.js';
import { describeSettings, readSettings } from '../settings.js';

export function declareServe(program: Command): void {
  program
    .command('serve')
    .description('answer the platform’s callbacks')
    .addHelpText('after', `\nSettings (environment):\n${describeSettings()}`)
    .action(serve);
}

async function serve(): Promise<void> {
  const read = readSettings(process.env);
  if ('problems' in read) refuse(read.problems);
  const log = createLog(read.settings.LOG_LEVEL, undefined, read.settings.LOG_FORMAT);
  try {
    const starting = startApp(read.settings, process.env, log);
    // From the first moment on, because until somebody listens to it this signal ends the process.
    process.on('SIGHUP', () => {
      starting.then(
        (app) => app.reload(),
        () => undefined,
      );
    });
    const app = await starting;
    let ending: Promise<never> | undefined;
    // Until here nothing was promised to anybody, and the signal ended the process at once. A terminal, and npm
    // behind it, say it twice: the second time must not cut short what runs.
    onEndSignal(() => {
      ending ??= app.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  } catch (error) {
    if (error instanceof StartRefused) refuse(error.lines);
    throw error;
  }
}

function refuse(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}
