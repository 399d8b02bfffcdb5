// `simulate`: plays the platform. Against an operator's own file it needs no wallet and no Redis: it answers
// in the wallet's place by what the file's own rules call a yes and a no. Against a running service it needs
// nothing but its address, and judges what it is answered.

import type { Command } from 'commander';
import { sceneLines } from '../demo/print-scenes.js';
import { formatOption, type Format } from './options.js';
import { complain, print, printLine } from './print.js';
import { secretMask } from './secret-mask.js';
import { prepare } from './simulate/prepare.js';
import { exchangeLines } from './simulate/print-exchange.js';
import { printCannot, printRehearsal } from './simulate/print-rehearsal.js';
import { rehearse } from './simulate/rehearse.js';
import { addTargetOptions, collected, type TargetOptions } from './simulate/target-options.js';
import { simulateTarget } from './simulate/target.js';

interface SimulateOptions extends TargetOptions {
  readonly format: Format;
  readonly verbose: boolean;
}

export function declareSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description(
      'play the platform: rehearse an operator file, the bridge between a platform and a sandbox wallet made of the file; or, with --target, judge a callback service that runs. Exit code 0: all as due, 1: something is wrong, 2: could not be rehearsed',
    )
    .argument('[file]', 'operator file, where there is no --target')
    .option('--agent <agentID>', 'the agent to play; the first of the file where it is not given')
    .option(
      '--player <userID>',
      'one player for all scenes; made up to fit platform.formats where it is not given. With --target: a player of a TEST wallet whom nobody else plays, once for each',
      collected,
    )
    .option('--verbose', 'print each wallet request and reply, secrets masked', false)
    .addOption(formatOption());
  addTargetOptions(command)
    .addHelpText(
      'after',
      `
With --format json: one line { operator, agentID, books, held, leftOut, unreached, untold, wrong }, or { because, untold }
where nothing could be rehearsed. With --target: { seed, callbacks, seconds, rounds, scenes, milliseconds, players, total,
broken, notes }.`,
    )
    .action(simulate);
}

async function simulate(file: string | undefined, options: SimulateOptions): Promise<void> {
  const { target, player: players = [] } = options;
  if (file === undefined && target !== undefined) await simulateTarget(options);
  else if (file === undefined) complain(['name an operator file, or a running service with --target']);
  else if (target !== undefined) complain(['an operator file is rehearsed, a --target is played against: not both']);
  else if (players.length > 1) complain(['a rehearsal has one --player']);
  else await simulateFile(file, { ...options, player: players[0] });
}

async function simulateFile(
  file: string,
  {
    format,
    agent,
    player,
    verbose,
  }: Pick<SimulateOptions, 'format' | 'agent' | 'verbose'> & { player?: string | undefined },
): Promise<void> {
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
