// Everything that decides what can still happen to one transaction: journal, wallet, calls on their way,
// handlers at work, time, and what the platform was told. Immutable, so that worlds can branch.

import type { ResultName } from '../../src/domain/outcome.js';
import type { Stored } from '../../src/domain/ports.js';
import type { Run, WorldEffect } from './replay.js';
import { nothingLeft, type Budgets, type Fault, type Scenario } from './scenario.js';
import { untouched, type Account } from './wallet-kinds.js';

/** A wallet call that left. */
export interface Message {
  readonly sentAt: number;
  readonly call: 'send' | 'undo';
  readonly leg: number;
}

/** A handler at work. */
export interface Task {
  readonly run: Run;
  /** What it waits for. */
  readonly effect: WorldEffect;
  /** It stood still just after its call left. */
  readonly sentAt?: number;
  /** Its write made this revision, the answer was lost, and it asks again under the same write id. */
  readonly wrote?: number;
  /** Time passes without it. */
  readonly paused?: true;
  /** Its machine is suspended: its own clocks stand still meanwhile. */
  readonly asleep?: true;
  /** Milliseconds its monotonic clock has missed so. */
  readonly lost: number;
}

/** Answers the platform still waited for. */
export interface Told {
  readonly success: boolean;
  readonly failure?: ResultName;
  /** A rollback was answered 0, 8 or 9. */
  readonly undone: boolean;
}

export interface World {
  readonly now: number;
  readonly stored?: Stored;
  /** Absent: not listed. */
  readonly due?: number;
  /** One for each leg. */
  readonly accounts: readonly Account[];
  /** Calls nobody waits for any more. */
  readonly messages: readonly Message[];
  readonly tasks: readonly Task[];
  readonly told: Told;
  readonly left: Budgets;
  /** Since then lookups may say "not found" of what is there, for less than `settle`. */
  readonly blindSince?: number;
  /** The operator's file names another wallet now. */
  readonly moved?: true;
  /** The wallet has said no to something. */
  readonly refused?: true;
  /** Which promise is broken. */
  readonly broken?: string;
}

export function firstWorld({ operation, operator, budgets }: Scenario): World {
  const inLegs = operation === 'betWin' && operator.terms.betWinAsLegs;
  return {
    now: 1_000_000,
    accounts: inLegs ? [untouched, untouched] : [untouched],
    messages: [],
    tasks: [],
    told: { success: false, undone: false },
    left: budgets,
  };
}

export const mayHappen = ({ left }: World, fault: Fault): boolean => left.faults > 0 && left[fault] > 0;

/** The same world, in which `fault` may happen once less. */
export function after(world: World, fault: Fault): World {
  const { left } = world;
  const { originals, rollbacks } = left;
  if (left.faults === 1) return { ...world, left: { ...nothingLeft, originals, rollbacks } };
  return { ...world, left: { ...left, faults: left.faults - 1, [fault]: left[fault] - 1 } };
}

/** What of it can still land, should it have left by `sentAt`. */
export function messageOf({ effect }: Task, sentAt: number | undefined): Message[] {
  if (sentAt === undefined || effect.kind !== 'call') return [];
  const { kind, leg, transaction } = effect.call;
  if (kind === 'lookup' || kind === 'lookupUndo') return [];
  return [{ call: kind, sentAt, leg: transaction.legs.findIndex(({ reference }) => reference === leg.reference) }];
}

/** The last instant at which anybody looked at the journal or the clock for it. */
export const since = ({ answers, startedAt }: Run): number => answers.at(-1)?.at ?? startedAt;

/** How far its reading of the journal's clock is behind by now. */
export const lagOf = ({ run, lost }: Task): number => run.lag + lost - (run.answers.at(-1)?.lost ?? 0);

/** The revision it saw last. */
export function lastSeen({ answers }: Run): number | undefined {
  const last = answers.at(-1);
  if (last?.kind === 'read') return last.stored?.revision;
  if (last?.kind !== 'written') return undefined;
  const { written } = last;
  return written.kind === 'there' ? written.stored.revision : written.kind === 'done' ? written.revision : undefined;
}
