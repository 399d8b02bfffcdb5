// Breadth-first through every world that can be reached, each once. What it finds first is therefore the
// shortest story.

import { brokenAtRest, brokenNow, isAtRest } from './invariants.js';
import { createMoves, type Move } from './moves.js';
import { createReplay } from './replay.js';
import { nothingLeft, type Scenario } from './scenario.js';
import { firstWorld, type World } from './world.js';
import { hashOf, worldKey } from './world-key.js';

export interface Exploration {
  readonly states: number;
  /** Every world was seen: neither a limit nor a broken promise ended it. */
  readonly isComplete: boolean;
  readonly rests: number;
  /** Of processor time, which other work on the machine does not stretch. */
  readonly seconds: number;
  /** Why records came to be held. */
  readonly heldBecause: ReadonlySet<string>;
  /** Each broken promise once, with the shortest story that breaks it. */
  readonly violations: ReadonlyMap<string, readonly string[]>;
}

export interface Limits {
  readonly mostStates?: number;
  readonly mostViolations?: number;
  readonly progress?: (states: number, waiting: number) => void;
}

/** Rounds of the resolver within which everything must come to rest once faults stop. */
const mostRounds = 40;

/** Explores until everything is seen, or so many promises are found broken. */
export function explore(scenario: Scenario, limits: Limits = {}): Exploration {
  const { mostStates = Infinity, mostViolations = 1, progress } = limits;
  const moves = createMoves(scenario, createReplay(scenario));
  const began = process.cpuUsage();
  const seen = new Set<number>();
  const calmed = new Set<string>();
  /** Of each world, in the order they were found: which it came from, and by which of that one's moves. */
  const parents: number[] = [];
  const choices: number[] = [];
  const violations = new Map<string, readonly string[]>();
  const heldBecause = new Set<string>();
  let rests = 0;
  let found: { world: World; index: number }[] = [];

  function story(index: number): string[] {
    const path: number[] = [];
    for (let at = index; at > 0; at = parents[at] ?? 0) path.unshift(choices[at] ?? 0);
    let world = firstWorld(scenario);
    return path.map((choice) => {
      const move = moves(world)[choice];
      if (move === undefined) throw new Error('the same world had other moves before');
      world = move.world;
      return move.words;
    });
  }

  function breaks(promise: string, index: number, more: readonly string[] = []): void {
    if (!violations.has(promise)) violations.set(promise, [...story(index), ...more]);
  }

  function meet(world: World, parent: number, choice: number): void {
    const hash = hashOf(worldKey(world));
    if (world.broken === undefined && seen.has(hash)) return;
    seen.add(hash);
    const index = parents.push(parent) - 1;
    choices.push(choice);
    const isRest = isAtRest(world);
    const broken = world.broken ?? brokenNow(world, scenario) ?? (isRest ? brokenAtRest(world, scenario) : undefined);
    if (isRest) rests++;
    const held = world.stored?.transaction.heldBecause;
    if (held !== undefined) heldBecause.add(held);
    if (broken !== undefined) return breaks(broken, index);
    found.push({ world, index });
    if (!isRest && world.tasks.length === 0 && world.messages.length === 0) calm(world, index);
  }

  /** Nothing goes wrong any more, and the resolver looks when a look is due: the record must come to rest. */
  function calm(start: World, index: number): void {
    const key = worldKey({ ...start, left: nothingLeft });
    if (calmed.has(key)) return;
    calmed.add(key);
    let world = { ...start, left: nothingLeft };
    const words: string[] = [];
    for (let round = 0; round < mostRounds; round++) {
      if (isAtRest(world)) return;
      world = { ...world, now: Math.max(world.now, world.due ?? 0) };
      do {
        // The first move is what happens where nothing goes wrong.
        const move: Move | undefined = moves(world)[0];
        if (move === undefined) return breaks('stuck: nothing can happen any more', index, words);
        words.push(move.words);
        world = move.world;
      } while (world.tasks.length > 0);
    }
    breaks('stuck: the resolver looks for ever', index, words);
  }

  meet(firstWorld(scenario), 0, 0);
  while (found.length > 0 && seen.size < mostStates && violations.size < mostViolations) {
    const frontier = found;
    found = [];
    for (const { world, index } of frontier) {
      if (violations.size >= mostViolations) break;
      const possible = moves(world);
      if (possible.length === 0 && !isAtRest(world)) breaks('stuck: nothing can happen any more', index);
      for (const [choice, move] of possible.entries())
        if (violations.size < mostViolations) meet(move.world, index, choice);
    }
    progress?.(seen.size, found.length);
  }
  const isComplete = found.length === 0 && violations.size < mostViolations;
  return { states: seen.size, isComplete, rests, seconds: secondsSince(began), heldBecause, violations };
}

function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000;
}
