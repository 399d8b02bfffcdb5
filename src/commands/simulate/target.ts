// `simulate --target`: the platform against a callback service that runs, ours or any other.

import { playRounds, whyNotToPlay } from '../../stand-ins/rounds/run.js';
import { onEndSignal } from '../end-signals.js';
import type { Format } from '../options.js';
import { complain, print, write } from '../print.js';
import { printRun, progressLine } from './print-target.js';
import { readTargetOptions, type TargetOptions } from './target-options.js';

const progressEverySeconds = 5;
const interrupted = 130;

/**
 * Exit code 0: no rule was broken; 1: one was, or the run broke off; 2: it could not begin. Interrupted once,
 * it plays to its end what is under way and says what it found.
 */
export async function simulateTarget(options: TargetOptions & { readonly format: Format }): Promise<void> {
  const run = readTargetOptions(options, process.env);
  if (!('targets' in run)) {
    complain(run);
    return;
  }
  const because = await whyNotToPlay(run);
  if (because !== null) {
    complain([because]);
    return;
  }
  const say = (line: string): void => write(process.stderr, `${line}\n`);
  say(
    `playing ${run.players.length} ${run.players.length === 1 ? 'player' : 'players'} of ${run.agentID} at ${run.targets.join(', ')}, seed ${run.seed}`,
  );
  const stop = new AbortController();
  onEndSignal(() => {
    // Whoever asks twice does not want the end of what is under way either.
    if (stop.signal.aborted) process.exit(interrupted);
    stop.abort();
  });
  let told = 0;
  const report = await playRounds({
    ...run,
    stop: stop.signal,
    onProgress: (progress) => {
      if (progress.seconds - told < progressEverySeconds) return;
      told = progress.seconds;
      say(progressLine(progress));
    },
  });
  print(printRun(report, run, options.format));
}
