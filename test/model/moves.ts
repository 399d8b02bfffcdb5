// All that can happen next in a world: callbacks come, a handler gets the answer it waits for, a call lands,
// the resolver looks, a process dies, time passes. What cannot be told apart later is offered once.

import { isOver, type Clocks } from '../../src/bridge/send-window.js';
import { assertNever, type Refusal, type Reply, type Verdict } from '../../src/domain/outcome.js';
import type { WalletCallKind, Write, Written } from '../../src/domain/ports.js';
import { undosInDoubt } from '../../src/domain/transaction.js';
import { tell } from './invariants.js';
import { put } from './journal.js';
import type { Answer, Replay, Run } from './replay.js';
import type { Scenario } from './scenario.js';
import { execute, settle } from './wallet-kinds.js';
import { wordsOf, wordsOfVerdict, wordsOfWrite } from './words.js';
import { after, lagOf, lastSeen, mayHappen, messageOf, since, type Message, type Task, type World } from './world.js';

export interface Move {
  /** What happens, for people. */
  readonly words: string;
  readonly world: World;
}

/** What a handler hears, but for its own clock. */
type Heard = DistributiveOmit<Answer, 'lost'>;
type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

/** Pauses between two tries; shorter than anything else there is to wait for, so they take no time here. */
const shortest = 800;
/** How long the platform waits for an answer. */
const patience = 10_000;

/**
 * The result lists every move of a world, always in the same order; first of all what happens where nothing
 * goes wrong.
 */
