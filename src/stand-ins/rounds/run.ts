// One run: every player plays round after round, all of them paced together, until the rounds or the time are
// over; then the books are closed. It says what it found and never prints.
import { formatCents } from '../cents.js';
import type { Callback, Wire } from '../platform-callback.js';
import { PlatformLine } from '../platform-line.js';
import { Dice } from './dice.js';
import { Findings } from './findings.js';
import { whyNotToBegin } from './preflight.js';
import { noMoves, Purse, type Moves } from './purse.js';
import { Round, type Amounts, type Scene } from './round.js';
import { SCENES, TOP_UP, type SceneName } from './scenes.js';
import { SILENT, Table } from './table.js';

export interface RunOptions {
  readonly targets: readonly [string, ...string[]];
  readonly agentID: string;
  readonly key: string;
  readonly wire: Wire;
  readonly currency?: string | undefined;
  readonly players: readonly [string, ...string[]];
  /** Players who play at the same time. */
  readonly concurrency: number;
  /** Scenes that are played, and how often each. */
  readonly mix: ReadonlyMap<SceneName, number>;
  readonly rate: number;
  /** Whichever comes first ends the run; each scene is played once before any is played again. */
  readonly durationMs: number;
  readonly rounds: number;
  readonly timeoutMs: number;
  readonly pauseMs?: number;
  /** How long a balance may lag behind what was told. */
  readonly settleMs: number;
  readonly amounts: Amounts;
  readonly seed: number;
  /** Aborted: no new round begins; what is under way is played to its end. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Percentiles {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

export interface Progress {
  readonly seconds: number;
  readonly delivered: number;
  readonly rounds: number;
  readonly broken: number;
  readonly latency: Percentiles;
}

export interface Books extends Moves {
  readonly opening: bigint | undefined;
  readonly closing: bigint | undefined;
  /** What the balance at the end must be. */
  readonly due: bigint | undefined;
}

export interface Report extends Progress {
  readonly findings: Findings;
  readonly scenes: ReadonlyMap<string, number>;
  readonly operations: ReadonlyMap<Callback['operation'], Percentiles>;
  readonly players: ReadonlyMap<string, Books>;
  readonly total: Moves;
  /** Why it ended before its rounds and its time were over. */
  readonly stopped?: string;
}

/** What is under way when the time is over has so long to come to its end. */
const ENDS_WITHIN_MS = 30_000;
const PROGRESS_EVERY_MS = 1_000;
const OUT_OF_TIME = 'what was under way did not come to its end in time';

/** Why a run cannot begin; null where it can. */
export async function whyNotToPlay(options: RunOptions): Promise<string | null> {
  const line = lineOf(options);
  try {
    return await whyNotToBegin(line, options.targets, options.players);
  } finally {
    line.close();
  }
}

/** Plays a run. Rejects only for what is a mistake in itself. */
export async function playRounds(options: RunOptions): Promise<Report> {
  const { targets, key, timeoutMs, rate, currency } = options;
  const line = lineOf(options);
  const findings = new Findings(key);
  const over = new AbortController();
  const table = new Table({ line, findings, rate, targets: targets.length, over, currency });
  const run = new Run(options, table);
  const late = setTimeout(() => over.abort(OUT_OF_TIME), options.durationMs + ENDS_WITHIN_MS + 2 * timeoutMs);
  const progress = setInterval(() => options.onProgress?.(run.progress()), PROGRESS_EVERY_MS);
  try {
    await run.play();
  } catch (error) {
    if (!over.signal.aborted || error !== over.signal.reason) throw error;
  } finally {
    clearTimeout(late);
    clearInterval(progress);
    line.close();
  }
  return run.close(over.signal.aborted ? String(over.signal.reason) : undefined);
}

function lineOf({ targets, agentID, key, wire, timeoutMs, pauseMs }: RunOptions): PlatformLine {
  const pace = pauseMs === undefined ? {} : { pauseMs };
  return new PlatformLine({ baseUrls: targets, agentID, key, wire, timeoutMs, ...pace });
}

class Run {
  readonly #began = performance.now();
  readonly #purses: Purse[];
  readonly #scenes = new Map<string, number>();
  readonly #dice: Dice;
  /** Each scene once, before chance decides. */
  readonly #first: SceneName[];
  #rounds = 0;

