// `demo`: plays the main job on one machine, with nothing prepared.

import type { Command } from 'commander';
import { runDemo } from '../demo/demo.js';
import { onEndSignal } from './end-signals.js';
import { printLine } from './print.js';

export function declareDemo(program: Command): void {
  program
    .command('demo')
    .description('play a platform against a stand-in wallet, through the bridge')
    .option('--serve', 'stay up afterwards, and print curl lines to try', false)
    .action(async ({ serve }: { serve: boolean }) => {
      // It ends its own processes, and clears up.
      onEndSignal();
      process.exitCode = await runDemo({ serve, out: printLine });
    });
}