export function createMoves(scenario: Scenario, replay: Replay): (world: World) => Move[] {
  const { terms } = scenario.operator;

  /** `task` hears `answers`, and goes on to where it waits again or ends. */
  function hears(world: World, task: Task, words: string, ...answers: Heard[]): Move {
    let run = answers.reduce((so, answer) => replay.hear(so, { ...answer, lost: task.lost }), task.run);
    const asked = run.halt.kind === 'asks' ? run.halt.effect : undefined;
    if (answers[0]?.kind !== 'slept' && asked?.kind === 'sleep' && asked.workOn === undefined && asked.ms <= shortest)
      run = replay.hear(run, { kind: 'slept', at: world.now, lost: task.lost });
    const others = world.tasks.filter((other) => other.run.name !== run.name);
    const { halt } = run;
    switch (halt.kind) {
      case 'asks':
        return { words, world: { ...world, tasks: [...others, { run, effect: halt.effect, lost: task.lost }] } };
      case 'ends':
        return ends({ ...world, tasks: others }, run, words, halt.reply);
      case 'throws':
        return { words, world: { ...world, broken: `a ${run.does} threw: ${String(halt.error)}` } };
      default:
        return assertNever(halt);
    }
  }

  /** The platform hears it if it still waits. That nobody hears it would be the same with less to compare. */
  function ends(world: World, run: Run, words: string, reply: Reply | undefined): Move {
    if (reply === undefined) return { words: `${words}; ${run.name} ends`, world };
    const said = `${words}; ${run.name} answers ${wordsOf(reply)}`;
    if (world.now > run.startedAt + patience) return { words: `${said}, too late`, world };
    const told = tell(world, scenario, run.does, reply);
    return { words: said, world: typeof told === 'string' ? { ...world, broken: told } : { ...world, told } };
  }

  function puts(world: World, task: Task, write: Write): Move[] {
    const { wrote } = task;
    const { name } = task.run;
    const at = world.now;
    if (wrote !== undefined) {
      const { stored } = world;
      if (stored === undefined) throw new Error('what was written is gone');
      const written: Written =
        stored.revision === wrote ? { kind: 'done', revision: wrote } : { kind: 'there', stored };
      return [hears(world, task, `${name} asks again and hears ${written.kind}`, { kind: 'written', written, at })];
    }
    const { world: next, written } = put(world, write, scenario.isFull);
    const what = `${name} writes ${wordsOfWrite(write)}`;
    const moves = [hears(next, task, `${what}: ${written.kind}`, { kind: 'written', written, at })];
    if (!mayHappen(world, 'journalFaults')) return moves;
    const faulty = after(world, 'journalFaults');
    const fails = (from: World, how: string, neverLeft: boolean): Move =>
      hears(from, task, `${what}: ${how}`, { kind: 'journalDown', neverLeft, at });
    if (terms.whenJournalDown === 'fail') moves.push(fails(faulty, 'it never leaves', true));
    moves.push(fails(faulty, 'lost on its way', false));
    if (written.kind !== 'done') return moves;
    const lost = after(next, 'journalFaults');
    const asking = lost.tasks.map((other) => (other === task ? { ...task, wrote: written.revision } : other));
    moves.push(fails(lost, 'done, but the answer is lost', false));
    moves.push({ words: `${what}: done, but it has to ask again`, world: { ...lost, tasks: asking } });
    return moves;
  }

  function calls(world: World, task: Task): Move[] {
    if (task.effect.kind !== 'call') throw new Error('no call');
    const { kind, leg: wanted, window, transaction } = task.effect.call;
    const { sentAt } = task;
    const at = world.now;
    const leg = transaction.legs.findIndex(({ reference }) => reference === wanted.reference);
    const what = `the ${kind} of ${task.run.name}${world.accounts.length > 1 ? ` (leg ${leg + 1})` : ''}`;
    const says = (next: World, words: string, verdict: Verdict): Move =>
      hears(next, task, words, { kind: 'said', verdict, at });
    if (sentAt === undefined && isOver(clocksOf(task, at), window))
      return [says(world, `${what} does not leave: its lease is over`, { kind: 'notApplied', because: 'lease over' })];
    const home = transaction.home?.origin;
    if (home !== (task.run.moved ? scenario.movedOperator : scenario.operator).homes.today.origin)
      return [{ words: what, world: { ...world, broken: 'I6: another wallet was called than the record’s own' } }];
    const first = kind === 'undo' && undosInDoubt(wanted) === 1;
    const moves = landings(world, what, kind, leg, first).map(({ words, world: next, verdict }) =>
      says(next, words, verdict),
    );
    if (!mayHappen(world, 'walletFaults')) return moves;
    const faulty = after(world, 'walletFaults');
    const messages = [...world.messages, ...messageOf(task, sentAt ?? at)];
    moves.push(
      says({ ...faulty, messages }, `${what} leaves, and is given up`, { kind: 'unknown', because: 'timeout' }),
    );
    if (sentAt === undefined)
      moves.push(says(faulty, `${what} cannot connect`, { kind: 'notApplied', because: 'connection refused' }));
    return moves;
  }

  /** A call reaches the wallet, which does as it remembers, or says no while it may. */
  function landings(
    world: World,
    what: string,
    call: WalletCallKind,
    leg: number,
    isFirstUndo = false,
  ): (Move & { verdict: Verdict })[] {
    const account = world.accounts[leg];
    if (account === undefined) throw new Error(`no leg ${leg}`);
    const land = (refuse?: Refusal) => {
      const { account: next, verdict } = execute(account, scenario.kind, call, refuse);
      const from = refuse === undefined ? world : { ...after(world, 'refusals'), refused: true as const };
      const accounts = world.accounts.map((other, i) => (i === leg ? next : other));
      return { words: `${what} lands: ${wordsOfVerdict(verdict)}`, world: { ...from, accounts }, verdict };
    };
    const plain = land();
    const odd = [...blinks(world, what, call, plain), ...(isFirstUndo ? clashes(world, what) : [])];
    const asks = call === 'lookup' || call === 'lookupUndo';
    if (!mayHappen(world, 'refusals') || plain.verdict.kind !== 'applied' || asks) return [plain, ...odd];
    const noes: Refusal[] =
      call === 'send' && scenario.operation === 'deposit'
        ? ['insufficientFunds', 'userNotFound']
        : ['insufficientFunds'];
    return [plain, ...odd, ...noes.map(land).filter(({ verdict }) => verdict.kind === 'refused')];
  }

  /**
   * For a spell shorter than `settle` the wallet does not find what it has: a replica of it lags, or
   * something answers in its place.
   */
  function blinks(
    world: World,
    what: string,
    call: WalletCallKind,
    { verdict }: { verdict: Verdict },
  ): (Move & { verdict: Verdict })[] {
    const asks = call === 'lookup' || call === 'lookupUndo';
    if (!asks || verdict.kind !== 'applied') return [];
    const nothing: Verdict = { kind: 'notFound' };
    // That wallet's lookup may know nothing of cancellations at all.
    if (scenario.kind === 'findsUndo' && call === 'lookupUndo')
      return [{ words: `${what} does not know it`, world, verdict: nothing }];
    const isBlind = world.blindSince !== undefined && world.now < world.blindSince + settle;
    if (!isBlind && !mayHappen(world, 'blinks')) return [];
    const blind = isBlind ? world : { ...after(world, 'blinks'), blindSince: world.now };
    return [{ words: `${what} does not see it`, world: blind, verdict: nothing }];
  }

  /** It takes the undo for something it was sent before, and moves nothing. */
  function clashes(world: World, what: string): (Move & { verdict: Verdict })[] {
    if (!mayHappen(world, 'clashes')) return [];
    const clashed = { ...after(world, 'clashes'), refused: true as const };
    return [{ words: `${what} is taken for another`, world: clashed, verdict: { kind: 'duplicate' } }];
  }

  function sleeps(world: World, task: Task): Move[] {
    if (task.effect.kind !== 'sleep' || !isAwake(world, task)) return [];
    const at = world.now;
    if (task.effect.workOn === undefined)
      return [hears(world, task, `${task.run.name} has waited`, { kind: 'slept', at })];
    const waiter = { ...task, run: beforeLook(task.run) };
    return [
      hears(
        world,
        waiter,
        `${task.run.name} looks again`,
        { kind: 'slept', at },
        { kind: 'read', stored: world.stored, at },
      ),
    ];
  }

  /**
   * Every answer `task` can get now; and just after each its process may die. A process that does nothing may
   * as well have died before.
   */
  function steps(world: World, task: Task): Move[] {
    const moves = answered(world, task);
    return [...moves, ...moves.flatMap((move) => crashes(move, task))];
  }

  function answered(world: World, task: Task): Move[] {
    const { effect } = task;
    switch (effect.kind) {
      case 'put':
        return puts(world, task, effect.write);
      case 'call':
        return calls(world, task);
      case 'sleep':
        return sleeps(world, task);
      case 'get':
        return [
          hears(world, task, `${task.run.name} reads the record`, {
            kind: 'read',
            stored: world.stored,
            at: world.now,
          }),
        ];
      default:
        return assertNever(effect);
    }
  }

  function crashes({ words, world }: Move, { run }: Task): Move[] {
    const first = world.tasks.find((task) => task.run.name === run.name);
    if (first === undefined || world.broken !== undefined || !mayHappen(world, 'crashes')) return [];
    const others = world.tasks.filter((task) => task !== first);
    return subsets(others).map((more) => {
      const dead = [first, ...more];
      // Whether a call had left is seen by whether it lands.
      const orphans = dead.flatMap((task) => messageOf(task, task.sentAt ?? mayLeave(task, world.now)));
      const tasks = others.filter((task) => !more.includes(task));
      return {
        words: `${words}; the process of ${dead.map(({ run: { name } }) => name).join(' and ')} dies`,
        world: { ...after(world, 'crashes'), tasks, messages: [...world.messages, ...orphans] },
      };
    });
  }

  function begin(world: World, does: Run['does'], name: string): Arrival {
    const run = replay.begin(does, name, world.now, world.moved === true);
    if (run.halt.kind !== 'asks') throw new Error(`${name} ended before it asked for anything`);
    const task: Task = { run, effect: run.halt.effect, lost: 0 };
    return { task, world: { ...world, tasks: [...world.tasks, task] } };
  }

  type Arrival = { world: World; task: Task };

  function arrive(world: World, does: 'delivery' | 'rollback', budget: 'originals' | 'rollbacks'): Arrival[] {
    const left = world.left[budget];
    if (left === 0 || world.tasks.length >= scenario.mostTasks) return [];
    const name = `${does} ${scenario.budgets[budget] - left + 1}`;
    return [begin({ ...world, left: { ...world.left, [budget]: left - 1 } }, does, name)];
  }

  const arrivals = (world: World): Arrival[] => [
    ...arrive(world, 'delivery', 'originals'),
    ...arrive(world, 'rollback', 'rollbacks'),
  ];

  /** Earlier than it is due, too: nothing may depend on that. */
  function looks(world: World): Move[] {
    const { stored, due, tasks } = world;
    if (due === undefined || due === Infinity || tasks.length >= scenario.mostTasks) return [];
    if (tasks.filter(({ run }) => run.does === 'look').length >= scenario.mostLooks) return [];
    // Its name makes its tokens, which nobody else's may be taken for.
    const isTaken = (name: string): boolean =>
      stored?.transaction.lease?.owner.startsWith(name) === true || tasks.some(({ run }) => run.name === name);
    const name = ['look 1', 'look 2', 'look 3'].find((free) => !isTaken(free));
    if (name === undefined) throw new Error('too many looks at once');
    const { world: next, task } = begin(world, 'look', name);
    return steps(next, task);
  }

  function strays(world: World): Move[] {
    return world.messages.flatMap((message) => {
      const rest = { ...world, messages: world.messages.filter((other) => other !== message) };
      const what = `a ${message.call}${world.accounts.length > 1 ? ` (leg ${message.leg + 1})` : ''} nobody waits for`;
      return [...landings(rest, what, message.call, message.leg), { words: `${what} is lost`, world: rest }];
    });
  }

  function movesAway(world: World): Move[] {
    if (world.moved === true || !mayHappen(world, 'moves')) return [];
    return [{ words: 'the agent is given to another wallet', world: { ...after(world, 'moves'), moved: true } }];
  }

  /** Time passes to the next instant that can make a difference. A call lands within `settle`, or never. */
  function passes(world: World): Move[] {
    const { now } = world;
    const next = Math.min(...instants(world).filter((at) => at > now));
    if (next === Infinity) return [];
    const words = `${(next - now) / 1000} s pass`;
    const late = (then: World): boolean => onTheWay(then).some(({ sentAt }) => next >= sentAt + settle);
    const awake = world.tasks.filter((task) => task.paused === undefined && isAwake(world, task));
    const moves = awake.length > 0 || late(world) ? [] : [{ words, world: passed(world, next) }];
    const faults = (['pauses', 'suspends'] as const).filter((fault) => mayHappen(world, fault));
    if (faults.length === 0) return moves;
    // Who comes knows nothing yet: when that was matters only to one that then stands still.
    const still = [world, ...arrivals(world).map((arrival) => arrival.world)];
    return moves.concat(
      faults
        .flatMap((fault) => still.flatMap((from) => withStill(from, fault)))
        .filter(({ world: then }) => !late(then))
        .map(({ words: without, world: then }) => ({ words: `${words}${without}`, world: passed(then, next) })),
    );
  }

  function withStill(world: World, fault: 'pauses' | 'suspends'): Move[] {
    const awake = world.tasks.filter((task) => task.paused === undefined && isAwake(world, task));
    if (awake.length === 0) return [];
    const names = awake.map(({ run }) => run.name).join(' and ');
    const how = fault === 'suspends' ? ', whose machine sleeps' : '';
    return standStill(world.tasks, awake, world.now, fault === 'suspends').map(({ how: left, tasks }) => ({
      words: ` without ${names}${how}${left}`,
      world: { ...after(world, fault), tasks },
    }));
  }

  function instants({ tasks, stored, due }: World): number[] {
    const ends = tasks.flatMap(({ run, effect }) => {
      const deadline = run.does === 'look' ? [] : [run.startedAt + terms.deadline];
      return effect.kind === 'sleep' && effect.workOn === undefined ? [...deadline, since(run) + effect.ms] : deadline;
    });
    if (stored === undefined || due === undefined || due === Infinity) return ends;
    const { legs, lease } = stored.transaction;
    const settled = legs.flatMap(({ lastSend, lastUndo, absentSince }) =>
      [lastSend, lastUndo, absentSince].map((at) => at + settle),
    );
    return lease === undefined ? [...ends, ...settled] : [...ends, ...settled, lease.until];
  }

  return (world) => [
    ...world.tasks.flatMap((task) => steps(world, task)),
    ...looks(world),
    ...passes(world),
    ...strays(world),
    ...movesAway(world),
    ...arrivals(world).flatMap(({ world: next, task }) => steps(next, task)),
  ];
}