  constructor(
    private readonly options: RunOptions,
    private readonly table: Table,
  ) {
    this.#purses = options.players.map((userID) => new Purse(userID));
    this.#dice = new Dice(options.seed);
    this.#first = this.#dice.shuffled([...options.mix.keys()]);
  }

  async play(): Promise<void> {
    const { concurrency, seed } = this.options;
    const lanes: Purse[][] = Array.from({ length: Math.min(concurrency, this.#purses.length) }, () => []);
    this.#purses.forEach((purse, at) => lanes[at % lanes.length]?.push(purse));
    // All of them, also where one breaks off: nobody may still play when the books are closed.
    const played = await Promise.allSettled(lanes.map((purses, at) => this.#playLane(purses, new Dice(seed, at + 1))));
    for (const lane of played) if (lane.status === 'rejected') throw lane.reason;
  }

  async #playLane(purses: readonly Purse[], dice: Dice): Promise<void> {
    for (const purse of purses) await this.#playScene('the start', OPENING, purse, dice);
    for (let turn = 0; !this.#isOver(); turn += 1) {
      const purse = purses[turn % purses.length];
      const name = this.#first.shift() ?? dice.weighed(this.options.mix);
      if (purse === undefined || name === undefined) break;
      const isPoor = purse.start !== undefined && purse.start < 4n * this.options.amounts.least;
      if (isPoor) await this.#playScene('top-up', TOP_UP, purse, dice);
      this.#rounds += 1;
      await this.#playScene(name, SCENES[name], purse, dice);
    }
    for (const purse of purses) await this.#playScene('the end', CLOSING, purse, dice);
  }

  async #playScene(scene: string, { play }: Scene, purse: Purse, dice: Dice): Promise<void> {
    const { amounts, settleMs } = this.options;
    const others = this.options.players.filter((userID) => userID !== purse.userID);
    const round = new Round({ table: this.table, purse, dice, scene, others, amounts, settleMs });
    try {
      await play(round);
    } finally {
      round.end();
    }
    this.#scenes.set(scene, (this.#scenes.get(scene) ?? 0) + 1);
  }

  #isOver(): boolean {
    const { rounds, durationMs, stop } = this.options;
    return this.#rounds >= rounds || performance.now() - this.#began >= durationMs || stop?.aborted === true;
  }

  progress(): Progress {
    return {
      seconds: (performance.now() - this.#began) / 1_000,
      delivered: this.table.delivered,
      rounds: this.#rounds,
      broken: this.table.findings.count,
      latency: percentilesOf(this.table.latency),
    };
  }

  /** The report; a player whose balance is not what all told moves make of the first one is a broken rule. */
  close(stopped: string | undefined): Report {
    const { findings } = this.table;
    if (stopped === SILENT) findings.broken('answered', 'the end', SILENT);
    const total = noMoves();
    for (const { moves, userID, due, closing } of this.#purses) {
      for (const name of ['staked', 'won', 'betsBack', 'winsBack'] as const) total[name] += moves[name];
      if (due === undefined || due === closing) continue;
      const has = closing === undefined ? 'a balance nobody tells' : formatCents(closing);
      findings.broken('books', 'the end', `${userID} has ${has}; what was told makes ${formatCents(due)}`);
    }
    return {
      ...this.progress(),
      broken: findings.count,
      findings,
      scenes: this.#scenes,
      operations: new Map([...this.table.latencies].map(([name, histogram]) => [name, percentilesOf(histogram)])),
      players: new Map(
        this.#purses.map(({ userID, opening, closing, due, moves }) => [userID, { ...moves, opening, closing, due }]),
      ),
      total,
      ...(stopped !== undefined && { stopped }),
    };
  }
}

const OPENING: Scene = { weight: 0, what: 'the balance at the start', play: (round) => round.look() };
const CLOSING: Scene = {
  weight: 0,
  what: 'the balance at the end',
  play: (round) => {
    round.seat.purse.closing = undefined;
    return round.look();
  },
};

function percentilesOf(histogram: Table['latency']): Percentiles {
  const at = (percent: number): number => histogram.percentile(percent) / 1_000;
  const count = histogram.count;
  return count === 0
    ? { count, p50: 0, p90: 0, p99: 0, most: 0 }
    : { count, p50: at(50), p90: at(90), p99: at(99), most: histogram.max / 1_000 };
}
