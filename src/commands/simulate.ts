// `simulate`: plays the platform. Against an operator's own file it needs no wallet and no Redis: it answers
// in the wallet's place by what the file's own rules call a yes and a no.

import type { Command } from 'commander';
import { formatOption, type Format } from './options.js';
import { rehearse } from './simulate/rehearse.js';

interface SimulateOptions {
  readonly format: Format;
  readonly agent?: string;
  readonly player?: string;
  readonly verbose: boolean;
}

export function declareSimulate(program: Command): void {
  program
    .command('simulate')
    .description(
      'rehearse an operator file: the bridge between a platform and a sandbox wallet made of the file; exit code 0: all as due, 1: something is wrong, 2: could not be rehearsed',
    )
    .argument('<file>', 'operator file')
    .option('--agent <agentID>', 'the agent to play; the first of the file where it is not given')
    .option('--player <userID>', 'what its players are called; made up to fit platform.formats where it is not given')
    .option('--verbose', 'print each wallet request and reply, secrets masked', false)
    .addOption(formatOption())
    .action(async (file: string, options: SimulateOptions) => {
      process.exitCode = await rehearse(file, options);
    });
}