/** It goes on at once, unless its process stands still. A look that would find nothing new is none. */
function isAwake({ now, stored }: World, { run, effect }: Task): boolean {
  if (effect.kind !== 'sleep') return true;
  if (effect.workOn !== undefined) return now > since(run) || lastSeen(run) !== stored?.revision;
  return now >= since(run) + effect.ms;
}

const onTheWay = ({ messages, tasks }: World): Message[] => [
  ...messages,
  ...tasks.flatMap((task) => messageOf(task, task.sentAt)),
];

/** What a task's own process would read off its clocks. */
const clocksOf = (task: Task, now: number): Clocks => ({
  monotonic: () => now - task.lost,
  wall: () => now,
  now: () => now - lagOf(task),
});

const mayLeave = (task: Task, now: number): number | undefined =>
  task.effect.kind === 'call' && !isOver(clocksOf(task, now), task.effect.call.window) ? now : undefined;

/** Time passes; whose machine is suspended misses it. */
function passed(world: World, now: number): World {
  const tasks = world.tasks.map((task) =>
    task.asleep === true ? { ...task, lost: task.lost + now - world.now } : task,
  );
  return { ...world, now, tasks };
}

/** Those `awake` stand still from now on: a call just before it leaves, or just after. */
function standStill(
  tasks: readonly Task[],
  awake: readonly Task[],
  now: number,
  asleep: boolean,
): { how: string; tasks: Task[] }[] {
  let ways: { how: string; tasks: Task[] }[] = [{ how: '', tasks: [] }];
  for (const task of tasks) {
    const isStill = awake.includes(task);
    const paused: Task = isStill ? { ...task, paused: true, ...(asleep && { asleep }) } : task;
    const left = isStill && task.sentAt === undefined && mayLeave(task, now) !== undefined;
    ways = ways.flatMap(({ how, tasks: before }) => [
      { how, tasks: [...before, paused] },
      ...(left ? [{ how: `${how}, whose call has left`, tasks: [...before, { ...paused, sentAt: now }] }] : []),
    ]);
  }
  return ways;
}

/** A waiter that looks again forgets what it saw the last time. */
function beforeLook(run: Run): Run {
  const looked = run.answers.at(-1)?.kind === 'read' && run.before?.answers.at(-1)?.kind === 'slept';
  return (looked ? run.before.before : undefined) ?? run;
}

function subsets<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((found, one) => [...found, ...found.map((subset) => [...subset, one])], [[]]);
}
