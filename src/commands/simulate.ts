// `simulate`: plays the platform. Against an operator's own file it needs no wallet and no Redis: it answers
// in the wallet's place by what the file's own rules call a yes and a no.

import type { Command } from 'commander';
import { sceneLines } from '../demo/print-scenes.js';
import { formatOption, type Format } from './options.js';
import { print, printLine } from './print.js';
import { secretMask } from './secret-mask.js';
import { prepare } from './simulate/prepare.js';
import { exchangeLines } from './simulate/print-exchange.js';
import { printCannot, printRehearsal } from './simulate/print-rehearsal.js';
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
    .option('--player <userID>', 'one player for all scenes; made up to fit platform.formats where it is not given')
    .option('--verbose', 'print each wallet request and reply, secrets masked', false)
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
With --format json: one line { operator, agentID, books, held, leftOut, unreached, untold, wrong }, or { because, untold }
where nothing could be rehearsed.`,
    )
    .action(simulateFile);
}

async function simulateFile(file: string, { format, agent, player, verbose }: SimulateOptions): Promise<void> {
  const { env } = process;
  const prepared = prepare(file, { env, agent, player });
  if ('because' in prepared) {
    print(printCannot(prepared, format));
    return;
  }
  const mask = secretMask(prepared.operator, env);
  const say = (lines: readonly string[]): void => {
    if (format === 'text') lines.map(mask).forEach(printLine);
  };
  const rehearsal = await rehearse(prepared, {
    tell: (event) => say(sceneLines(event)),
    exchanged: (event) => {
      if (verbose) say(exchangeLines(event));
    },
  });
  print(printRehearsal(rehearsal, format));
}
