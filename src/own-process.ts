// What every step of the start is given, and what the process is at.

import type { Journal, Sample } from './domain/ports.js';
import type { Log } from './observe/log.js';
import type { Monitor } from './observe/monitor.js';
import type { Loaded } from './operators/load.js';
import type { Settings } from './settings.js';

/** The bridge must not start like this; each line says what is wrong and what to do. */
export class StartRefused extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** What a process is at, and why callbacks are not to be sent to it then. */
export const phases = {
  starting: 'starting: operator files are read, or Redis is waited for',
  serving: undefined,
  leaving: 'stopping: it still answers; send what is new to others',
  ending: 'stopping: what runs is finished',
} as const;

/** What there is to show of the process, as far as it has come. */
interface Shown {
  /** What its operators were read from. */
  loaded?: Loaded;
  journal?: Journal;
  counted?: { readonly sample: Sample; readonly at: number };
}

/** What every step of the start is given. */
export interface Process {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly monitor: Monitor;
  phase: keyof typeof phases;
  /** Callbacks since the start. */
  answered: number;
  /** Since it was told to end (monotonic ms), and how many were answered by then. */
  stopping?: { readonly since: number; readonly answered: number };
  /** Unfinished records at its end; undefined where they could not be counted. */
  left?: number | undefined;
  readonly shown: Shown;
  /** Lets go of what was begun, the last first. */
  readonly endings: (() => unknown)[];
}

/** Whoever comes is answered: until just before its end a process that is not ready any more serves as before. */
export const serves = ({ phase }: Process): boolean => phase === 'serving' || phase === 'leaving';
